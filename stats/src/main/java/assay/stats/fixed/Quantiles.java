package assay.stats.fixed;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.JointMoments;
import assay.stats.Sample;
import assay.stats.Why;
import assay.stats.distribution.Normal;

/// Quantiles of one arm and their standard errors, as a [Sample] whose mean is the quantile, so
/// that quantiles are compared like means, by the normal distribution.
///
/// Sources: R. J. Hyndman, Y. Fan, The American Statistician 50 (1996) 361-365 (type 7); A. Deng,
/// U. Knoblich, J. Lu, KDD 2018, arXiv:1803.06336, section 4 (standard error from order statistics,
/// clusters); scaling by (n - 1)/n and the floor as in GrowthBook's gbstats.
public final class Quantiles {
    /// Below this the variance of a unit is taken to be a rounding of the measurement.
    private static final double VARIANCE_FLOOR = 1e-5;

    private static final long FLOOR_FROM_UNITS = 100;
    private static final double Z = Normal.critical(0.05, Alternative.TWO_SIDED);

    private Quantiles() {}

    /// The quantile of type 7: linear between the order statistics around (n - 1) level.
    ///
    /// @param sorted values in ascending order, at least one
    /// @param level 0 to 1
    public static double of(double[] sorted, double level) {
        double position = (sorted.length - 1) * level;
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    /// A quantile with the two order statistics that bound it with 95 % confidence.
    ///
    /// @param n values the quantile was taken from
    /// @param boundsFrom values the bounds were taken from, if they come from a part of the data,
    ///   else n
    /// @param level of the quantile, between 0 and 1
    public record Bounds(
            long n, long boundsFrom, double level, double quantile, double lower, double upper) {
        public Bounds {
            if (!(level > 0 && level < 1)) {
                throw new IllegalArgumentException("Not the level of a quantile: " + level);
            }
            if (n < 1 || boundsFrom < 1 || boundsFrom > n || !(lower <= upper)) {
                throw new IllegalArgumentException("Not the bounds of a quantile");
            }
        }

        /// The quantile of all values and its bounds; undefined without values.
        ///
        /// @param sorted values in ascending order
        public static Answer<Bounds> of(double[] sorted, double level) {
            int n = sorted.length;
            if (n == 0) {
                return Answer.undefined(Why.NO_UNITS);
            }
            double margin = Z * Math.sqrt(level * (1 - level) / n);
            return Answer.known(
                    new Bounds(
                            n,
                            n,
                            level,
                            Quantiles.of(sorted, level),
                            Quantiles.of(sorted, Math.max(0, level - margin)),
                            Quantiles.of(sorted, Math.min(1, level + margin))));
        }

        /// The quantile as a sample of independent values.
        public Sample sample() {
            return sample(n, 1);
        }

        /// The quantile as a sample of clusters, for instance of users with several requests each.
        ///
        /// @param clusters per cluster, the number of values at or below the quantile as x, and of
        ///   values as y
        public Answer<Sample> sample(JointMoments clusters) {
            double independent = level * (1 - level) / n;
            return RatioMetric.sample(clusters)
                    .flatMap(Sample::varianceOfMean)
                    .map(clustered -> sample(n, clustered / independent));
        }

        private Sample sample(long units, double designEffect) {
            return new Sample(units, quantile, unitVariance().map(unit -> unit * designEffect));
        }

        private Answer<Double> unitVariance() {
            double odds = Math.max(level / (1 - level), (1 - level) / level);
            // With so few values an end of the interval lies beyond the extremes.
            if (boundsFrom <= Z * Z * odds) {
                return Answer.undefined(Why.TOO_FEW_UNITS);
            }
            double error = (upper - lower) / (2 * Z);
            double scale = boundsFrom * ((n - 1.0) / n);
            double variance = error * error * scale;
            return Answer.known(
                    n >= FLOOR_FROM_UNITS ? Math.max(variance, VARIANCE_FLOOR) : variance);
        }
    }
}
