package assay.stats.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Answer;
import assay.stats.Why;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BiasRegressionTest {
    @Test
    void finds_slope_and_standard_error_by_the_formula() {
        double[][] lengths = {{0}, {1}, {2}, {3}, {4}};
        var influences = BiasRegression.of(new double[] {1, 1, 2, 4, 4}, lengths, 0.05).get();
        // By hand: mean 2.4, slope sum((x-2)(y-2.4)) / 10 = 9/10, residuals 0.4, -0.5, -0.4, 0.7,
        // -0.2,
        // leverages 0.6, 0.3, 0.2, 0.3, 0.6: HC3 variance = (4*1 + 0.25/0.49 + 0 + 0.49/0.49 +
        // 4*0.25) / 100.
        assertThat(influences.get(1).estimate().value()).isCloseTo(0.9, within(1e-12));
        double variance = (4 * 0.16 / 0.16 + 0.25 / 0.49 + 0.49 / 0.49 + 4 * 0.04 / 0.16) / 100;
        assertThat(influences.get(1).estimate().standardError())
                .isCloseTo(Math.sqrt(variance), within(1e-12));
        assertThat(influences.get(0).estimate().value()).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void has_no_answer_for_too_few_things_and_for_a_property_that_does_not_vary() {
        assertThat(
                        BiasRegression.of(
                                new double[] {1, 0, 1, 0},
                                new double[][] {{0}, {1}, {2}, {3}},
                                0.05))
                .isEqualTo(Answer.undefined(Why.TOO_FEW_UNITS));
        assertThat(
                        BiasRegression.of(
                                new double[] {1, 0, 1, 0, 1, 1},
                                new double[][] {{2}, {2}, {2}, {2}, {2}, {2}},
                                0.05))
                .isEqualTo(Answer.undefined(Why.SINGULAR));
    }
}
