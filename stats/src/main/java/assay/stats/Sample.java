package assay.stats;

/// What a comparison of means needs to know about one arm.
///
/// @param n units, at least 1
/// @param mean their mean, finite
/// @param variance their sample variance (divisor n - 1), not negative; undefined for a single unit
public record Sample(long n, double mean, Answer<Double> variance) {
    public Sample {
        if (n < 1) {
            throw new IllegalArgumentException("A sample needs at least one unit, not " + n);
        }
        if (!Double.isFinite(mean)) {
            throw new IllegalArgumentException("Not a mean: " + mean);
        }
        if (variance instanceof Answer.Known<Double>(var known)
                && (n < 2 || !(known >= 0) || known == Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "Not the variance of %d units: %s".formatted(n, known));
        }
    }

    /// A sample of at least two units.
    public static Sample of(long n, double mean, double variance) {
        return new Sample(n, mean, Answer.known(variance));
    }

    /// Trials that each succeeded or failed, with the variance p (1 - p) n / (n - 1).
    public static Sample ofSuccesses(long successes, long n) {
        double p = (double) successes / n;
        Answer<Double> variance =
                n < 2
                        ? Answer.undefined(Why.TOO_FEW_UNITS)
                        : Answer.known(p * (1 - p) * n / (n - 1));
        return new Sample(n, p, variance);
    }

    /// The squared standard error of the mean: variance over n.
    public Answer<Double> varianceOfMean() {
        return variance.map(known -> known / n);
    }

    /// The mean with its standard error.
    public Answer<Estimate> estimate() {
        return varianceOfMean().map(square -> new Estimate(mean, Math.sqrt(square)));
    }
}
