package assay.domain.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import assay.stats.Alternative;
import assay.stats.Estimate;
import assay.stats.Interval;
import assay.stats.comparison.Claim;
import assay.stats.sequential.Boundary;
import assay.stats.sequential.GroupSequential;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InferenceTest {
    /// The smallest alpha whose bound at the last of these looks is not above z, by halving alone.
    private static double halved(List<Double> timing, double z) {
        var low = Math.log(1e-12);
        var high = 0.0;
        for (var step = 0; step < 40; step++) {
            var middle = (low + high) / 2;
            var bound =
                    GroupSequential.of(
                                    new Boundary.LanDeMetsObrienFleming(),
                                    timing,
                                    Math.exp(middle),
                                    Alternative.TWO_SIDED)
                            .bounds()
                            .getLast();
            if (Math.min(bound, 40) <= z) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.exp(high);
    }

    @ParameterizedTest(name = "at look {0} of 4, z {1}")
    @CsvSource({"2, 1.3", "2, 3.1", "3, 2.2", "4, 0.4", "4, 1.96", "4, 2.5", "4, 5.9", "1, 6.5"})
    void the_p_value_over_planned_looks_is_to_the_last_bit_that_of_halving(int looks, double z) {
        var timing = List.of(0.25, 0.5, 0.75, 1.0).subList(0, looks);
        var claim = new Claim(new Estimate(z, 1), new Interval(0, 1), -1, OptionalDouble.empty());
        assertThat(new Inference(Rule.Methodology.GROUP_SEQUENTIAL, timing).pValue(claim))
                .isEqualTo(halved(timing, z));
    }
}
