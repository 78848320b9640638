package assay.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExactSumTest {
    @Test
    void keeps_what_a_plain_sum_loses() {
        assertThat(ExactSum.of(1e100, 1, -1e100).value()).isEqualTo(1);
    }

    @Test
    void is_zero_without_terms() {
        assertThat(new ExactSum().value()).isZero();
    }

    @Test
    void adds_products_without_rounding_them() {
        double x = 1 + Math.ulp(1.0);
        var sum = new ExactSum();
        sum.addProduct(x, x);
        sum.subtract(1 + 2 * Math.ulp(1.0));
        assertThat(sum.value()).isEqualTo(Math.ulp(1.0) * Math.ulp(1.0));
    }

    @Test
    void refuses_terms_that_are_not_finite_and_stays_as_it_was() {
        var sum = ExactSum.of(3);
        assertThatIllegalArgumentException().isThrownBy(() -> sum.add(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> sum.addProduct(1e300, 1e300));
        assertThat(sum).isEqualTo(ExactSum.of(3));
    }

    @Nested
    class Its_value {
        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
        void is_the_exact_decimal_sum_rounded_once(long seed) {
            double[] terms = wildTerms(seed, 400);
            var exact =
                    Arrays.stream(terms)
                            .mapToObj(BigDecimal::new)
                            .reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(ExactSum.of(terms).value()).isEqualTo(exact.doubleValue());
        }

        @ParameterizedTest
        @ValueSource(doubles = {Double.MIN_VALUE, -Double.MIN_VALUE, 0x1p-1022, 0.1, -1e308})
        void of_a_single_term_is_that_term(double term) {
            assertThat(ExactSum.of(term).value()).isEqualTo(term);
        }

        @Test
        void rounds_ties_to_even() {
            double ulp = Math.ulp(1.0);
            assertThat(ExactSum.of(1, ulp / 2).value()).isEqualTo(1);
            assertThat(ExactSum.of(1, ulp, ulp / 2).value()).isEqualTo(1 + 2 * ulp);
            assertThat(ExactSum.of(1, ulp / 2, Double.MIN_VALUE).value()).isEqualTo(1 + ulp);
        }

        @Test
        void may_pass_the_largest_double_on_the_way() {
            assertThat(ExactSum.of(1e308, 1e308, -1e308).value()).isEqualTo(1e308);
            assertThat(ExactSum.of(1e308, 1e308).value()).isInfinite();
        }
    }

    @Nested
    class Order_and_grouping {
        @ParameterizedTest
        @ValueSource(longs = {11, 12, 13, 14})
        void do_not_matter(long seed) {
            double[] terms = wildTerms(seed, 3_000);
            var inOrder = ExactSum.of(terms);
            var boxed = Arrays.stream(terms).boxed().toList();
            var shuffled = new java.util.ArrayList<>(boxed);
            Collections.shuffle(shuffled, new java.util.Random(seed));
            var groups = new ExactSum[] {new ExactSum(), new ExactSum(), new ExactSum()};
            for (int i = 0; i < shuffled.size(); i++) {
                groups[i % 3].add(shuffled.get(i));
            }
            groups[2].merge(groups[0]);
            groups[2].merge(groups[1]);
            assertThat(groups[2].toBytes()).isEqualTo(inOrder.toBytes());
        }

        @ParameterizedTest
        @ValueSource(longs = {21, 22, 23, 24})
        void are_undone_without_a_trace(long seed) {
            double[] kept = wildTerms(seed, 500);
            var sum = ExactSum.of(kept);
            for (double passing : wildTerms(seed + 100, 2_500)) {
                sum.add(passing);
                sum.addProduct(passing, 0.3);
            }
            for (double passing : wildTerms(seed + 100, 2_500)) {
                sum.subtract(passing);
                sum.subtractProduct(passing, 0.3);
            }
            sum.merge(ExactSum.of(7.5));
            sum.unmerge(ExactSum.of(7.5));
            assertThat(sum).isEqualTo(ExactSum.of(kept));
        }
    }

    @Nested
    class Its_bytes {
        @ParameterizedTest
        @ValueSource(longs = {31, 32, 33, 34, 35, 36})
        void give_the_same_sum_back(long seed) {
            var sum = ExactSum.of(wildTerms(seed, 50));
            assertThat(ExactSum.fromBytes(sum.toBytes())).isEqualTo(sum);
        }

        @Test
        void are_few() {
            assertThat(new ExactSum().toBytes()).isEmpty();
            assertThat(ExactSum.of(12.5).toBytes()).hasSizeLessThan(10);
            assertThat(ExactSum.fromBytes(new byte[0])).isEqualTo(new ExactSum());
        }

        @Test
        void are_refused_if_no_sum_writes_them() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ExactSum.fromBytes(new byte[] {3}));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ExactSum.fromBytes(new byte[] {67, 1}));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ExactSum.fromBytes(new byte[] {-1, 1}));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ExactSum.fromBytes(new byte[] {66, 1, 2, 3, 4, 5}));
        }
    }

    /// Terms of both signs whose sizes span 120 decimal places.
    private static double[] wildTerms(long seed, int count) {
        var random = new SplittableRandom(seed);
        return random.doubles(count)
                .map(unit -> (unit - 0.5) * Math.pow(10, random.nextInt(-60, 60)))
                .toArray();
    }
}
