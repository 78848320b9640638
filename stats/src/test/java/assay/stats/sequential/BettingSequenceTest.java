package assay.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Answer;
import assay.stats.Why;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BettingSequenceTest {
    final BettingSequence scores = new BettingSequence(0, 1);

    @Test
    void says_nothing_without_values_and_little_after_one() {
        assertThat(scores.at(new TreeMap<>(), 0.5, 0.05)).isEqualTo(Answer.undefined(Why.NO_UNITS));
        var look = scores.at(scores.table(1), 0.5, 0.05).get();
        assertThat(look.pValue()).isGreaterThan(0.5);
        assertThat(look.interval().lower()).isLessThan(0.05);
        assertThat(look.interval().upper()).isEqualTo(1);
    }

    @Test
    void is_a_fair_game_under_the_null_mean() {
        // The expected capital after two values that are 0 or 1 with mean 0.3.
        double capital = 0;
        for (double first : new double[] {0, 1}) {
            for (double second : new double[] {0, 1}) {
                double chance = (first == 1 ? 0.3 : 0.7) * (second == 1 ? 0.3 : 0.7);
                capital += chance * Math.exp(scores.logEValue(scores.table(first, second), 0.3));
            }
        }
        assertThat(capital).isCloseTo(1, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void excludes_a_mean_exactly_if_its_p_value_is_below_alpha(long seed) {
        var random = new SplittableRandom(seed);
        var table = scores.table(random.doubles(200).map(x -> x * x).toArray());
        for (double mean = 0.02; mean < 1; mean += 0.02) {
            var look = scores.at(table, mean, 0.05).get();
            assertThat(look.interval().contains(mean)).isEqualTo(look.pValue() > 0.05);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void mirrors_when_the_arms_of_paired_scores_are_swapped(long seed) {
        var pairs = scores.ofDifferences();
        double[] differences = new SplittableRandom(seed).doubles(50, -0.6, 0.9).toArray();
        double[] swapped = Arrays.stream(differences).map(d -> -d).toArray();
        var there = pairs.at(pairs.table(differences), 0, 0.05).get();
        var back = pairs.at(pairs.table(swapped), 0, 0.05).get();
        assertThat(back.logEValue()).isCloseTo(there.logEValue(), within(1e-9));
        assertThat(back.interval().lower()).isCloseTo(-there.interval().upper(), within(1e-9));
    }

    @Test
    void finds_a_clear_difference_within_few_pairs() {
        var pairs = scores.ofDifferences();
        double[] differences = new SplittableRandom(5).doubles(60, -0.2, 0.8).toArray();
        var look = pairs.at(pairs.table(differences), 0, 0.05).get();
        assertThat(look.pValue()).isLessThan(0.001);
        assertThat(look.interval().lower()).isGreaterThan(0);
    }

    @Test
    void refuses_values_beyond_the_bounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> scores.table(1.01));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scores.at(scores.table(0.5), 1, 0.05));
    }
}
