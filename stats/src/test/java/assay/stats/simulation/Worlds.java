package assay.stats.simulation;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Difference;
import assay.stats.Estimate;
import assay.stats.JointMoments;
import assay.stats.assignment.SampleRatio;
import assay.stats.bandit.AdaptiveDifference;
import assay.stats.bandit.Allocation;
import assay.stats.bandit.PerArmSequences;
import assay.stats.bayes.Arms;
import assay.stats.bayes.BetaPosterior;
import assay.stats.fixed.Cuped;
import assay.stats.fixed.Fieller;
import assay.stats.fixed.RatioMetric;
import assay.stats.sequential.AsymptoticSequence;
import assay.stats.sequential.BettingSequence;
import assay.stats.sequential.MixtureSprt;
import assay.stats.sequential.SignEProcess;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Experiments without an effect, one per kind of metric, each watched 1,000 times. Each method
/// answers whether the watcher ever saw a claim.
final class Worlds {
    static final double ALPHA = 0.05;
    static final int LOOKS = 1_000;

    private Worlds() {}

    /// An experiment that is watched.
    interface World {
        /// What the methods claimed at any look, in their order.
        boolean[] watch(RandomGenerator random);
    }

    static AsymptoticSequence sequence(double plannedSample) {
        return AsymptoticSequence.tunedFor(plannedSample, ALPHA, Alternative.TWO_SIDED);
    }

    static boolean claims(AsymptoticSequence sequence, long n, Answer<Estimate> estimate) {
        return estimate.flatMap(e -> sequence.at(n, e))
                .map(look -> !look.interval().contains(0))
                .toOptional()
                .orElse(false);
    }

    static boolean relativelyClaims(
            AsymptoticSequence sequence, long n, Answer<Fieller.Pair> lift) {
        return lift.flatMap(
                        pair -> Fieller.of(pair, Alternative.TWO_SIDED, sequence.criticalValue(n)))
                .flatMap(Fieller::interval)
                .map(interval -> !interval.contains(0))
                .toOptional()
                .orElse(false);
    }

    static boolean naive(Answer<Estimate> estimate) {
        return estimate.map(e ->
                        e.standardError() > 0 && Math.abs(e.value()) > 1.959964 * e.standardError())
                .toOptional()
                .orElse(false);
    }

    /// Values drawn for both arms, pair by pair, compared by their means: naive, sequence absolute,
    /// sequence relative, mSPRT with tau 0.1.
    static boolean[] means(
            RandomGenerator random,
            ToDoubleFunction<RandomGenerator> draw,
            int perLook,
            double plannedSample) {
        var sequence = sequence(plannedSample);
        var a = new Tally();
        var b = new Tally();
        var mixture = new MixtureSprt(0.1 * 0.1, 0);
        boolean[] claimed = new boolean[4];
        for (int look = 0; look < LOOKS; look++) {
            for (int i = 0; i < perLook; i++) {
                a.add(draw.applyAsDouble(random));
                b.add(draw.applyAsDouble(random));
            }
            var difference = Difference.of(a.sample(), b.sample());
            claimed[0] |= naive(difference.absolute());
            if (a.n() >= 100) {
                claimed[1] |= claims(sequence, 2 * a.n(), difference.absolute());
                claimed[2] |=
                        relativelyClaims(sequence, 2 * a.n(), Fieller.Pair.ofLift(difference));
                claimed[3] |=
                        difference
                                .absolute()
                                .flatMap(estimate -> mixture.at(estimate, ALPHA))
                                .map(known -> known.pValue() <= ALPHA)
                                .toOptional()
                                .orElse(false);
            }
        }
        return claimed;
    }

    /// Nine in ten spend nothing, the others log-normal amounts.
    static double revenue(RandomGenerator random) {
        return random.nextDouble() < 0.9 ? 0 : Math.exp(1 + random.nextGaussian());
    }

