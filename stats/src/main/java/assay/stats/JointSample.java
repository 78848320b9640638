package assay.stats;

/// What a method with two numbers per unit needs to know about one arm: the means and the sample
/// (co)variances, divisor n - 1.
///
/// @param n units, at least 2
public record JointSample(
        long n, double meanX, double meanY, double varianceX, double varianceY, double covariance) {
    public JointSample {
        if (n < 2) {
            throw new IllegalArgumentException("A joint sample needs two units, not " + n);
        }
    }

    public Sample x() {
        return Sample.of(n, meanX, varianceX);
    }

    public Sample y() {
        return Sample.of(n, meanY, varianceY);
    }
}
