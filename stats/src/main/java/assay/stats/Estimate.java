package assay.stats;

/// A number read off the data together with its uncertainty, both in the same unit.
///
/// @param value the point estimate, finite
/// @param standardError the estimated standard deviation of `value` over repeated experiments,
///   finite and not negative; 0 means that the data did not vary
public record Estimate(double value, double standardError) {
    public Estimate {
        if (!Double.isFinite(value)
                || !(standardError >= 0)
                || standardError == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "Not an estimate: %s +- %s".formatted(value, standardError));
        }
    }
}
