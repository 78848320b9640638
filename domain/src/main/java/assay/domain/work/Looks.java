package assay.domain.work;

import assay.domain.Caller;
import assay.domain.experiment.Experiments;
import assay.domain.experiment.Experiments.PendingLook;
import assay.domain.store.DataFolder;
import assay.domain.store.Events;
import assay.domain.store.Transaction;
import java.util.List;
import java.util.Map;

/// Logs the looks of a unit of work.
public final class Looks {
    private final DataFolder folder;

    public Looks(DataFolder folder) {
        this.folder = folder;
    }

    /// Logs the looks of a unit of work that has ended and kept nothing but them. One counts toward
    /// the rule if all that it saw was kept. A caller who may not write leaves no trace, and
    /// nothing that only such a caller saw can decide.
    ///
    /// @param kept true when the unit of work was committed, having written nothing
    public void log(Caller caller, List<PendingLook> looks, boolean kept)
            throws InterruptedException {
        if (looks.isEmpty() || caller.readOnly()) {
            return;
        }
        try (var transaction = folder.begin(caller.tenant(), Transaction.Mode.WRITE)) {
            log(transaction, looks, kept);
            transaction.commit();
        }
    }

    /// Logs the looks within the transaction of the unit of work itself, so that what it wrote and
    /// what it saw are kept together or not at all.
    public static void log(Transaction transaction, List<PendingLook> looks) {
        log(transaction, looks, true);
    }

    private static void log(Transaction transaction, List<PendingLook> looks, boolean kept) {
        var events = new Events(transaction);
        for (var pending : looks) {
            var look = pending.look();
            events.look(
                    pending.experiment(),
                    pending.iteration(),
                    new Events.Look(
                            look.seq(),
                            look.at(),
                            look.actor(),
                            look.watermark(),
                            pending.sawWhatIsKept(kept),
                            look.verdict(),
                            look.numbers()));
        }
        looks.stream()
                .map(look -> Map.entry(look.experiment(), look.iteration()))
                .distinct()
                .forEach(one -> Experiments.keepLooks(events, one.getKey(), one.getValue()));
    }
}
