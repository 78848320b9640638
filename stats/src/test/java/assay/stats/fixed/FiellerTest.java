package assay.stats.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Alternative;
import assay.stats.Difference;
import assay.stats.Sample;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FiellerTest {
    private static final Alternative TWO = Alternative.TWO_SIDED;

    @ParameterizedTest
    @ValueSource(doubles = {-3, -0.5, 0, 0.4, 2})
    void has_ends_at_which_the_numerator_less_that_share_of_the_denominator_is_critical(
            double numerator) {
        var pair = new Fieller.Pair(numerator, 4, 0.3, 0.2, -0.1);
        var interval = Fieller.of(pair, TWO, 2.5).get().interval().get();
        for (double end : new double[] {interval.lower(), interval.upper()}) {
            double gap = numerator - end * 4;
            double variance = 0.3 + 2 * end * 0.1 + end * end * 0.2;
            assertThat(Math.abs(gap) / Math.sqrt(variance)).isCloseTo(2.5, within(1e-12));
        }
    }

    @Test
    void of_a_split_experiment_is_that_of_the_whole() {
        var whole = Difference.of(Sample.of(400, 10, 9), Sample.of(400, 11, 9));
        var half = Difference.of(Sample.of(200, 10, 9), Sample.of(200, 11, 9));
        var pair = Fieller.Pair.ofLift(half).get().times(0.5);
        assertThat(Fieller.of(pair.plus(pair), TWO, 3))
                .isEqualTo(Fieller.of(Fieller.Pair.ofLift(whole).get(), TWO, 3));
    }
}
