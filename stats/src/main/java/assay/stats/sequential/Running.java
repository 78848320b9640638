package assay.stats.sequential;

import assay.stats.Interval;

/// The record over all looks so far: the smallest always-valid p-value and the intersection of the
/// intervals. The intersection may turn out empty (`lower` above `upper`) when an effect drifts.
public record Running(double pValue, double lower, double upper) {
    /// Before the first look.
    public static final Running START =
            new Running(1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    /// The record with one more look; a look without an answer changes nothing and is left out.
    public Running after(double pValue, Interval interval) {
        return new Running(
                Math.min(this.pValue, pValue),
                Math.max(lower, interval.lower()),
                Math.min(upper, interval.upper()));
    }
}
