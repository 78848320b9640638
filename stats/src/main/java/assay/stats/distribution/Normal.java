package assay.stats.distribution;

import assay.stats.Alternative;
import org.apache.commons.numbers.gamma.Erfcx;
import org.apache.commons.statistics.distribution.NormalDistribution;

/// The standard normal distribution.
public final class Normal {
    private static final NormalDistribution STANDARD = NormalDistribution.of(0, 1);
    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final double LOG_HALF = Math.log(0.5);
    private static final double INVERSE_SQRT_2_PI = 1 / Math.sqrt(2 * Math.PI);

    private Normal() {}

    public static double density(double z) {
        return INVERSE_SQRT_2_PI * Math.exp(-z * z / 2);
    }

    /// P(Z <= z).
    public static double cumulative(double z) {
        return STANDARD.cumulativeProbability(z);
    }

    /// P(Z > z), accurate down to the smallest double.
    public static double upperTail(double z) {
        return STANDARD.survivalProbability(z);
    }

    /// ln P(Z > z), for any z: past the smallest double through the scaled complementary error
    /// function, P(Z > z) = exp(-z^2/2) erfcx(z / sqrt 2) / 2.
    public static double logUpperTail(double z) {
        return z < 1
                ? Math.log1p(-cumulative(z))
                : LOG_HALF + Math.log(Erfcx.value(z * SQRT_HALF)) - z * z / 2;
    }

    /// The z with P(Z <= z) = p.
    public static double quantile(double p) {
        return STANDARD.inverseCumulativeProbability(p);
    }

    /// The z with P(Z > z) = p, accurate for p down to the smallest double.
    public static double upperQuantile(double p) {
        return STANDARD.inverseSurvivalProbability(p);
    }

    /// The critical value of a test at level alpha: z(1 - alpha/2) for two sides, else z(1 -
    /// alpha).
    public static double critical(double alpha, Alternative alternative) {
        return upperQuantile(alpha / alternative.sides());
    }

    /// The p-value of a statistic that is standard normal under no effect.
    public static double pValue(double z, Alternative alternative) {
        return switch (alternative) {
            case TWO_SIDED -> 2 * upperTail(Math.abs(z));
            case GREATER -> upperTail(z);
            case LESS -> cumulative(z);
        };
    }

    /// The natural logarithm of [#pValue].
    public static double logPValue(double z, Alternative alternative) {
        return switch (alternative) {
            case TWO_SIDED -> logUpperTail(Math.abs(z)) - LOG_HALF;
            case GREATER -> logUpperTail(z);
            case LESS -> logUpperTail(-z);
        };
    }
}
