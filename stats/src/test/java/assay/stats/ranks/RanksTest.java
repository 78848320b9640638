package assay.stats.ranks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Answer;
import assay.stats.Why;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RanksTest {
    /// Hamilton depression scores before and after: M. Hollander, D. A. Wolfe, "Nonparametric
    /// Statistical Methods" (1973), page 29, as in R's `wilcox.test`: V = 40, p = 0.0391.
    private static final double[] BEFORE = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};

    private static final double[] AFTER = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};

    private static double[] differences() {
        double[] result = new double[BEFORE.length];
        Arrays.setAll(result, i -> BEFORE[i] - AFTER[i]);
        return result;
    }

    @Test
    void signed_ranks_agree_with_the_published_example() {
        var test = SignedRank.of(differences()).get();
        assertThat(test.statistic()).isEqualTo(40);
        assertThat(test.exactPValue().get()).isCloseTo(0.0390625, within(1e-15));
    }

    @Test
    void signed_ranks_flip_when_the_arms_are_swapped() {
        double[] swapped = Arrays.stream(differences()).map(d -> -d).toArray();
        var there = SignedRank.of(differences()).get();
        var back = SignedRank.of(swapped).get();
        assertThat(back.statistic()).isEqualTo(45 - there.statistic());
        assertThat(back.exactPValue()).isEqualTo(there.exactPValue());
        assertThat(back.normal().get().z()).isCloseTo(-there.normal().get().z(), within(1e-12));
    }

    @Test
    void signed_ranks_leave_out_pairs_without_a_difference() {
        var test = SignedRank.of(new double[] {0, 1, -2, 3, 0}).get();
        assertThat(test.n()).isEqualTo(3);
        assertThat(test.exactPValue()).isEqualTo(Answer.undefined(Why.TIES));
        assertThat(SignedRank.of(new double[] {0, 0})).isEqualTo(Answer.undefined(Why.NO_VARIANCE));
    }

    @Test
    void mann_whitney_mirrors_when_the_arms_are_swapped() {
        var there = MannWhitney.of(BEFORE, AFTER).get();
        var back = MannWhitney.of(AFTER, BEFORE).get();
        assertThat(back.uA()).isEqualTo(there.uB());
        assertThat(back.exactPValue()).isEqualTo(there.exactPValue());
        assertThat(back.shift().get()).isCloseTo(-there.shift().get(), within(1e-12));
    }

    @Test
    void mann_whitney_depends_on_the_order_of_the_values_only() {
        double[] before = Arrays.stream(BEFORE).map(Math::exp).toArray();
        double[] after = Arrays.stream(AFTER).map(Math::exp).toArray();
        var plain = MannWhitney.of(BEFORE, AFTER).get();
        var changed = MannWhitney.of(before, after).get();
        assertThat(changed.uB()).isEqualTo(plain.uB());
        assertThat(changed.normal()).isEqualTo(plain.normal());
    }
}
