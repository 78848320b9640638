package assay.stats.distribution;

import org.apache.commons.numbers.gamma.RegularizedBeta;

/// The binomial distribution, exact to the last digits at any count.
///
/// Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
public final class Binomial {
    private Binomial() {}

    /// ln P(X = x) for x successes in n trials with probability p, between 0 and 1.
    public static double logProbability(long x, long n, double p) {
        if (x == 0) {
            return n * Math.log1p(-p);
        }
        return x == n ? n * Math.log(p) : logInner((double) x, (double) n - x, (double) n, p);
    }

    private static double logInner(double x, double rest, double n, double p) {
        double corrections =
                Stirling.correction(n) - Stirling.correction(x) - Stirling.correction(rest);
        double distance = Stirling.deviance(x, n * p) + Stirling.deviance(rest, n * (1 - p));
        return corrections - distance - 0.5 * Math.log(2 * Math.PI * x * (rest / n));
    }

    /// P(X >= x).
    public static double upperTail(long x, long n, double p) {
        return x <= 0 ? 1 : RegularizedBeta.value(p, (double) x, n - x + 1.0);
    }

    /// P(X <= x).
    public static double cumulative(long x, long n, double p) {
        return x >= n ? 1 : RegularizedBeta.complement(p, x + 1.0, (double) n - x);
    }
}
