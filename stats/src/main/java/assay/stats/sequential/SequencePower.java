package assay.stats.sequential;

import assay.stats.Answer;
import assay.stats.Why;
import assay.stats.distribution.GaussLegendre;
import java.util.function.DoubleFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;

/// How many units an asymptotic sequence needs until it has excluded "no difference", when it is
/// looked at again and again: the chance of a Brownian motion with drift to cross the sequence's
/// bound at one of the looks, by the recursive integrals of group sequential tests.
///
/// The effect is given as a drift: the effect over the standard deviation that the estimate has per
/// unit, where its standard error after n units is that deviation over the root of n.
///
/// Source: C. Jennison, B. W. Turnbull, "Group Sequential Methods" (2000), chapter 19, with the
/// bounds of [AsymptoticSequence].
///
/// @param sequence tuning for an expected number of units, of all compared arms together
/// @param looks how often one looks, evenly spaced up to the last unit
/// @param burnIn units before which no look counts
public record SequencePower(DoubleFunction<AsymptoticSequence> sequence, int looks, double burnIn) {
    private static final GaussLegendre COARSE = new GaussLegendre(6);
    private static final double MOST_UNITS = 1e12;
    private static final int MOST_STEPS = 200;

    /// What becomes of an experiment of at most `n` units.
    ///
    /// @param power chance that a look excludes 0 on the side of the effect
    /// @param units expected at the end, which is the look that decides, or the last one
    public record Course(double power, double units) {}

    public SequencePower {
        if (looks < 1) {
            throw new IllegalArgumentException("Not a number of looks: " + looks);
        }
    }

    /// The chance to decide within `n` units, and how many it takes on average.
    ///
    /// @param planned units at which a decision is expected, which tunes the sequence
    /// @param drift positive
    public Course course(double n, double planned, double drift) {
        var tuned = sequence.apply(planned);
        var process = new ScoreProcess(true, drift * Math.sqrt(n), COARSE);
        double power = 0;
        double units = 0;
        double going = 1;
        for (int look = 1; look <= looks; look++) {
            double share = (double) look / looks;
            if (share * n < burnIn) {
                continue;
            }
            double bound = tuned.criticalValue((long) Math.max(1, share * n));
            double all = process.crossing(share, bound);
            power += process.crossingUp(share, bound);
            units += all * share * n;
            going -= all;
            if (look < looks) {
                process.pass(share, bound);
            }
        }
        return new Course(power, units + Math.max(0, going) * n);
    }

    /// Units at which the power is reached by a sequence that is tuned for just as many; undefined
    /// at no effect and where no number is enough.
    public Answer<Double> unitsWhenTuned(double drift, double power) {
        return units(drift, power, n -> course(n, n, drift).power());
    }

    /// Units at which the power is reached by a sequence tuned for `planned`.
    public Answer<Double> units(double drift, double planned, double power) {
        return units(drift, power, n -> course(n, planned, drift).power());
    }

    private Answer<Double> units(double drift, double power, DoubleFunction<Double> at) {
        if (drift == 0) {
            return Answer.undefined(Why.NO_EFFECT);
        }
        double least = Math.max(2, burnIn);
        if (at.apply(least) >= power) {
            return Answer.known(least);
        }
        double enough = 2 * least;
        while (at.apply(enough) < power) {
            enough *= 2;
            if (enough > MOST_UNITS) {
                return Answer.undefined(Why.UNATTAINABLE);
            }
        }
        return Answer.known(
                Math.exp(
                        new BrentSolver(1e-5, 1e-6)
                                .solve(
                                        MOST_STEPS,
                                        log -> at.apply(Math.exp(log)) - power,
                                        Math.log(enough / 2),
                                        Math.log(enough))));
    }

    /// The smallest drift that is found with the given power within `n` units; undefined within the
    /// burn-in.
    public Answer<Double> detectable(double n, double planned, double power) {
        if (n < burnIn) {
            return Answer.undefined(Why.UNATTAINABLE);
        }
        double most = 1 / Math.sqrt(n);
        while (course(n, planned, most).power() < power) {
            most *= 2;
        }
        double highest = most;
        return Answer.known(
                new BrentSolver(1e-6, 1e-9)
                        .solve(
                                MOST_STEPS,
                                drift -> course(n, planned, drift).power() - power,
                                0,
                                highest));
    }
}
