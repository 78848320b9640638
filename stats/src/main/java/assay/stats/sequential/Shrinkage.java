package assay.stats.sequential;

import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Why;

/// An effect that was estimated at a stop is too large on average: one stops when it happens to be
/// large. Empirical Bayes shrinkage takes a part of that off. Effects are taken to be normal around
/// 0, with the variance under which this estimate would have been likeliest, its square less that
/// of its standard error; the posterior mean is then the estimate times 1 - 1 / z^2, and 0 where z
/// is below 1. How early one stopped does not matter for a posterior.
///
/// Sources: B. Efron, C. Morris, "Stein's estimation rule and its competitors: an empirical Bayes
/// approach", Journal of the American Statistical Association 68 (1973) 117-130; E. W. van Zwet, E.
/// A. Cator, "The significance filter, the winner's curse and the need to shrink", Statistica
/// Neerlandica 75 (2021) 437-452.
public final class Shrinkage {
    private Shrinkage() {}

    /// The effect with some of its winner's curse taken off; undefined at a standard error of 0.
    public static Answer<Double> of(Estimate estimate) {
        if (estimate.standardError() == 0) {
            return Answer.undefined(Why.NO_VARIANCE);
        }
        double z = estimate.value() / estimate.standardError();
        return Answer.known(Math.abs(z) <= 1 ? 0.0 : estimate.value() * (1 - 1 / (z * z)));
    }
}