    /// Successes among page views, whose number varies by unit together with the rate.
    static boolean[] ratio(RandomGenerator random) {
        var sequence = sequence(5_000);
        var arms = new JointMoments[] {new JointMoments(), new JointMoments()};
        boolean[] claimed = new boolean[2];
        for (int look = 0; look < LOOKS; look++) {
            for (int i = 0; i < 10; i++) {
                int views = 1 + random.nextInt(8);
                double rate = random.nextDouble() * 0.4;
                int clicks = 0;
                for (int view = 0; view < views; view++) {
                    clicks += random.nextDouble() < rate ? 1 : 0;
                }
                arms[i % 2].add(clicks, views);
            }
            if (arms[0].n() >= 100) {
                var difference =
                        Difference.of(
                                RatioMetric.sample(arms[0]).get(),
                                RatioMetric.sample(arms[1]).get());
                long n = 2 * arms[0].n();
                claimed[0] |= claims(sequence, n, difference.absolute());
                claimed[1] |= relativelyClaims(sequence, n, Fieller.Pair.ofLift(difference));
            }
        }
        return claimed;
    }

    /// Outcomes that correlate by 0.8 with a covariate from before.
    static boolean[] adjusted(RandomGenerator random) {
        var sequence = sequence(5_000);
        var arms = new JointMoments[] {new JointMoments(), new JointMoments()};
        boolean[] claimed = new boolean[2];
        for (int look = 0; look < LOOKS; look++) {
            for (int i = 0; i < 10; i++) {
                double before = random.nextGaussian();
                arms[i % 2].add(before, 5 + 0.8 * before + 0.6 * random.nextGaussian());
            }
            if (arms[0].n() >= 100) {
                var cuped = Cuped.of(arms[0], arms[1]).get();
                long n = 2 * arms[0].n();
                claimed[0] |= claims(sequence, n, cuped.adjusted().absolute());
                claimed[1] |= relativelyClaims(sequence, n, cuped.lift());
            }
        }
        return claimed;
    }

    /// The same items under both arms, normal differences: naive, sequence over pairs.
    static boolean[] pairs(RandomGenerator random) {
        var sequence = sequence(1_000);
        var differences = new Tally();
        boolean[] claimed = new boolean[2];
        for (int look = 0; look < LOOKS; look++) {
            differences.add(random.nextGaussian());
            var estimate = differences.sample().estimate();
            claimed[0] |= naive(estimate);
            if (differences.n() >= 30) {
                claimed[1] |= claims(sequence, differences.n(), estimate);
            }
        }
        return claimed;
    }

    /// Paired scores 0 to 1 in steps of a quarter, and their successes: betting on differences,
    /// signs of discordant pairs.
    static boolean[] boundedPairs(RandomGenerator random) {
        var betting = new BettingSequence(0, 1).ofDifferences();
        SortedMap<Double, Long> table = new TreeMap<>();
        long onlyA = 0;
        long onlyB = 0;
        boolean[] claimed = new boolean[2];
        for (int look = 0; look < LOOKS; look++) {
            double item = random.nextDouble();
            double a = score(item, random);
            double b = score(item, random);
            table.merge(b - a, 1L, Long::sum);
            onlyA += a > 0.5 && b <= 0.5 ? 1 : 0;
            onlyB += b > 0.5 && a <= 0.5 ? 1 : 0;
            claimed[0] |= betting.logEValue(table, 0) >= -Math.log(ALPHA);
            claimed[1] |=
                    onlyA + onlyB > 0
                            && SignEProcess.UNIFORM.logEValue(onlyA, onlyB, 0.5)
                                    >= -Math.log(ALPHA);
        }
        return claimed;
    }

    private static double score(double item, RandomGenerator random) {
        return Math.rint(4 * Math.clamp(item + 0.3 * random.nextGaussian(), 0.0, 1.0)) / 4;
    }

    /// Bounded scores with a mean of 0.9, mostly at the bound: betting on the mean from the first.
    static boolean[] boundedMean(RandomGenerator random) {
        var betting = new BettingSequence(0, 1);
        SortedMap<Double, Long> table = new TreeMap<>();
        boolean[] claimed = new boolean[1];
        for (int look = 0; look < LOOKS; look++) {
            double value = random.nextDouble() < 0.8 ? 1 : 0.5;
            table.merge(value, 1L, Long::sum);
            claimed[0] |= betting.logEValue(table, 0.9) >= -Math.log(ALPHA);
        }
        return claimed;
    }

