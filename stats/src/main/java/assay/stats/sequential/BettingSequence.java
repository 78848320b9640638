package assay.stats.sequential;

import assay.stats.Answer;
import assay.stats.Interval;
import assay.stats.Why;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.analysis.solvers.BrentSolver;

/// Confidence sequence and e-process for the mean of bounded values, such as scores from 0 to 1 or
/// paired differences of them. Exact: it holds from the first value on, for every distribution
/// within the bounds and for all looks together.
///
/// For a supposed mean m a gambler stakes shares of his capital on "larger" and "smaller", in a
/// fair game if m is true; the capital is the evidence against m. Here the stakes are a fixed
/// symmetric mixture, so the evidence does not depend on the order of the values and can be
/// computed from a table of them. Tune it to the number of values at which you expect to decide.
///
/// Source: I. Waudby-Smith, A. Ramdas, "Estimating means of bounded random variables by betting",
/// Journal of the Royal Statistical Society B 86 (2024) 1-27, arXiv:2010.09686.
///
/// @param least the smallest possible value
/// @param most the largest possible value
/// @param stakes the mixture, fixed before the data come
public record BettingSequence(double least, double most, Stakes stakes) {
    private static final double NEAR = 1e-12;

    /// More evidence than any limit asks for.
    private static final double MOST = 1e9;

    public BettingSequence {
        if (!(least < most) || !Double.isFinite(most - least)) {
            throw new IllegalArgumentException("Not bounds: %s to %s".formatted(least, most));
        }
    }

    /// For any number of values.
    public BettingSequence(double least, double most) {
        this(least, most, Stakes.DYADIC);
    }

    /// For differences of two scores that each lie within these bounds.
    public BettingSequence ofDifferences() {
        return new BettingSequence(least - most, most - least, stakes);
    }

    /// For differences of yes and no, 1, 0 and -1: at no difference the capital is the evidence of
    /// a [SignEProcess] with this concentration.
    public static BettingSequence ofSigns(double concentration) {
        return new BettingSequence(-1, 1, Stakes.ofSigns(concentration));
    }

    /// The same, sharpest near so many values.
    public BettingSequence tunedFor(double plannedValues) {
        return new BettingSequence(least, most, Stakes.tunedFor(plannedValues));
    }

    /// A table of values with how often each occurred, in any order.
    ///
    /// @throws IllegalArgumentException if a value is out of bounds
    public SortedMap<Double, Long> table(double... values) {
        var table = new TreeMap<Double, Long>();
        for (double value : values) {
            requirePossible(value);
            table.merge(value, 1L, Long::sum);
        }
        return table;
    }

    /// What may be said about the mean after the values in the table; undefined without values.
    ///
    /// @param nullMean the mean that is tested against, strictly within the bounds; 0 for
    ///   differences
    /// @throws IllegalArgumentException if a value or the null mean is out of bounds
    public Answer<Look> at(SortedMap<Double, Long> table, double nullMean, double alpha) {
        table.keySet().forEach(this::requirePossible);
        if (!(nullMean > least && nullMean < most)) {
            throw new IllegalArgumentException("Not a mean within the bounds: " + nullMean);
        }
        long n = table.values().stream().mapToLong(Long::longValue).sum();
        if (n == 0) {
            return Answer.undefined(Why.NO_UNITS);
        }
        double mean =
                table.entrySet().stream().mapToDouble(e -> e.getKey() * e.getValue()).sum() / n;
        double limit = -Math.log(alpha);
        var interval = new Interval(end(table, mean, least, limit), end(table, mean, most, limit));
        return Answer.known(new Look(n, mean, logEValue(table, nullMean), interval));
    }

    /// The natural logarithm of the capital won against the supposed mean: the average over the
    /// stakes and both directions. Convex in the mean, as each direction is a polynomial with
    /// positive coefficients in 1 / (distance to a bound).
    ///
    /// @param table values with how often each occurred, or is supposed to have
    /// @param mean strictly within the bounds
    public double logEValue(Map<Double, ? extends Number> table, double mean) {
        double[] logs = new double[2 * stakes.count()];
        for (int k = 0; k < stakes.count(); k++) {
            double stake = stakes.size(k);
            double weight = stakes.logWeight(k);
            logs[2 * k] = weight + logCapital(table, mean, stake / (mean - least));
            logs[2 * k + 1] = weight + logCapital(table, mean, -stake / (most - mean));
        }
        return logSum(logs);
    }

    private static double logCapital(Map<Double, ? extends Number> table, double mean, double bet) {
        double sum = 0;
        for (var entry : table.entrySet()) {
            // A lost full stake is a capital of 0; rounding must not make it less.
            double gain = Math.max(-1, bet * (entry.getKey() - mean));
            sum += entry.getValue().doubleValue() * Math.log1p(gain);
        }
        return sum;
    }

    private static double logSum(double[] logs) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            largest = Math.max(largest, log);
        }
        if (Double.isInfinite(largest)) {
            return largest;
        }
        double sum = 0;
        for (double log : logs) {
            sum += Math.exp(log - largest);
        }
        return largest + Math.log(sum);
    }

    /// Where, between the mean of the values and a bound, the evidence reaches the limit.
    private double end(Map<Double, Long> table, double mean, double bound, double limit) {
        DoubleUnaryOperator excess =
                share -> Math.min(MOST, logEValue(table, mean + share * (bound - mean))) - limit;
        // At the mean of the values the evidence is at most 1, at a bound it may be infinite.
        if (mean == bound || excess.applyAsDouble(1 - NEAR) < 0) {
            return bound;
        }
        if (excess.applyAsDouble(NEAR) >= 0) {
            return mean;
        }
        double share =
                new BrentSolver(1e-12, 1e-12).solve(500, excess::applyAsDouble, NEAR, 1 - NEAR);
        return mean + share * (bound - mean);
    }

    private void requirePossible(double value) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(
                    "%s is not within %s to %s".formatted(value, least, most));
        }
    }

    /// What may be said at one look.
    ///
    /// @param n values so far
    /// @param mean their mean
    /// @param logEValue natural logarithm of the evidence against the null mean
    /// @param interval of the true mean; over all looks it misses it with chance at most alpha
    public record Look(long n, double mean, double logEValue, Interval interval) {
        public double pValue() {
            return Math.min(1, Math.exp(-logEValue));
        }
    }
}
