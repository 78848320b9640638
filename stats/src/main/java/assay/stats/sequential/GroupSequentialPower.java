package assay.stats.sequential;

import assay.stats.distribution.GaussLegendre;
import java.util.List;
import org.apache.commons.math3.analysis.solvers.BrentSolver;

/// How likely a test with a few planned looks finds an effect, and how soon. The test is two-sided.
///
/// The effect is given as the mean that the standardised score has at full information: the effect
/// over the standard error that the estimate has then.
///
/// Source: C. Jennison, B. W. Turnbull, "Group Sequential Methods" (2000), sections 2.3 and 19.2.
///
/// @param timing share of the full information at each look, rising to 1
/// @param bounds of the standardised statistic at each look
public record GroupSequentialPower(List<Double> timing, List<Double> bounds) {
    private static final GaussLegendre FINE = new GaussLegendre(16);
    private static final double MOST = 40;
    private static final int MOST_STEPS = 200;

    /// What becomes of a test.
    ///
    /// @param power chance that a look is beyond its bound on the side of the effect
    /// @param information expected at the look that ends the test, as a share of the full one
    public record Course(double power, double information) {}

    public GroupSequentialPower {
        timing = List.copyOf(timing);
        bounds = List.copyOf(bounds);
        if (timing.isEmpty() || timing.size() != bounds.size() || timing.getLast() != 1) {
            throw new IllegalArgumentException(
                    "Not a bound for each look up to the last: " + timing + ", " + bounds);
        }
    }

    /// What becomes of a test when the score has this mean at full information.
    public Course course(double mean) {
        var process = new ScoreProcess(true, mean, FINE);
        double power = 0;
        double going = 1;
        double information = 0;
        for (int look = 0; look < timing.size(); look++) {
            double share = timing.get(look);
            double bound = bounds.get(look);
            double stops = process.crossing(share, bound);
            power += process.crossingUp(share, bound);
            information += stops * share;
            going -= stops;
            process.pass(share, bound);
        }
        return new Course(power, information + Math.max(0, going));
    }

    /// The mean of the score at full information with which an effect is found with this power.
    ///
    /// @param power above the error of one side and below 1
    public double mean(double power) {
        return new BrentSolver(1e-9, 1e-10)
                .solve(MOST_STEPS, mean -> course(mean).power() - power, 0, MOST);
    }
}
