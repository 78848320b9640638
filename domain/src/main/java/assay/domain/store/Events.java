package assay.domain.store;

import assay.domain.JsonTree;
import assay.stats.JointMoments;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The stream of what happened: exposures, outcomes and whatever else was sent as an Event.
/// Append-only.
public final class Events {
    /// The kind of the event of a subject that was shown a variant.
    public static final String EXPOSURE = "experiment.exposure";

    /// The kind of the event of a subject that did something a metric counts.
    public static final String OUTCOME = "experiment.outcome";

    private final Transaction transaction;

    public Events(Transaction transaction) {
        this.transaction = transaction;
    }

    /// A subject's first exposure.
    ///
    /// @param cohort of the iteration, from 1 on
    /// @param at milliseconds since 1970
    /// @param attributes of the subject, those that the design declares
    public record Exposure(
            String subject, String variant, int cohort, long at, ObjectNode attributes) {}

    /// An outcome to be appended.
    ///
    /// @param id `event_` and letters or digits; appending an id that is there already changes
    ///   nothing
    /// @param at milliseconds since 1970
    /// @param properties what else is known of it, for the filters of metrics
    public record Outcome(
            String id,
            String subject,
            String variant,
            String metric,
            double value,
            long at,
            Optional<ObjectNode> properties) {}

    /// A read of results as it was logged.
    ///
    /// @param watermark sequence number of the last event it saw
    /// @param counts whether it counts toward the decision rule
    /// @param numbers what the decision rule needs of it
    public record Look(
            long seq,
            long at,
            String actor,
            long watermark,
            boolean counts,
            String verdict,
            ObjectNode numbers) {}

    /// Appends an event that belongs to no experiment, unless its id is known already.
    ///
    /// @param at milliseconds since 1970
    /// @param value what it adds to a metric of its type
    public void append(
            String id,
            String kind,
            @Nullable String subject,
            long at,
            double value,
            StoredObject event) {
        transaction
                .writing()
                .change(
                        "INSERT INTO event (id, kind, subject, value, at, created_at, created_by, doc)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                        id,
                        kind,
                        subject,
                        value,
                        at,
                        event.createdAt(),
                        event.createdBy(),
                        JsonTree.text(event.document()));
    }

    /// The first exposures of those of the subjects that have one.
    public Map<String, Exposure> exposures(
            String experiment, long iteration, List<String> subjects) {
        var found = new HashMap<String, Exposure>();
        var names = JsonNodeFactory.instance.arrayNode();
        subjects.forEach(names::add);
        transaction
                .reading()
                .each(
                        "SELECT x.subject, x.variant, x.cohort, x.at, x.attributes FROM json_each(?) j"
                                + " CROSS JOIN exposure x ON x.experiment = ? AND x.iteration = ? AND x.subject = j.value",
                        row -> {
                            var exposure = exposure(row);
                            return found.put(exposure.subject(), exposure);
                        },
                        JsonTree.text(names),
                        experiment,
                        iteration);
        return found;
    }

    static Exposure exposure(ResultSet row) throws SQLException {
        return new Exposure(
                row.getString(1),
                row.getString(2),
                row.getInt(3),
                row.getLong(4),
                (ObjectNode) JsonTree.read(row.getString(5)));
    }

    /// Appends exposures under event ids; those whose id is known already are left out. The
    /// earliest exposure of a subject decides; one in another arm marks it as seen in several.
    ///
    /// @return how many were new
    public long expose(
            String experiment,
            long iteration,
            Map<String, Exposure> byEventId,
            long now,
            String actor) {
        var connection = transaction.writing();
        var before = watermark();
        connection.changeAll(
                "INSERT INTO event (id, kind, experiment, iteration, subject, variant, cohort, at, created_at,"
                        + " created_by, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                byEventId.entrySet().stream()
                        .map(entry -> {
                            var exposure = entry.getValue();
                            return new @Nullable Object[] {
                                entry.getKey(),
                                EXPOSURE,
                                experiment,
                                iteration,
                                exposure.subject(),
                                exposure.variant(),
                                exposure.cohort(),
                                exposure.at(),
                                now,
                                actor,
                                properties(Optional.of(exposure.attributes()))
                            };
                        })
                        .toList());
        keepFirst(connection, before);
        return connection.number("SELECT count(*) FROM event WHERE seq > ?", before);
    }

