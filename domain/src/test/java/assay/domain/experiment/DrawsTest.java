package assay.domain.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import assay.stats.distribution.Binomial;
import assay.stats.distribution.ChiSquare;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DrawsTest {
    private static final int DRAWS = 100_000;

    /// Chi-square of the observed counts against the probabilities, ten cells by quantile.
    @ParameterizedTest
    @CsvSource({
        "5, 0.3",
        "50, 0.1",
        "200, 0.5",
        "1000, 0.01",
        "1000, 0.02",
        "10000, 0.9",
        "300, 0.7"
    })
    void successes_are_as_frequent_as_they_are_probable(long n, double p) {
        var random = new SplittableRandom(20_261_120);
        var counts = new long[(int) n + 1];
        for (int i = 0; i < DRAWS; i++) {
            counts[(int) Draws.binomial(random, n, p)]++;
        }
        double chi = 0;
        int cells = 0;
        double expected = 0;
        double observed = 0;
        for (int k = 0; k <= n; k++) {
            expected += DRAWS * Math.exp(Binomial.logProbability(k, n, p));
            observed += counts[k];
            if (expected > DRAWS / 20.0) {
                chi += (observed - expected) * (observed - expected) / expected;
                cells++;
                expected = 0;
                observed = 0;
            }
        }
        assertThat(ChiSquare.upperTail(chi, cells - 1.0)).isGreaterThan(0.001);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "7", "999"})
    void sums_of_squares_fall_evenly_into_the_tenths_of_their_distribution(int df) {
        var random = new SplittableRandom(7);
        var counts = new long[10];
        for (int i = 0; i < DRAWS; i++) {
            counts[(int) (10 * ChiSquare.upperTail(Draws.chiSquare(random, df), df))]++;
        }
        double chi = 0;
        for (var count : counts) {
            chi += (count - DRAWS / 10.0) * (count - DRAWS / 10.0) / (DRAWS / 10.0);
        }
        assertThat(ChiSquare.upperTail(chi, 9)).isGreaterThan(0.001);
    }

    @Test
    void what_is_certain_is_drawn() {
        var random = new SplittableRandom(1);
        assertThat(Draws.binomial(random, 0, 0.5)).isZero();
        assertThat(Draws.binomial(random, 9, 0)).isZero();
        assertThat(Draws.binomial(random, 9, 1)).isEqualTo(9);
        assertThat(Draws.chiSquare(random, 0)).isZero();
    }
}
