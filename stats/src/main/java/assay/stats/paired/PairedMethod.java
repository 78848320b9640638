package assay.stats.paired;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.comparison.Claim;
import assay.stats.sequential.AsymptoticSequence;
import assay.stats.sequential.BettingSequence;
import assay.stats.sequential.SignEProcess;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/// How the difference of two arms over the same items is judged, at looks at will. Which one it is
/// follows from what the scores can be, as declared before the data come, never from the data.
public sealed interface PairedMethod {
    /// Items before which nothing is decided: 1 where the method is exact.
    int burnIn();

    /// What may be said after these items, two-sided; undefined as long as nothing can be.
    ///
    /// @param plannedPairs items at which a decision is expected; the method is sharpest there
    /// @param alpha the chance, at most, that the interval of any look misses the difference
    Answer<Claim> claim(Pairs pairs, double plannedPairs, double alpha);

    /// True when the interval of [#claim] lies wholly on one side of a difference, without the
    /// trouble of computing it.
    ///
    /// @param side 1 for above it, -1 for below it
    boolean isBeyond(Pairs pairs, double plannedPairs, double alpha, double than, int side);

    /// The natural logarithm of the evidence against no difference if there were so many times as
    /// many items like these.
    double logEValue(Pairs pairs, double plannedPairs, double times);

    /// Items until the evidence reaches 1 / alpha if they go on like these; undefined where it does
    /// not grow.
    default Answer<Long> pairsToDecide(Pairs pairs, double plannedPairs, double alpha) {
        double limit = -Math.log(alpha);
        if (pairs.n() < 2 || !(logEValue(pairs, plannedPairs, MOST_TIMES) >= limit)) {
            return Answer.undefined(pairs.n() < 2 ? Why.TOO_FEW_UNITS : Why.NO_EFFECT);
        }
        double few = 0;
        double enough = 1;
        while (logEValue(pairs, plannedPairs, enough) < limit) {
            few = enough;
            enough *= 2;
        }
        while (enough - few > 0.5 / pairs.n()) {
            double middle = (few + enough) / 2;
            if (logEValue(pairs, plannedPairs, middle) >= limit) {
                enough = middle;
            } else {
                few = middle;
            }
        }
        return Answer.known((long) Math.ceil(enough * pairs.n()));
    }

    /// Beyond it no number of items is worth waiting for.
    double MOST_TIMES = 10_000;

    /// Yes or no, once per item: only items on which the arms disagree carry information, and
    /// without a difference either arm is as likely to be the one that succeeded. Exact from the
    /// first item.
    ///
    /// The evidence is that of a [SignEProcess]; the interval of the difference of the rates is
    /// that of a [BettingSequence] with the same mixture.
    record Discordant() implements PairedMethod {
        /// Of all items, how many are taken to be discordant when the mixture is tuned.
        private static final double DISCORDANT = 0.25;

        private static SignEProcess process(double plannedPairs) {
            double squared = 2 * Math.log(20) + Math.log1p(2 * Math.log(20));
            return new SignEProcess(Math.max(1, (DISCORDANT * plannedPairs / squared - 1) / 2));
        }

        @Override
        public int burnIn() {
            return 1;
        }

        @Override
        public Answer<Claim> claim(Pairs pairs, double plannedPairs, double alpha) {
            var process = process(plannedPairs);
            var sequence =
                    BettingSequence.ofSigns(process.concentration())
                            .at(pairs.differences(), 0, alpha);
            return sequence.map(look ->
                    exact(
                            pairs,
                            look.interval(),
                            process.logEValue(pairs.lost(), pairs.won(), 0.5)));
        }

        @Override
        public boolean isBeyond(
                Pairs pairs, double plannedPairs, double alpha, double than, int side) {
            var process = process(plannedPairs);
            double evidence =
                    than == 0
                            ? process.logEValue(pairs.lost(), pairs.won(), 0.5)
                            : evidence(
                                    BettingSequence.ofSigns(process.concentration()), pairs, than);
            return isAbove(pairs, than, side) && evidence >= -Math.log(alpha);
        }