    /// Brings what decides the arms of subjects up to date with the exposures after an event.
    static void keepFirst(SqlConnection connection, long after) {
        connection.change(
                """
                INSERT INTO exposure (experiment, iteration, subject, variant, at, cohort, attributes)
                SELECT experiment, iteration, subject, variant, at, coalesce(cohort, 1),
                  coalesce(doc -> '$.properties', '{}')
                FROM event WHERE seq > ? AND kind = ? AND experiment IS NOT NULL ORDER BY seq
                ON CONFLICT (experiment, iteration, subject) DO UPDATE SET
                  several = several OR variant <> excluded.variant,
                  variant = iif(excluded.at < at, excluded.variant, variant),
                  cohort = iif((excluded.at, excluded.cohort) < (at, cohort), excluded.cohort, cohort),
                  attributes = iif(excluded.at < at, excluded.attributes, attributes),
                  at = min(at, excluded.at)\
                """,
                after,
                EXPOSURE);
    }

    /// A document that holds nothing but properties, null when there are none.
    private static @Nullable String properties(Optional<ObjectNode> properties) {
        return properties
                .filter(some -> !some.isEmpty())
                .map(some -> {
                    var document = JsonNodeFactory.instance.objectNode();
                    document.set("properties", some);
                    return JsonTree.text(document);
                })
                .orElse(null);
    }

    /// Appends outcomes; those whose id is known already are left out.
    ///
    /// @return how many were new
    public long record(
            String experiment, long iteration, List<Outcome> outcomes, long now, String actor) {
        var connection = transaction.writing();
        var before = connection.number("SELECT total_changes()");
        connection.changeAll(
                "INSERT INTO event (id, kind, experiment, iteration, subject, variant, metric, value, at,"
                        + " created_at, created_by, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (id) DO NOTHING",
                outcomes.stream()
                        .map(outcome ->
                                new @Nullable Object[] {
                                    outcome.id(),
                                    OUTCOME,
                                    experiment,
                                    iteration,
                                    outcome.subject(),
                                    outcome.variant(),
                                    outcome.metric(),
                                    outcome.value(),
                                    outcome.at(),
                                    now,
                                    actor,
                                    properties(outcome.properties())
                                })
                        .toList());
        return connection.number("SELECT total_changes()") - before;
    }

    /// True when anybody was ever exposed in this experiment.
    public boolean isExposed(String experiment) {
        return transaction
                        .reading()
                        .number(
                                "SELECT EXISTS (SELECT 1 FROM exposure WHERE experiment = ?)",
                                experiment)
                == 1;
    }

    /// Exposed units by cohort and arm; those seen in several arms are counted under the arm "".
    public Map<Integer, Map<String, Long>> exposed(String experiment, long iteration) {
        var units = new TreeMap<Integer, Map<String, Long>>();
        transaction
                .reading()
                .each(
                        "SELECT cohort, CASE several WHEN 0 THEN variant ELSE '' END, count(*) FROM exposure"
                                + " WHERE experiment = ? AND iteration = ? GROUP BY 1, 2",
                        row ->
                                units.computeIfAbsent(row.getInt(1), _ -> new TreeMap<>())
                                        .put(row.getString(2), row.getLong(3)),
                        experiment,
                        iteration);
        return units;
    }

    /// Checks the filters of a measure before anything is measured by it.
    ///
    /// @throws assay.domain.Refused if a filter cannot be read
    public void requireReadable(Measure measure) {
        new Terms(transaction.store().nouns(), measure)
                .add("name", new StringBuilder(), new ArrayList<@Nullable Object>());
    }

