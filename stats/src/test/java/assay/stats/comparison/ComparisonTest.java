package assay.stats.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.JointMoments;
import assay.stats.Moments;
import assay.stats.Why;
import assay.stats.comparison.Method.Looking;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ComparisonTest {
    final Method always = Method.always(100);

    private static Arm mean(double... values) {
        return new Arm.Mean(Moments.of(values));
    }

    @Test
    void has_no_answer_while_an_arm_is_empty() {
        assertThat(Comparison.of(always, mean(), mean(1, 2)))
                .isEqualTo(Answer.undefined(Why.NO_UNITS));
    }

    @Test
    void shows_the_difference_of_single_units_but_claims_nothing() {
        var comparison = Comparison.of(always, mean(1), mean(3)).get();
        assertThat(comparison.effect().value()).isEqualTo(2);
        assertThat(comparison.absolute()).isEqualTo(Answer.undefined(Why.TOO_FEW_UNITS));
    }

    @Test
    void bounds_no_relative_change_while_the_control_may_be_zero() {
        var comparison = Comparison.of(always, mean(-1, 0, 2), mean(4, 5, 7)).get();
        assertThat(comparison.absolute().isKnown()).isTrue();
        assertThat(comparison.relative()).isEqualTo(Answer.undefined(Why.UNCERTAIN_BASELINE));
    }

    @Test
    void measures_relative_changes_by_the_size_of_a_negative_control() {
        var method =
                new Method(new Looking.Once(), 0.05, Alternative.GREATER, Optional.empty(), false);
        var loss = Comparison.of(method, mean(-10, -11, -12), mean(-5, -6, -7)).get();
        var relative = loss.relative().get();
        assertThat(relative.estimate().value()).isCloseTo(5 / 11.0, within(1e-15));
        assertThat(relative.interval().lower()).isBetween(0.2, 5 / 11.0);
        assertThat(relative.interval().upper()).isInfinite();
    }

    @Test
    void refuses_arms_of_different_shapes() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Comparison.of(always, mean(1, 2), new Arm.Ratio(new JointMoments())));
    }
}
