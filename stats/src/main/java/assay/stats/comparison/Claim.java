package assay.stats.comparison;

import assay.stats.Estimate;
import assay.stats.Interval;
import java.util.OptionalDouble;

/// What a method says about one effect at this look.
///
/// @param interval at the method's level, in the estimate's unit
/// @param logPValue natural logarithm of the p-value; of a planned look, of the single test there
/// @param logEValue natural logarithm of the evidence, for methods that have one
public record Claim(
        Estimate estimate, Interval interval, double logPValue, OptionalDouble logEValue) {
    public double pValue() {
        return Math.exp(logPValue);
    }
}
