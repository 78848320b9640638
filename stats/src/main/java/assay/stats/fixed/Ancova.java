package assay.stats.fixed;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.JointSample;
import assay.stats.Why;

/// The effect of the arm in the linear model outcome ~ arm + covariate with one slope: what [Cuped]
/// estimates, with exact small-sample inference if the errors are normal and equally spread.
///
/// Source: R. A. Fisher, "Statistical Methods for Research Workers" (1932), section 49.1.
///
/// @param slope of the outcome on the covariate, within arms
/// @param effect test and interval of the arm, with nA + nB - 3 degrees of freedom
public record Ancova(double slope, Inference effect) {
    /// Fits the model; undefined if the covariate does not vary, the residuals do not, or there are
    /// no degrees of freedom.
    ///
    /// @param control covariate as x, outcome as y
    /// @param treatment likewise
    public static Answer<Ancova> of(
            JointSample control, JointSample treatment, double alpha, Alternative alternative) {
        double degreesOfFreedom = control.n() + treatment.n() - 3.0;
        if (degreesOfFreedom < 1) {
            return Answer.undefined(Why.TOO_FEW_UNITS);
        }
        double sxx =
                within(control, control.varianceX()) + within(treatment, treatment.varianceX());
        double sxy =
                within(control, control.covariance()) + within(treatment, treatment.covariance());
        double syy =
                within(control, control.varianceY()) + within(treatment, treatment.varianceY());
        if (sxx == 0) {
            return Answer.undefined(Why.SINGULAR);
        }
        double slope = sxy / sxx;
        double gap = treatment.meanX() - control.meanX();
        double residual = Math.max(0, syy - slope * sxy) / degreesOfFreedom;
        double variance = residual * (1.0 / control.n() + 1.0 / treatment.n() + gap * gap / sxx);
        double effect = treatment.meanY() - control.meanY() - slope * gap;
        return Inference.student(
                        new Estimate(effect, Math.sqrt(variance)),
                        degreesOfFreedom,
                        alpha,
                        alternative)
                .map(inference -> new Ancova(slope, inference));
    }

    private static double within(JointSample arm, double moment) {
        return (arm.n() - 1) * moment;
    }
}
