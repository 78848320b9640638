package assay.domain.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import assay.stats.assignment.Bucketing;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CohortTest {
    static Cohort cohort(String coverage, String... weights) {
        return Cohort.of(
                1,
                Arrays.stream(weights).map(BigDecimal::new).toList(),
                new BigDecimal(coverage),
                Instant.EPOCH);
    }

    @Test
    void divides_the_buckets_by_largest_remainder() {
        assertThat(cohort("1", "1", "1", "1").ranges())
                .containsExactly(
                        new Range(0, 3334), new Range(3334, 6667), new Range(6667, 10_000));
        assertThat(cohort("1", "0.00006", "0.99994").ranges())
                .containsExactly(new Range(0, 1), new Range(1, 10_000));
        assertThat(Arrays.toString(Cohort.divided(10, decimals("3", "3", "1"))))
                .isEqualTo("[4, 4, 2]");
    }

    static List<BigDecimal> decimals(String... numbers) {
        return Arrays.stream(numbers).map(BigDecimal::new).toList();
    }

    @Test
    void shares_are_what_arms_really_get_of_those_who_enter() {
        assertThat(cohort("0.001", "1", "1", "1"))
                .isEqualTo(
                        new Cohort(
                                1,
                                List.of(0.4, 0.3, 0.3),
                                0.001,
                                Instant.EPOCH,
                                List.of(
                                        new Range(0, 4),
                                        new Range(3334, 3337),
                                        new Range(6667, 6670))));
    }

    @Test
    void an_arm_without_weight_gets_nobody() {
        assertThat(cohort("1", "1", "0", "3").ranges())
                .containsExactly(
                        new Range(0, 2500), new Range(2500, 2500), new Range(2500, 10_000));
    }

    @Test
    void another_coverage_moves_no_subject_to_another_arm() {
        var random = new Random(5);
        for (var round = 0; round < 500; round++) {
            var weights =
                    IntStream.range(0, 2 + random.nextInt(6))
                            .mapToObj(_ -> BigDecimal.valueOf(1 + random.nextInt(50)))
                            .toList();
            var whole = Cohort.of(1, weights, BigDecimal.ONE, Instant.EPOCH).ranges();
            var part =
                    Cohort.of(
                                    1,
                                    weights,
                                    BigDecimal.valueOf(random.nextInt(10_001), 4),
                                    Instant.EPOCH)
                            .ranges();
            for (var arm = 0; arm < whole.size(); arm++) {
                assertThat(part.get(arm).from()).isEqualTo(whole.get(arm).from());
                assertThat(part.get(arm).to())
                        .isBetween(whole.get(arm).from(), whole.get(arm).to());
            }
            assertThat(whole.getLast().to()).isEqualTo(Range.BUCKETS);
        }
    }

    @Test
    void agrees_with_the_public_ranges_for_shares_of_whole_buckets() {
        var cohort = cohort("0.4", "3", "1");
        for (var i = 0; i < 2_000; i++) {
            var hash = Bucketing.hash("seed", "user-" + i, 2);
            var bucket = (int) Math.round(hash * Range.BUCKETS);
            var arm =
                    IntStream.range(0, 2)
                            .filter(k -> cohort.ranges().get(k).has(bucket))
                            .findFirst()
                            .orElse(-1);
            assertThat(arm).isEqualTo(Bucketing.variation(hash, List.of(0.75, 0.25), 0.4));
        }
    }
}
