package assay.stats.fixed;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Difference;
import assay.stats.Estimate;
import assay.stats.Why;
import java.util.function.Function;

/// Comparison of two means whose variances may differ, for one look.
///
/// Sources: B. L. Welch, Biometrika 34 (1947) 28-35; degrees of freedom by F. E. Satterthwaite,
/// Biometrics Bulletin 2 (1946) 110-114.
public final class Welch {
    private Welch() {}

    /// The difference in the metric's own unit.
    public static Answer<Inference> absolute(
            Difference difference, double alpha, Alternative alternative) {
        return test(difference, Difference::absolute, alpha, alternative);
    }

    /// The change relative to the control's mean, with the standard error of the delta method and
    /// the degrees of freedom of the absolute difference.
    public static Answer<Inference> relative(
            Difference difference, double alpha, Alternative alternative) {
        return test(difference, Difference::relative, alpha, alternative);
    }

    private static Answer<Inference> test(
            Difference difference,
            Function<Difference, Answer<Estimate>> scale,
            double alpha,
            Alternative alternative) {
        return Answer.both(
                scale.apply(difference),
                degreesOfFreedom(difference),
                (estimate, df) -> Inference.student(estimate, df, alpha, alternative));
    }

    /// (a + b)^2 / (a^2/(nA - 1) + b^2/(nB - 1)) with a and b the squared standard errors of the
    /// means; not rounded. Undefined where neither arm varies.
    public static Answer<Double> degreesOfFreedom(Difference difference) {
        return Answer.both(
                difference.control().varianceOfMean(),
                difference.treatment().varianceOfMean(),
                (a, b) -> {
                    if (a + b == 0) {
                        return Answer.undefined(Why.NO_VARIANCE);
                    }
                    double shareA = a / (a + b);
                    double shareB = b / (a + b);
                    double inverse =
                            shareA * shareA / (difference.control().n() - 1)
                                    + shareB * shareB / (difference.treatment().n() - 1);
                    return Answer.known(1 / inverse);
                });
    }

    /// The difference in units of the pooled standard deviation.
    ///
    /// Source: J. Cohen, "Statistical Power Analysis for the Behavioral Sciences" (1988), chapter
    /// 2.
    public static Answer<Double> cohensD(Difference difference) {
        var a = difference.control();
        var b = difference.treatment();
        return Answer.both(
                a.variance(),
                b.variance(),
                (varianceA, varianceB) -> {
                    double pooled =
                            ((a.n() - 1) * varianceA + (b.n() - 1) * varianceB)
                                    / (a.n() + b.n() - 2);
                    return pooled == 0
                            ? Answer.undefined(Why.NO_VARIANCE)
                            : Answer.known(difference.value() / Math.sqrt(pooled));
                });
    }
}
