package assay.domain.store;

import java.util.Optional;
import java.util.OptionalDouble;

/// Puts other values in the place of those that events were sent with. Nothing is changed: what an
/// event has added is taken back by a row of its own, and another row takes its place, so that
/// running sums follow like after any other event.
public final class Corrections {
    private static final String PREFIX = "event_";

    private final Transaction transaction;

    public Corrections(Transaction transaction) {
        this.transaction = transaction;
    }

    /// An event that can be corrected, as it was sent.
    ///
    /// @param id of the event itself, also when a correction of it was asked for
    /// @param experiment empty when it belongs to none
    /// @param metric or its type, when it belongs to no experiment
    public record Sent(
            String id,
            Optional<String> experiment,
            long iteration,
            String kind,
            String subject,
            String metric) {}

    /// The row that counts for an event now.
    private record Counting(long seq, double value) {}

    /// The event with this id, or the one that the correction with this id is about.
    public Optional<Sent> find(String id) {
        return transaction
                .reading()
                .row(
                        "SELECT id, experiment, coalesce(iteration, 0), kind, coalesce(subject, ''), coalesce(metric, kind)"
                                + " FROM event WHERE id = (SELECT coalesce(corrects, id) FROM event WHERE id = ?)",
                        row ->
                                new Sent(
                                        row.getString(1),
                                        Optional.ofNullable(row.getString(2)),
                                        row.getLong(3),
                                        row.getString(4),
                                        row.getString(5),
                                        row.getString(6)),
                        id);
    }

    /// Lets an event count with another value, or not at all.
    ///
    /// @param value nothing takes the event back
    /// @param now milliseconds since 1970
    /// @return false when that is how it counts already
    public boolean correct(Sent event, OptionalDouble value, long now, String actor) {
        var connection = transaction.writing();
        var counting = counting(connection, event);
        if (value.isEmpty()
                ? counting.isEmpty()
                : counting.filter(row -> row.value() == value.getAsDouble()).isPresent()) {
            return false;
        }
        transaction.appended();
        var before = connection.number("SELECT coalesce(max(seq), 0) FROM event");
        counting.ifPresent(row -> add(connection, event, row.seq(), row.value(), -1, now, actor));
        value.ifPresent(number ->
                add(
                        connection,
                        event,
                        connection.number("SELECT seq FROM event WHERE id = ?", event.id()),
                        number,
                        1,
                        now,
                        actor));
        Events.count(connection, before);
        return true;
    }

    private static Optional<Counting> counting(SqlConnection connection, Sent event) {
        return connection
                .row(
                        "SELECT seq, coalesce(value, 1), sign FROM event WHERE id = ?1 OR corrects = ?1 ORDER BY seq DESC LIMIT 1",
                        row ->
                                row.getInt(3) > 0
                                        ? Optional.of(
                                                new Counting(row.getLong(1), row.getDouble(2)))
                                        : Optional.<Counting>empty(),
                        event.id())
                .orElseThrow();
    }

    /// @param like the number of the row that all is taken from but the value
    private static void add(
            SqlConnection connection,
            Sent event,
            long like,
            double value,
            int sign,
            long now,
            String actor) {
        var earlier =
                connection.number("SELECT count(*) FROM event WHERE corrects = ?", event.id());
        connection.change(
                """
                INSERT INTO event (id, kind, experiment, iteration, subject, variant, metric, value, at, created_at, created_by,
                  doc, corrects, sign)
                SELECT ?1, kind, experiment, iteration, subject, variant, metric, ?2, at, ?3, ?4,
                  iif(experiment IS NULL AND doc IS NOT NULL, json_set(doc, '$.value', ?2), doc), ?5, ?6
                FROM event WHERE seq = ?7\
                """,
                "%s~%d/%s".formatted(PREFIX, earlier + 1, event.id().substring(PREFIX.length())),
                value,
                now,
                actor,
                event.id(),
                sign,
                like);
    }
}
