package assay.stats.paired;

import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.JointMoments;
import assay.stats.JointSample;
import assay.stats.Moments;
import assay.stats.Why;
import assay.stats.comparison.Effect;
import assay.stats.fixed.Fieller;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// The same items under two arms: one score of either for each item, its repetitions averaged, so
/// that what repetitions have in common is counted once.
///
/// Mutable and not thread-safe.
public final class Pairs {
    private final JointMoments controlAndDifference = new JointMoments();
    private final TreeMap<Double, Long> differences = new TreeMap<>();

    /// Adds an item.
    ///
    /// @throws IllegalArgumentException if a score is not finite, or too large to be squared
    public void add(double control, double treatment) {
        double difference = treatment - control;
        controlAndDifference.add(control, difference);
        differences.merge(difference == 0 ? 0.0 : difference, 1L, Long::sum);
    }

    /// Items under both arms.
    public long n() {
        return controlAndDifference.n();
    }

    /// Treatment minus control with how many items have it.
    public SortedMap<Double, Long> differences() {
        return Collections.unmodifiableSortedMap(differences);
    }

    /// Items of which only the treatment has the higher score.
    public long won() {
        return differences.tailMap(0.0, false).values().stream().mapToLong(n -> n).sum();
    }

    /// Items of which only the control has the higher score.
    public long lost() {
        return differences.headMap(0.0).values().stream().mapToLong(n -> n).sum();
    }

    /// The mean difference with its standard error over items, which is 0 where they do not vary;
    /// undefined for fewer than two.
    public Answer<Estimate> difference() {
        var moments = controlAndDifference.y();
        return Answer.both(
                moments.mean(),
                moments.variance(),
                (mean, variance) ->
                        Answer.known(new Estimate(mean, Math.sqrt(variance / moments.n()))));
    }

    /// The same on both scales; undefined for fewer than two items.
    ///
    /// The change relative to the control is by the delta method, with the covariance of control
    /// and difference over items.
    public Answer<Effect> effect() {
        return controlAndDifference.sample().map(this::effect);
    }

    private Effect effect(JointSample sample) {
        double n = sample.n();
        double control = sample.meanX();
        var pair =
                new Fieller.Pair(
                        sample.meanY(),
                        control,
                        sample.varianceY() / n,
                        sample.varianceX() / n,
                        sample.covariance() / n);
        Answer<Estimate> absolute =
                sample.varianceY() == 0
                        ? Answer.undefined(Why.NO_VARIANCE)
                        : Answer.known(
                                new Estimate(sample.meanY(), Math.sqrt(sample.varianceY() / n)));
        Answer<Fieller.Pair> lift =
                control == 0 ? Answer.undefined(Why.ZERO_BASELINE) : Answer.known(pair);
        return new Effect(
                sample.n(),
                sample.meanY(),
                absolute,
                lift.flatMap(Effect::relative),
                lift,
                Answer.known(n - 1));
    }

    /// The differences as running sums.
    public Moments moments() {
        return controlAndDifference.y();
    }
}
