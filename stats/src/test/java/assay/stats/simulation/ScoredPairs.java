package assay.stats.simulation;

import assay.stats.Alternative;
import assay.stats.Difference;
import assay.stats.paired.PairedMethod;
import assay.stats.paired.Pairs;
import assay.stats.sequential.AsymptoticSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Scores of items under two arms, with a correlation of 0.5 between the arms.
///
/// @param effect what the treatment adds to the mean
/// @param planned units of both arms together
/// @param draw a score under either arm
/// @param isGated true where the saving is promised
record ScoredPairs(
        String name,
        PairedMethod method,
        double effect,
        double planned,
        Draw draw,
        boolean isGated) {
    private static final double ALPHA = 0.05;
    private static final int STEP = 5;
    private static final int MOST = 6_000;
    private static final int WATCHED = 1_000;

    /// The scores of one item.
    interface Draw {
        /// Its scores under the control and under the treatment.
        double[] item(RandomGenerator random, double effect);
    }

    static final List<ScoredPairs> KINDS =
            List.of(
                    new ScoredPairs(
                            "any, normal; effect 0.25 sd",
                            new PairedMethod.Asymptotic(),
                            0.25,
                            500,
                            anything(),
                            true),
                    new ScoredPairs(
                            "0 to 1; effect 0.03, a sixth of the sd",
                            new PairedMethod.Bounded(0, 1),
                            0.03,
                            1_000,
                            graded(),
                            true),
                    new ScoredPairs(
                            "0 to 1; effect 0.05, a quarter of the sd",
                            new PairedMethod.Bounded(0, 1),
                            0.05,
                            500,
                            graded(),
                            false),
                    new ScoredPairs(
                            "pass or fail; effect 0.1",
                            new PairedMethod.Discordant(),
                            0.1,
                            500,
                            passes(),
                            true));

    private static Draw anything() {
        return (random, effect) -> {
            double item = random.nextGaussian() * Math.sqrt(0.5);
            return new double[] {
                item + random.nextGaussian() * Math.sqrt(0.5),
                item + random.nextGaussian() * Math.sqrt(0.5) + effect
            };
        };
    }

    /// In steps of 0.04, as judges give them, and triangular, so that no score is clipped and the
    /// mean is what it says.
    private static Draw graded() {
        return (random, effect) -> {
            int item = random.nextInt(11);
            return new double[] {
                (10 + 4 * (item + random.nextInt(11))) / 100.0,
                (10 + 4 * (item + random.nextInt(11)) + Math.round(100 * effect)) / 100.0
            };
        };
    }

    /// 60 % pass; of 62 items in 100 the same luck decides under both arms, which makes the
    /// correlation 0.5 where there is an effect of 0.1, and 0.62 where there is none.
    private static Draw passes() {
        return (random, effect) -> {
            double luck = random.nextDouble();
            double other = random.nextDouble() < 0.62 ? luck : random.nextDouble();
            return new double[] {luck < 0.6 ? 1 : 0, other < 0.6 + effect ? 1 : 0};
        };
    }

    /// Units of both arms together until an interval excludes 0.
    record Saving(double unpaired, double paired, double medianUnpaired, double medianPaired) {
        double ratio() {
            return paired / unpaired;
        }

        double ratioOfMedians() {
            return medianPaired / medianUnpaired;
        }
    }

    static Saving saving(ScoredPairs scores, int repetitions) {
        List<Integer> paired = new ArrayList<>();
        List<Integer> unpaired = new ArrayList<>();
        for (int repetition = 0; repetition < repetitions; repetition++) {
            var random = Seeds.of("saving " + scores.name(), repetition);
            var pairs = new Pairs();
            var control = new Tally();
            var treatment = new Tally();
            int byPairs = 0;
            int byMeans = 0;
            for (int n = 1; n <= MOST && (byPairs == 0 || byMeans == 0); n++) {
                double[] item = scores.draw().item(random, scores.effect());
                if (byPairs == 0) {
                    pairs.add(item[0], item[1]);
                }
                control.add(item[0]);
                treatment.add(item[1]);
                if (n % STEP == 0) {
                    byPairs = byPairs == 0 && scores.excludes(pairs, 0) ? 2 * n : byPairs;
                    byMeans = byMeans == 0 && scores.excludes(control, treatment) ? 2 * n : byMeans;
                }
            }
            paired.add(byPairs == 0 ? 2 * MOST : byPairs);
            unpaired.add(byMeans == 0 ? 2 * MOST : byMeans);
        }
        return new Saving(mean(unpaired), mean(paired), median(unpaired), median(paired));
    }

    private static double mean(List<Integer> values) {
        return values.stream().mapToInt(n -> n).average().orElseThrow();
    }

    private static double median(List<Integer> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    /// As the server reckons: the asymptotic sequence counts pairs against the planned units.
    private double plannedPairs() {
        return method instanceof PairedMethod.Asymptotic ? planned : planned / 2;
    }

    private boolean excludes(Pairs pairs, double difference) {
        return pairs.n() >= method.burnIn()
                && (method.isBeyond(pairs, plannedPairs(), ALPHA, difference, 1)
                        || method.isBeyond(pairs, plannedPairs(), ALPHA, difference, -1));
    }

    private boolean excludes(Tally control, Tally treatment) {
        if (control.n() < 100) {
            return false;
        }
        var sequence = AsymptoticSequence.tunedFor(planned, ALPHA, Alternative.TWO_SIDED);
        return Difference.of(control.sample(), treatment.sample())
                .absolute()
                .flatMap(estimate -> sequence.at(2 * control.n(), estimate))
                .map(look -> !look.interval().contains(0))
                .toOptional()
                .orElse(false);
    }

    /// The share of runs in which no look up to 1,000 items misses the truth.
    static double coverage(ScoredPairs scores, boolean hasEffect, int repetitions) {
        double truth = hasEffect ? scores.effect() : 0;
        int covered = 0;
        for (int repetition = 0; repetition < repetitions; repetition++) {
            var random = Seeds.of("coverage %s %s".formatted(scores.name(), hasEffect), repetition);
            var pairs = new Pairs();
            boolean misses = false;
            for (int n = 1; n <= WATCHED && !misses; n++) {
                double[] item = scores.draw().item(random, truth);
                pairs.add(item[0], item[1]);
                misses = n % STEP == 0 && scores.excludes(pairs, truth);
            }
            covered += misses ? 0 : 1;
        }
        return (double) covered / repetitions;
    }
}