        @Override
        public double logEValue(Pairs pairs, double plannedPairs, double times) {
            return process(plannedPairs)
                    .logEValue(
                            Math.round(times * pairs.lost()), Math.round(times * pairs.won()), 0.5);
        }
    }

    /// Scores within bounds. Exact from the first item.
    ///
    /// @param least the smallest possible score
    /// @param most the largest possible score
    record Bounded(double least, double most) implements PairedMethod {
        private BettingSequence sequence(double plannedPairs) {
            return new BettingSequence(least, most).ofDifferences().tunedFor(plannedPairs);
        }

        @Override
        public int burnIn() {
            return 1;
        }

        @Override
        public Answer<Claim> claim(Pairs pairs, double plannedPairs, double alpha) {
            return sequence(plannedPairs)
                    .at(pairs.differences(), 0, alpha)
                    .map(look -> exact(pairs, look.interval(), look.logEValue()));
        }

        @Override
        public boolean isBeyond(
                Pairs pairs, double plannedPairs, double alpha, double than, int side) {
            return isAbove(pairs, than, side)
                    && evidence(sequence(plannedPairs), pairs, than) >= -Math.log(alpha);
        }

        @Override
        public double logEValue(Pairs pairs, double plannedPairs, double times) {
            Map<Double, Double> table = new LinkedHashMap<>();
            pairs.differences().forEach((value, count) -> table.put(value, count * times));
            return sequence(plannedPairs).logEValue(table, 0);
        }
    }

    /// Anything else: an asymptotic sequence, which needs a burn-in.
    record Asymptotic() implements PairedMethod {
        @Override
        public int burnIn() {
            return 30;
        }

        @Override
        public Answer<Claim> claim(Pairs pairs, double plannedPairs, double alpha) {
            return new PairedSequence(plannedPairs, alpha, Alternative.TWO_SIDED)
                    .at(pairs.moments())
                    .map(look ->
                            new Claim(
                                    pairs.difference().get(),
                                    look.interval(),
                                    look.logPValue(),
                                    OptionalDouble.of(look.logEValue())));
        }

        @Override
        public boolean isBeyond(
                Pairs pairs, double plannedPairs, double alpha, double than, int side) {
            return claim(pairs, plannedPairs, alpha)
                    .map(claim ->
                            side > 0
                                    ? claim.interval().lower() > than
                                    : claim.interval().upper() < than)
                    .toOptional()
                    .orElse(false);
        }

        @Override
        public double logEValue(Pairs pairs, double plannedPairs, double times) {
            var estimate = pairs.difference().get();
            if (estimate.standardError() == 0) {
                return Double.NEGATIVE_INFINITY;
            }
            long n = Math.max(1, Math.round(times * pairs.n()));
            var like =
                    new Estimate(
                            estimate.value(),
                            estimate.standardError() * Math.sqrt((double) pairs.n() / n));
            return AsymptoticSequence.tunedFor(plannedPairs, 0.05, Alternative.TWO_SIDED)
                    .at(n, like)
                    .get()
                    .logEValue();
        }
    }

    private static boolean isAbove(Pairs pairs, double than, int side) {
        return pairs.n() > 0 && side * (pairs.moments().mean().get() - than) > 0;
    }

    /// Against a supposed difference; without end against one that cannot be.
    private static double evidence(BettingSequence sequence, Pairs pairs, double than) {
        return than > sequence.least() && than < sequence.most()
                ? sequence.logEValue(pairs.differences(), than)
                : Double.POSITIVE_INFINITY;
    }

    private static Claim exact(Pairs pairs, Interval interval, double logEValue) {
        double mean = pairs.moments().mean().get();
        double error = pairs.difference().map(Estimate::standardError).toOptional().orElse(0.0);
        return new Claim(
                new Estimate(mean, error),
                interval,
                Math.min(0, -logEValue),
                OptionalDouble.of(logEValue));
    }
}
