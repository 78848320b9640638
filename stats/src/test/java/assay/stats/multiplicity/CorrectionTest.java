package assay.stats.multiplicity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CorrectionTest {
    private static Stream<double[]> families() {
        var random = new SplittableRandom(3);
        return Stream.generate(() ->
                        random.doubles(random.nextInt(1, 30))
                                .map(u -> Math.pow(u, random.nextInt(1, 6)))
                                .toArray())
                .limit(200);
    }

    @ParameterizedTest
    @EnumSource(Correction.class)
    void keeps_the_order_and_never_lowers_a_p_value(Correction correction) {
        families()
                .forEach(p -> {
                    double[] adjusted = correction.adjust(p);
                    for (int i = 0; i < p.length; i++) {
                        assertThat(adjusted[i]).isBetween(p[i] * (1 - 1e-15), 1.0);
                        for (int j = 0; j < p.length; j++) {
                            if (p[i] <= p[j]) {
                                assertThat(adjusted[i]).isLessThanOrEqualTo(adjusted[j]);
                            }
                        }
                    }
                });
    }

    @Test
    void never_makes_the_sharper_method_the_weaker_one() {
        families()
                .forEach(p -> {
                    neverAbove(p, Correction.HOLM, Correction.BONFERRONI);
                    neverAbove(p, Correction.HOCHBERG, Correction.HOLM);
                    neverAbove(p, Correction.HOMMEL, Correction.HOCHBERG);
                    neverAbove(p, Correction.BENJAMINI_HOCHBERG, Correction.HOMMEL);
                    neverAbove(p, Correction.BENJAMINI_HOCHBERG, Correction.BENJAMINI_YEKUTIELI);
                    neverAbove(p, Correction.SIDAK, Correction.BONFERRONI);
                });
    }

    private static void neverAbove(double[] p, Correction sharper, Correction weaker) {
        double[] sharp = sharper.adjust(p);
        double[] weak = weaker.adjust(p);
        for (int i = 0; i < p.length; i++) {
            assertThat(sharp[i]).isLessThanOrEqualTo(weak[i] * (1 + 1e-14));
        }
    }

    @Test
    void by_e_values_is_the_step_up_rule_on_their_inverses() {
        double[] eValues = {200, 3, 45, 0, 61};
        double[] logs = Arrays.stream(eValues).map(Math::log).toArray();
        // At 0.1 of 5: the k-th largest must reach 5 / (0.1 k) = 50, 25, 16.7, ...
        assertThat(EBenjaminiHochberg.reject(0.1, logs))
                .containsExactly(true, false, true, false, true);
        double[] inverses = Arrays.stream(eValues).map(e -> Math.min(1, 1 / e)).toArray();
        assertThat(EBenjaminiHochberg.adjust(logs))
                .containsExactly(
                        Correction.BENJAMINI_HOCHBERG.adjust(inverses), Offset.offset(1e-12));
    }
}
