package assay.stats.sequential;

import assay.stats.Estimate;

/// An effect that was estimated at a stop is too large on average: one stops when it happens to be
/// large. The posterior mean under a prior around 0 does not mind when one stopped, and an
/// asymptotic sequence has such a prior already: it is the mixture likelihood ratio over effects
/// that are normal around 0 with standard deviation rho times that of a unit. So an estimate from n
/// units shrinks by n rho^2 / (n rho^2 + 1): the earlier the stop, the more.
///
/// Sources: the mixture by H. Robbins, Annals of Mathematical Statistics 41 (1970) 1397-1409;
/// posteriors under optional stopping by A. Deng, J. Lu, S. Chen, "Continuous monitoring of A/B
/// tests without pain", IEEE DSAA 2016, arXiv:1602.05549.
public final class Shrinkage {
    private Shrinkage() {}

    /// The effect with its winner's curse taken off, and its posterior standard deviation.
    ///
    /// @param n units of the compared arms together, or pairs: as the sequence counts them
    public static Estimate of(Estimate estimate, long n, AsymptoticSequence sequence) {
        double information = n * sequence.rho() * sequence.rho();
        double share = information / (information + 1);
        return new Estimate(share * estimate.value(), Math.sqrt(share) * estimate.standardError());
    }
}
