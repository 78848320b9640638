package assay.domain.work;

import assay.domain.Caller;
import assay.domain.IsoTime;
import assay.domain.noun.Noun;
import assay.domain.store.DataFolder;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import assay.domain.store.Transaction;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Records how hooks fared once a unit of work has ended: a failure must be remembered although the
/// unit was undone, or a broken hook would refuse its verb for ever.
public final class HookLog {
    /// Who switches hooks off.
    private static final String ACTOR = "assay";

    private final DataFolder folder;

    public HookLog(DataFolder folder) {
        this.folder = folder;
    }

    /// Records runs. Those of hooks that were not kept are dropped.
    public void record(Caller caller, List<HookRun> runs, Instant now) throws InterruptedException {
        if (runs.isEmpty() || caller.readOnly()) {
            return;
        }
        try (var transaction = folder.begin(caller.tenant(), Transaction.Mode.WRITE)) {
            var objects = new Objects(transaction);
            var noun = folder.nouns().require(HookRegistry.HOOK);
            var byHook = new LinkedHashMap<String, Tally>();
            for (var run : runs) {
                objects.get(run.hook())
                        .ifPresent(stored ->
                                byHook.computeIfAbsent(run.hook(), _ -> new Tally(stored))
                                        .add(run));
            }
            byHook.values().forEach(tally -> tally.keep(objects, noun, now));
            transaction.commit();
        }
    }

    /// How one hook fared.
    private static final class Tally {
        private final StoredObject stored;
        private int failures;
        private boolean tooOften;
        private Optional<String> last = Optional.empty();

        Tally(StoredObject stored) {
            this.stored = stored;
            failures = stored.document().path("failures").asInt(0);
        }

        void add(HookRun run) {
            failures = run.failure().isPresent() ? failures + 1 : 0;
            tooOften |= failures >= RunningHooks.MOST_FAILURES;
            last = run.failure().or(() -> last);
        }

        void keep(Objects objects, Noun noun, Instant now) {
            var next = stored.document().deepCopy().put("failures", failures);
            last.ifPresent(message ->
                    next.put("lastError", message).put("lastFailedAt", IsoTime.text(now)));
            var disables = tooOften && next.path("status").asString("").equals("Enabled");
            if (disables) {
                next.put("status", "Disabled");
            }
            var entry =
                    disables
                            ? entry(
                                    "disable",
                                    "Disabled",
                                    Optional.of(RunningHooks.MOST_FAILURES + " failures in a row"))
                            : failures > 0
                                    ? entry("fail", "Failed", last)
                                    : entry("recover", "Recovered", Optional.empty());
            objects.update(noun, stored.next(next, now.toEpochMilli()), entry);
        }

        private static Objects.Entry entry(String verb, String event, Optional<String> reason) {
            return new Objects.Entry(verb, event, ACTOR, reason);
        }
    }
}
