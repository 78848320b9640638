package assay.domain.store;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Events that are not yet folded, by where they belong.
final class Tail {
    private final Map<Stream, Part> streams = new HashMap<>();
    private final Map<String, List<Row>> free = new HashMap<>();
    private final long from;
    private final long to;

    private Tail(long from, long to) {
        this.from = from;
        this.to = to;
    }

    /// An iteration of an experiment.
    record Stream(String experiment, long iteration) {}

    /// One event of a subject.
    ///
    /// @param sign -1 takes such an event back
    record Row(long seq, String subject, double value, long at, int sign) {}

    /// What belongs to one iteration.
    private static final class Part {
        private final Set<String> exposed = new HashSet<>();
        private final Map<String, List<Row>> byMetric = new HashMap<>();
    }

    /// Events with numbers `(from, to]`.
    ///
    /// @param only leave out what belongs to other iterations
    static Tail read(SqlConnection connection, long from, long to, Optional<Stream> only) {
        var tail = new Tail(from, to);
        var sql =
                "SELECT seq, experiment, iteration, subject, metric, value, at, kind, sign FROM event NOT INDEXED"
                        + " WHERE seq > ? AND seq <= ? AND subject IS NOT NULL";
        var parameters = new ArrayList<@Nullable Object>(List.of(from, to));
        if (only.isPresent()) {
            sql += " AND (experiment IS NULL OR (experiment = ? AND iteration = ?))";
            parameters.add(only.get().experiment());
            parameters.add(only.get().iteration());
        }
        var experiments = new Repeated();
        var metrics = new Repeated();
        connection.each(
                sql,
                row -> {
                    var experiment = experiments.read(row, 2);
                    var subject = text(row.getBytes(4));
                    var value = row.getDouble(6);
                    var event =
                            new Row(
                                    row.getLong(1),
                                    subject,
                                    value == 0 && row.wasNull() ? 1 : value,
                                    row.getLong(7),
                                    row.getInt(9));
                    if (experiment == null) {
                        return add(tail.free, row.getString(8), event);
                    }
                    var part =
                            tail.streams.computeIfAbsent(
                                    new Stream(experiment, row.getLong(3)), _ -> new Part());
                    var metric = metrics.read(row, 5);
                    return metric == null
                            ? part.exposed.add(subject)
                            : add(part.byMetric, metric, event);
                },
                parameters.toArray());
        return tail;
    }

    /// A column that says the same again and again.
    private static final class Repeated {
        private byte[] bytes = {};
        private String text = "";

        @Nullable String read(ResultSet row, int column) throws SQLException {
            var read = row.getBytes(column);
            if (read == null) {
                return null;
            }
            if (!Arrays.equals(read, bytes)) {
                bytes = read;
                text = text(read);
            }
            return text;
        }
    }

    /// The driver hands out bytes in less time than it takes for a text, and none for an empty one.
    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static boolean add(Map<String, List<Row>> lists, String name, Row row) {
        return lists.computeIfAbsent(name, _ -> new ArrayList<>()).add(row);
    }

    long from() {
        return from;
    }

    long to() {
        return to;
    }

    /// True when something in it may concern an iteration.
    boolean mayConcern(Stream stream) {
        return !free.isEmpty() || streams.containsKey(stream);
    }

    /// The subjects of an iteration that were exposed.
    Set<String> exposed(Stream stream) {
        var part = streams.get(stream);
        return part == null ? Set.of() : part.exposed;
    }

    /// Hands over the events of a name that count for an iteration.
    void each(Stream stream, String name, Consumer<Row> taker) {
        var part = streams.get(stream);
        if (part != null) {
            part.byMetric.getOrDefault(name, List.of()).forEach(taker);
        }
        free.getOrDefault(name, List.of()).forEach(taker);
    }
}
