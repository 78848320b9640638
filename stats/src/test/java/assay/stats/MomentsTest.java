package assay.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MomentsTest {
    @Test
    void of_nobody_have_no_mean() {
        assertThat(new Moments().mean()).isEqualTo(Answer.undefined(Why.NO_UNITS));
        assertThat(new Moments().variance()).isEqualTo(Answer.undefined(Why.NO_UNITS));
    }

    @Test
    void of_one_unit_have_a_mean_but_no_variance() {
        assertThat(Moments.of(4).sample())
                .isEqualTo(Answer.known(new Sample(1, 4, Answer.undefined(Why.TOO_FEW_UNITS))));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e3, 1e9, -1e12})
    void keep_the_variance_at_any_offset(double offset) {
        assertThat(Moments.of(offset + 1, offset + 2, offset + 3, offset + 4).sample())
                .isEqualTo(Answer.known(Sample.of(4, offset + 2.5, 5.0 / 3)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void round_mean_and_variance_once(long seed) {
        double[] values = new SplittableRandom(seed).doubles(37, -1e3, 1e5).toArray();
        var sum = BigDecimal.ZERO;
        var squares = BigDecimal.ZERO;
        for (double value : values) {
            sum = sum.add(new BigDecimal(value));
            squares = squares.add(new BigDecimal(value).pow(2));
        }
        var precise = new MathContext(60);
        var n = BigDecimal.valueOf(values.length);
        var spread = squares.multiply(n).subtract(sum.pow(2));
        var moments = Moments.of(values);
        assertThat(moments.mean()).isEqualTo(Answer.known(sum.divide(n, precise).doubleValue()));
        assertThat(moments.variance())
                .isEqualTo(
                        Answer.known(
                                spread.divide(n.multiply(n.subtract(BigDecimal.ONE)), precise)
                                        .doubleValue()));
    }

    @Test
    void do_not_depend_on_how_they_were_reached() {
        var detour = Moments.of(0.1, 9e20, 0.3);
        detour.remove(9e20);
        detour.merge(Moments.of(-5, 0.7));
        detour.unmerge(Moments.of(-5));
        assertThat(detour).isEqualTo(Moments.of(0.7, 0.3, 0.1));
    }

    @Test
    void count_units_without_a_value_as_zero() {
        var stored = Moments.of(3, 5);
        assertThat(Moments.ofSums(4, stored.sum(), stored.squares()))
                .isEqualTo(Moments.of(0, 3, 0, 5));
    }

    @Test
    void refuse_values_whose_square_overflows_and_stay_as_they_were() {
        var moments = Moments.of(2);
        assertThatIllegalArgumentException().isThrownBy(() -> moments.add(1e200));
        assertThat(moments).isEqualTo(Moments.of(2));
    }

    @Test
    void refuse_to_lose_more_units_than_they_have() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Moments().remove(1));
        var moments = Moments.of(2);
        assertThatIllegalArgumentException().isThrownBy(() -> moments.unmerge(Moments.of(1, 2)));
        assertThat(moments).isEqualTo(Moments.of(2));
    }

    @Test
    void of_two_numbers_have_an_exact_covariance() {
        var joint = new JointMoments();
        for (int i = 1; i <= 5; i++) {
            joint.add(1e9 + i, 1e6 - 2 * i);
        }
        joint.add(3, 8);
        joint.remove(3, 8);
        assertThat(joint.sample())
                .isEqualTo(Answer.known(new JointSample(5, 1e9 + 3, 1e6 - 6, 2.5, 10, -5)));
    }
}
