package assay.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.comparison.Arm;
import assay.stats.comparison.Claim;
import assay.stats.comparison.Comparison;
import assay.stats.comparison.Method;
import assay.stats.comparison.Method.Looking;
import assay.stats.fixed.TwoProportions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What must hold for every comparison, whatever the data, the metric's shape and the method.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LawsTest {
    private static final double ALPHA = 0.05;

    /// Two arms of one shape and the method that compares them.
    record World(String name, Method method, Arm control, Arm treatment) {
        Comparison compare() {
            return Comparison.of(method, control, treatment).get();
        }

        World swapped() {
            return new World(name, method, treatment, control);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<World> worlds() {
        return LongStream.rangeClosed(1, 12).boxed().flatMap(LawsTest::worlds);
    }

    private static Stream<World> worlds(long seed) {
        var lookings =
                List.of(
                        new Looking.Once(),
                        new Looking.Always(500),
                        new Looking.Mixture(0.5),
                        new Looking.Planned(2.1));
        return lookings.stream()
                .flatMap(looking -> {
                    var method = method(looking);
                    String name = "seed " + seed + ", " + looking + ", ";
                    return Stream.of(
                            new World(name + "mean", method, mean(seed, 0), mean(seed, 1)),
                            new World(name + "ratio", method, ratio(seed, 0), ratio(seed, 1)),
                            new World(
                                    name + "adjusted",
                                    method,
                                    adjusted(seed, 0),
                                    adjusted(seed, 1)));
                });
    }

    private static Method method(Looking looking) {
        return new Method(looking, ALPHA, Alternative.TWO_SIDED, Optional.empty(), false);
    }

    private static SplittableRandom random(long seed, int arm) {
        return new SplittableRandom(1_000 * seed + arm);
    }

    private static double[] values(long seed, int arm) {
        var random = random(seed, arm);
        double shift = seed % 4 == 0 ? 0 : arm * random.nextDouble(-2, 2);
        return random.doubles(40 + 10 * seed, 1, 9).map(x -> x * x / 5 + shift).toArray();
    }

    private static Arm mean(long seed, int arm) {
        return new Arm.Mean(Moments.of(values(seed, arm)));
    }

    private static Arm ratio(long seed, int arm) {
        var random = random(seed, arm);
        var sums = new JointMoments();
        for (double value : values(seed, arm)) {
            sums.add(value, random.nextInt(1, 6));
        }
        return new Arm.Ratio(sums);
    }

    private static Arm adjusted(long seed, int arm) {
        var random = random(seed, arm);
        var sums = new JointMoments();
        for (double value : values(seed, arm)) {
            sums.add(value + random.nextGaussian(), value);
        }
        return new Arm.Adjusted(sums);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void swapping_the_arms_flips_the_sign_and_keeps_the_p_value(World world) {
        var there = world.compare().absolute().get();
        var back = world.swapped().compare().absolute().get();
        assertThat(back.estimate().value()).isCloseTo(-there.estimate().value(), within(1e-12));
        assertThat(back.interval().lower()).isCloseTo(-there.interval().upper(), within(1e-6));
        assertThat(back.logPValue()).isCloseTo(there.logPValue(), within(1e-9));
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void the_interval_excludes_no_effect_exactly_if_the_p_value_is_below_alpha(World world) {
        if (world.method().looking() instanceof Looking.Planned) {
            return;
        }
        var comparison = world.compare();
        for (var claim : List.of(comparison.absolute().get(), comparison.relative().get())) {
            assertThat(claim.interval().contains(0)).isEqualTo(claim.pValue() >= ALPHA);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void relative_and_absolute_agree_in_sign(World world) {
        var comparison = world.compare();
        assertThat(Math.signum(value(comparison.relative())))
                .isEqualTo(Math.signum(value(comparison.absolute())));
    }

    private static double value(Answer<Claim> claim) {
        return claim.get().estimate().value();
    }

    @Nested
    class Of_means {
        private static World changed(World world, Function<double[], double[]> change, long seed) {
            return new World(
                    world.name(),
                    world.method(),
                    new Arm.Mean(Moments.of(change.apply(values(seed, 0)))),
                    new Arm.Mean(Moments.of(change.apply(values(seed, 1)))));
        }

        static LongStream seeds() {
            return LongStream.rangeClosed(1, 12);
        }

        @ParameterizedTest
        @MethodSource("seeds")
        void a_change_of_unit_scales_the_difference_and_nothing_else(long seed) {
            for (var looking : List.of(new Looking.Once(), new Looking.Always(500))) {
                var world = new World("", method(looking), mean(seed, 0), mean(seed, 1));
                var plain = world.compare();
                var scaled = changed(world, each(x -> -8 * x), seed).compare();
                assertThat(value(scaled.absolute())).isEqualTo(-8 * value(plain.absolute()));
                assertThat(scaled.absolute().get().logPValue())
                        .isCloseTo(plain.absolute().get().logPValue(), within(1e-12));
                assertThat(value(scaled.relative()))
                        .isCloseTo(-value(plain.relative()), within(1e-15));
            }
        }

        @ParameterizedTest
        @MethodSource("seeds")
        void a_common_offset_changes_nothing(long seed) {
            var world =
                    new World("", method(new Looking.Always(500)), mean(seed, 0), mean(seed, 1));
            var plain = world.compare().absolute().get();
            var moved = changed(world, each(x -> x + 4096), seed).compare().absolute().get();
            assertThat(moved.estimate().value()).isCloseTo(plain.estimate().value(), within(1e-11));
            assertThat(moved.logPValue()).isCloseTo(plain.logPValue(), within(1e-9));
        }

        private static Function<double[], double[]> each(DoubleUnaryOperator change) {
            return values -> Arrays.stream(values).map(change).toArray();
        }

        @ParameterizedTest
        @MethodSource("seeds")
        void the_same_data_twice_never_widen_the_interval(long seed) {
            for (var looking : List.of(new Looking.Once(), new Looking.Always(500))) {
                var once = mean(seed, 0);
                var twice = Moments.of(values(seed, 0));
                twice.merge(Moments.of(values(seed, 0)));
                var other = new Arm.Mean(Moments.of(values(seed, 1)));
                var narrow = Comparison.of(method(looking), new Arm.Mean(twice), other).get();
                var wide = Comparison.of(method(looking), once, other).get();
                assertThat(narrow.absolute().get().interval().width())
                        .isLessThanOrEqualTo(wide.absolute().get().interval().width());
            }
        }
    }

    @Nested
    class Of_rates {
        static Stream<TwoProportions> counts() {
            var random = new SplittableRandom(77);
            return Stream.generate(
                            () -> {
                                long nA = random.nextLong(5, 4_000);
                                long nB = random.nextLong(5, 4_000);
                                return new TwoProportions(
                                        random.nextLong(1, nA), nA, random.nextLong(1, nB), nB);
                            })
                    .limit(100);
        }

        @ParameterizedTest
        @MethodSource("counts")
        void swapping_the_arms_mirrors_test_and_interval(TwoProportions counts) {
            var swapped = new TwoProportions(counts.xB(), counts.nB(), counts.xA(), counts.nA());
            var two = Alternative.TWO_SIDED;
            assertThat(swapped.pooled(ALPHA, two).get().statistic())
                    .isCloseTo(-counts.pooled(ALPHA, two).get().statistic(), within(1e-12));
            assertThat(swapped.newcombe(ALPHA, two).get().lower())
                    .isCloseTo(-counts.newcombe(ALPHA, two).get().upper(), within(1e-12));
            assertThat(swapped.pooled(ALPHA, Alternative.LESS).get().pValue())
                    .isCloseTo(
                            counts.pooled(ALPHA, Alternative.GREATER).get().pValue(),
                            within(1e-12));
        }

        @ParameterizedTest
        @MethodSource("counts")
        void counting_failures_instead_of_successes_flips_the_sign(TwoProportions counts) {
            var failures =
                    new TwoProportions(
                            counts.nA() - counts.xA(),
                            counts.nA(),
                            counts.nB() - counts.xB(),
                            counts.nB());
            var two = Alternative.TWO_SIDED;
            assertThat(failures.pooled(ALPHA, two).get().statistic())
                    .isCloseTo(-counts.pooled(ALPHA, two).get().statistic(), within(1e-9));
        }
    }
}
