package assay.stats.distribution;

import assay.stats.Alternative;
import org.apache.commons.numbers.gamma.LogBeta;
import org.apache.commons.statistics.distribution.TDistribution;

/// Student's t distribution; with infinite degrees of freedom the normal distribution.
public final class StudentT {
    private static final double SMALLEST_TAIL = 1e-290;

    private StudentT() {}

    /// P(T > t).
    public static double upperTail(double t, double degreesOfFreedom) {
        return TDistribution.of(degreesOfFreedom).survivalProbability(t);
    }

    /// ln P(T > t), also where the probability is smaller than any double.
    ///
    /// Far out through P(T > t) = I_x(v/2, 1/2) / 2 with x = v / (v + t^2). Source: NIST Digital
    /// Library of Mathematical Functions, 8.17.22 (continued fraction of the incomplete beta
    /// function).
    public static double logUpperTail(double t, double degreesOfFreedom) {
        if (t < 0) {
            return Math.log1p(-upperTail(-t, degreesOfFreedom));
        }
        double tail = upperTail(t, degreesOfFreedom);
        if (tail > SMALLEST_TAIL) {
            return Math.log(tail);
        }
        if (Double.isInfinite(degreesOfFreedom)) {
            return Normal.logUpperTail(t);
        }
        double a = degreesOfFreedom / 2;
        double square = t * t / degreesOfFreedom;
        double logX = -Math.log1p(square);
        double logRest = Math.log(square) + logX;
        double fraction = IncompleteBeta.fraction(a, 0.5, Math.exp(logX));
        return Math.log(0.5)
                + a * logX
                + 0.5 * logRest
                - Math.log(a)
                - LogBeta.value(a, 0.5)
                + Math.log(fraction);
    }

    /// The t that T exceeds with probability p.
    public static double upperQuantile(double p, double degreesOfFreedom) {
        return TDistribution.of(degreesOfFreedom).inverseSurvivalProbability(p);
    }

    /// The critical value of a test at level alpha.
    public static double critical(double alpha, double degreesOfFreedom, Alternative alternative) {
        return upperQuantile(alpha / alternative.sides(), degreesOfFreedom);
    }

    /// The p-value of a statistic that follows this distribution under no effect.
    public static double pValue(double t, double degreesOfFreedom, Alternative alternative) {
        return switch (alternative) {
            case TWO_SIDED -> 2 * upperTail(Math.abs(t), degreesOfFreedom);
            case GREATER -> upperTail(t, degreesOfFreedom);
            case LESS -> upperTail(-t, degreesOfFreedom);
        };
    }

    /// The natural logarithm of [#pValue].
    public static double logPValue(double t, double degreesOfFreedom, Alternative alternative) {
        return switch (alternative) {
            case TWO_SIDED -> Math.log(2) + logUpperTail(Math.abs(t), degreesOfFreedom);
            case GREATER -> logUpperTail(t, degreesOfFreedom);
            case LESS -> logUpperTail(-t, degreesOfFreedom);
        };
    }
}
