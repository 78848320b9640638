package assay.stats.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Answer;
import assay.stats.Why;
import assay.stats.judge.CorrectedRate.Calibration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CorrectedRateTest {
    @Test
    void solves_for_the_rate_that_gives_what_the_judge_saw() {
        // 0.9 of the good and 0.2 of the bad pass: at a rate of 0.4 that is 0.48 of all.
        var corrected = CorrectedRate.of(new Calibration(90, 10, 20, 80), 480, 1_000, 0.05).get();
        assertThat(corrected.estimate()).isCloseTo(0.4, within(1e-12));
        assertThat(corrected.sensitivity()).isEqualTo(0.9);
        assertThat(corrected.specificity()).isEqualTo(0.8);
        assertThat(corrected.interval().contains(0.4)).isTrue();
        assertThat(corrected.interval().contains(0.48)).isTrue();
    }

    @Test
    void is_narrower_the_better_the_judge_is_known() {
        var little = CorrectedRate.of(new Calibration(18, 2, 4, 16), 480, 1_000, 0.05).get();
        var much = CorrectedRate.of(new Calibration(900, 100, 200, 800), 480, 1_000, 0.05).get();
        assertThat(much.interval().width()).isLessThan(little.interval().width() / 3);
    }

    @Test
    void has_no_answer_when_the_judge_is_no_better_than_chance() {
        assertThat(CorrectedRate.of(new Calibration(50, 50, 50, 50), 500, 1_000, 0.05))
                .isEqualTo(Answer.undefined(Why.UNINFORMATIVE));
        assertThat(CorrectedRate.of(new Calibration(5, 5, 0, 0), 500, 1_000, 0.05))
                .isEqualTo(Answer.undefined(Why.NO_UNITS));
    }
}
