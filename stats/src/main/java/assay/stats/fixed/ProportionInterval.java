package assay.stats.fixed;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Normal;
import org.apache.commons.statistics.distribution.BetaDistribution;

/// Two-sided intervals for the rate behind x successes in n trials.
public enum ProportionInterval {
    /// p +- z sqrt(p (1-p) / n): for comparison with textbooks; collapses at 0 and n.
    WALD,
    /// Inverts the score test; the one to show.
    ///
    /// Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
    WILSON,
    /// Wald's interval around (x + z^2/2) / (n + z^2); may leave 0 to 1.
    ///
    /// Source: A. Agresti, B. A. Coull, The American Statistician 52 (1998) 119-126.
    AGRESTI_COULL,
    /// Inverts two binomial tests: covers at least as often as promised, and is therefore wide.
    ///
    /// Source: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413.
    CLOPPER_PEARSON,
    /// Equal-tailed under the prior Beta(1/2, 1/2), the end set to 0 at x = 0 and to 1 at x = n.
    ///
    /// Source: L. D. Brown, T. T. Cai, A. DasGupta, Statistical Science 16 (2001) 101-133.
    JEFFREYS;

    /// The interval; undefined without trials.
    ///
    /// @param alpha one minus the confidence
    public Answer<Interval> of(long x, long n, double alpha) {
        if (x < 0 || x > n) {
            throw new IllegalArgumentException("Not successes in trials: %d in %d".formatted(x, n));
        }
        if (n == 0) {
            return Answer.undefined(Why.NO_UNITS);
        }
        return Answer.known(
                switch (this) {
                    case WALD -> wald((double) x / n, (double) n, alpha);
                    case WILSON -> wilson(x, n, alpha);
                    case AGRESTI_COULL -> agrestiCoull(x, n, alpha);
                    case CLOPPER_PEARSON -> clopperPearson(x, n, alpha);
                    case JEFFREYS -> jeffreys(x, n, alpha);
                });
    }

    private static Interval wald(double p, double n, double alpha) {
        double margin = critical(alpha) * Math.sqrt(p * (1 - p) / n);
        return Interval.around(p, margin, Alternative.TWO_SIDED);
    }

    private static Interval wilson(long x, long n, double alpha) {
        double z = critical(alpha);
        double p = (double) x / n;
        double center = x + z * z / 2;
        double margin = z * Math.sqrt(n * p * (1 - p) + z * z / 4);
        // The smaller end is taken from the product of the ends, where nothing cancels.
        double lower = x == 0 ? 0 : (double) x * x / n / (center + margin);
        long misses = n - x;
        double rest = misses + z * z / 2;
        double upper = misses == 0 ? 1 : 1 - (double) misses * misses / n / (rest + margin);
        return new Interval(lower, upper);
    }

    private static Interval agrestiCoull(long x, long n, double alpha) {
        double z = critical(alpha);
        double trials = n + z * z;
        return wald((x + z * z / 2) / trials, trials, alpha);
    }

    private static Interval clopperPearson(long x, long n, double alpha) {
        double lower = x == 0 ? 0 : quantile((double) x, n - x + 1.0, alpha / 2);
        double upper = x == n ? 1 : upperQuantile(x + 1.0, (double) n - x, alpha / 2);
        return new Interval(lower, upper);
    }

    private static Interval jeffreys(long x, long n, double alpha) {
        double lower = x == 0 ? 0 : quantile(x + 0.5, n - x + 0.5, alpha / 2);
        double upper = x == n ? 1 : upperQuantile(x + 0.5, n - x + 0.5, alpha / 2);
        return new Interval(lower, upper);
    }

    private static double quantile(double a, double b, double p) {
        return BetaDistribution.of(a, b).inverseCumulativeProbability(p);
    }

    private static double upperQuantile(double a, double b, double p) {
        return BetaDistribution.of(a, b).inverseSurvivalProbability(p);
    }

    private static double critical(double alpha) {
        return Normal.critical(alpha, Alternative.TWO_SIDED);
    }
}
