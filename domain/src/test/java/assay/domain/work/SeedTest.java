package assay.domain.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SeedTest {
    private static List<String> ids(long seed) {
        var ids = new Seed(seed).ids();
        return Stream.generate(() -> ids.next("contact")).limit(1000).toList();
    }

    @Test
    void gives_the_same_ids_each_time_and_others_for_another_seed() {
        assertThat(ids(7)).isEqualTo(ids(7)).doesNotContainAnyElementsOf(ids(8));
    }

    @Test
    void gives_ids_that_do_not_repeat() {
        assertThat(new HashSet<>(ids(7))).hasSize(1000);
    }

    @Test
    void gives_events_ids_that_sort_as_they_came() {
        var ids = new Seed(7).ids();
        assertThat(
                        LongStream.of(0, 61, 62, 1_790_000_000_000L, 1_790_000_000_001L)
                                .mapToObj(Instant::ofEpochMilli)
                                .map(time -> ids.at(time).next("event")))
                .isSorted()
                .allMatch(id -> id.matches("event_[0-9A-Za-z]{16}"));
    }

    @Test
    void gives_events_of_one_time_ids_that_do_not_repeat() {
        var ids = new Seed(7).ids().at(Instant.EPOCH);
        assertThat(Stream.generate(() -> ids.next("event")).limit(1000)).doesNotHaveDuplicates();
    }

    @Test
    void gives_a_script_the_same_chance_each_time_and_not_the_seed_itself() {
        assertThat(new Seed(7).ofScript())
                .isEqualTo(new Seed(7).ofScript())
                .isNotEqualTo(new Seed(8).ofScript())
                .isNotEqualTo(7);
    }
}
