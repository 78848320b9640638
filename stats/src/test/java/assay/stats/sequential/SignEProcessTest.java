package assay.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Answer;
import assay.stats.Why;
import assay.stats.distribution.Binomial;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SignEProcessTest {
    @Test
    void says_nothing_while_the_arms_always_agree() {
        assertThat(SignEProcess.UNIFORM.at(0, 0, 0.05)).isEqualTo(Answer.undefined(Why.NO_EVENTS));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "3, 4", "0, 10", "12, 25"})
    void is_the_binomial_likelihood_ratio_against_a_uniform_share(long losses, long wins) {
        // Mixed uniformly, every number of wins among n is equally likely: 1 / (n + 1).
        double n = losses + wins;
        double chance = Math.exp(Binomial.logProbability(wins, losses + wins, 0.5));
        assertThat(SignEProcess.UNIFORM.at(losses, wins, 0.05).get().logEValue())
                .isCloseTo(Math.log(1 / (n + 1) / chance), within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"1, 0.5", "1, 0.2", "30, 0.5", "0.5, 0.9"})
    void is_expected_to_stay_1_under_its_null(double concentration, double share) {
        var process = new SignEProcess(concentration);
        double expected = 0;
        for (long wins = 0; wins <= 40; wins++) {
            double chance = Math.exp(Binomial.logProbability(wins, 40, share));
            expected += chance * Math.exp(process.logEValue(40 - wins, wins, share));
        }
        assertThat(expected).isCloseTo(1, within(1e-10));
    }

    @Test
    void excludes_an_even_share_exactly_if_its_p_value_is_below_alpha() {
        for (long wins = 0; wins <= 60; wins++) {
            var look = SignEProcess.UNIFORM.at(60 - wins, wins, 0.05).get();
            assertThat(look.interval().contains(0.5)).isEqualTo(look.pValue() > 0.05);
        }
    }

    @Test
    void keeps_its_digits_at_a_billion_pairs() {
        var look = SignEProcess.UNIFORM.at(500_000_000, 500_100_000, 0.05).get();
        // z^2/2 - ln(n pi/2)/2, up to terms of the order 1/n; z = 1e5 / sqrt(1.0001e9).
        double n = 1_000_100_000.0;
        double z2 = 1e10 / n;
        assertThat(look.logEValue())
                .isCloseTo(z2 / 2 - Math.log(n * 2 / Math.PI) / 2, within(1e-6));
    }
}
