package assay.stats.bayes;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Normal;
import java.util.Optional;

/// The posterior of an effect whose estimate is approximately normal.
///
/// Source: GrowthBook, gbstats `EffectBayesianABTest`; loss functions by C. Stucchi, "Bayesian A/B
/// testing at VWO" (2015).
///
/// @param chanceToWin probability that the effect is on the good side
/// @param credible equal-tailed interval of the effect
/// @param lossOfControl what keeping the control is expected to cost, in the effect's unit
/// @param lossOfTreatment what choosing the treatment is expected to cost, in the effect's unit
public record NormalEffect(
        NormalPosterior posterior,
        double chanceToWin,
        Interval credible,
        double lossOfControl,
        double lossOfTreatment) {
    /// Combines an estimate with what was believed before; undefined at a standard error of 0.
    ///
    /// @param prior of the effect, in its unit; empty for a flat one
    /// @param out the probability that the credible interval leaves out
    /// @param lessIsBetter whether the good side is below 0
    public static Answer<NormalEffect> of(
            Estimate estimate, Optional<NormalPosterior> prior, double out, boolean lessIsBetter) {
        double error = estimate.standardError();
        if (error == 0) {
            return Answer.undefined(Why.NO_VARIANCE);
        }
        var posterior =
                prior.map(known -> NormalPosterior.of(estimate.value(), error, known))
                        .orElseGet(() -> new NormalPosterior(estimate.value(), error));
        double mean = lessIsBetter ? -posterior.mean() : posterior.mean();
        double margin = posterior.sd() * Normal.critical(out, Alternative.TWO_SIDED);
        return Answer.known(
                new NormalEffect(
                        posterior,
                        Normal.cumulative(mean / posterior.sd()),
                        Interval.around(posterior.mean(), margin, Alternative.TWO_SIDED),
                        expectedExcess(mean, posterior.sd()),
                        expectedExcess(-mean, posterior.sd())));
    }

    /// E[max(0, X)] for X normal: mean * Phi(u) + sd * phi(u) with u = mean / sd; far in the lower
    /// tail, where those cancel, by the asymptotic series of Mills' ratio.
    private static double expectedExcess(double mean, double sd) {
        double u = mean / sd;
        if (u < -20) {
            double square = u * u;
            return sd
                    * Normal.density(u)
                    / square
                    * (1 - 3 / square * (1 - 5 / square * (1 - 7 / square)));
        }
        return mean * Normal.cumulative(u) + sd * Normal.density(u);
    }
}
