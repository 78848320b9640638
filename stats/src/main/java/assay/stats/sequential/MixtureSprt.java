package assay.stats.sequential;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Difference;
import assay.stats.Estimate;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Normal;

/// Mixture sequential probability ratio test of an approximately normal estimate, its alternative
/// mixed over N(null effect, tau2). Its intervals and p-values hold for all looks together.
///
/// Sources: R. Johari, P. Koomen, L. Pekelis, D. Walsh, Operations Research 70 (2022) 1806-1821;
/// mixture by H. Robbins, Annals of Mathematical Statistics 41 (1970) 1397-1409.
///
/// @param tau2 variance of the effects one hopes for, in the estimate's squared unit, positive
/// @param nullEffect the effect that is tested against, usually 0
public record MixtureSprt(double tau2, double nullEffect) {
    public MixtureSprt {
        if (!(tau2 > 0 && tau2 < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Not a variance: " + tau2);
        }
    }

    /// What may be said at one look; undefined at a standard error of 0.
    public Answer<Look> at(Estimate estimate, double alpha) {
        double variance = estimate.standardError() * estimate.standardError();
        if (variance == 0) {
            return Answer.undefined(Why.NO_VARIANCE);
        }
        double gap = estimate.value() - nullEffect;
        double logRatio =
                gap * gap * tau2 / (2 * variance * (variance + tau2))
                        - Math.log1p(tau2 / variance) / 2;
        double critical = criticalValue(variance, tau2, alpha);
        var interval =
                Interval.around(
                        estimate.value(),
                        critical * estimate.standardError(),
                        Alternative.TWO_SIDED);
        return Answer.known(new Look(logRatio, interval));
    }

    private static double criticalValue(double variance, double tau2, double alpha) {
        double log = Math.log1p(tau2 / variance) - 2 * Math.log(alpha);
        return Math.sqrt((variance + tau2) / tau2 * log);
    }

    /// What may be said at one look.
    ///
    /// @param logLikelihoodRatio natural logarithm of the evidence against no effect
    /// @param interval of the effect, two-sided
    public record Look(double logLikelihoodRatio, Interval interval) {
        public double pValue() {
            return Math.min(1, Math.exp(-logLikelihoodRatio));
        }
    }

    /// Statsig's variant, whose tau2 follows the data, z^2 (vA + vB) / (nA + nB), and whose
    /// intervals are at alpha / 2. Clearly conservative; undefined if the values do not vary.
    ///
    /// Sources: Statsig documentation, "Sequential testing"; Z. Zhao, M. Liu, A. Deb,
    /// arXiv:1905.10493.
    public static Answer<Statsig> statsig(Difference difference, double alpha) {
        var a = difference.control();
        var b = difference.treatment();
        return Answer.both(
                a.variance(),
                b.variance(),
                (varianceA, varianceB) -> {
                    double variance = varianceA / a.n() + varianceB / b.n();
                    if (variance == 0) {
                        return Answer.undefined(Why.NO_VARIANCE);
                    }
                    double z = Normal.critical(alpha, Alternative.TWO_SIDED);
                    double tau2 = z * z * (varianceA + varianceB) / ((double) a.n() + b.n());
                    double critical = criticalValue(variance, tau2, alpha / 2);
                    var interval =
                            Interval.around(
                                    difference.value(),
                                    critical * Math.sqrt(variance),
                                    Alternative.TWO_SIDED);
                    return Answer.known(new Statsig(tau2, critical, interval));
                });
    }

    /// One look in Statsig's variant.
    ///
    /// @param tau2 the mixture's variance at this look
    /// @param criticalValue half-width of the interval in standard errors
    public record Statsig(double tau2, double criticalValue, Interval interval) {}
}
