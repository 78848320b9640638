package assay.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Alternative;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GroupSequentialTest {
    private static final List<Double> TIMING = List.of(0.2, 0.45, 0.6, 0.9, 1.0);

    static Stream<Boundary> boundaries() {
        return Stream.of(
                new Boundary.ObrienFleming(),
                new Boundary.Pocock(),
                new Boundary.WangTsiatis(0.3),
                new Boundary.LanDeMetsObrienFleming(),
                new Boundary.LanDeMetsPocock(),
                new Boundary.KimDeMets(2));
    }

    private static GroupSequential design(Boundary boundary, List<Double> timing, double alpha) {
        return GroupSequential.of(boundary, timing, alpha, Alternative.TWO_SIDED);
    }

    @ParameterizedTest
    @MethodSource("boundaries")
    void spends_its_whole_error_by_the_last_look(Boundary boundary) {
        var spent = design(boundary, TIMING, 0.05).cumulativeAlpha();
        assertThat(spent).isSorted();
        assertThat(spent.getLast()).isCloseTo(0.05, within(1e-10));
    }

    @ParameterizedTest
    @MethodSource("boundaries")
    void reduces_to_the_fixed_test_with_a_single_look(Boundary boundary) {
        assertThat(design(boundary, List.of(1.0), 0.05).bounds().getFirst())
                .isCloseTo(1.959963984540054, within(1e-9));
    }

    @ParameterizedTest
    @MethodSource("boundaries")
    void widens_as_alpha_falls(Boundary boundary) {
        var loose = design(boundary, TIMING, 0.1).bounds();
        var strict = design(boundary, TIMING, 0.01).bounds();
        for (int look = 0; look < TIMING.size(); look++) {
            assertThat(strict.get(look)).isGreaterThan(loose.get(look));
        }
    }

    @Test
    void spends_the_first_look_exactly() {
        // Two-sided O'Brien-Fleming spending at a tenth of the information, per side
        // 2 (1 - Phi(2.241402727604947 / sqrt 0.1)): the bound is known without any recursion.
        var bounds =
                design(new Boundary.LanDeMetsObrienFleming(), List.of(0.1, 1.0), 0.05).bounds();
        assertThat(bounds.getFirst()).isCloseTo(6.991351707077417, within(1e-10));
    }

    @Test
    void refuses_looks_that_do_not_follow_each_other() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> design(new Boundary.Pocock(), List.of(0.5, 0.5), 0.05));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> design(new Boundary.Pocock(), List.of(), 0.05));
    }
}
