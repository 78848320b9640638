package assay.stats.bayes;

import assay.stats.Answer;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Stirling;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.Trigamma;
import org.apache.commons.statistics.distribution.BetaDistribution;

/// A beta distribution of an arm's rate; laid out on the logit line, where it has no corners.
///
/// @param alpha prior alpha plus successes, positive
/// @param beta prior beta plus failures, positive
public record BetaPosterior(double alpha, double beta) implements Posterior {
    private static final double REACH = 9;

    /// exp(-42) is below the precision of a double.
    private static final double TAIL = 42;

    public BetaPosterior {
        if (!(alpha > 0 && beta > 0)) {
            throw new IllegalArgumentException(
                    "Not a beta distribution: %s, %s".formatted(alpha, beta));
        }
    }

    /// The posterior of a rate after successes among trials.
    public static BetaPosterior of(long successes, long trials, BetaPosterior prior) {
        if (successes < 0 || successes > trials) {
            throw new IllegalArgumentException(
                    "Not successes in trials: %d in %d".formatted(successes, trials));
        }
        return new BetaPosterior(prior.alpha + successes, prior.beta + (trials - successes));
    }

    @Override
    public double mean() {
        return alpha / (alpha + beta);
    }

    /// The expected relative change from another, independent rate to this one, E[this / base] - 1;
    /// undefined where the base may be so small that its inverse has no mean (alpha at most 1).
    public Answer<Double> upliftOver(BetaPosterior base) {
        double inverseMean = (base.alpha + base.beta - 1) / (base.alpha - 1);
        return base.alpha > 1
                ? Answer.known(mean() * inverseMean - 1)
                : Answer.undefined(Why.ZERO_BASELINE);
    }

    /// The interval that leaves out as much probability on either side.
    ///
    /// @param out the probability left out, both sides together
    public Interval credible(double out) {
        var distribution = BetaDistribution.of(alpha, beta);
        return new Interval(
                distribution.inverseCumulativeProbability(out / 2),
                distribution.inverseSurvivalProbability(out / 2));
    }

    @Override
    public double center() {
        return Digamma.value(alpha) - Digamma.value(beta);
    }

    @Override
    public double scale() {
        return Math.sqrt(Trigamma.value(alpha) + Trigamma.value(beta));
    }

    /// The tails fall like exp(alpha t) to the left and exp(-beta t) to the right.
    @Override
    public double from() {
        return center() - REACH * scale() - TAIL / alpha;
    }

    @Override
    public double to() {
        return center() + REACH * scale() + TAIL / beta;
    }

    @Override
    public DoubleUnaryOperator density() {
        double n = alpha + beta;
        double peak = Stirling.logLogitBetaPeak(alpha, beta);
        return logit -> {
            double successes = Stirling.deviance(alpha, n * rate(logit));
            double failures = Stirling.deviance(beta, n * rate(-logit));
            return Math.exp(peak - successes - failures);
        };
    }

    @Override
    public double slope(double logit) {
        return rate(logit) * rate(-logit);
    }

    /// The difference of the rates, written so that it does not cancel near 1.
    @Override
    public double change(double from, double to) {
        return rate(to) * rate(-from) * -Math.expm1(from - to);
    }

    private static double rate(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}
