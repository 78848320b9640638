package assay.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Why;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What more data would buy, and what a stop has caught too much of.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ForecastTest {
    private final AsymptoticSequence sequence =
            AsymptoticSequence.tunedFor(500, 0.05, Alternative.TWO_SIDED);

    private Projection after(double effect, double later) {
        var now = new Estimate(effect, 0.05);
        return Projection.of(now, 100, 0.05 * sequence.criticalValue(100), later, sequence);
    }

    @Test
    void with_no_more_units_nothing_changes() {
        assertThat(after(0.1, 100))
                .isEqualTo(new Projection(0.05 * sequence.criticalValue(100), 0));
        assertThat(after(0.3, 100).chanceOfDecision()).isEqualTo(1);
    }

    @Test
    void more_units_make_it_narrower_and_a_decision_likelier() {
        assertThat(after(0.1, 400).halfWidth())
                .isCloseTo(0.025 * sequence.criticalValue(400), within(1e-12));
        assertThat(after(0.1, 400).chanceOfDecision())
                .isBetween(after(0.1, 200).chanceOfDecision(), 1.0);
    }

    @Test
    void the_chance_is_that_of_the_effects_which_the_data_leave_open() {
        var random = new SplittableRandom(3);
        var claimed = 0;
        for (var run = 0; run < 20_000; run++) {
            double truth = 0.1 + 0.05 * random.nextGaussian();
            double rest = truth + 0.05 / Math.sqrt(3) * random.nextGaussian();
            double then = 0.25 * 0.1 + 0.75 * rest;
            claimed += Math.abs(then) > 0.025 * sequence.criticalValue(400) ? 1 : 0;
        }
        assertThat(claimed / 20_000.0).isCloseTo(after(0.1, 400).chanceOfDecision(), within(0.01));
    }

    @Test
    void refuses_to_project_into_the_past() {
        assertThatIllegalArgumentException().isThrownBy(() -> after(0.1, 99));
    }

    @Test
    void an_effect_shrinks_the_more_the_less_sure_it_is() {
        assertThat(Shrinkage.of(new Estimate(-0.3, 0.1)).get())
                .isCloseTo(-0.3 * 8 / 9, within(1e-15));
        assertThat(Shrinkage.of(new Estimate(0.9, 0.1)).get())
                .isCloseTo(0.9 * 80 / 81, within(1e-15));
        assertThat(Shrinkage.of(new Estimate(0.1, 0.1)).get()).isEqualTo(0);
        assertThat(Shrinkage.of(new Estimate(0.1, 0))).isEqualTo(Answer.undefined(Why.NO_VARIANCE));
    }
}
