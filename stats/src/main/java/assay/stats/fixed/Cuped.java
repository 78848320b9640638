package assay.stats.fixed;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Difference;
import assay.stats.Estimate;
import assay.stats.JointMoments;
import assay.stats.JointSample;
import assay.stats.Sample;
import assay.stats.Why;

/// The difference of means after taking out what a covariate from before the exposure already
/// explains. The estimand stays the same; the variance falls by the squared correlation.
///
/// Decide for it at the start of an experiment, never midway.
///
/// Source: A. Deng, Y. Xu, R. Kohavi, T. Walker, "Improving the sensitivity of online controlled
/// experiments by utilizing pre-experiment data", WSDM 2013; one theta for both arms as in
/// GrowthBook.
///
/// @param theta covariance over variance of the covariate, both arms pooled; 0 if the covariate is
///   constant
/// @param adjusted the arms with each mean moved to the pooled mean of the covariate
/// @param plain the arms as observed
/// @param sharedVariance covariance of the control's adjusted and its plain mean
/// @param relativeEstimate the adjusted difference relative to the control's plain mean, with the
///   standard error of the delta method, which counts that both use the control's outcomes;
///   undefined at a mean of 0 and where nothing varies
public record Cuped(
        double theta,
        Difference adjusted,
        Difference plain,
        double sharedVariance,
        Answer<Estimate> relativeEstimate) {
    /// Adjusts; undefined as long as an arm has fewer than two units.
    ///
    /// @param control covariate as x, outcome as y, one pair per unit
    /// @param treatment likewise
    public static Answer<Cuped> of(JointMoments control, JointMoments treatment) {
        if (control.n() < 2 || treatment.n() < 2) {
            boolean none = control.n() == 0 || treatment.n() == 0;
            return Answer.undefined(none ? Why.NO_UNITS : Why.TOO_FEW_UNITS);
        }
        var pooled = control.copy();
        pooled.merge(treatment);
        double theta = theta(pooled);
        double center = pooled.x().mean().get();
        var plain = Difference.of(control.y(), treatment.y()).get();
        double covariateGap = Difference.of(control.x(), treatment.x()).get().value();
        var adjusted =
                new Difference(
                        plain.value() - theta * covariateGap,
                        adjusted(control, theta, center),
                        adjusted(treatment, theta, center));
        var raw = control.sample().get();
        double shared = (raw.varianceY() - theta * raw.covariance()) / raw.n();
        return Answer.known(
                new Cuped(theta, adjusted, plain, shared, relative(adjusted, plain, raw, theta)));
    }

    /// The gradient is taken at the plain ratio of the means, as in GrowthBook.
    private static Answer<Estimate> relative(
            Difference adjusted, Difference plain, JointSample control, double theta) {
        double mean = control.meanY();
        if (mean == 0) {
            return Answer.undefined(Why.ZERO_BASELINE);
        }
        double ratio = plain.treatment().mean() / mean;
        double linearised =
                ratio * (ratio * control.varianceY() - 2 * theta * control.covariance())
                        + theta * theta * control.varianceX();
        double treatmentVariance = adjusted.treatment().varianceOfMean().get();
        double variance = treatmentVariance + Math.max(0, linearised) / control.n();
        return variance == 0
                ? Answer.undefined(Why.NO_VARIANCE)
                : Answer.known(
                        new Estimate(
                                adjusted.value() / Math.abs(mean),
                                Math.sqrt(variance) / Math.abs(mean)));
    }

    private static double theta(JointMoments pooled) {
        double variance = pooled.x().variance().get();
        return variance == 0 ? 0 : pooled.covariance().get() / variance;
    }

    private static Sample adjusted(JointMoments arm, double theta, double center) {
        var raw = arm.sample().get();
        double variance =
                raw.varianceY() - theta * (2 * raw.covariance() - theta * raw.varianceX());
        double mean = raw.meanY() - theta * (raw.meanX() - center);
        // A covariate that explains everything leaves a variance of 0, give or take a rounding.
        return Sample.of(arm.n(), mean, Math.max(0, variance));
    }

    /// The adjusted difference over the control's plain mean, for Fieller's interval.
    public Answer<Fieller.Pair> lift() {
        return Answer.both(
                adjusted.absolute(),
                plain.control().varianceOfMean(),
                (difference, controlVariance) ->
                        Answer.known(
                                new Fieller.Pair(
                                        difference.value(),
                                        plain.control().mean(),
                                        difference.standardError() * difference.standardError(),
                                        controlVariance,
                                        -sharedVariance)));
    }

    /// Welch's comparison of the adjusted means.
    public Answer<Inference> absolute(double alpha, Alternative alternative) {
        return Welch.absolute(adjusted, alpha, alternative);
    }

    /// Test and interval of [#relativeEstimate].
    public Answer<Inference> relative(double alpha, Alternative alternative) {
        return Answer.both(
                relativeEstimate,
                Welch.degreesOfFreedom(adjusted),
                (estimate, df) -> Inference.student(estimate, df, alpha, alternative));
    }

    /// The share of the squared standard error that the covariate removed; negative if it made the
    /// estimate worse.
    public Answer<Double> varianceReduction() {
        return Answer.both(
                adjusted.absolute(),
                plain.absolute(),
                (after, before) -> {
                    double ratio = after.standardError() / before.standardError();
                    return before.standardError() == 0
                            ? Answer.undefined(Why.NO_VARIANCE)
                            : Answer.known(1 - ratio * ratio);
                });
    }
}
