package assay.domain.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the events of each subject are. It ends at a mark; what came after is looked for in the
/// events themselves.
///
/// Subjects come in any order, so each new event is likely to touch another page of a large table.
/// New ones are therefore gathered in a small table; when it is full, those of a range of subjects
/// move on, next time those of the range after it, so that many of them share a page.
final class Trail {
    /// The tables that hold subjects and numbers of events; no event is in both.
    static final List<String> TABLES = List.of("trail", "trail_new");

    /// Rows that the small table holds, but for those that were just added.
    private static final long MOST_WAITING = 400_000;

    private final SqlConnection connection;

    Trail(SqlConnection connection) {
        this.connection = connection;
    }

    /// The last event that it contains.
    long mark() {
        return connection.number("SELECT seq FROM trailed");
    }

    /// Makes it contain all events up to one.
    void extend(long to) {
        extend(to, MOST_WAITING);
    }

    /// @param mostWaiting rows to leave in the small table
    void extend(long to, long mostWaiting) {
        var mark = mark();
        if (to <= mark) {
            return;
        }
        var added =
                connection.changed(
                        "INSERT INTO trail_new SELECT subject, seq FROM event NOT INDEXED"
                                + " WHERE seq > ? AND seq <= ? AND subject IS NOT NULL ORDER BY subject, seq",
                        mark,
                        to);
        connection.change("UPDATE trailed SET seq = ?, waiting = waiting + ?", to, added);
        var excess = connection.number("SELECT waiting FROM trailed") - mostWaiting;
        if (excess > 0) {
            moveOn(excess);
        }
    }

    /// Moves about so many rows to the large table: those of the subjects after the last that did.
    private void moveOn(long rows) {
        var moved = connection.row("SELECT moved FROM trailed", row -> row.getString(1)).orElse("");
        var last =
                connection.row(
                        "SELECT subject FROM trail_new WHERE subject > ? ORDER BY subject, seq LIMIT 1 OFFSET ?",
                        row -> row.getString(1),
                        moved,
                        rows - 1);
        var range = "subject > ?" + (last.isPresent() ? " AND subject <= ?" : "");
        var parameters = new ArrayList<@Nullable Object>();
        parameters.add(moved);
        last.ifPresent(parameters::add);
        connection.change(
                "INSERT INTO trail SELECT subject, seq FROM trail_new WHERE "
                        + range
                        + " ORDER BY subject, seq",
                parameters.toArray());
        var gone = connection.changed("DELETE FROM trail_new WHERE " + range, parameters.toArray());
        connection.change(
                "UPDATE trailed SET waiting = waiting - ?, moved = ?", gone, last.orElse(""));
    }

    /// Makes it contain all events.
    void complete() {
        extend(connection.number("SELECT coalesce(max(seq), 0) FROM event"));
    }

    /// Removes the events of a subject from it, and from the events.
    ///
    /// @return how many there were
    long remove(String subject) {
        var removed = 0;
        for (var table : TABLES) {
            connection.change(
                    "DELETE FROM event WHERE seq IN (SELECT seq FROM %s WHERE subject = ?)"
                            .formatted(table),
                    subject);
            var gone = connection.changed("DELETE FROM " + table + " WHERE subject = ?", subject);
            if (table.equals("trail_new")) {
                connection.change("UPDATE trailed SET waiting = waiting - ?", gone);
            }
            removed += gone;
        }
        return removed;
    }

    /// What stands behind FROM for the numbers of all events of some subjects up to one: a column
    /// `seq`.
    ///
    /// @param subjects as a JSON array
    /// @param parameters where the values go that stand for its question marks
    String of(String subjects, long to, List<@Nullable Object> parameters) {
        var sql = new StringBuilder();
        for (var table : TABLES) {
            sql.append(sql.isEmpty() ? "(" : " UNION ALL ")
                    .append("SELECT t.seq FROM json_each(?) j CROSS JOIN ")
                    .append(table)
                    .append(" t ON t.subject = j.value AND t.seq <= ?");
            parameters.add(subjects);
            parameters.add(to);
        }
        var mark = mark();
        if (to > mark) {
            sql.append(
                            " UNION ALL SELECT n.seq FROM event n NOT INDEXED WHERE n.seq > ? AND n.seq <= ?")
                    .append(" AND n.subject IN (SELECT value FROM json_each(?))");
            parameters.add(mark);
            parameters.add(to);
            parameters.add(subjects);
        }
        return sql.append(")").toString();
    }
}
