package assay.tools;

import assay.domain.Caller;
import assay.domain.Fingerprint;
import assay.domain.JsonTree;
import assay.domain.Refused;
import assay.domain.experiment.Experiments.PendingLook;
import assay.domain.store.Conflict;
import assay.domain.store.DataFolder;
import assay.domain.store.Runs;
import assay.domain.store.Transaction;
import assay.domain.work.HookLog;
import assay.domain.work.HookRun;
import assay.domain.work.Ids;
import assay.domain.work.Looks;
import assay.domain.work.Seed;
import assay.domain.work.UnitOfWork;
import assay.scripting.Limits;
import assay.scripting.Outcome;
import assay.scripting.Sandbox;
import assay.scripting.Script;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Runs scripts, each in a transaction of its own, and records those that change something.
final class Runner {
    private static final String PROGRAM =
            Objects.requireNonNullElse(
                    Runner.class.getPackage().getImplementationVersion(), "unpackaged");

    private final DataFolder folder;
    private final Sandbox sandbox;
    private final Limits limits;
    private final InstantSource clock;
    private final RandomGenerator chance;
    private final Search search;
    private final Fetch fetch;
    private final Looks looks;
    private final HookLog hookLog;
    private final boolean withHooks;
    private final Optional<HookFiles> hookFiles;
    private volatile @Nullable String api;

    /// @param chance where the seeds of the runs come from
    /// @param withHooks false when no hook is to run
    Runner(
            DataFolder folder,
            Sandbox sandbox,
            Limits limits,
            InstantSource clock,
            RandomGenerator chance,
            Search search,
            Fetch fetch,
            boolean withHooks) {
        this.folder = folder;
        this.sandbox = sandbox;
        this.limits = limits;
        this.clock = clock;
        this.chance = chance;
        this.search = search;
        this.fetch = fetch;
        this.looks = new Looks(folder);
        this.hookLog = new HookLog(folder);
        this.withHooks = withHooks;
        this.hookFiles =
                withHooks
                        ? Optional.of(new HookFiles(folder, sandbox, new Ids(chance)))
                        : Optional.empty();
    }

    /// What is to be run, for whom.
    record Call(Caller caller, Order order, boolean dryRun, Optional<IdempotencyKey> key) {}

    /// All that is different when a script is run again.
    private record Moment(Instant now, Seed seed) {}

    /// Runs a script, or answers as it was answered before.
    ///
    /// @throws Failed if the script came to no good end
    ObjectNode run(Call call) throws InterruptedException {
        Supplier<Moment> now =
                () ->
                        new Moment(
                                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                                new Seed(chance.nextLong()));
        // A dry run that only reads leaves a folder without a database as it is.
        if (!call.dryRun() || folder.has(call.caller().tenant())) {
            bringInHooks(call);
        }
        var mode = call.caller().readOnly() ? Transaction.Mode.READ : Transaction.Mode.LAZY;
        var first = attempt(call, mode, now);
        if (first.isPresent()) {
            return reply(call, first.get());
        }
        bringInHooks(call);
        // Somebody else wrote in between. This is another run, at another time and by another seed;
        // with the lock taken first it does not happen again.
        var second = attempt(call, Transaction.Mode.WRITE, now);
        return reply(
                call,
                second.orElseThrow(() ->
                        new IllegalStateException(
                                "A writer was disturbed although it had the lock from its start.")));
    }

