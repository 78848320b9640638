package assay.domain.store;

import assay.domain.JsonTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
    /// @param at milliseconds since 1970
    public record Exposure(String subject, String variant, long at) {}

    /// An outcome to be appended.
    ///
    /// @param id `event_` and letters or digits; appending an id that is there already changes
    ///   nothing
    /// @param at milliseconds since 1970
    public record Outcome(
            String id, String subject, String variant, String metric, double value, long at) {}

    /// What one subject came to under one metric.
    ///
    /// @param outcomes how many were recorded since its exposure
    /// @param nonzero those of them whose value is not 0
    /// @param sum of their values, 0 when there are none
    public record Unit(String variant, long outcomes, long nonzero, double sum) {}

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

    /// Appends an event that belongs to no experiment.
    ///
    /// @param at milliseconds since 1970
    public void append(
            String id, String kind, @Nullable String subject, long at, StoredObject event) {
        transaction
                .writing()
                .change(
                        "INSERT INTO event (id, kind, subject, at, created_at, created_by, doc) VALUES (?, ?, ?, ?, ?, ?, ?)",
                        id,
                        kind,
                        subject,
                        at,
                        event.createdAt(),
                        event.createdBy(),
                        JsonTree.text(event.document()));
    }

    /// The first exposures of those of the subjects that have one.
    public Map<String, Exposure> exposures(
            String experiment, long iteration, List<String> subjects) {
        var found = new HashMap<String, Exposure>();
        for (var subject : subjects) {
            transaction
                    .reading()
                    .row(
                            "SELECT variant, at FROM exposure WHERE experiment = ? AND iteration = ? AND subject = ?",
                            row -> new Exposure(subject, row.getString(1), row.getLong(2)),
                            experiment,
                            iteration,
                            subject)
                    .ifPresent(exposure -> found.put(subject, exposure));
        }
        return found;
    }

    /// Keeps first exposures, each under a new event id.
    public void expose(
            String experiment,
            long iteration,
            Map<String, Exposure> byEventId,
            long now,
            String actor) {
        var events = new ArrayList<@Nullable Object[]>();
        var exposures = new ArrayList<@Nullable Object[]>();
        byEventId.forEach((id, exposure) -> {
            events.add(
                    new Object[] {
                        id,
                        EXPOSURE,
                        experiment,
                        iteration,
                        exposure.subject(),
                        exposure.variant(),
                        exposure.at(),
                        now,
                        actor
                    });
            exposures.add(
                    new Object[] {
                        experiment, iteration, exposure.subject(), exposure.variant(), exposure.at()
                    });
        });
        var connection = transaction.writing();
        connection.changeAll(
                "INSERT INTO event (id, kind, experiment, iteration, subject, variant, at, created_at, created_by)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                events);
        connection.changeAll(
                "INSERT INTO exposure (experiment, iteration, subject, variant, at) VALUES (?, ?, ?, ?, ?)",
                exposures);
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
                        + " created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
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
                                    actor
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

    /// Units per variant; those seen in several variants are counted under the name "".
    public Map<String, Long> units(String experiment, long iteration) {
        var units = new HashMap<String, Long>();
        transaction
                .reading()
                .each(
                        "SELECT CASE several WHEN 0 THEN variant ELSE '' END, count(*) FROM exposure"
                                + " WHERE experiment = ? AND iteration = ? GROUP BY 1",
                        row -> units.put(row.getString(1), row.getLong(2)),
                        experiment,
                        iteration);
        return units;
    }

    /// What each unit came to, those seen in several variants left out. An outcome counts from the
    /// instant of the exposure on.
    public List<Unit> outcomes(String experiment, long iteration, String metric) {
        return transaction
                .reading()
                .rows(
                        """
                        SELECT x.variant, count(e.seq), coalesce(sum(e.value <> 0), 0), coalesce(sum(e.value), 0)
                        FROM exposure x LEFT JOIN event e
                          ON e.experiment = x.experiment AND e.subject = x.subject AND e.metric = ?
                            AND e.at >= x.at AND e.iteration = x.iteration
                        WHERE x.experiment = ? AND x.iteration = ? AND x.several = 0
                        GROUP BY x.subject\
                        """,
                        row ->
                                new Unit(
                                        row.getString(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getDouble(4)),
                        metric,
                        experiment,
                        iteration);
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
