package assay.domain.store;

import assay.domain.Fingerprint;
import assay.domain.JsonTree;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// The events that the results of an iteration rest on: its exposures and outcomes, and the events
/// of no experiment that a metric counts and an exposed subject did, in the order in which they
/// were appended, up to a watermark.
///
/// @param types of the events of no experiment that count
/// @param watermark sequence number of the last event that may be among them
public record Extract(String experiment, long iteration, List<String> types, long watermark) {
    private static final String EXPOSURES = "exposures";
    private static final int BATCH = 1_000;

    public Extract {
        types = List.copyOf(types);
    }

    /// Events of one sort.
    ///
    /// @param digest SHA-256 over them, as 64 hexadecimal digits
    public record Part(long count, String digest) {}

    /// What the data are, in short.
    ///
    /// @param parts by sort: `exposures`, `outcomes of X`, `events X`
    public record Snapshot(String digest, SequencedMap<String, Part> parts) {}

    private static final class Sum {
        private final MessageDigest digest = Fingerprint.sha256();
        private long count;

        void add(byte[] event) {
            digest.update(event);
            count++;
        }

        String hex() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    /// Sums up: each event is the JSON text `[id, kind, subject, variant, cohort, metric, value,
    /// at, document]` and a line feed.
    Snapshot snapshot(Transaction transaction) {
        var whole = new Sum();
        var sums = new TreeMap<String, Sum>();
        each(
                transaction,
                "kind, metric, id, subject, variant, cohort, value, at, doc, sign",
                "e.iteration = ?",
                row -> {
                    var event = text(row).getBytes(StandardCharsets.UTF_8);
                    whole.add(event);
                    sums.computeIfAbsent(sort(row.getString(1), row.getString(2)), _ -> new Sum())
                            .add(event);
                    return true;
                },
                iteration);
        var parts = new TreeMap<String, Part>();
        sums.forEach((sort, sum) -> parts.put(sort, new Part(sum.count, sum.hex())));
        return new Snapshot(whole.hex(), parts);
    }

    private static String sort(String kind, @Nullable String metric) {
        return switch (kind) {
            case Events.EXPOSURE -> EXPOSURES;
            case Events.OUTCOME -> "outcomes of " + metric;
            default -> "events " + kind;
        };
    }

    private static String text(ResultSet row) throws SQLException {
        var list = JsonNodeFactory.instance.arrayNode();
        list.add(row.getString(3)).add(row.getString(1));
        list.add(row.getString(4)).add(row.getString(5));
        var cohort = row.getInt(6);
        list.add(row.wasNull() ? null : (Integer) cohort);
        list.add(row.getString(2));
        var value = row.getDouble(7);
        list.add(row.wasNull() ? null : (Double) value);
        list.add(row.getLong(8)).add(row.getString(9));
        if (row.getInt(10) < 0) {
            list.add(-1);
        }
        return JsonTree.text(list) + "\n";
    }

    /// Reads a row.
    @FunctionalInterface
    private interface Row {
        boolean read(ResultSet row) throws SQLException;
    }

    private void each(
            Transaction transaction, String columns, String which, Row row, Object... parameters) {
        var all = new ArrayList<@Nullable Object>();
        all.add(experiment);
        all.addAll(List.of(parameters));
        all.add(watermark);
        var free = types.stream().map(_ -> "?").collect(java.util.stream.Collectors.joining(", "));
        all.addAll(types);
        all.add(watermark);
        all.add(experiment);
        all.add(iteration);
        transaction
                .reading()
                .each(
                        """
                        SELECT %1$s FROM (
                          SELECT e.* FROM event e WHERE e.experiment = ? AND %2$s AND e.seq <= ?
                          UNION ALL
                          SELECT e.* FROM event e WHERE e.experiment IS NULL AND e.kind IN (%3$s) AND e.seq <= ?
                            AND e.subject IN (SELECT subject FROM exposure WHERE experiment = ? AND iteration = ?)
                        ) ORDER BY seq\
                        """
                                .formatted(columns, which, free),
                        row::read,
                        all.toArray());
    }

    /// Copies them, and the events of other iterations, to an empty store.
    void copy(Transaction from, Transaction to) {
        var rows = new ArrayList<@Nullable Object[]>();
        each(
                from,
                "seq, id, kind, experiment, iteration, subject, variant, cohort, metric, value, at, created_at,"
                        + " created_by, doc, corrects, sign",
                "TRUE",
                row -> {
                    var copied = new @Nullable Object[16];
                    for (var i = 0; i < copied.length; i++) {
                        copied[i] = row.getObject(i + 1);
                    }
                    rows.add(copied);
                    if (rows.size() == BATCH) {
                        insert(to, rows);
                    }
                    return true;
                });
        insert(to, rows);
        Events.keepFirst(to.writing(), 0);
        Events.count(to.writing(), 0);
        new Trail(to.writing()).complete();
    }

    private static void insert(Transaction to, List<@Nullable Object[]> rows) {
        to.writing()
                .changeAll(
                        "INSERT INTO event (seq, id, kind, experiment, iteration, subject, variant, cohort, metric,"
                                + " value, at, created_at, created_by, doc, corrects, sign)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        rows);
        rows.clear();
    }
}
