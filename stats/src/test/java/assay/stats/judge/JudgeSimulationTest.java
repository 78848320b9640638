package assay.stats.judge;

import static org.assertj.core.api.Assertions.assertThat;

import assay.stats.judge.CorrectedRate.Calibration;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Judges of pairs whose bias is known because it was put into them. In each simulation a judge
/// compares the outputs of two prompts on 1,000 items, in random order, and people do so for 150.
@DisplayNameGeneration(ReplaceUnderscores.class)
class JudgeSimulationTest {
    private static final int SIMULATIONS = 500;
    private static final int ITEMS = 1_000;
    private static final int LABELLED = 150;
    private static final double ALPHA = 0.05;

    /// The second prompt writes longer outputs and is preferred by people in 55 of 100.
    private static final double TRUTH = 0.55;

    private static RandomGenerator random(String name, int simulation) {
        return RandomGeneratorFactory.of("Xoroshiro128PlusPlus")
                .create(1_000_003L * name.hashCode() + simulation);
    }

    /// A judge.
    ///
    /// @param accuracy chance of saying what people say, were there no bias
    /// @param position what standing first adds to the log odds of winning
    /// @param length what one standard deviation of length adds
    private record Judge(double accuracy, double position, double length) {
        boolean prefersSecondPrompt(
                boolean people, boolean standsFirst, double longer, RandomGenerator random) {
            double odds = Math.log(accuracy / (1 - accuracy)) * (people ? 1 : -1);
            odds += standsFirst ? position : -position;
            odds += length * longer;
            return random.nextDouble() < 1 / (1 + Math.exp(-odds));
        }
    }

    private static final Judge BIASED = new Judge(0.8, 0.6, 0.9);
    private static final Judge FAIR = new Judge(0.8, 0, 0);

    /// What came of one simulation.
    private static final class World {
        final double[] judge = new double[ITEMS];
        final double[] human = new double[ITEMS];
        final double[][] properties = new double[ITEMS][];
        int firstWins;

        World(Judge model, double shift, RandomGenerator random) {
            for (int i = 0; i < ITEMS; i++) {
                boolean people = random.nextDouble() < TRUTH;
                boolean standsFirst = random.nextBoolean();
                double longer = shift + random.nextGaussian();
                boolean wins = model.prefersSecondPrompt(people, standsFirst, longer, random);
                judge[i] = wins ? 1 : 0;
                human[i] = people ? 1 : 0;
                properties[i] = new double[] {standsFirst ? 0.5 : -0.5, longer};
                firstWins += wins == standsFirst ? 1 : 0;
            }
        }

        boolean hasPositionBias() {
            return Leaning.of(firstWins, ITEMS - firstWins, ALPHA).get().pValue() < ALPHA;
        }

        boolean hasLengthBias() {
            double[] errors = new double[LABELLED];
            for (int i = 0; i < LABELLED; i++) {
                errors[i] = judge[i] - human[i];
            }
            return BiasRegression.of(errors, Arrays.copyOf(properties, LABELLED), ALPHA)
                            .get()
                            .get(2)
                            .pValue()
                    < ALPHA;
        }

        CorrectedMean.Corrected corrected() {
            return CorrectedMean.OF_SCORES
                    .of(
                            Arrays.copyOf(judge, LABELLED),
                            Arrays.copyOf(human, LABELLED),
                            Arrays.copyOfRange(judge, LABELLED, ITEMS),
                            ALPHA)
                    .get();
        }
    }

    @Test
    void a_known_bias_is_detected_and_the_corrected_preference_covers_the_truth() {
        int position = 0;
        int length = 0;
        int covered = 0;
        int always = 0;
        int naive = 0;
        for (int simulation = 0; simulation < SIMULATIONS; simulation++) {
            var world = new World(BIASED, 0.8, random("biased", simulation));
            position += world.hasPositionBias() ? 1 : 0;
            length += world.hasLengthBias() ? 1 : 0;
            var corrected = world.corrected();
            covered += corrected.interval().contains(TRUTH) ? 1 : 0;
            always += corrected.alwaysValid().contains(TRUTH) ? 1 : 0;
            naive +=
                    Math.abs(corrected.uncorrected() - TRUTH) < 1.96 * Math.sqrt(0.25 / ITEMS)
                            ? 1
                            : 0;
        }
        assertThat(position).isGreaterThanOrEqualTo(490);
        assertThat(length).isGreaterThanOrEqualTo(450);
        assertThat(covered).isGreaterThanOrEqualTo(465);
        assertThat(always).isGreaterThanOrEqualTo(475);
        assertThat(naive).isLessThan(50);
    }

    @Test
    void a_judge_without_bias_is_rarely_accused() {
        int position = 0;
        int length = 0;
        int covered = 0;
        for (int simulation = 0; simulation < SIMULATIONS; simulation++) {
            var world = new World(FAIR, 0.8, random("fair", simulation));
            position += world.hasPositionBias() ? 1 : 0;
            length += world.hasLengthBias() ? 1 : 0;
            covered += world.corrected().interval().contains(TRUTH) ? 1 : 0;
        }
        // 5 in 100 are to be expected, with a standard error of 1.
        assertThat(position).isLessThanOrEqualTo(40);
        assertThat(length).isLessThanOrEqualTo(40);
        assertThat(covered).isGreaterThanOrEqualTo(465);
    }

    @Test
    void people_s_labels_count_for_more_with_the_judge_than_alone() {
        double together = 0;
        double alone = 0;
        var sharp = new Judge(0.95, 0.3, 0.2);
        for (int simulation = 0; simulation < 100; simulation++) {
            var world = new World(sharp, 0.8, random("sharp", simulation));
            together += world.corrected().interval().width();
            double[] human = Arrays.copyOf(world.human, LABELLED);
            alone +=
                    CorrectedMean.OF_SCORES
                            .of(human, human, new double[0], ALPHA)
                            .get()
                            .interval()
                            .width();
        }
        assertThat(together / alone).isLessThan(0.85);
    }

    @Test
    void a_rate_corrected_by_another_sample_covers_the_truth() {
        int covered = 0;
        for (int simulation = 0; simulation < SIMULATIONS; simulation++) {
            var random = random("rate", simulation);
            var labels = new long[2][2];
            for (int i = 0; i < 200; i++) {
                boolean good = random.nextDouble() < 0.7;
                boolean passes = random.nextDouble() < (good ? 0.9 : 0.25);
                labels[good ? 0 : 1][passes ? 0 : 1]++;
            }
            long passed = 0;
            for (int i = 0; i < ITEMS; i++) {
                boolean good = random.nextDouble() < 0.35;
                passed += random.nextDouble() < (good ? 0.9 : 0.25) ? 1 : 0;
            }
            var calibration =
                    new Calibration(labels[0][0], labels[0][1], labels[1][0], labels[1][1]);
            covered +=
                    CorrectedRate.of(calibration, passed, ITEMS, ALPHA)
                                    .get()
                                    .interval()
                                    .contains(0.35)
                            ? 1
                            : 0;
        }
        assertThat(covered).isGreaterThanOrEqualTo(465);
    }
}
