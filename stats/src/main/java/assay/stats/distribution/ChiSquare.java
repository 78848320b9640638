package assay.stats.distribution;

import org.apache.commons.numbers.gamma.LogGamma;
import org.apache.commons.numbers.gamma.RegularizedGamma;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/// Upper tails of the chi-square distribution.
public final class ChiSquare {
    private static final int MOST_FRACTION_TERMS = 10_000;

    private ChiSquare() {}

    /// P(X > x) for X with `degreesOfFreedom`.
    public static double upperTail(double x, double degreesOfFreedom) {
        return RegularizedGamma.Q.value(degreesOfFreedom / 2, x / 2);
    }

    /// The x that X exceeds with probability p.
    public static double upperQuantile(double p, double degreesOfFreedom) {
        return ChiSquaredDistribution.of(degreesOfFreedom).inverseSurvivalProbability(p);
    }

    /// ln P(X > x), also where the probability is smaller than any double.
    ///
    /// Far out by Legendre's continued fraction of the incomplete gamma function, evaluated with
    /// Lentz's method. Source: NIST Digital Library of Mathematical Functions, 8.9.2.
    public static double logUpperTail(double x, double degreesOfFreedom) {
        double a = degreesOfFreedom / 2;
        double y = x / 2;
        if (y < a + 50) {
            double lower = RegularizedGamma.P.value(a, y);
            return lower < 0.5 ? Math.log1p(-lower) : Math.log(RegularizedGamma.Q.value(a, y));
        }
        return a * Math.log(y) - y - LogGamma.value(a) + Math.log(tailFraction(a, y));
    }

    /// 1/(y + 1 - a - 1(1-a)/(y + 3 - a - 2(2-a)/(y + 5 - a - ...))).
    private static double tailFraction(double a, double y) {
        double b = y + 1 - a;
        double c = Double.MAX_VALUE;
        double d = 1 / b;
        double fraction = d;
        for (int k = 1; k < MOST_FRACTION_TERMS; k++) {
            double numerator = -k * (k - a);
            b += 2;
            d = 1 / (numerator * d + b);
            c = b + numerator / c;
            double factor = c * d;
            fraction *= factor;
            if (Math.abs(factor - 1) < 1e-16) {
                break;
            }
        }
        return fraction;
    }
}
