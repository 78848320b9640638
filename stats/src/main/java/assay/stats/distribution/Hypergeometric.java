package assay.stats.distribution;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.analysis.solvers.BrentSolver;

/// How many of `draws` elements come from the marked ones, when drawing without replacement; also
/// with odds by which a marked element is preferred (Fisher's noncentral hypergeometric
/// distribution).
///
/// Sums run outwards from a term by the ratio of neighbours until nothing is added any more, so the
/// work grows with the standard deviation and not with the counts.
///
/// Source: N. L. Johnson, A. W. Kemp, S. Kotz, "Univariate Discrete Distributions" (2005), chapter
/// 6.
///
/// @param marked elements of the kind that is counted
/// @param unmarked elements of the other kind
public record Hypergeometric(long marked, long unmarked, long draws) {
    /// Tables are as probable as the observed one if they are within rounding of it, as in R.
    private static final double EQUAL_WITHIN = 1e-7;

    private static final double NEGLIGIBLE = 1e-18;

    public long lowest() {
        return Math.max(0, draws - unmarked);
    }

    public long highest() {
        return Math.min(draws, marked);
    }

    /// ln P(X = x), x between [#lowest] and [#highest].
    public double logProbability(long x) {
        long all = marked + unmarked;
        if (draws == 0 || draws == all) {
            return 0;
        }
        double share = (double) draws / all;
        return Binomial.logProbability(x, marked, share)
                + Binomial.logProbability(draws - x, unmarked, share)
                - Binomial.logProbability(draws, all, share);
    }

    /// P(X >= x).
    public double upperTail(long x) {
        return x > mode(0) ? Math.exp(logProbability(x)) * sumUp(x, 0) : 1 - below(x);
    }

    /// P(X <= x).
    public double cumulative(long x) {
        return x < mode(0) ? Math.exp(logProbability(x)) * sumDown(x, 0) : 1 - above(x);
    }

    private double below(long x) {
        return x <= lowest() ? 0 : Math.exp(logProbability(x - 1)) * sumDown(x - 1, 0);
    }

    private double above(long x) {
        return x >= highest() ? 0 : Math.exp(logProbability(x + 1)) * sumUp(x + 1, 0);
    }

    /// The probability of all values that are no more probable than x.
    public double asExtremeAs(long x) {
        long mode = mode(0);
        double limit = logProbability(x) + Math.log1p(EQUAL_WITHIN);
        double sum = 0;
        if (logProbability(mode) <= limit) {
            return 1;
        }
        long left = lastBelow(limit, lowest(), mode, true);
        if (left >= lowest()) {
            sum += Math.exp(logProbability(left)) * sumDown(left, 0);
        }
        long right = lastBelow(limit, mode, highest(), false);
        if (right <= highest()) {
            sum += Math.exp(logProbability(right)) * sumUp(right, 0);
        }
        return Math.min(1, sum);
    }

    /// The value nearest to the mode, between `from` and `to`, whose probability is within the
    /// limit.
    private long lastBelow(double limit, long from, long to, boolean rising) {
        long outside = rising ? from - 1 : to + 1;
        long inside = rising ? to : from;
        while (Math.abs(inside - outside) > 1) {
            long middle = (inside + outside) >> 1;
            if (logProbability(middle) <= limit) {
                outside = middle;
            } else {
                inside = middle;
            }
        }
        return outside;
    }

    /// The odds under which x is the expected number: the conditional maximum likelihood estimate.
    public double likeliestOdds(long x) {
        if (x == lowest()) {
            return 0;
        }
        return x == highest() ? Double.POSITIVE_INFINITY : solve(logOdds -> mean(logOdds) - x, x);
    }

    /// The odds under which P(X >= x) is p, 0 if x is the lowest value.
    public double oddsWithUpperTail(long x, double p) {
        return x == lowest() ? 0 : solve(logOdds -> tail(x, logOdds, true) - p, x);
    }

    /// The odds under which P(X <= x) is p, infinite if x is the highest value.
    public double oddsWithLowerTail(long x, double p) {
        return x == highest()
                ? Double.POSITIVE_INFINITY
                : solve(logOdds -> p - tail(x, logOdds, false), x);
    }

    /// Solves for the odds, searching outwards from the sample's own.
    private double solve(DoubleUnaryOperator rising, long x) {
        double up = (x + 0.5) * (unmarked - draws + x + 0.5);
        double down = (marked - x + 0.5) * (draws - x + 0.5);
        double start = Math.log(up / down);
        double step = 1;
        double low = start - step;
        double high = start + step;
        while (rising.applyAsDouble(low) > 0) {
            step *= 2;
            low -= step;
        }
        while (rising.applyAsDouble(high) < 0) {
            step *= 2;
            high += step;
        }
        var solver = new BrentSolver(1e-15, 1e-13, 1e-16);
        return Math.exp(solver.solve(500, rising::applyAsDouble, low, high));
    }

    private double mean(double logOdds) {
        long mode = mode(logOdds);
        double weights = 1;
        double offsets = 0;
        double weight = 1;
        for (long x = mode; x < highest() && weight > NEGLIGIBLE; x++) {
            weight *= up(x, logOdds);
            weights += weight;
            offsets += weight * (x + 1 - mode);
        }
        weight = 1;
        for (long x = mode; x > lowest() && weight > NEGLIGIBLE; x--) {
            weight /= up(x - 1, logOdds);
            weights += weight;
            offsets += weight * (x - 1 - mode);
        }
        return mode + offsets / weights;
    }

    /// P(X >= x) or P(X <= x) under odds.
    private double tail(long x, double logOdds, boolean upper) {
        long mode = mode(logOdds);
        double up = sumUp(mode, logOdds);
        double all = up + sumDown(mode, logOdds) - 1;
        double atX = Math.exp(logRatio(mode, x, logOdds));
        if (upper) {
            return x > mode
                    ? atX * sumUp(x, logOdds) / all
                    : 1 - atX * (sumDown(x, logOdds) - 1) / all;
        }
        return x < mode ? atX * sumDown(x, logOdds) / all : 1 - atX * (sumUp(x, logOdds) - 1) / all;
    }

    private double logRatio(long from, long to, double logOdds) {
        return logProbability(to) - logProbability(from) + (to - from) * logOdds;
    }

    /// P(X = x + 1) / P(X = x).
    private double up(long x, double logOdds) {
        double numerator = (double) (marked - x) * (draws - x);
        double denominator = (x + 1.0) * (unmarked - draws + x + 1.0);
        return numerator / denominator * Math.exp(logOdds);
    }

    /// (P(X = x) + P(X = x + 1) + ...) / P(X = x).
    private double sumUp(long x, double logOdds) {
        double sum = 1;
        double weight = 1;
        for (long k = x; k < highest() && weight > NEGLIGIBLE * sum; k++) {
            weight *= up(k, logOdds);
            sum += weight;
        }
        return sum;
    }

    /// (P(X = x) + P(X = x - 1) + ...) / P(X = x).
    private double sumDown(long x, double logOdds) {
        double sum = 1;
        double weight = 1;
        for (long k = x; k > lowest() && weight > NEGLIGIBLE * sum; k--) {
            weight /= up(k - 1, logOdds);
            sum += weight;
        }
        return sum;
    }

    /// The most probable value: the first from which going up no longer pays.
    private long mode(double logOdds) {
        long low = lowest();
        long high = highest();
        while (low < high) {
            long middle = (low + high) >> 1;
            if (up(middle, logOdds) >= 1) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
