package assay.stats.simulation;

import static assay.stats.simulation.Worlds.ALPHA;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Difference;
import assay.stats.Interval;
import assay.stats.JointMoments;
import assay.stats.Moments;
import assay.stats.Sample;
import assay.stats.fixed.Ancova;
import assay.stats.fixed.Cuped;
import assay.stats.fixed.Fieller;
import assay.stats.fixed.Inference;
import assay.stats.fixed.ProportionInterval;
import assay.stats.fixed.Quantiles;
import assay.stats.fixed.RatioMetric;
import assay.stats.fixed.TwoProportions;
import assay.stats.fixed.Welch;
import assay.stats.paired.PairedT;
import assay.stats.sequential.BettingSequence;
import assay.stats.sequential.SignEProcess;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/// Intervals in regimes where they should cover the truth in 95 of 100 experiments.
///
/// @param exact whether the coverage must never be below 0.95, rather than be near it
record Coverage(String name, String regime, boolean exact, Experiment experiment) {
    private static final Alternative TWO = Alternative.TWO_SIDED;

    /// One experiment; whether its interval covers the truth.
    interface Experiment {
        boolean covers(RandomGenerator random);
    }

    boolean covers(RandomGenerator random) {
        return experiment.covers(random);
    }

    private static Coverage approximate(String name, String regime, Experiment experiment) {
        return new Coverage(name, regime, false, experiment);
    }

    private static Coverage exact(String name, String regime, Experiment experiment) {
        return new Coverage(name, regime, true, experiment);
    }

    static List<Coverage> intervals() {
        String rates = "rates 0.1 and 0.12, 1,000 per arm";
        String skewed = "exponential, means 1 and 1.2, 300 per arm";
        return List.of(
                exact(
                        "Clopper-Pearson",
                        "rate 0.1, n = 50",
                        random ->
                                ProportionInterval.CLOPPER_PEARSON
                                        .of(binomial(random, 50, 0.1), 50, ALPHA)
                                        .get()
                                        .contains(0.1)),
                approximate(
                        "Wilson",
                        "rate 0.1, n = 500",
                        random ->
                                ProportionInterval.WILSON
                                        .of(binomial(random, 500, 0.1), 500, ALPHA)
                                        .get()
                                        .contains(0.1)),
                approximate(
                        "Jeffreys",
                        "rate 0.1, n = 500",
                        random ->
                                ProportionInterval.JEFFREYS
                                        .of(binomial(random, 500, 0.1), 500, ALPHA)
                                        .get()
                                        .contains(0.1)),
                approximate(
                        "two rates, Wald",
                        rates,
                        random -> covers(rates(random, 1_000).unpooled(ALPHA, TWO), 0.12 - 0.1)),
                approximate(
                        "two rates, Newcombe",
                        "rates 0.1 and 0.12, 100 per arm",
                        random ->
                                rates(random, 100).newcombe(ALPHA, TWO).get().contains(0.12 - 0.1)),
                approximate(
                        "two rates, relative, delta",
                        rates,
                        random -> covers(rates(random, 1_000).relative(ALPHA, TWO), 0.2)),
                approximate(
                        "two rates, relative, Katz",
                        rates,
                        random -> rates(random, 1_000).katz(ALPHA, TWO).get().contains(0.2)),
                approximate(
                        "Welch",
                        skewed,
                        random -> covers(Welch.absolute(means(random, 300), ALPHA, TWO), 0.2)),
                approximate(
                        "Welch, relative, delta",
                        skewed,
                        random -> covers(Welch.relative(means(random, 300), ALPHA, TWO), 0.2)),
                approximate(
                        "Fieller",
                        skewed,
                        random ->
                                Fieller.ofLift(means(random, 300), ALPHA)
                                        .flatMap(Fieller::interval)
                                        .get()
                                        .contains(0.2)),
                approximate(
                        "ratio metric",
                        "clicks per view, 500 per arm",
                        random ->
                                covers(
                                        Difference.of(
                                                        RatioMetric.sample(clicks(random)).get(),
                                                        RatioMetric.sample(clicks(random)).get())
                                                .absolute()
                                                .flatMap(e -> Inference.normal(e, ALPHA, TWO)),
                                        0)),
                approximate(
                        "CUPED",
                        "correlation 0.8, 300 per arm",
                        random ->
                                covers(
                                        Cuped.of(
                                                        adjusted(random, 300, 0),
                                                        adjusted(random, 300, 0.3))
                                                .flatMap(cuped -> cuped.absolute(ALPHA, TWO)),
                                        0.3)),
                approximate(
                        "CUPED, relative",
                        "correlation 0.8, 300 per arm",
                        random ->
                                covers(
                                        Cuped.of(
                                                        adjusted(random, 300, 0),
                                                        adjusted(random, 300, 0.3))
                                                .flatMap(cuped -> cuped.relative(ALPHA, TWO)),
                                        0.06)),
                approximate(
                        "ANCOVA",
                        "correlation 0.8, 20 per arm",
                        random ->
                                covers(
                                        Answer.both(
                                                        adjusted(random, 20, 0).sample(),
                                                        adjusted(random, 20, 0.3).sample(),
                                                        (a, b) -> Ancova.of(a, b, ALPHA, TWO))
                                                .map(Ancova::effect),
                                        0.3)),
                approximate(
                        "paired t",
                        "normal differences, 20 pairs",
                        random ->
                                covers(
                                        PairedT.of(
                                                Moments.of(
                                                        draws(
                                                                random,
                                                                20,
                                                                r -> 1 + r.nextGaussian())),
                                                ALPHA,
                                                TWO),
                                        1)),
                approximate(
                        "difference of medians",
                        "exponential, 2,000 per arm",
                        random ->
                                covers(
                                        Difference.of(median(random), median(random))
                                                .absolute()
                                                .flatMap(e -> Inference.normal(e, ALPHA, TWO)),
                                        0)),
                exact(
                        "asymptotic sequence",
                        "exponential, means 1 and 1.2, 100 to 2,000 per arm, 191 looks",
                        Coverage::sequenceCovers),
                exact(
                        "betting sequence",
                        "scores with mean 0.7, 1 to 500, 50 looks",
                        Coverage::bettingCovers),
                exact(
                        "sign e-process",
                        "win share 0.6, 1 to 500 pairs, every look",
                        Coverage::signsCover));
    }

