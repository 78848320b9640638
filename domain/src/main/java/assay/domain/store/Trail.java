package assay.domain.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the events of each subject are. It ends at a mark; what came after is looked for in the
/// events themselves.
final class Trail {
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
        var mark = mark();
        if (to <= mark) {
            return;
        }
        connection.change(
                "INSERT INTO trail SELECT subject, seq FROM event NOT INDEXED"
                        + " WHERE seq > ? AND seq <= ? AND subject IS NOT NULL ORDER BY subject, seq",
                mark,
                to);
        connection.change("UPDATE trailed SET seq = ?", to);
    }

    /// Makes it contain all events.
    void complete() {
        extend(connection.number("SELECT coalesce(max(seq), 0) FROM event"));
    }

    /// What stands behind FROM for the numbers of all events of some subjects up to one: a column
    /// `seq`.
    ///
    /// @param subjects as a JSON array
    /// @param parameters where the values go that stand for its question marks
    String of(String subjects, long to, List<@Nullable Object> parameters) {
        var mark = mark();
        parameters.add(subjects);
        var known =
                "SELECT t.seq FROM json_each(?) j CROSS JOIN trail t ON t.subject = j.value AND t.seq <= ?";
        parameters.add(to);
        if (to <= mark) {
            return "(" + known + ")";
        }
        parameters.add(mark);
        parameters.add(to);
        parameters.add(subjects);
        return "("
                + known
                + " UNION ALL SELECT n.seq FROM event n NOT INDEXED WHERE n.seq > ? AND n.seq <= ?"
                + " AND n.subject IN (SELECT value FROM json_each(?)))";
    }
}
