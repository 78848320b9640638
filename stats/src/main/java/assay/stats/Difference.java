package assay.stats;

import java.math.BigInteger;

/// Two arms side by side and how far apart their means are, treatment minus control.
///
/// @param value the difference of the means, in the metric's own unit. From exact sums it is
///   rounded once, so it keeps its digits where the means agree in most of theirs.
public record Difference(double value, Sample control, Sample treatment) {
    public static Difference of(Sample control, Sample treatment) {
        return new Difference(treatment.mean() - control.mean(), control, treatment);
    }

    /// Undefined as long as an arm has no units.
    public static Answer<Difference> of(Moments control, Moments treatment) {
        return Answer.both(
                control.sample(),
                treatment.sample(),
                (a, b) -> Answer.known(new Difference(meanDifference(control, treatment), a, b)));
    }

    private static double meanDifference(Moments a, Moments b) {
        var nA = BigInteger.valueOf(a.n());
        var nB = BigInteger.valueOf(b.n());
        var scaled = b.exactSum().times(nA).minus(a.exactSum().times(nB));
        return scaled.dividedBy(nA.multiply(nB));
    }

    /// The difference with its unpooled standard error sqrt(vA/nA + vB/nB), which is 0 where
    /// neither arm varies; undefined as long as an arm has fewer than two units.
    ///
    /// Source: B. L. Welch, Biometrika 34 (1947) 28-35.
    public Answer<Estimate> absolute() {
        return Answer.both(
                control.varianceOfMean(),
                treatment.varianceOfMean(),
                (a, b) -> Answer.known(new Estimate(value, Math.sqrt(a + b))));
    }

    /// The change relative to the size of the control's mean, 0.1 for 10 % more; undefined at a
    /// control of 0.
    public Answer<Double> lift() {
        return control.mean() == 0
                ? Answer.undefined(Why.ZERO_BASELINE)
                : Answer.known(value / Math.abs(control.mean()));
    }

    /// The lift with the standard error of the delta method, sqrt(vB/(nB A^2) + vA B^2/(nA A^4)).
    /// Good while the control's mean is many standard errors away from 0; undefined at a control of
    /// 0, where neither arm varies, and as long as an arm has fewer than two units.
    ///
    /// Source: A. Deng, U. Knoblich, J. Lu, "Applying the delta method in metric analytics", KDD
    /// 2018, arXiv:1803.06336, section 3.1.
    public Answer<Estimate> relative() {
        return lift().flatMap(lift ->
                Answer.both(
                        control.varianceOfMean(),
                        treatment.varianceOfMean(),
                        (a, b) -> relative(lift, a, b)));
    }

    private Answer<Estimate> relative(double lift, double varianceA, double varianceB) {
        if (varianceA == 0 && varianceB == 0) {
            return Answer.undefined(Why.NO_VARIANCE);
        }
        double ratio = treatment.mean() / control.mean();
        double variance = varianceB + varianceA * ratio * ratio;
        return Answer.known(new Estimate(lift, Math.sqrt(variance) / Math.abs(control.mean())));
    }
}
