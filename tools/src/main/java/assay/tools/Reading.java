package assay.tools;

import assay.domain.Caller;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.DataFolder;
import assay.domain.store.Transaction;
import assay.domain.work.Ids;
import assay.domain.work.UnitOfWork;
import java.time.InstantSource;
import java.util.function.Function;

/// Opens units of work that only read.
final class Reading {
    private final DataFolder folder;
    private final InstantSource clock;

    Reading(DataFolder folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /// Answers a question on behalf of the current caller.
    <T> T of(Function<UnitOfWork, T> question) {
        var caller = Caller.CURRENT.get();
        try (var transaction = folder.begin(caller.tenant(), Transaction.Mode.READ)) {
            return question.apply(
                    new UnitOfWork(folder.nouns(), transaction, caller, clock.instant(), Ids.NONE));
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw cancelled();
        }
    }

    static Refused cancelled() {
        return new Refused(
                Reason.CANCELLED,
                "The call was cancelled; nothing was kept.",
                "Send it again if you still want the answer.");
    }
}
