package assay.stats.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Answer;
import assay.stats.Why;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CorrectedMeanTest {
    private static double[] alternating(int n, double... values) {
        return IntStream.range(0, n).mapToDouble(i -> values[i % values.length]).toArray();
    }

    @Test
    void takes_a_constant_error_of_the_judge_off() {
        double[] human = alternating(40, 0.1, 0.5, 0.3);
        double[] judge = Arrays.stream(human).map(score -> score + 0.3).toArray();
        double[] rest = alternating(400, 0.4, 0.8, 0.6);
        var corrected = CorrectedMean.OF_SCORES.of(judge, human, rest, 0.05).get();
        // The weight is 1 / (1 + 40 / 400); what it leaves out of the judge comes from the labels.
        assertThat(corrected.weight()).isCloseTo(1 / 1.1, within(1e-9));
        assertThat(corrected.estimate()).isCloseTo(0.3, within(0.005));
        assertThat(corrected.uncorrected()).isCloseTo(0.6, within(0.005));
        assertThat(corrected.interval().contains(0.3)).isTrue();
        assertThat(corrected.interval().contains(0.6)).isFalse();
        assertThat(corrected.labelled()).isEqualTo(40);
        assertThat(corrected.all()).isEqualTo(440);
    }

    @Test
    void does_not_listen_to_a_judge_that_says_the_opposite() {
        double[] human = alternating(60, 0, 1);
        double[] judge = alternating(60, 1, 0);
        var corrected =
                CorrectedMean.OF_SCORES.of(judge, human, alternating(500, 1, 0), 0.05).get();
        assertThat(corrected.weight()).isZero();
        assertThat(corrected.estimate()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void of_labels_alone_is_their_mean() {
        double[] human = alternating(50, 0, 1, 1);
        var corrected = CorrectedMean.OF_SCORES.of(human, human, new double[0], 0.05).get();
        assertThat(corrected.estimate())
                .isCloseTo(Arrays.stream(human).average().orElseThrow(), within(1e-12));
    }

    @Test
    void of_a_few_labels_without_an_error_does_not_take_the_judge_for_perfect() {
        double[] same = alternating(30, 0, 1);
        var corrected =
                CorrectedMean.OF_SCORES.of(same, same, alternating(10_000, 0, 1), 0.05).get();
        // With 30 right of 30 the judge may still be wrong in 3 / 30.
        assertThat(corrected.interval().width() / 2).isBetween(0.09, 0.12);
    }

    @Test
    void holds_at_all_looks_with_a_wider_interval() {
        double[] human = alternating(80, 0, 1, 1);
        double[] judge = alternating(80, 0, 1, 1, 1);
        var corrected =
                CorrectedMean.OF_SCORES.of(judge, human, alternating(900, 0, 1, 1, 1), 0.05).get();
        assertThat(corrected.alwaysValid().width()).isGreaterThan(corrected.interval().width());
        assertThat(corrected.alwaysValid().contains(2.0 / 3)).isTrue();
    }

    @Test
    void has_no_answer_for_two_labels_and_takes_no_score_out_of_bounds() {
        double[] two = {0, 1};
        assertThat(CorrectedMean.OF_SCORES.of(two, two, two, 0.05))
                .isEqualTo(Answer.undefined(Why.TOO_FEW_UNITS));
        double[] three = {0, 1, 2};
        assertThatThrownBy(() -> CorrectedMean.OF_SCORES.of(three, three, two, 0.05))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2.0 is not within 0.0 to 1.0");
    }
}
