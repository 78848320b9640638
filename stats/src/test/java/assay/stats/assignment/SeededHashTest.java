package assay.stats.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SeededHashTest {
    @Test
    void is_the_public_hash_in_ten_thousand_steps() {
        var random = new Random(3);
        for (var i = 0; i < 50_000; i++) {
            var seed = "experiment_" + Integer.toString(random.nextInt(1000), 36);
            var subject =
                    new StringBuilder("\u00fc")
                            .append(Long.toString(random.nextLong(), 36))
                            .substring(random.nextInt(2));
            assertThat(new SeededHash(seed).bucket(subject) / 10_000.0)
                    .isEqualTo(Bucketing.hash(seed, subject, 2));
        }
    }
}
