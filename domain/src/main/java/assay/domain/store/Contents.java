package assay.domain.store;

import assay.domain.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What a store holds for its readers, apart from how and where it is kept.
public final class Contents {
    /// What is compared, and in which order its rows are read. Ids of the runs are part of the log.
    private static final SequencedMap<String, String> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put(
                "objects",
                "id, type, version, created_at, created_by, updated_at, deleted_at, doc FROM object ORDER BY seq");
        PARTS.put(
                "exposures",
                "experiment, iteration, subject, variant, cohort, at, several, attributes FROM exposure"
                        + " ORDER BY experiment, iteration, subject");
        PARTS.put(
                "events",
                "seq, id, kind, experiment, iteration, subject, variant, cohort, metric, value, at, created_at, created_by,"
                        + " doc, corrects, sign FROM event ORDER BY seq");
        PARTS.put(
                "actions",
                "seq, object, type, verb, event, actor, reason, at, version, doc, detail, run FROM action ORDER BY seq");
    }

    private Contents() {}

    /// The first of objects, exposures, events and actions in which two stores differ.
    public static Optional<String> difference(Transaction one, Transaction other) {
        return PARTS.entrySet().stream()
                .filter(part ->
                        !digest(one, part.getValue()).equals(digest(other, part.getValue())))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static String digest(Transaction of, String select) {
        var digest = Fingerprint.sha256();
        of.reading()
                .each(
                        "SELECT " + select,
                        row -> {
                            digest.update(text(row).getBytes(StandardCharsets.UTF_8));
                            return digest;
                        });
        return HexFormat.of().formatHex(digest.digest());
    }

    /// A row as text that no other row has.
    static String text(ResultSet row) throws SQLException {
        var text = new StringBuilder();
        for (var i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            var value = row.getString(i);
            text.append(value == null ? "-" : value.length() + ":" + value);
        }
        return text.append('\n').toString();
    }
}
