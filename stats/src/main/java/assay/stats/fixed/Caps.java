package assay.stats.fixed;

import assay.stats.Moments;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/// Limits to which outlying values are pulled in (winsorising), the same for both arms. The
/// estimand changes with them: it becomes the mean of the capped metric.
///
/// Source: W. J. Dixon, Annals of Mathematical Statistics 31 (1960) 385-391.
///
/// @param lower values below count as this; minus infinity for no limit
/// @param upper values above count as this; infinity for no limit
public record Caps(double lower, double upper) {
    public Caps {
        if (!(lower <= upper)) {
            throw new IllegalArgumentException("Not limits: %s to %s".formatted(lower, upper));
        }
    }

    /// Limits at quantiles of both arms together, so that the arms cannot be capped differently.
    ///
    /// @param a values of one arm, in any order
    /// @param b values of the other; together at least one value
    /// @param lowerLevel quantile of the lower limit, empty for none
    /// @param upperLevel quantile of the upper limit, empty for none
    public static Caps pooled(
            double[] a, double[] b, OptionalDouble lowerLevel, OptionalDouble upperLevel) {
        double[] sorted =
                DoubleStream.concat(Arrays.stream(a), Arrays.stream(b)).sorted().toArray();
        double lower =
                lowerLevel.isPresent()
                        ? Quantiles.of(sorted, lowerLevel.getAsDouble())
                        : Double.NEGATIVE_INFINITY;
        double upper =
                upperLevel.isPresent()
                        ? Quantiles.of(sorted, upperLevel.getAsDouble())
                        : Double.POSITIVE_INFINITY;
        return new Caps(lower, upper);
    }

    public double apply(double value) {
        return Math.clamp(value, lower, upper);
    }

    /// The moments of the capped values.
    public Moments moments(double... values) {
        var moments = new Moments();
        for (double value : values) {
            moments.add(apply(value));
        }
        return moments;
    }

    /// How many values lie beyond the limits.
    public long count(double... values) {
        return Arrays.stream(values).filter(value -> value < lower || value > upper).count();
    }
}
