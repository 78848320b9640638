package assay.stats.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BucketingTest {
    @Test
    void hashes_utf_16_code_units_as_the_javascript_sdk_does() {
        // JavaScript: two code units for a letter outside the basic plane, one for an umlaut.
        assertThat(Bucketing.fnv1a32("\u00fc")).isEqualTo(0x790b80bb);
        assertThat(Bucketing.fnv1a32("\ud83d\ude00")).isEqualTo(0xcb31c4b8);
    }

    @Test
    void knows_versions_1_and_2_only() {
        assertThatIllegalArgumentException().isThrownBy(() -> Bucketing.hash("seed", "a", 3));
    }

    @Nested
    class Variations {
        @ParameterizedTest
        @CsvSource({"0, 0", "0.1999, 0", "0.2, 1", "0.4999, 1", "0.5, 2", "0.9999, 2"})
        void own_ranges_in_order_of_their_weights(double hash, int variation) {
            assertThat(Bucketing.variation(hash, List.of(0.2, 0.3, 0.5), 1)).isEqualTo(variation);
        }

        @ParameterizedTest
        @CsvSource({"0.0499, 0", "0.05, -1", "0.4999, -1", "0.5, 1", "0.5499, 1", "0.55, -1"})
        void shrink_with_the_coverage_from_their_own_start(double hash, int variation) {
            assertThat(Bucketing.variation(hash, List.of(0.5, 0.5), 0.1)).isEqualTo(variation);
        }

        @ParameterizedTest
        @ValueSource(doubles = {0.9, 0.5, 0.1, 0.01})
        void of_those_who_remain_do_not_change_when_the_coverage_falls(double coverage) {
            var weights = List.of(0.3, 0.3, 0.4);
            IntStream.range(0, 2_000)
                    .mapToDouble(i -> Bucketing.hash("seed", "user-" + i, 2))
                    .filter(hash -> Bucketing.variation(hash, weights, coverage) >= 0)
                    .forEach(hash ->
                            assertThat(Bucketing.variation(hash, weights, coverage))
                                    .isEqualTo(Bucketing.variation(hash, weights, 1)));
        }

        @Test
        void are_refused_for_weights_that_are_no_shares() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bucketing.variation(0.1, List.of(0.5, 0.4), 1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bucketing.variation(0.1, List.of(1.5, -0.5), 1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bucketing.variation(0.1, List.of(0.5, 0.5), 1.1));
        }
    }

    @Nested
    class The_hash {
        @ParameterizedTest
        @CsvSource({"1, 2", "1, 10", "2, 2", "2, 10", "2, 100"})
        void spreads_subjects_evenly(int version, int buckets) {
            var subjects = IntStream.range(0, 20_000).mapToObj(i -> "user-" + i);
            assertThat(Uniformity.of("launch", subjects, version, buckets).get().passes()).isTrue();
        }

        @ParameterizedTest
        @ValueSource(ints = {2, 10})
        void places_subjects_independently_under_two_seeds(int buckets) {
            var subjects = IntStream.range(0, 20_000).mapToObj(i -> "user-" + i).toList();
            assertThat(
                            Uniformity.independence("launch", "price", subjects, 2, buckets)
                                    .get()
                                    .pValue())
                    .isGreaterThan(Uniformity.LEVEL);
        }
    }
}
