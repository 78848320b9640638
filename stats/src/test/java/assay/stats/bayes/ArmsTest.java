package assay.stats.bayes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.distribution.Normal;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.commons.numbers.gamma.LogBeta;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ArmsTest {
    static Stream<List<BetaPosterior>> experiments() {
        var random = new SplittableRandom(8);
        return Stream.generate(() ->
                        Stream.generate(
                                        () -> {
                                            long n = (long) Math.pow(10, random.nextDouble(0, 9));
                                            return BetaPosterior.of(
                                                    random.nextLong(n + 1),
                                                    n,
                                                    new BetaPosterior(1, 1));
                                        })
                                .limit(random.nextInt(2, 6))
                                .toList())
                .limit(60);
    }

    @ParameterizedTest
    @MethodSource("experiments")
    void have_one_best_and_one_second_best(List<BetaPosterior> posteriors) {
        var arms = Arms.ofRates(posteriors);
        assertThat(Arrays.stream(arms.probabilityBest()).sum()).isCloseTo(1, within(1e-12));
        assertThat(Arrays.stream(arms.probabilitySecond()).sum()).isCloseTo(1, within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("experiments")
    void lose_more_against_all_than_against_one(List<BetaPosterior> posteriors) {
        var arms = Arms.ofRates(posteriors);
        double[] loss = arms.expectedLoss();
        for (int other = 1; other < posteriors.size(); other++) {
            assertThat(loss[0]).isGreaterThanOrEqualTo(arms.expectedLoss(0, other) * (1 - 1e-9));
        }
    }

    @ParameterizedTest
    @MethodSource("experiments")
    void balance_gain_and_loss_of_a_pair(List<BetaPosterior> posteriors) {
        // E[(b - a)+] - E[(a - b)+] = E[b] - E[a].
        var arms = Arms.ofRates(posteriors);
        double net = arms.expectedLoss(0, 1) - arms.expectedLoss(1, 0);
        assertThat(net)
                .isCloseTo(posteriors.get(1).mean() - posteriors.get(0).mean(), within(1e-11));
        assertThat(arms.probabilityBetter(0, 1) + arms.probabilityBetter(1, 0))
                .isCloseTo(1, within(1e-11));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "3, 5, 4, 4", "10, 90, 15, 85", "2, 1000, 7, 1000"})
    void agree_with_the_closed_form_for_whole_parameters(int a1, int b1, int a2, int b2) {
        // E. Miller, "Formulas for Bayesian A/B testing": a finite sum of beta functions.
        double sum = 0;
        for (int i = 0; i < a2; i++) {
            double log =
                    logBeta(a1 + i, b1 + b2)
                            - Math.log(b2 + i)
                            - logBeta(1 + i, b2)
                            - logBeta(a1, b1);
            sum += Math.exp(log);
        }
        var arms = Arms.ofRates(List.of(new BetaPosterior(a1, b1), new BetaPosterior(a2, b2)));
        assertThat(arms.probabilityBetter(1, 0)).isCloseTo(sum, within(1e-11));
    }

    private static double logBeta(double a, double b) {
        return LogBeta.value(a, b);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0.5, 1",
        "5, 0.001, 5.002, 3",
        "-1e9, 1, -999999998, 2",
        "0, 1e-6, 1e-6, 1e-6"
    })
    void with_normal_means_agree_with_the_closed_form(
            double mean, double sd, double otherMean, double otherSd) {
        var arms =
                Arms.ofMeans(
                        List.of(
                                new NormalPosterior(mean, sd),
                                new NormalPosterior(otherMean, otherSd)));
        double z = (otherMean - mean) / Math.hypot(sd, otherSd);
        assertThat(arms.probabilityBetter(1, 0)).isCloseTo(Normal.cumulative(z), within(1e-11));
    }

    @Test
    void are_found_although_they_lie_a_billion_widths_apart() {
        var arms =
                Arms.ofMeans(List.of(new NormalPosterior(0, 1e-9), new NormalPosterior(1, 1e-3)));
        assertThat(arms.probabilityBest()).containsExactly(0, 1);
        assertThat(arms.expectedLoss()[0]).isCloseTo(1, within(1e-12));
    }
}
