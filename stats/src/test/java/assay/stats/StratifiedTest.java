package assay.stats;

import static org.assertj.core.api.Assertions.assertThat;

import assay.stats.Stratified.Stratum;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StratifiedTest {
    @Test
    void weighs_estimates_and_squared_errors_by_the_shares_of_the_strata() {
        var strata =
                List.of(
                        new Stratum(300, new Estimate(2, 0.4)),
                        new Stratum(100, new Estimate(6, 1.6)));
        assertThat(Stratified.estimate(strata))
                .isEqualTo(Answer.known(new Estimate(3, Math.hypot(0.3, 0.4))));
    }

    @Test
    void does_not_mistake_a_change_of_weights_for_an_effect() {
        // Rates rise from 0.1 to 0.3 between the cohorts, the arms never differ, the shares turn
        // from
        // 90 : 10 to 10 : 90. Pooled, the treatment would seem to be far better.
        var early = Difference.of(Sample.ofSuccesses(90, 900), Sample.ofSuccesses(10, 100));
        var late = Difference.of(Sample.ofSuccesses(30, 100), Sample.ofSuccesses(270, 900));
        var strata =
                List.of(
                        new Stratum(1_000, early.absolute().get()),
                        new Stratum(1_000, late.absolute().get()));
        assertThat(Stratified.estimate(strata).get().value()).isZero();
        assertThat(
                        Difference.of(
                                        Sample.ofSuccesses(120, 1_000),
                                        Sample.ofSuccesses(280, 1_000))
                                .value())
                .isGreaterThan(0.15);
    }

    @Test
    void has_no_answer_without_strata() {
        assertThat(Stratified.estimate(List.of())).isEqualTo(Answer.undefined(Why.NO_UNITS));
    }
}
