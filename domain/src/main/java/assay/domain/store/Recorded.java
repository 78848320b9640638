package assay.domain.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many events of each iteration and metric are among some that were just appended.
final class Recorded {
    private final Map<Name, Count> counts = new HashMap<>();

    /// @param metric empty for exposures
    private record Name(String experiment, long iteration, String metric) {}

    private static final class Count {
        private final long first;
        private long events;
        private long newest = Long.MIN_VALUE;

        Count(long first) {
            this.first = first;
        }

        void add(long at) {
            events++;
            newest = Math.max(newest, at);
        }
    }

    /// @param rows all of which are new
    /// @param first sequence number of the first; the others follow it
    Recorded(List<EventRow> rows, long first) {
        for (var i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            if (row.isOfExperiment()) {
                var seq = first + i;
                counts.computeIfAbsent(
                                new Name(row.experiment(), row.iteration(), row.metric()),
                                _ -> new Count(seq))
                        .add(row.at());
            }
        }
    }

    /// Adds them to what is kept.
    void save(SqlConnection connection) {
        for (var counted : counts.entrySet()) {
            var name = counted.getKey();
            var count = counted.getValue();
            connection.change(
                    """
                    INSERT INTO recorded (experiment, iteration, metric, events, first, newest) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (experiment, iteration, metric) DO UPDATE SET
                      events = events + excluded.events, newest = max(newest, excluded.newest)\
                    """,
                    name.experiment(),
                    name.iteration(),
                    name.metric(),
                    count.events,
                    count.first,
                    count.newest);
        }
    }
}