    /// Units are counted with 0 when they are assigned and convert some looks later, if at all.
    static boolean[] late(RandomGenerator random) {
        var sequence = sequence(5_000);
        var arms = new Tally[] {new Tally(), new Tally()};
        List<ArrayDeque<Integer>> due =
                Stream.generate(ArrayDeque<Integer>::new).limit(2L * LOOKS).toList();
        boolean[] claimed = new boolean[1];
        for (int look = 0; look < LOOKS; look++) {
            for (int i = 0; i < 20; i++) {
                arms[i % 2].add(0);
                if (random.nextDouble() < 0.2) {
                    int delay = (int) (-100 * Math.log(random.nextDouble()));
                    due.get(Math.min(look + delay, 2 * LOOKS - 1)).add(i % 2);
                }
            }
            due.get(look).forEach(arm -> arms[arm].change(0, 1));
            if (arms[0].n() >= 100 && arms[0].sum() + arms[1].sum() >= 25) {
                var difference = Difference.of(arms[0].sample(), arms[1].sample());
                claimed[0] |= claims(sequence, 2 * arms[0].n(), difference.absolute());
            }
        }
        return claimed;
    }

    /// Units assigned evenly, 20 per look: the sequential test of the sample ratio.
    static boolean[] sampleRatio(RandomGenerator random) {
        var weights = List.of(0.5, 0.5);
        long control = 0;
        boolean[] claimed = new boolean[1];
        for (int look = 1; look <= LOOKS; look++) {
            for (int i = 0; i < 20; i++) {
                control += random.nextBoolean() ? 1 : 0;
            }
            var observed = List.of(control, 20L * look - control);
            claimed[0] |=
                    SampleRatio.sequential(observed, weights, SampleRatio.DEFAULT_CONCENTRATION)
                                    .get()
                                    .pValue()
                            <= ALPHA;
        }
        return claimed;
    }

    /// Thompson sampling with a floor of 0.05, reweighted after each of 100 batches of 100 units;
    /// looked at ten times per batch: per-arm sequences; weighted contributions from 25 conversions
    /// per arm on, and from 100 units per arm on; naive z.
    static boolean[] bandit(RandomGenerator random) {
        var perArm = new PerArmSequences(ALPHA, 5_000);
        var sequence = sequence(10_000);
        var arms = new Tally[] {new Tally(), new Tally()};
        var contributions = new AdaptiveDifference();
        double[] weights = {0.5, 0.5};
        boolean[] claimed = new boolean[4];
        for (int look = 0; look < LOOKS; look++) {
            for (int i = 0; i < 10; i++) {
                int arm = random.nextDouble() < weights[0] ? 0 : 1;
                double outcome = random.nextDouble() < 0.1 ? 1 : 0;
                arms[arm].add(outcome);
                if (arm == 0) {
                    contributions.addControl(outcome, weights[0], weights[1]);
                } else {
                    contributions.addTreatment(outcome, weights[0], weights[1]);
                }
            }
            if (Math.min(arms[0].n(), arms[1].n()) >= 100) {
                var difference = Difference.of(arms[0].sample(), arms[1].sample());
                claimed[0] |=
                        perArm.interval(difference.control(), difference.treatment())
                                .map(interval -> !interval.contains(0))
                                .toOptional()
                                .orElse(false);
                boolean early = claims(sequence, contributions.n(), contributions.estimate());
                claimed[1] |= early && Math.min(arms[0].sum(), arms[1].sum()) >= 25;
                claimed[2] |= early;
                claimed[3] |= naive(difference.absolute());
            }
            if (look % 10 == 9) {
                weights = Allocation.withFloor(Allocation.thompson(posteriors(arms)), 0.05);
            }
        }
        return claimed;
    }

    static Arms posteriors(Tally[] arms) {
        var prior = new BetaPosterior(1, 1);
        return Arms.ofRates(
                Arrays.stream(arms)
                        .map(arm -> BetaPosterior.of((long) arm.sum(), arm.n(), prior))
                        .toList());
    }
}
