package assay.stats.paired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Moments;
import assay.stats.Why;
import assay.stats.sequential.AsymptoticSequence;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PairedTest {
    /// Extra hours of sleep under two drugs: "Student", Biometrika 6 (1908) 1-25, as in R's
    /// `sleep`: t = 4.0621, 9 degrees of freedom, p = 0.002833, mean 1.58, 95 % interval 0.7001 to
    /// 2.4599.
    @Test
    void paired_t_agrees_with_students_own_example() {
        double[] first = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
        double[] second = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
        var differences = new Moments();
        for (int i = 0; i < first.length; i++) {
            differences.add(second[i] - first[i]);
        }
        var test = PairedT.of(differences, 0.05, Alternative.TWO_SIDED).get();
        assertThat(test.statistic()).isCloseTo(4.0621, within(5e-5));
        assertThat(test.degreesOfFreedom()).isEqualTo(9);
        assertThat(test.pValue()).isCloseTo(0.002833, within(5e-7));
        assertThat(test.interval().lower()).isCloseTo(0.7001142, within(5e-8));
        assertThat(test.interval().upper()).isCloseTo(2.4598858, within(5e-8));
    }

    /// Approval of the prime minister in two polls of the same people: A. Agresti, "Categorical
    /// Data Analysis", section on dependent proportions: 150 against 86 changed their mind, z^2 =
    /// 17.36.
    @Test
    void mcnemar_agrees_with_the_textbook() {
        var test = McNemar.of(86, 150).get();
        assertThat(test.statistic()).isCloseTo(17.36, within(0.005));
        assertThat(test.pValue()).isCloseTo(3.1e-5, within(1e-6));
    }

    @Test
    void mcnemar_orders_its_p_values() {
        var test = McNemar.of(3, 11).get();
        // 2 P(X <= 3) of 14 fair draws = 2 * 470 / 16384.
        assertThat(test.exactPValue()).isCloseTo(940 / 16_384.0, within(1e-14));
        assertThat(test.midPValue()).isCloseTo((940 - 364) / 16_384.0, within(1e-14));
        assertThat(McNemar.of(11, 3)).isEqualTo(McNemar.of(3, 11));
    }

    @Test
    void a_sequence_of_pairs_counts_pairs_and_needs_variance() {
        var sequence = new PairedSequence(500, 0.05, Alternative.TWO_SIDED);
        var look = sequence.at(Moments.of(1, 2, 4, 5)).get();
        // Mean 3, variance 10/3, four pairs.
        var expected =
                AsymptoticSequence.tunedFor(500, 0.05, Alternative.TWO_SIDED)
                        .at(4, new Estimate(3, Math.sqrt(10 / 3.0 / 4)));
        assertThat(Answer.known(look)).isEqualTo(expected);
        assertThat(sequence.at(Moments.of(1, 1))).isEqualTo(Answer.undefined(Why.NO_VARIANCE));
    }
}
