package assay.stats.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Why;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PowerTest {
    final MeansPower means = new MeansPower(2, 0.05, Alternative.TWO_SIDED);
    final ProportionsPower rates = ProportionsPower.of(0.05);

    @ParameterizedTest
    @CsvSource({"0.05, 0.8", "0.5, 0.8", "0.5, 0.99", "2, 0.9", "0.001, 0.8"})
    void of_means_sample_size_and_power_are_inverses(double delta, double power) {
        double units = means.unitsPerArm(delta, power).get();
        assertThat(means.power(units, delta)).isCloseTo(power, within(1e-8));
        assertThat(means.detectable(units, power)).isCloseTo(delta, within(1e-6 * delta));
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0.12, 0.8", "0.001, 0.0011, 0.9", "0.5, 0.51, 0.95", "0.9, 0.95, 0.8"})
    void of_rates_sample_size_and_power_are_inverses(double p1, double p2, double power) {
        double units = rates.unitsPerArm(p1, p2, power).get();
        assertThat(rates.power(p1, p2, units).get()).isCloseTo(power, within(1e-10));
        assertThat(rates.detectable(p1, units, power).get()).isCloseTo(p2, within(1e-9));
    }

    @Test
    void at_no_effect_is_the_error_in_one_direction() {
        assertThat(means.power(100, 0)).isCloseTo(0.025, within(1e-9));
        assertThat(means.strictPower(100, 0)).isCloseTo(0.05, within(1e-9));
        assertThat(rates.power(0.1, 0.1, 100).get()).isCloseTo(0.025, within(1e-12));
    }

    @Test
    void says_why_no_sample_is_large_enough() {
        assertThat(rates.unitsPerArm(0.1, 0.1, 0.8)).isEqualTo(Answer.undefined(Why.NO_EFFECT));
        assertThat(rates.unitsPerArm(0.6, 1.2, 0.8))
                .isEqualTo(Answer.undefined(Why.IMPOSSIBLE_RATE));
        assertThat(rates.detectable(0.9, 5, 0.8)).isEqualTo(Answer.undefined(Why.UNATTAINABLE));
    }

    @Test
    void needs_no_more_than_two_units_for_a_huge_effect() {
        assertThat(means.unitsPerArm(1_000, 0.8)).isEqualTo(Answer.known(2.0));
        assertThat(means.detectable(10, 0.02)).isZero();
    }

    @Test
    void turns_into_days_by_the_slowest_arm() {
        assertThat(Duration.days(3_841, 1_000, 0.5, 0.2)).isEqualTo(Answer.known(38.41));
        assertThat(Duration.days(3_841, 0, 0.5, 0.2)).isEqualTo(Answer.undefined(Why.NO_UNITS));
    }
}
