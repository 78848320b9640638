package assay.stats.sequential;

import assay.stats.Alternative;
import assay.stats.distribution.Normal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.math3.analysis.solvers.BrentSolver;

/// Bounds for a few looks planned beforehand: at look k stop if the z statistic is beyond bound k.
///
/// @param bounds of the standardised statistic, one per look, positive; infinite where nothing is
///   spent. For [Alternative#LESS] they are to be negated
/// @param cumulativeAlpha error spent up to each look, both sides together
/// @param constant of a shaped boundary, its bound at full information; empty for spending
public record GroupSequential(
        List<Double> bounds, List<Double> cumulativeAlpha, OptionalDouble constant) {
    private static final double MOST = 40;
    private static final int MOST_STEPS = 500;

    public GroupSequential {
        bounds = List.copyOf(bounds);
        cumulativeAlpha = List.copyOf(cumulativeAlpha);
    }

    /// Computes the bounds.
    ///
    /// @param timing share of the final information at each look, rising, the last at most 1
    /// @param alpha error of all sides together
    public static GroupSequential of(
            Boundary boundary, List<Double> timing, double alpha, Alternative alternative) {
        requireRising(timing);
        boolean twoSided = alternative == Alternative.TWO_SIDED;
        return switch (boundary) {
            case Boundary.Shaped shaped -> shaped(shaped, timing, alpha, twoSided);
            case Boundary.Spending spending -> spending(spending, timing, alpha, twoSided);
        };
    }

    private static void requireRising(List<Double> timing) {
        double before = 0;
        for (double share : timing) {
            if (!(share > before && share <= 1)) {
                throw new IllegalArgumentException("Not rising shares of 1: " + timing);
            }
            before = share;
        }
        if (timing.isEmpty()) {
            throw new IllegalArgumentException("There must be a look");
        }
    }

    private static GroupSequential shaped(
            Boundary.Shaped shape, List<Double> timing, double alpha, boolean twoSided) {
        double constant =
                new BrentSolver(1e-14, 1e-12)
                        .solve(
                                MOST_STEPS,
                                c -> spent(shape, timing, c, twoSided).getLast() - alpha,
                                0.1,
                                MOST);
        return new GroupSequential(
                bounds(shape, timing, constant),
                spent(shape, timing, constant, twoSided),
                OptionalDouble.of(constant));
    }

    private static List<Double> bounds(
            Boundary.Shaped shape, List<Double> timing, double constant) {
        double last = timing.getLast();
        return timing.stream()
                .map(share -> constant * Math.pow(share / last, shape.exponent()))
                .toList();
    }

    private static List<Double> spent(
            Boundary.Shaped shape, List<Double> timing, double constant, boolean twoSided) {
        var process = new ScoreProcess(twoSided);
        var bounds = bounds(shape, timing, constant);
        List<Double> spent = new ArrayList<>();
        double sum = 0;
        for (int k = 0; k < bounds.size(); k++) {
            sum += process.crossing(timing.get(k), bounds.get(k));
            spent.add(sum);
            process.pass(timing.get(k), bounds.get(k));
        }
        return spent;
    }

    private static GroupSequential spending(
            Boundary.Spending spending, List<Double> timing, double alpha, boolean twoSided) {
        int sides = twoSided ? 2 : 1;
        var process = new ScoreProcess(twoSided);
        List<Double> bounds = new ArrayList<>();
        List<Double> spent = new ArrayList<>();
        double sum = 0;
        for (double share : timing) {
            double target = sides * spending.spent(alpha / sides, share) - sum;
            double bound = bound(process, share, target);
            sum += process.crossing(share, bound);
            bounds.add(bound);
            spent.add(sum);
            process.pass(share, bound);
        }
        return new GroupSequential(bounds, spent, OptionalDouble.empty());
    }

    private static double bound(ScoreProcess process, double share, double target) {
        if (process.crossing(share, MOST) >= target) {
            return Double.POSITIVE_INFINITY;
        }
        return new BrentSolver(1e-14, 1e-12, Double.MIN_VALUE)
                .solve(MOST_STEPS, z -> process.crossing(share, z) - target, -MOST, MOST);
    }

    /// The p-value that a single test would have at each bound.
    ///
    /// @param alternative the one that the bounds were made for
    public List<Double> nominalPValues(Alternative alternative) {
        return bounds.stream().map(bound -> alternative.sides() * Normal.upperTail(bound)).toList();
    }
}
