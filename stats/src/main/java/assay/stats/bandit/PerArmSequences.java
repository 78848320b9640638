package assay.stats.bandit;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Interval;
import assay.stats.Sample;
import assay.stats.sequential.AsymptoticSequence;

/// The difference of two means although the allocation followed the data: each arm has its own
/// sequence over its own units at half the error, and the difference is what both leave open. A z
/// test, or a sequence of the difference itself, would be wrong too often here.
///
/// Source: S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, Annals of Statistics 49 (2021)
/// 1055-1080, section 4 (an arm's sequence holds at any number of its own units).
///
/// @param alpha error of both arms together
/// @param plannedPerArm units of an arm at which a decision is expected
public record PerArmSequences(double alpha, double plannedPerArm) {
    private static final int HALVINGS = 60;

    /// The interval of treatment minus control; undefined as long as an arm has fewer than two
    /// units or does not vary. Over all looks it misses the difference with chance at most alpha.
    public Answer<Interval> interval(Sample control, Sample treatment) {
        double difference = treatment.mean() - control.mean();
        return margin(tuned(), control, treatment)
                .map(margin -> Interval.around(difference, margin, Alternative.TWO_SIDED));
    }

    /// The always-valid p-value of no difference: the smallest error at which the interval, tuned
    /// as it is, excludes 0. Undefined where the interval is.
    public Answer<Double> pValue(Sample control, Sample treatment) {
        return interval(control, treatment).map(_ -> pValue(tuned().rho(), control, treatment));
    }

    private AsymptoticSequence tuned() {
        return AsymptoticSequence.tunedFor(plannedPerArm, alpha / 2, Alternative.TWO_SIDED);
    }

    private static Answer<Double> margin(
            AsymptoticSequence sequence, Sample control, Sample treatment) {
        return Answer.both(
                margin(sequence, control),
                margin(sequence, treatment),
                (a, b) -> Answer.known(a + b));
    }

    private static Answer<Double> margin(AsymptoticSequence sequence, Sample arm) {
        return arm.estimate()
                .flatMap(estimate -> sequence.at(arm.n(), estimate))
                .map(AsymptoticSequence.Look::halfWidth);
    }

    private static double pValue(double rho, Sample control, Sample treatment) {
        double gap = Math.abs(treatment.mean() - control.mean());
        double excluded = -745;
        double included = 0;
        if (margin(sequence(1 - 1e-15, rho), control, treatment).get() >= gap) {
            return 1;
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (excluded + included) / 2;
            if (margin(sequence(Math.exp(middle), rho), control, treatment).get() < gap) {
                included = middle;
            } else {
                excluded = middle;
            }
        }
        return Math.exp(included);
    }

    private static AsymptoticSequence sequence(double alpha, double rho) {
        return new AsymptoticSequence(alpha / 2, rho, Alternative.TWO_SIDED);
    }
}
