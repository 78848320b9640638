package assay.stats.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Answer;
import assay.stats.Moments;
import assay.stats.Why;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EffectTest {
    private static final Offset<Double> EXACT = within(1e-14);

    private static Effect effect(double[] control, double... treatment) {
        return Effect.of(new Arm.Mean(Moments.of(control)), new Arm.Mean(Moments.of(treatment)))
                .get();
    }

    private static double[] of(double... values) {
        return values;
    }

    private static Effect.Stratum stratum(double weight, Effect effect) {
        return new Effect.Stratum(weight, effect);
    }

    @Test
    void of_a_single_stratum_is_the_effect_to_the_last_bit() {
        var effect = effect(of(1, 2, 4), 3, 5, 8);
        assertThat(Effect.stratified(List.of(stratum(7, effect)))).isEqualTo(Answer.known(effect));
    }

    /// Differences 2 and 1 with weights 3 and 1; squared standard errors of 2/3 and 2, so 9/16 *
    /// 2/3 + 1/16 * 2.
    @Test
    void over_strata_is_their_weighted_mean() {
        var first = effect(of(1, 2, 3), 3, 4, 5);
        var second = effect(of(10, 12), 11, 13);
        var both = Effect.stratified(List.of(stratum(3, first), stratum(1, second))).get();
        assertThat(both.n()).isEqualTo(10);
        assertThat(both.value()).isCloseTo(1.75, EXACT);
        assertThat(both.absolute().get().standardError())
                .isCloseTo(Math.sqrt(9 / 16.0 * 2 / 3 + 1 / 16.0 * 2), EXACT);
        assertThat(both.relative().get().value()).isCloseTo(1.75 / (0.75 * 2 + 0.25 * 11), EXACT);
    }

    /// Two strata with the same four degrees of freedom and equal errors have eight.
    @Test
    void over_strata_has_their_degrees_of_freedom_together() {
        var one = effect(of(1, 2, 3), 3, 4, 5);
        assertThat(one.degreesOfFreedom().get()).isCloseTo(4, EXACT);
        var both = Effect.stratified(List.of(stratum(1, one), stratum(1, one))).get();
        assertThat(both.degreesOfFreedom().get()).isCloseTo(8, within(1e-12));
    }

    @Test
    void has_no_answer_without_strata_and_where_one_has_no_error_bar() {
        assertThat(Effect.stratified(List.of())).isEqualTo(Answer.undefined(Why.NO_UNITS));
        assertThat(
                        Effect.stratified(
                                List.of(
                                        stratum(1, effect(of(1, 2), 3, 4)),
                                        stratum(1, effect(of(1), 3)))))
                .isEqualTo(Answer.undefined(Why.TOO_FEW_UNITS));
    }
}
