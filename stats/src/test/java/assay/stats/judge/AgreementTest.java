package assay.stats.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Answer;
import assay.stats.Why;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AgreementTest {
    /// J. L. Fleiss, B. Levin, M. C. Paik, "Statistical Methods for Rates and Proportions", third
    /// edition, table 18.1 and equation 18.15: kappa 0.68 with a standard error of 0.087.
    private static final long[][] DIAGNOSES = {{75, 1, 4}, {5, 4, 1}, {0, 0, 10}};

    @Test
    void of_two_raters_of_a_hundred_patients_is_what_the_book_says() {
        var agreement = Agreement.of(DIAGNOSES, 0.05).get();
        assertThat(agreement.n()).isEqualTo(100);
        assertThat(agreement.observed()).isEqualTo(0.89);
        assertThat(agreement.expected()).isCloseTo(0.66, within(1e-12));
        assertThat(agreement.kappa()).isCloseTo(0.23 / 0.34, within(1e-12));
        assertThat(agreement.kappaInterval().width() / 2 / 1.959964)
                .isCloseTo(0.0877, within(5e-5));
    }

    @Test
    void does_not_depend_on_who_is_called_first() {
        long[][] turned = new long[3][3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                turned[j][i] = DIAGNOSES[i][j];
            }
        }
        var one = Agreement.of(DIAGNOSES, 0.05).get();
        var other = Agreement.of(turned, 0.05).get();
        assertThat(other.kappa()).isCloseTo(one.kappa(), within(1e-12));
        assertThat(other.kappaInterval().lower())
                .isCloseTo(one.kappaInterval().lower(), within(1e-12));
    }

    @Test
    void that_is_perfect_is_one_and_that_of_chance_is_none() {
        assertThat(Agreement.of(new long[][] {{20, 0}, {0, 20}}, 0.05).get().kappa()).isEqualTo(1);
        assertThat(Agreement.of(new long[][] {{10, 10}, {10, 10}}, 0.05).get().kappa()).isZero();
    }

    @Test
    void has_no_answer_without_things_and_in_one_category() {
        assertThat(Agreement.of(new long[][] {{0, 0}, {0, 0}}, 0.05))
                .isEqualTo(Answer.undefined(Why.NO_UNITS));
        assertThat(Agreement.of(new long[][] {{9, 0}, {0, 0}}, 0.05))
                .isEqualTo(Answer.undefined(Why.NO_VARIANCE));
    }
}
