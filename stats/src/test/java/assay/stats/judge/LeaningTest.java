package assay.stats.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Answer;
import assay.stats.Why;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LeaningTest {
    @Test
    void of_fifteen_in_twenty_has_the_p_value_of_the_binomial_test() {
        var leaning = Leaning.of(15, 5, 0.05).get();
        assertThat(leaning.share()).isEqualTo(0.75);
        // R 4.5: binom.test(15, 20)$p.value
        assertThat(leaning.pValue()).isCloseTo(0.04138947, within(5e-9));
        assertThat(leaning.alwaysValidPValue()).isGreaterThan(leaning.pValue());
        assertThat(leaning.alwaysValid().contains(0.5)).isTrue();
        assertThat(leaning.interval().contains(0.5)).isFalse();
    }

    @Test
    void is_the_same_to_the_other_side() {
        var first = Leaning.of(70, 30, 0.05).get();
        var second = Leaning.of(30, 70, 0.05).get();
        assertThat(second.pValue()).isCloseTo(first.pValue(), within(1e-15));
        assertThat(second.alwaysValid().lower())
                .isCloseTo(1 - first.alwaysValid().upper(), within(1e-9));
    }

    @Test
    void has_no_answer_without_decisions() {
        assertThat(Leaning.of(0, 0, 0.05)).isEqualTo(Answer.undefined(Why.NO_EVENTS));
    }
}
