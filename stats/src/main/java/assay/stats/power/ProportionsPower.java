package assay.stats.power;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Why;
import assay.stats.distribution.Normal;
import org.apache.commons.math3.analysis.solvers.BrentSolver;

/// Power of the two-proportion z test with equal arms. `formula` chooses the variances: the default
/// is that of R's `power.prop.test`.
public record ProportionsPower(double alpha, Alternative alternative, Formula formula) {
    /// Which variances enter the test and the alternative.
    public enum Formula {
        /// Pooled under no effect, each arm's own under the effect.
        ///
        /// Source: J. L. Fleiss, B. Levin, M. C. Paik, "Statistical Methods for Rates and
        /// Proportions" (2003), section 4.2; R's `power.prop.test`.
        POOLED,
        /// Each arm's own throughout; for quick display.
        UNPOOLED,
        /// The baseline's variance in both arms under no effect, and a baseline above one half
        /// mirrored, as Evan Miller's calculator has it
        /// (evanmiller.org/ab-testing/sample-size.html).
        EVAN_MILLER
    }

    /// As R does it, two-sided.
    public static ProportionsPower of(double alpha) {
        return new ProportionsPower(alpha, Alternative.TWO_SIDED, Formula.POOLED);
    }

    /// Units per arm at which the change from p1 to p2 is found with the given power; round up.
    /// Undefined without a change or for rates outside 0 to 1.
    public Answer<Double> unitsPerArm(double p1, double p2, double power) {
        if (!isRate(p1) || !isRate(p2)) {
            return Answer.undefined(Why.IMPOSSIBLE_RATE);
        }
        if (p1 == p2) {
            return Answer.undefined(Why.NO_EFFECT);
        }
        double z = critical() * nullDeviation(p1, p2) + Normal.quantile(power) * deviation(p1, p2);
        double effect = p2 - p1;
        return Answer.known(z * z / (effect * effect));
    }

    /// The chance to find the change from p1 to p2, counting only findings in its direction; at no
    /// change half of alpha, two-sided. Undefined for rates outside 0 to 1 or without variance.
    ///
    /// @param n units per arm
    public Answer<Double> power(double p1, double p2, double n) {
        if (!isRate(p1) || !isRate(p2)) {
            return Answer.undefined(Why.IMPOSSIBLE_RATE);
        }
        double deviation = deviation(p1, p2);
        double margin = Math.sqrt(n) * Math.abs(p2 - p1) - critical() * nullDeviation(p1, p2);
        return deviation == 0
                ? Answer.undefined(Why.NO_VARIANCE)
                : Answer.known(Normal.cumulative(margin / deviation));
    }

    /// The rate above p1 that is told from it with the given power; undefined if that would be
    /// above 1.
    ///
    /// @param n units per arm
    public Answer<Double> detectable(double p1, double n, double power) {
        if (!isRate(p1)) {
            return Answer.undefined(Why.IMPOSSIBLE_RATE);
        }
        double highest = 1 - 1e-12;
        if (p1 >= highest || excess(p1, highest, n, power) < 0) {
            return Answer.undefined(Why.UNATTAINABLE);
        }
        return Answer.known(
                new BrentSolver(1e-15, 1e-14, 1e-15)
                        .solve(500, p2 -> excess(p1, p2, n, power), p1, highest));
    }

    /// How far the standardised effect is beyond what the power needs; rises with p2.
    private double excess(double p1, double p2, double n, double power) {
        return Math.sqrt(n) * (p2 - p1)
                - critical() * nullDeviation(p1, p2)
                - Normal.quantile(power) * deviation(p1, p2);
    }

    private static boolean isRate(double p) {
        return p >= 0 && p <= 1;
    }

    private double critical() {
        return Normal.critical(alpha, alternative);
    }

    private double nullDeviation(double p1, double p2) {
        return switch (formula) {
            case POOLED -> {
                double middle = (p1 + p2) / 2;
                yield Math.sqrt(2 * middle * (1 - middle));
            }
            case UNPOOLED -> deviation(p1, p2);
            case EVAN_MILLER -> Math.sqrt(2 * p1 * (1 - p1));
        };
    }

    private double deviation(double p1, double p2) {
        if (formula == Formula.EVAN_MILLER && p1 > 0.5) {
            double mirrored = 1 - p1 + (p2 - p1);
            return Math.sqrt(p1 * (1 - p1) + mirrored * (1 - mirrored));
        }
        return Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2));
    }
}