    private void bringInHooks(Call call) throws InterruptedException {
        if (hookFiles.isPresent()) {
            hookFiles.get().bringIn(call.caller(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        }
    }

    /// Does what a recorded run did. Its looks are not logged.
    ///
    /// @throws Failed if it comes to no good end this time
    void repeat(Runs.Run run, String tenant) throws InterruptedException {
        var call =
                new Call(
                        new Caller(tenant, run.actor(), false),
                        new Order.Sent(run.source(), JsonTree.read(run.params().orElse("null"))),
                        false,
                        run.answer()
                                .map(answer ->
                                        new IdempotencyKey(answer.key(), answer.fingerprint())));
        var moment = new Moment(Instant.ofEpochMilli(run.at()), new Seed(run.seed()));
        try (var transaction = folder.begin(tenant, Transaction.Mode.WRITE)) {
            var ran = perform(call, transaction, moment);
            if (!ran.isKept()) {
                throw new Failed(ran.reply());
            }
            record(call, ran, moment, transaction);
            transaction.commit();
        }
    }

    /// A script that has come to its end, good or bad.
    ///
    /// @param id of the run
    /// @param text what was run
    /// @param reply what its caller is told
    /// @param isKept true when what it wrote is to be kept
    private record Ran(
            String id,
            Order.Text text,
            Outcome outcome,
            UnitOfWork work,
            ObjectNode reply,
            boolean isKept) {}

    /// What a caller is told, and the looks and the runs of hooks that have still to be logged
    /// before.
    private record Answer(
            ObjectNode reply,
            boolean failed,
            List<PendingLook> looks,
            List<HookRun> hookRuns,
            boolean kept) {}

    /// Runs the script once.
    ///
    /// @return empty when it has to be run again, because another writer was first
    private Optional<Answer> attempt(Call call, Transaction.Mode mode, Supplier<Moment> now)
            throws InterruptedException {
        try (var transaction = folder.begin(call.caller().tenant(), mode)) {
            var runs = new Runs(transaction);
            var repeated = call.key().flatMap(key -> key.repeated(runs));
            if (repeated.isPresent()) {
                return Optional.of(new Answer(repeated.get(), false, List.of(), List.of(), true));
            }
            // After the lock was waited for, so that time goes on from one writer to the next.
            var moment = now.get();
            var ran = perform(call, transaction, moment);
            if (ran.outcome() instanceof Outcome.Abandoned && mode != Transaction.Mode.WRITE) {
                return Optional.empty();
            }
            var looks = ran.work().looks();
            var hookRuns = call.dryRun() ? List.<HookRun>of() : ran.work().hookRuns();
            if (!ran.isKept()) {
                return Optional.of(
                        new Answer(
                                ran.reply(),
                                !(ran.outcome() instanceof Outcome.Returned),
                                looks,
                                hookRuns,
                                false));
            }
            if (!call.caller().readOnly()
                    && (call.key().isPresent() || !ran.work().changes().isEmpty())) {
                record(call, ran, moment, transaction);
                Looks.log(transaction, looks);
                looks = List.of();
            }
            transaction.commit();
            return Optional.of(new Answer(ran.reply(), false, looks, hookRuns, true));
        } catch (Conflict _) {
            return Optional.empty();
        }
    }

    private Ran perform(Call call, Transaction transaction, Moment moment) {
        var ids = moment.seed().ids().at(moment.now());
        var id = ids.next("run");
        var text =
                call.order()
                        .text(
                                folder.nouns(),
                                () ->
                                        new UnitOfWork(
                                                folder.nouns(),
                                                transaction,
                                                call.caller(),
                                                moment.now(),
                                                Ids.NONE));
        var script =
                new Script(
                        text.source(),
                        text.params(),
                        api(),
                        moment.now(),
                        moment.seed().ofScript(),
                        limits);
        var hooks = new ScriptedHooks(sandbox, script, folder.nouns(), search, fetch);
        var work =
                new UnitOfWork(
                        folder.nouns(),
                        transaction,
                        call.caller(),
                        moment.now(),
                        ids,
                        withHooks ? Optional.of(hooks) : Optional.empty(),
                        Optional.of(id));
        barPlannedLooks(call, work);
        Shown shown;
        try (var binding =
                new Binding(
                        folder.nouns(),
                        work,
                        search,
                        fetch,
                        new ScriptedJudges(sandbox, script),
                        false)) {
            shown = Shown.of(sandbox.run(script, binding));
        }
        return new Ran(
                id,
                text,
                shown.outcome(),
                work,
                told(call, shown, work, hooks.logs()),
                shown.result().isPresent() && !call.dryRun());
    }

    /// A look that decides once and for all must leave its trace.
    private static void barPlannedLooks(Call call, UnitOfWork work) {
        if (call.dryRun()) {
            work.barPlannedLooks("a dry run keeps nothing");
        } else if (call.caller().readOnly()) {
            work.barPlannedLooks("you may only read");
        }
    }

    private static void record(Call call, Ran ran, Moment moment, Transaction transaction) {
        var result = ran.outcome() instanceof Outcome.Returned(var json, _) ? json : "";
        new Runs(transaction)
                .add(
                        new Runs.Run(
                                ran.id(),
                                moment.now().toEpochMilli(),
                                call.caller().actor(),
                                ran.text().source(),
                                Optional.of(ran.text().params()),
                                moment.seed().value(),
                                PROGRAM,
                                Fingerprint.of(result),
                                call.key()
                                        .map(key ->
                                                new Runs.Answer(
                                                        key.text(),
                                                        key.fingerprint(),
                                                        JsonTree.text(ran.reply())))));
    }

    /// A look is logged whatever became of the script, before anybody hears what it saw.
    private ObjectNode reply(Call call, Answer answer) {
        log(call.caller(), answer);
        if (answer.failed()) {
            throw new Failed(answer.reply());
        }
        return answer.reply();
    }

    /// Cancelling must not keep a look from being logged: what was seen was seen.
    private void log(Caller caller, Answer answer) {
        uninterrupted(() -> looks.log(caller, answer.looks(), answer.kept()));
        uninterrupted(() -> hookLog.record(caller, answer.hookRuns(), clock.instant()));
    }

    /// Something that is recorded after a script.
    @FunctionalInterface
    private interface Recording {
        void record() throws InterruptedException;
    }

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

    /// Made when the first script runs: the other tools do without it.
    private String api() {
        var made = api;
        if (made == null) {
            made = Functions.api(folder.nouns());
            api = made;
        }
        return made;
    }

    /// What is shown of a script's end.
    ///
    /// @param result what it returned, if it did and a reply can carry that
    private record Shown(Outcome outcome, Optional<JsonNode> result) {
        /// A result that no reply could carry makes the script fail, before anything is kept.
        static Shown of(Outcome outcome) {
            if (!(outcome instanceof Outcome.Returned(var json, var logs))) {
                return new Shown(outcome, Optional.empty());
            }
            try {
                return new Shown(outcome, Optional.of(ScriptJson.read(json)));
            } catch (Refused refused) {
                var threw =
                        new Outcome.Threw(
                                refused.problem(),
                                Optional.empty(),
                                Optional.of(refused.toJson().toString()),
                                logs);
                return new Shown(threw, Optional.empty());
            }
        }
    }

    private ObjectNode told(Call call, Shown shown, UnitOfWork work, List<String> hookLogs) {
        if (shown.result().isEmpty()) {
            var failure =
                    Failures.of(shown.outcome(), call.order(), folder.nouns(), work.changes());
            tellOfHooks(work, hookLogs, failure);
            return Cut.toFit(failure);
        }
        var reply = JsonNodeFactory.instance.objectNode();
        reply.set("result", shown.result().get());
        shown.outcome().logs().forEach(reply.putArray("logs")::add);
        var changes = reply.putArray("changes");
        work.changes().forEach(change -> changes.add(change.toJson()));
        tellOfHooks(work, hookLogs, reply);
        work.warnings().forEach(warning -> reply.withArray("warnings").add(warning.toJson()));
        if (call.dryRun()) {
            reply.put("dryRun", true);
        }
        return Cut.toFit(reply);
    }

    private static void tellOfHooks(UnitOfWork work, List<String> logs, ObjectNode reply) {
        logs.forEach(reply.withArray("logs")::add);
        for (var error : work.hookErrors()) {
            reply.withArray("hookErrors").add(error.toJson());
        }
    }
}
