package assay.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Why;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SequencePowerTest {
    static AsymptoticSequence tuned(double planned) {
        return AsymptoticSequence.tunedFor(planned, 0.05, Alternative.TWO_SIDED);
    }

    static SequencePower looking(int looks, double burnIn) {
        return new SequencePower(SequencePowerTest::tuned, looks, burnIn);
    }

    /// The reference simulation looked every 100 units per arm, at a rate of 0.1 against 0.11 and a
    /// planned sample of 5,000: .484 by 14,751 units per arm, .961 by three times that, 17,409
    /// units per arm on average.
    @Test
    @Tag("heavy")
    void agrees_with_an_independent_simulation_of_rates() {
        double perArmPair = Math.sqrt(2 * (0.1 * 0.9 + 0.11 * 0.89));
        double drift = 0.01 / perArmPair;
        var power = looking(147, 200);
        assertThat(power.course(2 * 14_751, 5_000, drift).power()).isCloseTo(.484, within(.016));
        var whole = looking(442, 200).course(6 * 14_751, 5_000, drift);
        assertThat(whole.power()).isCloseTo(.961, within(.01));
        assertThat(whole.units() / 2).isCloseTo(17_409, within(500.0));
    }

    @ParameterizedTest
    @CsvSource({"2.5, 1, 0", "3.5, 1, 0", "3.5, 0.3, 0.2", "4.2, 2, 0.1"})
    void agrees_with_simulated_paths(double drift, double planned, double burnIn) {
        int looks = 20;
        double n = 10_000;
        var course = looking(looks, burnIn * n).course(n, planned * n, drift / Math.sqrt(n));
        var sequence = tuned(planned * n);
        var random = new SplittableRandom(20_261_120);
        int paths = 40_000;
        int found = 0;
        double units = 0;
        for (int path = 0; path < paths; path++) {
            double score = 0;
            int stop = looks;
            for (int look = 1; look <= looks; look++) {
                score += random.nextGaussian(drift / looks, Math.sqrt(1.0 / looks));
                double share = (double) look / looks;
                double z = score / Math.sqrt(share);
                if (share >= burnIn && Math.abs(z) > sequence.criticalValue((long) (share * n))) {
                    found += z > 0 ? 1 : 0;
                    stop = look;
                    break;
                }
            }
            units += n * stop / looks;
        }
        assertThat(course.power()).isCloseTo((double) found / paths, within(.008));
        assertThat(course.units() / (units / paths)).isCloseTo(1, within(.008));
    }

    @Test
    void without_effect_is_no_more_than_half_the_error() {
        assertThat(looking(50, 0).course(5_000, 5_000, 0).power()).isBetween(.005, .025);
    }

    @Test
    void units_and_power_are_inverses() {
        var power = looking(20, 200);
        double drift = 0.05;
        double units = power.unitsWhenTuned(drift, 0.8).get();
        assertThat(power.course(units, units, drift).power()).isCloseTo(.8, within(1e-4));
        assertThat(power.detectable(units, units, 0.8).get()).isCloseTo(drift, within(1e-5));
        assertThat(power.units(drift, units, 0.8).get() / units).isCloseTo(1, within(1e-4));
    }

    @Test
    void waits_for_the_burn_in() {
        assertThat(looking(20, 500).course(499, 499, 10).power()).isZero();
        assertThat(looking(20, 500).unitsWhenTuned(10, 0.8)).isEqualTo(Answer.known(500.0));
        assertThat(looking(20, 500).detectable(499, 499, 0.8))
                .isEqualTo(Answer.undefined(Why.UNATTAINABLE));
    }

    @Test
    void says_that_nothing_is_found_where_nothing_is() {
        assertThat(looking(20, 0).unitsWhenTuned(0, 0.8))
                .isEqualTo(Answer.undefined(Why.NO_EFFECT));
    }
}