    /// What the units of each cohort and arm came to, those seen in several arms left out.
    ///
    /// @throws assay.domain.Refused if a filter of the measure cannot be read
    public List<Cell> cells(String experiment, long iteration, Measure measure) {
        var sums = new TreeMap<Integer, SequencedMap<String, Sums>>();
        new RawUnits(transaction, experiment, iteration, measure)
                .each((unit, tally) -> {
                    if (tally.isMeasured()) {
                        sums.computeIfAbsent(unit.cohort(), _ -> new TreeMap<>())
                                .computeIfAbsent(unit.variant(), _ -> new Sums())
                                .add(tally.value(), tally.other());
                    }
                });
        var cells = new ArrayList<Cell>();
        sums.forEach((cohort, arms) ->
                arms.forEach((arm, sum) ->
                        cells.add(
                                new Cell(cohort, arm, sum.moments.n(), sum.nonzero, sum.moments))));
        return cells;
    }

    private static final class Sums {
        private final JointMoments moments = new JointMoments();
        private long nonzero;

        void add(double value, double other) {
            moments.add(value, other);
            nonzero += value == 0 ? 0 : 1;
        }
    }

    /// What each measured unit came to, in order of exposure and then of subject, those seen in
    /// several arms left out. Reads every event of the iteration.
    ///
    /// @throws assay.domain.Refused if a filter of the measure cannot be read
    public List<UnitValue> unitValues(String experiment, long iteration, Measure measure) {
        var values = new ArrayList<UnitValue>();
        new RawUnits(transaction, experiment, iteration, measure)
                .each((unit, tally) -> {
                    if (tally.isMeasured()) {
                        values.add(
                                new UnitValue(
                                        unit.subject(),
                                        unit.cohort(),
                                        unit.variant(),
                                        unit.at(),
                                        unit.attributes(),
                                        tally.value(),
                                        tally.other()));
                    }
                });
        values.sort(
                Comparator.comparingLong(UnitValue::exposedAt).thenComparing(UnitValue::subject));
        return values;
    }

    /// How many outcomes an iteration has of each metric that has any.
    public Map<String, Long> outcomesByMetric(String experiment, long iteration) {
        var counts = new HashMap<String, Long>();
        transaction
                .reading()
                .each(
                        "SELECT metric, count(*) FROM event WHERE experiment = ? AND iteration = ? AND kind = ?"
                                + " GROUP BY metric",
                        row -> counts.put(row.getString(1), row.getLong(2)),
                        experiment,
                        iteration,
                        OUTCOME);
        return counts;
    }

    /// The sequence number of the newest event, 0 when there is none.
    public long watermark() {
        return transaction.reading().number("SELECT coalesce(max(seq), 0) FROM event");
    }

    /// Milliseconds since 1970 of the newest event of an experiment.
    public Optional<Long> newest(String experiment) {
        var newest =
                transaction
                        .reading()
                        .number(
                                "SELECT coalesce(max(at), -1) FROM event WHERE experiment = ?",
                                experiment);
        return newest < 0 ? Optional.empty() : Optional.of(newest);
    }

    /// What the data that results rest on are, in short.
    public Extract.Snapshot snapshot(Extract extract) {
        return extract.snapshot(transaction);
    }

    /// Copies the data that results rest on to a store in which there are none.
    public void copy(Extract extract, Transaction to) {
        extract.copy(transaction, to);
    }

    /// The looks of an iteration, oldest first.
    public List<Look> looks(String experiment, long iteration) {
        return transaction
                .reading()
                .rows(
                        "SELECT seq, at, actor, watermark, counts, verdict, numbers FROM look WHERE experiment = ? AND"
                                + " iteration = ? ORDER BY seq",
                        row ->
                                new Look(
                                        row.getLong(1),
                                        row.getLong(2),
                                        row.getString(3),
                                        row.getLong(4),
                                        row.getInt(5) == 1,
                                        row.getString(6),
                                        (ObjectNode) JsonTree.read(row.getString(7))),
                        experiment,
                        iteration);
    }

    /// Logs a look; its sequence number is the store's to give.
    public void look(String experiment, long iteration, Look look) {
        transaction
                .writing()
                .change(
                        "INSERT INTO look (experiment, iteration, at, actor, watermark, counts, verdict, numbers)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        experiment,
                        iteration,
                        look.at(),
                        look.actor(),
                        look.watermark(),
                        look.counts() ? 1 : 0,
                        look.verdict(),
                        JsonTree.text(look.numbers()));
    }
}
