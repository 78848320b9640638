package assay.stats.fixed;

import assay.stats.Answer;
import assay.stats.Why;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// How many units of each arm reach the steps of a path. Judge by the overall rates, whose
/// denominator is the units at the first step; the rates from step to step compare units that the
/// variant itself has selected, and only show where to look.
///
/// @param steps in order; the first one is the denominator
public record Funnel(List<Step> steps) {
    public Funnel {
        steps = List.copyOf(steps);
    }

    /// Units that reached a step.
    ///
    /// @param overall units of this step among those of the first
    /// @param fromPrevious units of this step among those of the one before; empty at the first
    ///   step
    public record Step(TwoProportions overall, Optional<TwoProportions> fromPrevious) {}

    /// A funnel from counts per step.
    ///
    /// @param control units per step, each at most that of the step before
    /// @param treatment likewise
    public static Funnel of(List<Long> control, List<Long> treatment) {
        if (control.size() != treatment.size() || control.isEmpty()) {
            throw new IllegalArgumentException("The arms must have the same steps, at least one");
        }
        List<Step> steps = new ArrayList<>();
        for (int k = 0; k < control.size(); k++) {
            steps.add(
                    new Step(
                            counts(control, treatment, k, 0),
                            k == 0
                                    ? Optional.empty()
                                    : Optional.of(counts(control, treatment, k, k - 1))));
        }
        return new Funnel(steps);
    }

    private static TwoProportions counts(
            List<Long> control, List<Long> treatment, int step, int base) {
        return new TwoProportions(
                control.get(step), control.get(base), treatment.get(step), treatment.get(base));
    }

    /// The index of the step at which the control loses the largest share of its units, 0 for the
    /// first; of equals the first. Undefined if nobody reached a second step's start.
    public Answer<Integer> largestDropOfControl() {
        return largestDrop(counts -> rate(counts.xA(), counts.nA()));
    }

    /// [#largestDropOfControl()] for the treatment.
    public Answer<Integer> largestDropOfTreatment() {
        return largestDrop(counts -> rate(counts.xB(), counts.nB()));
    }

    private interface Rate {
        double of(TwoProportions counts);
    }

    /// A step that nobody could take loses nobody.
    private static double rate(long x, long n) {
        return n == 0 ? Double.POSITIVE_INFINITY : (double) x / n;
    }

    private Answer<Integer> largestDrop(Rate rate) {
        return IntStream.range(1, steps.size())
                .boxed()
                .filter(k -> Double.isFinite(rate.of(steps.get(k).fromPrevious().orElseThrow())))
                .min(
                        Comparator.comparingDouble(
                                k -> rate.of(steps.get(k).fromPrevious().orElseThrow())))
                .<Answer<Integer>>map(Answer::known)
                .orElseGet(() -> Answer.undefined(Why.NO_UNITS));
    }
}
