package assay.domain.store;

import assay.domain.noun.Noun;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Where the objects of a noun are read from: the object table, its past, the event stream, or the
/// work units of leased experiments. All look alike: the columns seq, id, type, version,
/// created_at, created_by, updated_at, deleted_at and doc.
final class Sources {
    static final String EVENT = "Event";

    private static final String RUN = "Run";

    /// Rows of the log that hold a state of the object; the others tell what a verb did elsewhere.
    static final String STATES = "detail IS NULL";

    /// Events keep these fields in columns of their own.
    private static final Map<String, String> EVENT_COLUMNS =
            Map.of(
                    "type",
                    "kind",
                    "timestamp",
                    "at",
                    "experiment",
                    "experiment",
                    "variant",
                    "variant");

    private static final Map<String, String> RUN_COLUMNS =
            Map.of(
                    "experiment",
                    "experiment",
                    "item",
                    "item",
                    "status",
                    "state",
                    "leasedAt",
                    "leased_at",
                    "recordedAt",
                    "recorded_at");

    private Sources() {}

    /// True for nouns that have a table of their own, whose rows are no objects.
    static boolean isNarrow(Noun noun) {
        return noun.name().equals(EVENT) || noun.name().equals(RUN);
    }

    /// True when such a noun has a row with this id.
    static boolean has(SqlConnection connection, Noun noun, String id) {
        return connection.number(
                        noun.name().equals(EVENT)
                                ? "SELECT EXISTS (SELECT 1 FROM event WHERE id = ?)"
                                : "SELECT EXISTS (SELECT 1 FROM work_unit WHERE id = ?)",
                        id)
                == 1;
    }

    private static Map<String, String> columns(Noun noun) {
        return switch (noun.name()) {
            case EVENT -> EVENT_COLUMNS;
            case RUN -> RUN_COLUMNS;
            default -> Map.of();
        };
    }

    /// The expression for a field of a document, spelled in the one way that indexes are made with.
    static String document(String field) {
        return "json_extract(doc, '$." + field + "')";
    }

    /// The same under an alias. SQLite takes both for the same expression.
    static String document(String alias, String field) {
        return "json_extract(" + alias + ".doc, '$." + field + "')";
    }

    /// The expression for a field of a noun's source.
    static String column(Noun noun, String alias, String field) {
        var own = columns(noun).get(field);
        return own == null ? document(alias, field) : alias + "." + own;
    }

    /// True when a stored time is kept as milliseconds rather than as text.
    static boolean isMillis(Noun noun, String field) {
        return (noun.name().equals(EVENT) && field.equals("timestamp"))
                || (noun.name().equals(RUN)
                        && (field.equals("leasedAt") || field.equals("recordedAt")));
    }

    /// What stands behind FROM. Names of nouns and times are ours, so they may stand in the text:
    /// an index on the condition is only used when the condition is a literal.
    static String from(Noun noun, String alias, Optional<Instant> asOf) {
        if (noun.name().equals(EVENT)) {
            return events(asOf) + alias;
        }
        if (noun.name().equals(RUN)) {
            return runs(asOf) + alias;
        }
        return asOf.map(time -> past(noun, time) + alias).orElse("object " + alias);
    }

    private static String past(Noun noun, Instant time) {
        return """
        (SELECT o.seq, a.object AS id, a.type AS type, a.version AS version, o.created_at AS created_at,
          o.created_by AS created_by, a.at AS updated_at, CASE a.verb WHEN 'delete' THEN a.at END AS deleted_at,
          a.doc AS doc
        FROM action a JOIN object o ON o.id = a.object
        WHERE a.seq IN (SELECT max(seq) FROM action WHERE type = '%s' AND at <= %d AND %s GROUP BY object)) \
        """
                .formatted(noun.name(), time.toEpochMilli(), STATES);
    }

    private static final String TIME =
            "strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', %s / 1000.0, 'unixepoch')";

    /// The status of a unit as the noun spells it.
    private static final String STATE = "upper(substr(status, 1, 1)) || substr(status, 2)";

    /// A unit as it was at a time is one that was leased by then, and had come to nothing if it was
    /// recorded later.
    private static String runs(Optional<Instant> asOf) {
        var known =
                asOf.map(time -> "recorded_at <= " + time.toEpochMilli())
                        .orElse("recorded_at IS NOT NULL");
        // Without a time the word alone tells it, so that an index that has it is enough to count
        // by.
        var state =
                asOf.map(_ ->
                                "iif(%s OR status = 'forgotten', %s, 'Leased')"
                                        .formatted(known, STATE))
                        .orElse(STATE);
        return """
        (SELECT seq, id, 'Run' AS type, 1 AS version, leased_at AS created_at, leased_by AS created_by,
          iif(%1$s, recorded_at, leased_at) AS updated_at, NULL AS deleted_at, experiment, item, leased_at,
          %5$s AS state,
          iif(%1$s, recorded_at, NULL) AS recorded_at,
          json_insert(json_patch('{}', json_object('experiment', experiment, 'iteration', iteration, 'item', item,
            'variant', arm, 'repetition', repetition,
            'status', %5$s,
            'worker', worker, 'score', iif(%1$s, score, NULL), 'metrics', json(iif(%1$s, metrics, NULL)),
            'error', iif(%1$s, error, NULL), 'leasedAt', %2$s, 'recordedAt', iif(%1$s, %3$s, NULL))),
            iif(%1$s AND output IS NOT NULL, '$.output', '$'), json(output)) AS doc
        FROM work_unit%4$s) \
        """
                .formatted(
                        known,
                        TIME.formatted("leased_at"),
                        TIME.formatted("recorded_at"),
                        asOf.map(time -> "\nWHERE leased_at <= " + time.toEpochMilli()).orElse(""),
                        state);
    }

    private static String events(Optional<Instant> asOf) {
        return """
        (SELECT seq, id, 'Event' AS type, 1 AS version, created_at, created_by, created_at AS updated_at,
          NULL AS deleted_at, kind, at,
          CASE WHEN experiment IS NULL AND doc IS NOT NULL THEN doc ELSE json_patch('{}', json_patch(json_object(
            'name', iif(kind = 'experiment.exposure', 'exposure', coalesce(metric, kind)), 'type', kind, 'userId', subject,
            'experiment', experiment, 'variant', variant, 'value', value,
            'timestamp', strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', at / 1000.0, 'unixepoch'),
            'data', json(iif(experiment IS NULL, NULL, json_object('experiment', experiment, 'variant', variant,
              'metric', metric, 'value', value)))),
            coalesce(doc, '{}'))) END AS doc, experiment, variant
        FROM event%s) \
        """
                .formatted(
                        asOf.map(time -> "\nWHERE created_at <= " + time.toEpochMilli())
                                .orElse(""));
    }
}
