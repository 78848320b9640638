package assay.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Alternative;
import assay.stats.distribution.Normal;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GroupSequentialPowerTest {
    private static GroupSequentialPower of(Boundary boundary, int looks) {
        var timing = IntStream.rangeClosed(1, looks).mapToObj(k -> (double) k / looks).toList();
        var bounds = GroupSequential.of(boundary, timing, 0.05, Alternative.TWO_SIDED).bounds();
        return new GroupSequentialPower(timing, bounds);
    }

    /// Jennison and Turnbull (2000), tables 2.2 (Pocock) and 2.4 (O'Brien and Fleming): by how much
    /// the largest sample exceeds that of the test with one look, at alpha 0.05.
    @ParameterizedTest
    @CsvSource({
        "0.5, 2, 0.8, 1.110", "0.5, 4, 0.8, 1.202", "0.5, 5, 0.9, 1.207",
        "0, 2, 0.8, 1.008", "0, 4, 0.8, 1.024", "0, 5, 0.9, 1.026"
    })
    void needs_as_much_more_than_one_look_as_the_tables_say(
            double shape, int looks, double power, double times) {
        Boundary boundary = shape == 0 ? new Boundary.ObrienFleming() : new Boundary.Pocock();
        double mean = of(boundary, looks).mean(power);
        double once = Normal.quantile(0.975) + Normal.quantile(power);
        assertThat(mean * mean / (once * once)).isCloseTo(times, within(.0006));
    }

    @Test
    void with_one_look_is_the_plain_test() {
        var once = new GroupSequentialPower(List.of(1.0), List.of(Normal.quantile(0.975)));
        assertThat(once.mean(0.8))
                .isCloseTo(Normal.quantile(0.975) + Normal.quantile(0.8), within(1e-4));
        assertThat(once.course(3).information()).isEqualTo(1);
    }

    @Test
    void agrees_with_simulated_paths() {
        var test = of(new Boundary.LanDeMetsObrienFleming(), 4);
        double mean = 2.9;
        var course = test.course(mean);
        var random = new SplittableRandom(20_261_120);
        int paths = 200_000;
        int found = 0;
        double information = 0;
        for (int path = 0; path < paths; path++) {
            double score = 0;
            for (int look = 0; look < 4; look++) {
                score += random.nextGaussian(mean / 4, 0.5);
                double share = test.timing().get(look);
                double z = score / Math.sqrt(share);
                if (Math.abs(z) > test.bounds().get(look) || look == 3) {
                    found += z > test.bounds().get(look) ? 1 : 0;
                    information += share;
                    break;
                }
            }
        }
        assertThat(course.power()).isCloseTo((double) found / paths, within(.004));
        assertThat(course.information()).isCloseTo(information / paths, within(.002));
    }
}
