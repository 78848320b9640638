package assay.stats.distribution;

import org.apache.commons.numbers.gamma.LogGamma;

/// Parts of Stirling's formula that let logarithms of gamma functions be subtracted from each other
/// without losing digits, which plain differences do at large counts.
///
/// Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
public final class Stirling {
    private static final double HALF_LOG_2_PI = Math.log(2 * Math.PI) / 2;
    private static final double[] SERIES = {
        1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156
    };

    private Stirling() {}

    /// What Stirling's formula leaves out: ln Gamma(a) - ((a - 1/2) ln a - a + ln(2 pi)/2), for a >
    /// 0.
    public static double correction(double a) {
        if (a < 10) {
            return LogGamma.value(a) - ((a - 0.5) * Math.log(a) - a + HALF_LOG_2_PI);
        }
        double sum = 0;
        double inverseSquare = 1 / (a * a);
        for (int k = SERIES.length - 1; k >= 0; k--) {
            sum = sum * inverseSquare + SERIES[k];
        }
        return sum / a;
    }

    /// x ln(x / mean) + mean - x, the distance of x from what was expected; not negative.
    public static double deviance(double x, double mean) {
        if (x == 0) {
            return mean;
        }
        double gap = x - mean;
        if (Math.abs(gap) > 0.1 * (x + mean)) {
            return x * Math.log(x / mean) - gap;
        }
        // x ln(x/mean) = 2x artanh(v) with v = gap / (x + mean), so the leading terms cancel by
        // hand.
        double v = gap / (x + mean);
        double sum = gap * v;
        double power = 2 * x * v;
        for (int k = 3; ; k += 2) {
            power *= v * v;
            double next = sum + power / k;
            if (next == sum) {
                return sum;
            }
            sum = next;
        }
    }

    /// ln of the greatest density of the logit of a beta variable with parameters a and b, which
    /// lies where the variable is a / (a + b); accurate for huge a and b. Elsewhere, at x, the
    /// density is smaller by [#deviance] of a from (a + b) x and of b from (a + b)(1 - x).
    public static double logLogitBetaPeak(double a, double b) {
        double corrections = correction(a) + correction(b) - correction(a + b);
        return 0.5 * Math.log(a / (a + b) * b) - HALF_LOG_2_PI - corrections;
    }
}
