package assay.domain.store;

import java.util.ArrayList;
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
    record Row(long seq, String subject, double value, long at) {}

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
                "SELECT seq, experiment, iteration, subject, metric, value, at, kind FROM event NOT INDEXED"
                        + " WHERE seq > ? AND seq <= ? AND subject IS NOT NULL";
        var parameters = new ArrayList<@Nullable Object>(List.of(from, to));
        if (only.isPresent()) {
            sql += " AND (experiment IS NULL OR (experiment = ? AND iteration = ?))";
            parameters.add(only.get().experiment());
            parameters.add(only.get().iteration());
        }
        connection.each(
                sql,
                row -> {
                    var experiment = row.getString(2);
                    var subject = row.getString(4);
                    var value = row.getDouble(6);
                    var event =
                            new Row(
                                    row.getLong(1),
                                    subject,
                                    value == 0 && row.wasNull() ? 1 : value,
                                    row.getLong(7));
                    if (experiment == null) {
                        return add(tail.free, row.getString(8), event);
                    }
                    var part =
                            tail.streams.computeIfAbsent(
                                    new Stream(experiment, row.getLong(3)), _ -> new Part());
                    var metric = row.getString(5);
                    return metric == null
                            ? part.exposed.add(subject)
                            : add(part.byMetric, metric, event);
                },
                parameters.toArray());
        return tail;
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
