package assay.stats.power;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Why;
import assay.stats.distribution.NoncentralT;
import assay.stats.distribution.StudentT;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;

/// Power of the two-sample t test with equal arms.
///
/// Source: R's `power.t.test`; exact by the noncentral t distribution.
///
/// @param sd standard deviation of the metric, the same in both arms
public record MeansPower(double sd, double alpha, Alternative alternative) {
    private static final double FEWEST_UNITS = 2;
    private static final double MOST_UNITS = 1e12;
    private static final int MOST_STEPS = 500;

    /// The chance to find an effect of `delta`, counting only findings in its direction.
    ///
    /// @param n units per arm, at least 2; need not be whole
    public double power(double n, double delta) {
        double df = 2 * (n - 1);
        double critical = StudentT.critical(alpha, df, alternative);
        return NoncentralT.upperTail(critical, df, noncentrality(n, delta));
    }

    /// The chance to find any effect, the wrong direction included.
    public double strictPower(double n, double delta) {
        if (alternative != Alternative.TWO_SIDED) {
            return power(n, delta);
        }
        double df = 2 * (n - 1);
        double critical = StudentT.critical(alpha, df, alternative);
        return power(n, delta) + NoncentralT.upperTail(critical, df, -noncentrality(n, delta));
    }

    private double noncentrality(double n, double delta) {
        return Math.sqrt(n / 2) * Math.abs(delta) / sd;
    }

    /// Units per arm at which `delta` is found with the given power, at least 2; round up.
    /// Undefined for a delta of 0 and where no sample is large enough.
    public Answer<Double> unitsPerArm(double delta, double power) {
        if (delta == 0) {
            return Answer.undefined(Why.NO_EFFECT);
        }
        if (power(FEWEST_UNITS, delta) >= power) {
            return Answer.known(FEWEST_UNITS);
        }
        if (power(MOST_UNITS, delta) <= power) {
            return Answer.undefined(Why.UNATTAINABLE);
        }
        // The t test needs a little more than the normal approximation says.
        double guess = MeansSampleSize.of(delta, sd, alpha, power, 1, alternative).unitsA();
        return Answer.known(
                solve(n -> power(n, delta) - power, FEWEST_UNITS, Math.max(4, 2 * guess + 10)));
    }

    /// The smallest effect that is found with the given power; 0 if the test's error alone reaches
    /// it.
    ///
    /// @param n units per arm, at least 2
    public double detectable(double n, double power) {
        if (power(n, 0) >= power) {
            return 0;
        }
        double most = sd;
        while (power(n, most) < power) {
            most *= 2;
        }
        return solve(delta -> power(n, delta) - power, 0, most);
    }

    private static double solve(UnivariateFunction rising, double low, double high) {
        return new BrentSolver(1e-12, 1e-10).solve(MOST_STEPS, rising, low, high);
    }
}
