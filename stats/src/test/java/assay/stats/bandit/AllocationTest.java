package assay.stats.bandit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Answer;
import assay.stats.Sample;
import assay.stats.Why;
import assay.stats.bayes.Arms;
import assay.stats.bayes.NormalPosterior;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AllocationTest {
    final Arms arms =
            Arms.ofMeans(
                    List.of(
                            new NormalPosterior(1, 0.2),
                            new NormalPosterior(1.3, 0.2),
                            new NormalPosterior(0.7, 0.3)));

    @Test
    void is_a_distribution_whatever_the_rule() {
        for (double[] shares :
                List.of(
                        Allocation.thompson(arms),
                        Allocation.topTwoShares(arms),
                        Allocation.topTwoSampling(arms, 0.5),
                        Allocation.withFloor(Allocation.thompson(arms), 0.1))) {
            assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void gives_the_second_best_more_when_it_wants_to_learn() {
        assertThat(Allocation.topTwoSampling(arms, 0.5)[0])
                .isGreaterThan(Allocation.thompson(arms)[0]);
    }

    @Test
    void keeps_the_floor() {
        assertThat(Allocation.withFloor(new double[] {1, 0}, 0.25)).containsExactly(0.75, 0.25);
        assertThat(Allocation.withFloor(new double[] {1, 0}, 0.6)).containsExactly(0.5, 0.5);
    }

    @Nested
    class Estimates_under_adaptive_allocation {
        @Test
        void weigh_each_unit_by_how_unlikely_its_arm_was() {
            var difference = new AdaptiveDifference();
            difference.addControl(1, 0.8, 0.2);
            difference.addTreatment(2, 0.8, 0.2);
            // Contributions -1/0.8 and -1 + 2/0.2. Before the first unit either arm is expected to
            // have
            // variance 1/4; before the second the control's is that of 0, 1, 1.
            double first = 1 / Math.sqrt(0.25 / 0.8 + 0.25 / 0.2);
            double second = 1 / Math.sqrt(2 / 9.0 / 0.8 + 0.25 / 0.2);
            assertThat(difference.estimate().get().value())
                    .isCloseTo((-1.25 * first + 9 * second) / (first + second), within(1e-12));
            assertThat(difference.n()).isEqualTo(2);
        }

        @Test
        void refuse_a_propensity_of_zero() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new AdaptiveDifference().addControl(1, 0, 0.5));
        }

        @Test
        void of_separate_sequences_agree_in_interval_and_p_value() {
            var sequences = new PerArmSequences(0.05, 1_000);
            var control = Sample.of(1_000, 1, 1);
            for (double mean = 0.7; mean < 1.3; mean += 0.01) {
                var treatment = Sample.of(700, mean, 2);
                boolean excluded = !sequences.interval(control, treatment).get().contains(0);
                assertThat(sequences.pValue(control, treatment).get() < 0.05).isEqualTo(excluded);
            }
        }

        @Test
        void of_separate_sequences_need_variance() {
            assertThat(
                            new PerArmSequences(0.05, 1_000)
                                    .interval(Sample.of(5, 1, 0), Sample.of(5, 1, 1)))
                    .isEqualTo(Answer.undefined(Why.NO_VARIANCE));
        }
    }
}
