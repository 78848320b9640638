package assay.stats.power;

import assay.stats.Alternative;
import assay.stats.distribution.Normal;

/// Sample size for a difference of means by the normal approximation, arms of unequal size allowed.
///
/// Source: S.-C. Chow, J. Shao, H. Wang, "Sample Size Calculations in Clinical Research" (2008),
/// section 3.2.
///
/// @param unitsA units of the control; round up
/// @param unitsB units of the treatment; round up
public record MeansSampleSize(double unitsA, double unitsB) {
    /// Units at which `delta` is found with the given power.
    ///
    /// @param delta effect in the metric's unit, not 0
    /// @param ratio units of the treatment per unit of the control
    public static MeansSampleSize of(
            double delta,
            double sd,
            double alpha,
            double power,
            double ratio,
            Alternative alternative) {
        double z = quantiles(alpha, power, alternative);
        double unitsA = z * z * sd * sd * (1 + 1 / ratio) / (delta * delta);
        return new MeansSampleSize(unitsA, ratio * unitsA);
    }

    /// The smallest effect found with the given power, in the metric's unit.
    public static double detectable(
            double unitsA,
            double sd,
            double alpha,
            double power,
            double ratio,
            Alternative alternative) {
        return quantiles(alpha, power, alternative) * sd * Math.sqrt((1 + 1 / ratio) / unitsA);
    }

    private static double quantiles(double alpha, double power, Alternative alternative) {
        return Normal.critical(alpha, alternative) + Normal.quantile(power);
    }
}
