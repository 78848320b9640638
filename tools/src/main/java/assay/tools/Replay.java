package assay.tools;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.Contents;
import assay.domain.store.DataFolder;
import assay.domain.store.Recording;
import assay.domain.store.Runs;
import assay.domain.store.Transaction;
import assay.scripting.Limits;
import assay.scripting.Sandbox;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Runs all recorded scripts of a tenant again, in their order, in a new data folder, and says
/// whether the same came of it.
///
/// What no recorded script wrote is copied: looks at results, most of which scripts took that only
/// read, what Assay puts into a new file, and what is older than the recording of runs.
public final class Replay {
    private final DataFolder from;
    private final Sandbox sandbox;
    private final Limits limits;
    private final boolean withHooks;

    /// @param withHooks false when the recorded scripts ran without hooks
    public Replay(DataFolder from, Sandbox sandbox, Limits limits, boolean withHooks) {
        this.from = from;
        this.sandbox = sandbox;
        this.limits = limits;
        this.withHooks = withHooks;
    }

    /// What came of it.
    ///
    /// @param runs how many runs came to the same before the first that did not
    /// @param difference empty when all is the same
    public record Report(long runs, Optional<Difference> difference) {
        /// `{runs, same, difference?: {run?, what}}`.
        public ObjectNode toJson() {
            var json = JsonNodeFactory.instance.objectNode();
            json.put("runs", runs).put("same", difference.isEmpty());
            difference.ifPresent(first -> {
                var member = json.putObject("difference");
                first.run().ifPresent(run -> member.put("run", run));
                member.put("what", first.what());
            });
            return json;
        }
    }

    /// The first thing that is not the same.
    ///
    /// @param run the id of the run; empty when no single one is to blame
    /// @param what a sentence
    public record Difference(Optional<String> run, String what) {}

    /// Replays a tenant. Others may read and write it meanwhile; what they write is not seen.
    ///
    /// @param target a folder in which there is nothing of the tenant yet
    /// @throws Refused if there is, or if nothing was ever written for the tenant
    public Report run(String tenant, Path target) throws InterruptedException {
        if (!from.has(tenant)) {
            throw new Refused(
                    Reason.UNKNOWN_ID,
                    "Nothing was ever written for the tenant %s, so there is nothing to replay."
                            .formatted(Quoted.of(tenant)),
                    "Name another tenant or data folder.");
        }
        try (var to = new DataFolder(target, from.nouns(), false);
                var source = from.begin(tenant, Transaction.Mode.READ)) {
            if (to.has(tenant)) {
                throw new Refused(
                        Reason.INVALID_VALUE,
                        "The folder %s has a database of the tenant %s already."
                                .formatted(target, Quoted.of(tenant)),
                        "Name a folder that does not exist yet.");
            }
            return replay(source, to, tenant);
        }
    }

    private Report replay(Transaction source, DataFolder to, String tenant)
            throws InterruptedException {
        // The clock and the chance of each run are its own; these are never asked.
        var clock = InstantSource.system();
        var runner =
                new Runner(
                        to,
                        sandbox,
                        limits,
                        clock,
                        () -> {
                            throw new IllegalStateException("a replay needs no new seed");
                        },
                        new Search(to, clock),
                        new Fetch(to, clock),
                        withHooks);
        var recording = new Recording(source, to.nouns());
        var runs = 0L;
        for (var run = recording.next(); run.isPresent(); run = recording.next()) {
            recording.copyOthers(to, tenant);
            var difference = repeated(run.get(), runner, recording, to, tenant);
            if (difference.isPresent()) {
                return new Report(
                        runs,
                        Optional.of(new Difference(Optional.of(run.get().id()), difference.get())));
            }
            runs++;
        }
        recording.copyOthers(to, tenant);
        try (var target = to.begin(tenant, Transaction.Mode.READ)) {
            return new Report(
                    runs,
                    Contents.difference(source, target)
                            .map(part ->
                                    new Difference(
                                            Optional.empty(), "The %s differ.".formatted(part))));
        }
    }

    /// Repeats one run.
    ///
    /// @return what is not the same, as a sentence
    private static Optional<String> repeated(
            Runs.Run run, Runner runner, Recording recording, DataFolder to, String tenant)
            throws InterruptedException {
        if (run.params().isEmpty()) {
            return Optional.of("Its params were erased, so it cannot be repeated.");
        }
        try {
            runner.repeat(run, tenant);
        } catch (Failed failed) {
            return Optional.of(
                    "It failed: %s"
                            .formatted(failed.value().at("/error/message").asString("unknown")));
        }
        try (var target = to.begin(tenant, Transaction.Mode.READ)) {
            return recording.difference(run, target);
        }
    }
}
