package assay.stats.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Answer;
import assay.stats.JointMoments;
import assay.stats.Moments;
import assay.stats.Why;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RatioMetricTest {
    @Test
    void of_a_constant_denominator_is_the_mean() {
        var sums = new JointMoments();
        var values = new Moments();
        for (double value : new double[] {3, 1, 4, 1, 5}) {
            sums.add(2 * value, 2);
            values.add(value);
        }
        assertThat(RatioMetric.sample(sums)).isEqualTo(values.sample());
    }

    @Test
    void knows_that_proportional_units_have_no_variance() {
        var sums = new JointMoments();
        for (double size : new double[] {0.1, 0.7, 1.3}) {
            sums.add(0.25 * size, size);
        }
        assertThat(RatioMetric.sample(sums).get().variance()).isEqualTo(Answer.known(0.0));
    }

    @Test
    void of_clusters_of_equal_elements_has_their_size_as_design_effect() {
        var clusters = new JointMoments();
        var elements = new Moments();
        for (int cluster = 0; cluster < 200; cluster++) {
            int value = cluster % 2;
            clusters.add(4 * value, 4);
            for (int i = 0; i < 4; i++) {
                elements.add(value);
            }
        }
        assertThat(RatioMetric.designEffect(clusters, elements.sample().get()).get())
                .isCloseTo(4, within(0.02));
    }

    @Test
    void has_no_answer_without_a_denominator() {
        var sums = new JointMoments();
        sums.add(1, 0);
        assertThat(RatioMetric.sample(sums)).isEqualTo(Answer.undefined(Why.ZERO_DENOMINATOR));
    }
}
