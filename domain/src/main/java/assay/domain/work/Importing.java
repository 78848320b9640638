package assay.domain.work;

import assay.domain.Caller;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Imported;
import assay.domain.store.DataFolder;
import assay.domain.store.EventRow;
import assay.domain.store.Ingest;
import assay.domain.store.StoredObject;
import assay.domain.store.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Brings events from outside into a tenant, in batches. Of a batch all that can be read is kept,
/// durably and together; what cannot is told line by line.
public final class Importing implements AutoCloseable {
    private final DataFolder folder;
    private final Caller caller;
    private final InstantSource clock;
    private final Optional<String> experiment;
    private final Optional<String> metric;
    private final Ingest ingest;
    private long appended;
    private OptionalLong before = OptionalLong.empty();

    /// @param experiment id or slug of the one that the events belong to
    /// @param metric of events that name none
    public Importing(
            DataFolder folder,
            Caller caller,
            InstantSource clock,
            Optional<String> experiment,
            Optional<String> metric) {
        this.folder = folder;
        this.caller = caller;
        this.clock = clock;
        this.experiment = experiment;
        this.metric = metric;
        this.ingest = new Ingest(folder, caller.tenant(), caller.actor(), clock);
    }

    /// One line of a file.
    ///
    /// @param number counts from 1
    /// @param id tells it from all other lines
    /// @param fields as [Imported#field] names them, or why there are none
    public record Line(long number, String id, Read fields) {
        /// What could be read of it.
        public sealed interface Read {
            record Fields(ObjectNode fields) implements Read {}

            record Unreadable(Refused why) implements Read {}
        }
    }

    /// A line that was left out.
    public record LeftOut(long line, Refused why) {}

    /// What came of a batch.
    ///
    /// @param duplicates events that were there already
    public record Batch(long appended, long duplicates, List<LeftOut> leftOut) {}

    /// Keeps what a batch of lines says.
    ///
    /// @throws Refused if nothing of it can be kept: there is no such experiment, or it takes no
    ///   events
    public Batch bring(List<Line> lines) throws InterruptedException {
        var rows = new ArrayList<EventRow>();
        var leftOut = new ArrayList<LeftOut>();
        var exposed = false;
        var target = experiment();
        var imported = new Imported(target, metric, clock.instant());
        for (var line : lines) {
            switch (line.fields()) {
                case Line.Read.Unreadable(var why) -> leftOut.add(new LeftOut(line.number(), why));
                case Line.Read.Fields(var fields) -> {
                    try {
                        rows.add(imported.row(fields, line.id()));
                        exposed |= Imported.isExposure(fields);
                    } catch (Refused why) {
                        leftOut.add(new LeftOut(line.number(), why));
                    }
                }
            }
        }
        if (exposed) {
            changing(unit -> unit.begin(target.orElseThrow().id()));
        }
        var isNew = rows.isEmpty() ? 0 : ingest.append(rows);
        appended += isNew;
        return new Batch(isNew, rows.size() - isNew, leftOut);
    }

    private Optional<StoredObject> experiment() throws InterruptedException {
        if (experiment.isEmpty()) {
            return Optional.empty();
        }
        try (var transaction = folder.begin(caller.tenant(), Transaction.Mode.READ)) {
            var unit = unit(transaction);
            if (before.isEmpty()) {
                before = OptionalLong.of(unit.watermark());
            }
            return Optional.of(unit.experiment(experiment.get()));
        }
    }

    private UnitOfWork unit(Transaction transaction) {
        return new UnitOfWork(folder.nouns(), transaction, caller, clock.instant(), new Ids());
    }

    /// A change that is committed by itself.
    @FunctionalInterface
    private interface Act {
        void on(UnitOfWork unit);
    }

    private void changing(Act act) throws InterruptedException {
        try (var transaction = folder.begin(caller.tenant(), Transaction.Mode.WRITE)) {
            act.on(unit(transaction));
            transaction.commit();
        }
    }

    /// Logs with the experiment how much was imported, if anything.
    ///
    /// @param source what it came from
    public void finish(String source) throws InterruptedException {
        if (appended > 0 && experiment.isPresent()) {
            var detail =
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("events", appended)
                            .put("source", source);
            changing(unit -> unit.noteImport(experiment.get(), detail));
        }
    }

    /// What of the new events no results of the experiment can count, see
    /// [assay.domain.experiment.Experiments#uncounted]; nothing without an experiment.
    public ObjectNode uncounted() throws InterruptedException {
        if (appended == 0 || experiment.isEmpty() || before.isEmpty()) {
            return JsonNodeFactory.instance.objectNode();
        }
        try (var transaction = folder.begin(caller.tenant(), Transaction.Mode.READ)) {
            return unit(transaction).uncounted(experiment.get(), before.getAsLong());
        }
    }

    @Override
    public void close() {
        ingest.close();
    }

    /// The refusal for a file that is no such thing.
    public static Refused unreadable(String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair);
    }
}
