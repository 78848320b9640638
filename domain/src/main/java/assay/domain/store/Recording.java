package assay.domain.store;

import assay.domain.noun.Nouns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All that was ever written for a tenant, in the order in which it was: run by run, with what no
/// recorded run wrote in between.
///
/// No run wrote the looks, what Assay puts into a new file, and what is older than the recording of
/// runs. These are copied; the runs are for the caller to repeat.
public final class Recording {
    private static final String EVENT =
            "id, kind, experiment, iteration, subject, variant, cohort, metric, value, at, created_at, created_by, doc, corrects, sign";
    private static final long MOST_EVENTS = 10_000;
    private static final String LOOK =
            "experiment, iteration, at, actor, watermark, counts, verdict, numbers";
    private static final String ACTION =
            "seq, object, type, verb, event, actor, reason, at, version, doc, detail, run";

    private final Transaction source;
    private final Nouns nouns;
    private final long eventsBeforeRuns;
    private Marks before;
    private Marks now;

    /// Numbers up to which everything is done.
    private record Marks(long run, long action, long event, long look) {}

    public Recording(Transaction source, Nouns nouns) {
        this.source = source;
        this.nouns = nouns;
        this.eventsBeforeRuns =
                source.reading()
                        .number("SELECT value FROM setting WHERE name = 'events_before_runs'");
        this.before = new Marks(0, 0, 0, 0);
        this.now = new Marks(0, 0, eventsBeforeRuns, 0);
    }

    /// Goes on to the next run; empty when the last was reached, and what is left belongs to none.
    public Optional<Runs.Run> next() {
        var next = new Runs(source).after(now.run());
        before = now;
        now =
                next.map(place ->
                                new Marks(place.seq(), place.action(), place.event(), place.look()))
                        .orElse(
                                new Marks(
                                        Long.MAX_VALUE,
                                        Long.MAX_VALUE,
                                        Long.MAX_VALUE,
                                        Long.MAX_VALUE));
        return next.map(Runs.Place::run);
    }

    /// Copies what no run wrote between the last run and this one.
    public void copyOthers(DataFolder folder, String tenant) throws InterruptedException {
        var actions = others();
        var looks = rows(LOOK, "look", before.look(), now.look());
        copyEvents(folder, tenant);
        if (actions.isEmpty() && looks.isEmpty()) {
            return;
        }
        try (var target = folder.begin(tenant, Transaction.Mode.WRITE)) {
            var objects = new Objects(target);
            actions.forEach(action -> copy(action, objects));
            insert(target, "look", LOOK, looks);
            target.commit();
        }
    }

    /// Those from before runs were recorded, and those that were imported since the last run.
    private void copyEvents(DataFolder folder, String tenant) throws InterruptedException {
        var ranges = new ArrayList<Range>();
        if (before.run() == 0 && eventsBeforeRuns > 0) {
            ranges.add(new Range(1, eventsBeforeRuns));
        }
        ranges.addAll(
                source.reading()
                        .rows(
                                "SELECT max(first, ?1 + 1), min(last, ?2) FROM feed WHERE last > ?1 AND first <= ?2 ORDER BY 1",
                                row -> new Range(row.getLong(1), row.getLong(2)),
                                before.event(),
                                now.event()));
        for (var range : ranges) {
            for (var from = range.first() - 1; from < range.last(); from += MOST_EVENTS) {
                var to = Math.min(from + MOST_EVENTS, range.last());
                try (var target = folder.begin(tenant, Transaction.Mode.WRITE)) {
                    insert(target, "event", EVENT, rows(EVENT, "event", from, to));
                    // Exposures are kept twice: in the stream, and as what decides a subject's
                    // variant.
                    Events.keepFirst(target.writing(), from);
                    Events.count(target.writing(), from);
                    target.commit();
                }
            }
        }
    }

    private record Range(long first, long last) {}

    private List<Action> others() {
        return source.reading()
                .rows(
                        "SELECT "
                                + ACTION
                                + " FROM action WHERE run IS NULL AND seq > ? AND seq <= ? ORDER BY seq",
                        Objects::readAction,
                        before.action(),
                        now.action());
    }

    private void copy(Action action, Objects objects) {
        var noun = nouns.require(action.type());
        var present = objects.present(action.object());
        if (action.detail().isEmpty()
                && present.filter(object -> object.version() >= action.version()).isPresent()) {
            // Assay put it into the new file as it did into the old one.
            return;
        }
        var object =
                new StoredObject(
                        action.object(),
                        action.type(),
                        action.version(),
                        present.map(StoredObject::createdAt).orElse(action.at()),
                        present.map(StoredObject::createdBy).orElse(action.actor()),
                        action.at(),
                        action.document());
        var entry =
                new Objects.Entry(action.verb(), action.event(), action.actor(), action.reason());
        if (action.detail().isPresent()) {
            objects.log(object, entry, action.at(), action.detail().get());
        } else if (present.isEmpty()) {
            objects.insert(noun, object, entry);
        } else if (action.verb().equals(Action.DELETE)) {
            objects.delete(object, entry);
        } else {
            objects.update(noun, object, entry);
        }
    }

    private List<@Nullable Object[]> rows(String columns, String table, long after, long to) {
        return source.reading()
                .rows(
                        "SELECT seq, %s FROM %s WHERE seq > ? AND seq <= ? ORDER BY seq"
                                .formatted(columns, table),
                        Recording::values,
                        after,
                        to);
    }

    private static void insert(
            Transaction target, String table, String columns, List<@Nullable Object[]> rows) {
        var places = columns.replaceAll("\\w+", "?");
        target.writing()
                .changeAll(
                        "INSERT INTO %s (seq, %s) VALUES (?, %s)".formatted(table, columns, places),
                        rows);
    }

    private static @Nullable Object[] values(ResultSet row) throws SQLException {
        var values = new @Nullable Object[row.getMetaData().getColumnCount()];
        for (var i = 0; i < values.length; i++) {
            values[i] = row.getObject(i + 1);
        }
        return values;
    }

    /// What the run that this has come to did otherwise in another store, of which it is the last
    /// run, as a sentence. Empty when it did the same.
    public Optional<String> difference(Runs.Run run, Transaction other) {
        var logged = " FROM action WHERE run = ? ORDER BY seq";
        var appended = " FROM event WHERE seq > ? AND seq <= ? ORDER BY seq";
        if (!texts(source, ACTION + logged, run.id())
                .equals(texts(other, ACTION + logged, run.id()))) {
            return Optional.of("It changed the action log differently.");
        }
        if (!texts(source, "seq, " + EVENT + appended, before.event(), now.event())
                .equals(texts(other, "seq, " + EVENT + appended, before.event(), Long.MAX_VALUE))) {
            return Optional.of("It changed the events differently.");
        }
        return new Runs(other)
                .find(run.id())
                .filter(again -> !again.result().equals(run.result()))
                .map(_ -> "It answered otherwise.");
    }

    private static List<String> texts(Transaction from, String select, Object... parameters) {
        var texts = new ArrayList<String>();
        from.reading().each("SELECT " + select, row -> texts.add(Contents.text(row)), parameters);
        return texts;
    }
}
