package assay.stats;

import java.util.List;

/// An effect estimated within strata, such as cohorts with different weights, and averaged over
/// them. Comparing only within strata keeps a change of the weights from looking like an effect.
///
/// Source: W. G. Cochran, "Sampling Techniques" (1977), chapter 5A (post-stratification).
public final class Stratified {
    private Stratified() {}

    /// One stratum.
    ///
    /// @param weight not negative, in any common unit; usually the units exposed
    /// @param estimate of the effect within the stratum
    public record Stratum(double weight, Estimate estimate) {
        public Stratum {
            if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("Not a weight: " + weight);
            }
        }
    }

    /// The weighted mean of the estimates; undefined if no stratum has weight.
    public static Answer<Estimate> estimate(List<Stratum> strata) {
        double total = strata.stream().mapToDouble(Stratum::weight).sum();
        if (total == 0) {
            return Answer.undefined(Why.NO_UNITS);
        }
        double value = 0;
        double variance = 0;
        for (var stratum : strata) {
            double share = stratum.weight() / total;
            double error = share * stratum.estimate().standardError();
            value += share * stratum.estimate().value();
            variance += error * error;
        }
        return Answer.known(new Estimate(value, Math.sqrt(variance)));
    }
}
