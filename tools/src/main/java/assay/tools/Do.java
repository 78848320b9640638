package assay.tools;

import assay.domain.Caller;
import assay.domain.JsonTree;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.DataFolder;
import assay.domain.store.Transaction;
import assay.domain.work.HookLog;
import assay.domain.work.Hooks;
import assay.domain.work.Ids;
import assay.domain.work.Looks;
import assay.domain.work.UnitOfWork;
import assay.scripting.Limits;
import assay.scripting.Outcome;
import assay.scripting.Sandbox;
import assay.scripting.Script;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Runs a script over `$` in one transaction: it is kept whole, or nothing of it is.
public final class Do implements Tool {
    private static final List<String> ARGUMENTS = List.of("script", "code", "params", "dryRun");

    private final ObjectNode definition = Definition.of("do");
    private final DataFolder folder;
    private final Sandbox sandbox;
    private final Limits limits;
    private final InstantSource clock;
    private final Ids ids;
    private final Search search;
    private final Fetch fetch;
    private final Looks looks;
    private final HookLog hookLog;
    private final Optional<HookFiles> hookFiles;
    private volatile @Nullable String api;

    /// @param withHooks false when no hook is to run
    public Do(
            DataFolder folder,
            Sandbox sandbox,
            Limits limits,
            InstantSource clock,
            Search search,
            Fetch fetch,
            boolean withHooks) {
        this(folder, sandbox, limits, clock, new Ids(), search, fetch, withHooks);
    }

    /// Ids and chance come from the caller.
    Do(
            DataFolder folder,
            Sandbox sandbox,
            Limits limits,
            InstantSource clock,
            Ids ids,
            Search search,
            Fetch fetch,
            boolean withHooks) {
        this.folder = folder;
        this.sandbox = sandbox;
        this.limits = limits;
        this.clock = clock;
        this.ids = ids;
        this.search = search;
        this.fetch = fetch;
        this.looks = new Looks(folder);
        this.hookLog = new HookLog(folder);
        this.hookFiles =
                withHooks ? Optional.of(new HookFiles(folder, sandbox, ids)) : Optional.empty();
    }

    /// Made when the first script runs: the other tools do without it.
    private String api() {
        var made = api;
        if (made == null) {
            made = Functions.api(folder.nouns());
            api = made;
        }
        return made;
    }

    @Override
    public String name() {
        return "do";
    }

    @Override
    public ObjectNode definition() {
        return definition;
    }

    @Override
    public ObjectNode call(ObjectNode json) {
        var arguments = new Arguments(json);
        arguments.requireOnly(ARGUMENTS);
        var source =
                arguments
                        .text("script")
                        .or(() -> arguments.text("code"))
                        .orElseThrow(Do::missingScript);
        var params = json.path("params");
        var dryRun = arguments.flag("dryRun");
        try {
            var first = attempt(source, params, dryRun, Transaction.Mode.LAZY);
            // Somebody else wrote in between. With the lock taken first that cannot happen again.
            var last =
                    first.conflicted()
                            ? attempt(source, params, dryRun, Transaction.Mode.WRITE)
                            : first;
            return reply(last, dryRun);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw Reading.cancelled();
        }
    }

    /// One run of the script.
    ///
    /// @param hookLogs what its hooks logged
    private record Attempt(Outcome outcome, UnitOfWork work, List<String> hookLogs) {
        /// True when it has to be run again, because another writer was first.
        boolean conflicted() {
            return outcome instanceof Outcome.Abandoned;
        }
    }

    private Attempt attempt(String source, JsonNode params, boolean dryRun, Transaction.Mode mode)
            throws InterruptedException {
        var caller = Caller.CURRENT.get();
        var attempt =
                run(
                        source,
                        params,
                        dryRun,
                        caller,
                        caller.readOnly() ? Transaction.Mode.READ : mode);
        if (!attempt.conflicted()) {
            // A look is logged whatever became of the script, before anybody hears what it saw.
            var work = attempt.work();
            var kept = isKept(attempt.outcome(), dryRun);
            uninterrupted(() -> looks.log(caller, work.looks(), kept));
            if (!dryRun) {
                uninterrupted(() -> hookLog.record(caller, work.hookRuns(), clock.instant()));
            }
        }
        return attempt;
    }

    /// Something that is recorded after a script.
    @FunctionalInterface
    private interface Recording {
        void record() throws InterruptedException;
    }

    /// Cancelling must not keep a look from being logged: what was seen was seen.
    private static void uninterrupted(Recording recording) {
        var interrupted = false;
        while (true) {
            try {
                recording.record();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Attempt run(
            String source, JsonNode params, boolean dryRun, Caller caller, Transaction.Mode mode)
            throws InterruptedException {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (hookFiles.isPresent()) {
            hookFiles.get().bringIn(caller, now);
        }
        try (var transaction = folder.begin(caller.tenant(), mode)) {
            var data = params.isMissingNode() ? "null" : params.toString();
            var script = new Script(source, data, api(), now, ids.seed(), limits);
            var hooks = new ScriptedHooks(sandbox, script, folder.nouns(), search, fetch);
            var work =
                    new UnitOfWork(
                            folder.nouns(),
                            transaction,
                            caller,
                            now,
                            ids,
                            hookFiles.<Hooks>map(_ -> hooks));
            Outcome outcome;
            try (var binding = new Binding(folder.nouns(), work, search, fetch, false)) {
                outcome = showable(sandbox.run(script, binding));
            }
            if (isKept(outcome, dryRun)) {
                transaction.commit();
            }
            return new Attempt(outcome, work, hooks.logs());
        }
    }

    /// A result that no reply could carry makes the script fail, before anything is kept.
    private static Outcome showable(Outcome outcome) {
        if (outcome instanceof Outcome.Returned(var json, var logs)) {
            try {
                ScriptJson.read(json);
            } catch (Refused refused) {
                return new Outcome.Threw(
                        refused.problem(),
                        Optional.empty(),
                        Optional.of(refused.toJson().toString()),
                        logs);
            }
        }
        return outcome;
    }

    private static boolean isKept(Outcome outcome, boolean dryRun) {
        return outcome instanceof Outcome.Returned && !dryRun;
    }

    private static ObjectNode reply(Attempt attempt, boolean dryRun) {
        if (!(attempt.outcome() instanceof Outcome.Returned(var result, var logs))) {
            var failure = Failures.of(attempt.outcome(), attempt.work().changes());
            tellOfHooks(attempt, failure);
            throw new Failed(Cut.toFit(failure));
        }
        var reply = JsonNodeFactory.instance.objectNode();
        reply.set("result", JsonTree.read(result));
        logs.forEach(reply.putArray("logs")::add);
        var changes = reply.putArray("changes");
        attempt.work().changes().forEach(change -> changes.add(change.toJson()));
        tellOfHooks(attempt, reply);
        if (dryRun) {
            reply.put("dryRun", true);
        }
        return Cut.toFit(reply);
    }

    private static void tellOfHooks(Attempt attempt, ObjectNode reply) {
        attempt.hookLogs().forEach(reply.withArray("logs")::add);
        for (var error : attempt.work().hookErrors()) {
            reply.withArray("hookErrors").add(error.toJson());
        }
    }

    private static Refused missingScript() {
        return new Refused(
                        Reason.MISSING_FIELD,
                        "do needs a script.",
                        "Send {\"script\": \"return await $.Experiment.find()\"}.")
                .field("script");
    }
}