    private static boolean covers(Answer<Inference> inference, double truth) {
        return inference.get().interval().contains(truth);
    }

    private static long binomial(RandomGenerator random, int n, double p) {
        long successes = 0;
        for (int i = 0; i < n; i++) {
            successes += random.nextDouble() < p ? 1 : 0;
        }
        return successes;
    }

    private static TwoProportions rates(RandomGenerator random, int n) {
        return new TwoProportions(binomial(random, n, 0.1), n, binomial(random, n, 0.12), n);
    }

    private interface Draw {
        double from(RandomGenerator random);
    }

    private static double[] draws(RandomGenerator random, int n, Draw draw) {
        return DoubleStream.generate(() -> draw.from(random)).limit(n).toArray();
    }

    private static Difference means(RandomGenerator random, int n) {
        var a = new Tally();
        var b = new Tally();
        for (int i = 0; i < n; i++) {
            a.add(random.nextExponential());
            b.add(1.2 * random.nextExponential());
        }
        return Difference.of(a.sample(), b.sample());
    }

    private static JointMoments clicks(RandomGenerator random) {
        var arm = new JointMoments();
        for (int i = 0; i < 500; i++) {
            int views = 1 + random.nextInt(8);
            arm.add((double) binomial(random, views, random.nextDouble() * 0.4), views);
        }
        return arm;
    }

    private static JointMoments adjusted(RandomGenerator random, int n, double effect) {
        var arm = new JointMoments();
        for (int i = 0; i < n; i++) {
            double before = random.nextGaussian();
            arm.add(before, 5 + effect + 0.8 * before + 0.6 * random.nextGaussian());
        }
        return arm;
    }

    private static Sample median(RandomGenerator random) {
        double[] values = draws(random, 2_000, RandomGenerator::nextExponential);
        Arrays.sort(values);
        return Quantiles.Bounds.of(values, 0.5).get().sample();
    }

    private static boolean sequenceCovers(RandomGenerator random) {
        var sequence = Worlds.sequence(2_000);
        var a = new Tally();
        var b = new Tally();
        for (int n = 1; n <= 2_000; n++) {
            a.add(random.nextExponential());
            b.add(1.2 * random.nextExponential());
            if (n >= 100 && n % 10 == 0) {
                var estimate = Difference.of(a.sample(), b.sample()).absolute().get();
                if (!sequence.at(2L * n, estimate).get().interval().contains(0.2)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean bettingCovers(RandomGenerator random) {
        var betting = new BettingSequence(0, 1);
        SortedMap<Double, Long> table = new TreeMap<>();
        for (int n = 1; n <= 500; n++) {
            // 0.4 or 1 with equal chance: mean 0.7.
            table.merge(random.nextBoolean() ? 1.0 : 0.4, 1L, Long::sum);
            if (n % 10 == 1 && !interval(betting, table).contains(0.7)) {
                return false;
            }
        }
        return true;
    }

    private static Interval interval(BettingSequence betting, SortedMap<Double, Long> table) {
        return betting.at(table, 0.5, ALPHA).get().interval();
    }

    private static boolean signsCover(RandomGenerator random) {
        long wins = 0;
        for (int n = 1; n <= 500; n++) {
            wins += random.nextDouble() < 0.6 ? 1 : 0;
            if (SignEProcess.UNIFORM.logEValue(n - wins, wins, 0.6) >= -Math.log(ALPHA)) {
                return false;
            }
        }
        return true;
    }
}
