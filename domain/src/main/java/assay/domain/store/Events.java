package assay.domain.store;

import assay.domain.JsonTree;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static final String APPEND =
            "INSERT INTO event (%s, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
                    .formatted(EventRow.COLUMNS);

    private static final String LOOKS =
            "SELECT seq, at, actor, watermark, counts, verdict, numbers FROM look WHERE experiment = ? AND iteration = ?";

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

    /// Appends events; those whose id is known already are left out.
    ///
    /// @param now milliseconds since 1970
    /// @return which of them were new, by their place in the list
    public BitSet append(List<EventRow> rows, long now, String actor) {
        return append(transaction.writing(), rows, watermark(), now, actor);
    }

    private BitSet append(
            SqlConnection connection, List<EventRow> rows, long before, long now, String actor) {
        transaction.appended();
        var values = new ArrayList<@Nullable Object[]>(rows.size());
        var exposes = false;
        for (var row : rows) {
            values.add(row.values(now, actor));
            exposes |= row.isExposure();
        }
        var counts = connection.changeAll(APPEND, values);
        var isNew = new BitSet(rows.size());
        for (var i = 0; i < counts.length; i++) {
            isNew.set(i, counts[i] == 1);
        }
        if (!isNew.isEmpty()) {
            if (exposes) {
                keepFirst(connection, before);
            }
            if (isNew.cardinality() == rows.size()) {
                new Recorded(rows, lastAppended(connection) - rows.size() + 1).save(connection);
            } else {
                count(connection, before);
            }
        }
        return isNew;
    }

    private static long lastAppended(SqlConnection connection) {
        return connection.number("SELECT seq FROM sqlite_sequence WHERE name = 'event'");
    }

    /// The same for events that no recorded run appends.
    BitSet feed(List<EventRow> rows, long now, String actor) {
        var connection = transaction.writing();
        var before = watermark();
        var isNew = append(connection, rows, before, now, actor);
        if (!isNew.isEmpty()) {
            var last = lastAppended(connection);
            if (connection.changed(
                            "UPDATE feed SET last = ? WHERE first = (SELECT max(first) FROM feed) AND last = ?",
                            last,
                            before)
                    == 0) {
                connection.change("INSERT OR REPLACE INTO feed VALUES (?, ?)", before + 1, last);
            }
        }
        return isNew;
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
        var rows = new ArrayList<EventRow>();
        byEventId.forEach(
                (id, exposure) -> rows.add(EventRow.exposure(id, experiment, iteration, exposure)));
        return append(rows, now, actor).cardinality();
    }

    /// Brings what decides the arms of subjects up to date with the exposures after an event.
    static void keepFirst(SqlConnection connection, long after) {
        enrol(connection, after, -1);
        connection.change(
                """
                INSERT INTO exposure (experiment, iteration, subject, variant, at, cohort, attributes)
                SELECT experiment, iteration, subject, variant, at, coalesce(cohort, 1),
                  coalesce(doc -> '$.properties', '{}')
                FROM event NOT INDEXED WHERE seq > ? AND kind = ? AND experiment IS NOT NULL ORDER BY seq
                ON CONFLICT (experiment, iteration, subject) DO UPDATE SET
                  several = several OR variant <> excluded.variant,
                  variant = iif(excluded.at < at, excluded.variant, variant),
                  cohort = iif((excluded.at, excluded.cohort) < (at, cohort), excluded.cohort, cohort),
                  attributes = iif(excluded.at < at, excluded.attributes, attributes),
                  at = min(at, excluded.at)\
                """,
                after,
                EXPOSURE);
        enrol(connection, after, 1);
    }

    /// Counts the units that were exposed after an event, as they are now, or takes them out of the
    /// counts.
    private static void enrol(SqlConnection connection, long after, int sign) {
        connection.change(
                """
                INSERT INTO enrolled (experiment, iteration, cohort, arm, units)
                SELECT x.experiment, x.iteration, x.cohort, iif(x.several, '', x.variant), ? * count(*)
                FROM (SELECT DISTINCT experiment, iteration, subject FROM event NOT INDEXED
                  WHERE seq > ? AND kind = ? AND experiment IS NOT NULL) e
                CROSS JOIN exposure x USING (experiment, iteration, subject)
                WHERE true GROUP BY 1, 2, 3, 4
                ON CONFLICT (experiment, iteration, cohort, arm) DO UPDATE SET units = units + excluded.units\
                """,
                sign,
                after,
                EXPOSURE);
    }

    /// Counts the events after one, by where they belong.
    static void count(SqlConnection connection, long after) {
        connection.change(
                """
                INSERT INTO recorded (experiment, iteration, metric, events, first, newest)
                SELECT experiment, iteration, coalesce(metric, ''), count(*), min(seq), max(at) FROM event NOT INDEXED
                WHERE seq > ? AND experiment IS NOT NULL GROUP BY 1, 2, 3
                ON CONFLICT (experiment, iteration, metric) DO UPDATE SET
                  events = events + excluded.events, newest = max(newest, excluded.newest)\
                """,
                after);
    }

    /// Appends outcomes; those whose id is known already are left out.
    ///
    /// @return how many were new
    public long record(
            String experiment, long iteration, List<Outcome> outcomes, long now, String actor) {
        return append(
                        outcomes.stream()
                                .map(outcome -> EventRow.outcome(experiment, iteration, outcome))
                                .toList(),
                        now,
                        actor)
                .cardinality();
    }

    /// Removes a subject: its exposures and events, and what they had added to anything.
    ///
    /// @return how many events there were
    public long forget(String subject) {
        return new Oblivion(transaction).forget(subject);
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
                        "SELECT cohort, arm, units FROM enrolled"
                                + " WHERE experiment = ? AND iteration = ? AND units > 0",
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

    /// What the units of each cohort and arm came to, those seen in several arms left out. Costs
    /// the number of arms, and of events that were not folded yet, once the measure is kept; reads
    /// every event of the iteration until then.
    ///
    /// @throws assay.domain.Refused if a filter of the measure cannot be read
    public List<Cell> cells(String experiment, long iteration, Measure measure) {
        return new Ledger(transaction)
                .cells(
                        new Tail.Stream(experiment, iteration),
                        measure,
                        exposed(experiment, iteration));
    }

    /// Keeps what units come to under measures from now on, so that reading it is quick.
    public void keep(String experiment, long iteration, List<Measure> measures) {
        var ledger = new Ledger(transaction);
        var stream = new Tail.Stream(experiment, iteration);
        measures.forEach(measure -> ledger.keep(stream, measure));
    }

    /// Lets nothing count for an iteration that comes after now.
    public void close(String experiment, long iteration) {
        transaction
                .writing()
                .change(
                        "INSERT INTO closing (experiment, iteration, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        experiment,
                        iteration,
                        watermark());
    }

    /// What each measured unit came to, in order of exposure and then of subject, those seen in
    /// several arms left out. Reads every event of the iteration.
    ///
    /// @throws assay.domain.Refused if a filter of the measure cannot be read
    public List<UnitValue> unitValues(String experiment, long iteration, Measure measure) {
        var values = new ArrayList<UnitValue>();
        var closing = new Ledger(transaction).closing(new Tail.Stream(experiment, iteration));
        new RawUnits(transaction, experiment, iteration, measure, closing)
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

    /// The outcomes that somebody appended to an iteration after an event, and how many of them no
    /// results can count.
    ///
    /// @param measures that results look at
    public List<Stray> strays(
            String experiment, long iteration, long after, String actor, List<Measure> measures) {
        return Stray.after(
                transaction, new Tail.Stream(experiment, iteration), after, actor, measures);
    }

    /// How many outcomes an iteration has of each metric that has any.
    public Map<String, Long> outcomesByMetric(String experiment, long iteration) {
        var counts = new HashMap<String, Long>();
        transaction
                .reading()
                .each(
                        "SELECT metric, events FROM recorded WHERE experiment = ? AND iteration = ? AND metric <> ''",
                        row -> counts.put(row.getString(1), row.getLong(2)),
                        experiment,
                        iteration);
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
                                "SELECT coalesce(max(newest), -1) FROM recorded WHERE experiment = ?",
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
        return looksAfter(experiment, iteration, 0);
    }

    /// Those after one, oldest first.
    ///
    /// @param seq the number of that look
    public List<Look> looksAfter(String experiment, long iteration, long seq) {
        return transaction
                .reading()
                .rows(
                        LOOKS + " AND seq > ? ORDER BY seq",
                        Events::look,
                        experiment,
                        iteration,
                        seq);
    }

    /// The last looks of an iteration that count, oldest first.
    public List<Look> lastCounting(String experiment, long iteration, int most) {
        return transaction
                .reading()
                .rows(
                        LOOKS + " AND counts = 1 ORDER BY seq DESC LIMIT ?",
                        Events::look,
                        experiment,
                        iteration,
                        most)
                .reversed();
    }

    private static Look look(ResultSet row) throws SQLException {
        return new Look(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                row.getLong(4),
                row.getInt(5) == 1,
                row.getString(6),
                (ObjectNode) JsonTree.read(row.getString(7)));
    }

    /// What is kept of all looks of an iteration up to one.
    ///
    /// @param seq the number of that look
    public record Looked(long seq, ObjectNode state) {}

    /// What was kept of the looks of an iteration, if anything was.
    public Optional<Looked> looked(String experiment, long iteration) {
        return transaction
                .reading()
                .row(
                        "SELECT seq, state FROM looked WHERE experiment = ? AND iteration = ?",
                        row ->
                                new Looked(
                                        row.getLong(1),
                                        (ObjectNode) JsonTree.read(row.getString(2))),
                        experiment,
                        iteration);
    }

    /// Keeps it in the place of what was kept before.
    public void keepLooked(String experiment, long iteration, Looked looked) {
        transaction
                .writing()
                .change(
                        "INSERT OR REPLACE INTO looked (experiment, iteration, seq, state) VALUES (?, ?, ?, ?)",
                        experiment,
                        iteration,
                        looked.seq(),
                        JsonTree.text(looked.state()));
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
