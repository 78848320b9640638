package assay.stats.elimination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SuccessiveEliminationTest {
    /// Arms whose means are known up to a margin on each difference.
    private record Known(double margin, List<Double> means)
            implements SuccessiveElimination.Contest {
        @Override
        public boolean isBetter(int arm, int other, double tolerance) {
            return difference(arm, other) - margin > -tolerance;
        }

        @Override
        public double difference(int arm, int other) {
            return means.get(arm) - means.get(other);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8, 30})
    void the_pairs_of_every_arm_share_one_alpha_however_many_join(int first) {
        for (int arm = 0; arm < 200; arm++) {
            int one = arm;
            double spent =
                    IntStream.range(0, 400)
                            .filter(other -> other != one)
                            .mapToDouble(other -> SuccessiveElimination.share(first, one, other))
                            .sum();
            assertThat(spent).isLessThanOrEqualTo(1 + 1e-12);
        }
        assertThat(SuccessiveElimination.share(first, 0, 1))
                .isCloseTo(0.9 / (first - 1), within(1e-15));
    }

    @Test
    void puts_out_what_is_shown_to_be_worse_clearest_first() {
        assertThat(
                        SuccessiveElimination.now(
                                List.of(0, 1, 2, 3), new Known(0.15, List.of(0.5, 0.7, 0.8, 0.2))))
                .containsExactly(
                        new SuccessiveElimination.Out(3, 2), new SuccessiveElimination.Out(0, 2));
    }

    @Test
    void leaves_one_even_if_all_beat_each_other() {
        var circle = new Known(-9, List.of(0.5, 0.6, 0.7));
        assertThat(SuccessiveElimination.now(List.of(0, 1, 2), circle)).hasSize(2);
        assertThat(SuccessiveElimination.now(List.of(1), circle)).isEmpty();
    }

    @Test
    void names_arms_that_are_as_good_as_any_other() {
        var known = new Known(0.02, List.of(0.70, 0.695, 0.65));
        assertThat(SuccessiveElimination.equivalent(List.of(0, 1, 2), known, 0.03))
                .containsExactly(0, 1);
        assertThat(SuccessiveElimination.equivalent(List.of(0, 1, 2), known, 0.01)).isEmpty();
    }

    @Test
    void an_arm_is_no_pair_with_itself() {
        assertThatIllegalArgumentException().isThrownBy(() -> SuccessiveElimination.share(3, 1, 1));
    }
}
