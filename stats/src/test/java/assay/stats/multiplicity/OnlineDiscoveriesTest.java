package assay.stats.multiplicity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OnlineDiscoveriesTest {
    @Test
    void without_discoveries_the_whole_stream_spends_q() {
        assertThat(OnlineDiscoveries.alpha(0.1, 1, 0)).isEqualTo(0.05);
        assertThat(
                        LongStream.rangeClosed(1, 100_000)
                                .mapToDouble(t -> OnlineDiscoveries.alpha(0.1, t, 0))
                                .sum())
                .isCloseTo(0.1, within(1e-5));
    }

    @Test
    void a_discovery_earns_error_for_later_tests() {
        assertThat(OnlineDiscoveries.alpha(0.1, 4, 3)).isEqualTo(0.1 * 4 / 4 / 5);
        assertThatIllegalArgumentException().isThrownBy(() -> OnlineDiscoveries.alpha(0.1, 2, 2));
    }

    /// Of 40 tests, 30 of them without an effect, whose e-values are as large as e-values can be: 1
    /// / alpha with chance alpha.
    @Test
    void the_share_of_false_discoveries_stays_below_q() {
        var random = new SplittableRandom(11);
        double sum = 0;
        for (var run = 0; run < 5_000; run++) {
            var discoveries = 0;
            var wrong = 0;
            for (var test = 1; test <= 40; test++) {
                var alpha = OnlineDiscoveries.alpha(0.1, test, discoveries);
                var isNull = random.nextInt(4) > 0;
                if (random.nextDouble() < (isNull ? alpha : 0.9)) {
                    discoveries++;
                    wrong += isNull ? 1 : 0;
                }
            }
            sum += (double) wrong / Math.max(1, discoveries);
        }
        assertThat(sum / 5_000).isBetween(0.002, 0.1);
    }
}
