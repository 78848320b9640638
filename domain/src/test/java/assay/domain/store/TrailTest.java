package assay.domain.store;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.noun.Nouns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TrailTest {
    private static final Nouns NOUNS = Nouns.load(Optional.empty());
    private static final int SUBJECTS = 40;

    @TempDir Path data;

    private static EventRow event(int number, int subject) {
        return EventRow.free(
                "event_" + number, "seen", Optional.of("s" + subject), number, 1, Optional.empty());
    }

    private static List<Long> found(
            Trail trail, SqlConnection connection, String subject, long to) {
        var parameters = new ArrayList<@Nullable Object>();
        var from = trail.of("[\"%s\"]".formatted(subject), to, parameters);
        return connection.rows(
                "SELECT seq FROM " + from + " ORDER BY 1",
                row -> row.getLong(1),
                parameters.toArray());
    }

    @Test
    void finds_the_events_of_a_subject_wherever_they_are_by_now() throws InterruptedException {
        var random = new Random(5);
        try (var store = Store.open(data.resolve("t.db"), NOUNS, false);
                var transaction = store.begin(Transaction.Mode.WRITE)) {
            var connection = transaction.writing();
            var events = new Events(transaction);
            var trail = new Trail(connection);
            for (var time = 0; time < 60; time++) {
                var rows = new ArrayList<EventRow>();
                for (var count = random.nextInt(1, 30); count > 0; count--) {
                    rows.add(event(time * 100 + count, random.nextInt(SUBJECTS)));
                }
                assertThat(events.append(rows, 0, "ada").cardinality()).isEqualTo(rows.size());
                var newest = events.watermark();
                trail.extend(random.nextLong(newest + 1), 20);
                if (time % 20 == 19) {
                    assertThat(events.forget("s" + time / 20)).isPositive();
                }
                var subject = "s" + random.nextInt(SUBJECTS);
                var to = random.nextLong(newest + 1);
                assertThat(found(trail, connection, subject, to))
                        .isEqualTo(
                                connection.rows(
                                        "SELECT seq FROM event WHERE subject = ? AND seq <= ? ORDER BY 1",
                                        row -> row.getLong(1),
                                        subject,
                                        to));
                assertThat(connection.number("SELECT waiting FROM trailed"))
                        .isEqualTo(connection.number("SELECT count(*) FROM trail_new"));
            }
            trail.complete();
            assertThat(connection.number("SELECT count(*) FROM trail")).isPositive();
            assertThat(
                            connection.rows(
                                    "SELECT seq FROM trail UNION ALL SELECT seq FROM trail_new ORDER BY 1",
                                    row -> row.getLong(1)))
                    .isEqualTo(
                            connection.rows(
                                    "SELECT seq FROM event ORDER BY 1", row -> row.getLong(1)));
        }
    }
}
