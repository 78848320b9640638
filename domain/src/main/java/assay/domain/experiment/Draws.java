package assay.domain.experiment;

import assay.stats.distribution.Binomial;
import java.util.random.RandomGenerator;

/// Random numbers of distributions, exact and at a cost that does not grow with the counts.
final class Draws {
    /// Below this mean, counting up from 0 is quicker than rejection.
    private static final double FEW = 10;

    private Draws() {}

    /// How many of `n` trials succeed.
    ///
    /// Source: W. Hörmann, "The generation of binomial random variates", Journal of Statistical
    /// Computation and Simulation 46 (1993) 101-110, algorithm BTRS; inversion where it is quicker.
    ///
    /// @param p 0 to 1
    static long binomial(RandomGenerator random, long n, double p) {
        if (p > 0.5) {
            return n - binomial(random, n, 1 - p);
        }
        if (n == 0 || p <= 0) {
            return 0;
        }
        return n * p < FEW ? inverted(random, n, p) : rejected(random, n, p);
    }

    private static long inverted(RandomGenerator random, long n, double p) {
        double odds = p / (1 - p);
        double probability = Math.exp(n * Math.log1p(-p));
        double left = random.nextDouble() - probability;
        long successes = 0;
        while (left > 0 && successes < n) {
            probability *= odds * (n - successes) / (successes + 1);
            successes++;
            left -= probability;
        }
        return successes;
    }

    private static long rejected(RandomGenerator random, long n, double p) {
        double deviation = Math.sqrt(n * p * (1 - p));
        double b = 1.15 + 2.53 * deviation;
        double a = -0.0873 + 0.0248 * b + 0.01 * p;
        double c = n * p + 0.5;
        double squeeze = 0.92 - 4.2 / b;
        double alpha = (2.83 + 5.1 / b) * deviation;
        long mode = (long) Math.floor((n + 1) * p);
        double atMode = Binomial.logProbability(mode, n, p);
        while (true) {
            double u = random.nextDouble() - 0.5;
            double v = random.nextDouble();
            double us = 0.5 - Math.abs(u);
            long k = (long) Math.floor((2 * a / us + b) * u + c);
            if (us >= 0.07 && v <= squeeze) {
                return k;
            }
            if (k < 0 || k > n) {
                continue;
            }
            double accepted = Math.log(v * alpha / (a / (us * us) + b));
            if (accepted <= Binomial.logProbability(k, n, p) - atMode) {
                return k;
            }
        }
    }

    /// A sum of squares of `degreesOfFreedom` standard normal numbers.
    ///
    /// Source: G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", ACM
    /// Transactions on Mathematical Software 26 (2000) 363-372.
    ///
    /// @param degreesOfFreedom 0 or more
    static double chiSquare(RandomGenerator random, long degreesOfFreedom) {
        if (degreesOfFreedom == 0) {
            return 0;
        }
        if (degreesOfFreedom == 1) {
            double z = random.nextGaussian();
            return z * z;
        }
        double d = degreesOfFreedom / 2.0 - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double z = random.nextGaussian();
            double v = 1 + c * z;
            v = v * v * v;
            if (v > 0 && Math.log(random.nextDouble()) < z * z / 2 + d - d * v + d * Math.log(v)) {
                return 2 * d * v;
            }
        }
    }
}
