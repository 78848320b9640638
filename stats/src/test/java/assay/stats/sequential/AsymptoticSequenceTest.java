package assay.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Why;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AsymptoticSequenceTest {
    final AsymptoticSequence sequence =
            AsymptoticSequence.tunedFor(5_000, 0.05, Alternative.TWO_SIDED);

    @Test
    void has_no_answer_without_units_or_variance() {
        assertThat(sequence.at(0, new Estimate(1, 1))).isEqualTo(Answer.undefined(Why.NO_UNITS));
        assertThat(sequence.at(9, new Estimate(1, 0))).isEqualTo(Answer.undefined(Why.NO_VARIANCE));
    }

    @ParameterizedTest
    @EnumSource(Alternative.class)
    void excludes_no_effect_exactly_if_its_p_value_is_below_alpha(Alternative alternative) {
        var tuned = AsymptoticSequence.tunedFor(1_000, 0.05, alternative);
        for (double z = -6; z <= 6; z += 0.01) {
            var look = tuned.at(800, new Estimate(z, 1)).get();
            assertThat(look.pValue() < 0.05).isEqualTo(!look.interval().contains(0));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 100, 1_000, 10_000, 1_000_000, 1_000_000_000})
    void narrows_with_every_unit_at_equal_spread(long n) {
        double before = sequence.criticalValue(n) / Math.sqrt((double) n);
        double after = sequence.criticalValue(n + n / 10) / Math.sqrt(n + n / 10.0);
        assertThat(after).isLessThan(before);
    }

    @Test
    void is_narrowest_relative_to_a_single_look_near_the_planned_sample() {
        double planned = sequence.criticalValue(5_000);
        assertThat(sequence.criticalValue(500)).isGreaterThan(planned);
        assertThat(sequence.criticalValue(50_000)).isGreaterThan(planned);
    }

    @Test
    void widens_as_alpha_falls() {
        double width = 0;
        for (double alpha : new double[] {0.5, 0.1, 0.05, 0.01, 1e-6, 1e-300}) {
            var look =
                    new AsymptoticSequence(alpha, 0.04, Alternative.TWO_SIDED)
                            .at(1_000, new Estimate(0, 1))
                            .get();
            assertThat(look.halfWidth()).isGreaterThan(width);
            width = look.halfWidth();
        }
    }

    @Test
    void gives_a_p_value_that_is_the_inverse_of_its_evidence() {
        var look = sequence.at(5_000, new Estimate(4, 1)).get();
        assertThat(look.logPValue()).isCloseTo(-look.logEValue(), within(1e-12));
    }

    @Test
    void keeps_the_logarithm_where_the_p_value_underflows() {
        var look = sequence.at(1_000_000, new Estimate(100, 1)).get();
        assertThat(look.pValue()).isZero();
        assertThat(look.logPValue()).isBetween(-5_000.0, -4_900.0);
    }

    @Test
    void foresees_the_units_to_a_decision() {
        var estimate = new Estimate(0.1, 0.05);
        long units = sequence.unitsToExclude(1_000, estimate).get();
        double deviation = 0.05 * Math.sqrt(1_000);
        assertThat(sequence.criticalValue(units) * deviation / Math.sqrt((double) units))
                .isLessThan(0.1);
        assertThat(sequence.criticalValue(units - 1) * deviation / Math.sqrt(units - 1.0))
                .isGreaterThanOrEqualTo(0.1);
        assertThat(sequence.unitsToExclude(1_000, new Estimate(0, 1)))
                .isEqualTo(Answer.undefined(Why.NO_EFFECT));
    }
}
