package assay.stats.fixed;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Normal;
import assay.stats.distribution.StudentT;

/// What a single look at an estimate says about "no effect".
///
/// @param statistic the estimate in standard errors
/// @param degreesOfFreedom of the statistic's t distribution, not rounded; infinite for a normal
///   one
/// @param logPValue natural logarithm of the p-value, finite also where that is smaller than any
///   double
/// @param interval in the estimate's unit; excludes 0 exactly if the p-value is below alpha
public record Inference(
        Estimate estimate,
        double statistic,
        double degreesOfFreedom,
        double pValue,
        double logPValue,
        Interval interval) {
    /// By the normal distribution; undefined at a standard error of 0.
    ///
    /// @param alpha one minus the confidence of the interval
    public static Answer<Inference> normal(
            Estimate estimate, double alpha, Alternative alternative) {
        double z = estimate.value() / estimate.standardError();
        return estimate.standardError() == 0
                ? Answer.undefined(Why.NO_VARIANCE)
                : Answer.known(
                        new Inference(
                                estimate,
                                z,
                                Double.POSITIVE_INFINITY,
                                Normal.pValue(z, alternative),
                                Normal.logPValue(z, alternative),
                                interval(
                                        estimate,
                                        Normal.critical(alpha, alternative),
                                        alternative)));
    }

    /// By Student's t distribution; undefined at a standard error of 0.
    ///
    /// @param alpha one minus the confidence of the interval
    public static Answer<Inference> student(
            Estimate estimate, double degreesOfFreedom, double alpha, Alternative alternative) {
        if (estimate.standardError() == 0) {
            return Answer.undefined(Why.NO_VARIANCE);
        }
        double t = estimate.value() / estimate.standardError();
        double critical = StudentT.critical(alpha, degreesOfFreedom, alternative);
        return Answer.known(
                new Inference(
                        estimate,
                        t,
                        degreesOfFreedom,
                        StudentT.pValue(t, degreesOfFreedom, alternative),
                        StudentT.logPValue(t, degreesOfFreedom, alternative),
                        interval(estimate, critical, alternative)));
    }

    private static Interval interval(Estimate estimate, double critical, Alternative alternative) {
        return Interval.around(estimate.value(), critical * estimate.standardError(), alternative);
    }
}
