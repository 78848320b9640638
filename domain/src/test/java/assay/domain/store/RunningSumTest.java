package assay.domain.store;

import static org.assertj.core.api.Assertions.assertThat;

import assay.stats.ExactSum;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RunningSumTest {
    private static RunningSum of(List<Double> terms) {
        var sum = new RunningSum();
        terms.forEach(sum::add);
        return sum;
    }

    @Test
    void of_what_two_doubles_hold_is_stored_in_seventeen_bytes_at_most() {
        assertThat(of(List.of(0.5, 0.25)).stored()).isEqualTo(0.75);
        assertThat((byte[]) of(List.of(0.1, 0.2, 0.3)).stored()).hasSize(17);
        assertThat((byte[]) of(List.of(1e20, 1.0, 1e-20, 1e-40)).stored()).isNotEmpty();
    }

    @Test
    void that_was_stored_as_an_exact_sum_goes_on_from_there() {
        var before = new RunningSum(ExactSum.of(0.1, 0.2).toBytes());
        before.add(0.3);
        assertThat(before.stored()).isEqualTo(of(List.of(0.1, 0.2, 0.3)).stored());
    }

    @Test
    void is_stored_as_the_same_bytes_in_whatever_order_and_pieces_it_was_made() {
        var random = new Random(6);
        for (var time = 0; time < 2_000; time++) {
            var terms = new ArrayList<Double>();
            var spread = random.nextInt(1, 200);
            for (var count = random.nextInt(1, 9); count > 0; count--) {
                var term = random.nextGaussian() * Math.pow(2, random.nextInt(spread) - spread / 2);
                terms.add(random.nextInt(3) == 0 ? Math.rint(term) : term);
                if (random.nextInt(3) == 0) {
                    terms.add(-terms.getFirst());
                }
            }
            var expected = of(terms);
            var exact = new ExactSum();
            terms.forEach(exact::add);
            assertThat(expected.value()).isEqualTo(exact.value());
            Collections.shuffle(terms, random);
            var pieces = new RunningSum();
            for (var term : terms) {
                pieces = new RunningSum(pieces.stored());
                pieces.add(term);
            }
            assertThat(pieces.stored()).isEqualTo(expected.stored());
        }
    }
}
