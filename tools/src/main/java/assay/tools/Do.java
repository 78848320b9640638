package assay.tools;

import assay.domain.Caller;
import assay.domain.JsonTree;
import assay.domain.Refused;
import assay.domain.experiment.Experiments.PendingLook;
import assay.domain.store.DataFolder;
import assay.domain.store.Transaction;
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
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Runs a script over `$` in one transaction: it is kept whole, or nothing of it is.
public final class Do implements Tool {
    private static final List<String> ARGUMENTS =
            List.of("script", "code", "recipe", "params", "dryRun");

    private final ObjectNode definition = Definition.of("do");
    private final DataFolder folder;
    private final Sandbox sandbox;
    private final Limits limits;
    private final InstantSource clock;
    private final Ids ids;
    private final Search search;
    private final Fetch fetch;
    private final Looks looks;
    private volatile @Nullable String api;

    public Do(
            DataFolder folder,
            Sandbox sandbox,
            Limits limits,
            InstantSource clock,
            Search search,
            Fetch fetch) {
        this(folder, sandbox, limits, clock, new Ids(), search, fetch);
    }

    /// Ids and chance come from the caller.
    Do(
            DataFolder folder,
            Sandbox sandbox,
            Limits limits,
            InstantSource clock,
            Ids ids,
            Search search,
            Fetch fetch) {
        this.folder = folder;
        this.sandbox = sandbox;
        this.limits = limits;
        this.clock = clock;
        this.ids = ids;
        this.search = search;
        this.fetch = fetch;
        this.looks = new Looks(folder);
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
        var order = Order.of(arguments);
        var dryRun = arguments.flag("dryRun");
        try {
            var first = attempt(order, dryRun, Transaction.Mode.LAZY);
            // Somebody else wrote in between. With the lock taken first that cannot happen again.
            var last = first.conflicted() ? attempt(order, dryRun, Transaction.Mode.WRITE) : first;
            return reply(last, order, dryRun);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw Reading.cancelled();
        }
    }

    /// One run of the script.
    private record Attempt(Outcome outcome, UnitOfWork work) {
        /// True when it has to be run again, because another writer was first.
        boolean conflicted() {
            return outcome instanceof Outcome.Abandoned;
        }
    }

    private Attempt attempt(Order order, boolean dryRun, Transaction.Mode mode)
            throws InterruptedException {
        var caller = Caller.CURRENT.get();
        var attempt = run(order, dryRun, caller, caller.readOnly() ? Transaction.Mode.READ : mode);
        if (!attempt.conflicted()) {
            // A look is logged whatever became of the script, before anybody hears what it saw.
            log(caller, attempt.work().looks(), isKept(attempt.outcome(), dryRun));
        }
        return attempt;
    }

    /// Cancelling must not keep a look from being logged: what was seen was seen.
    private void log(Caller caller, List<PendingLook> taken, boolean kept) {
        var interrupted = false;
        while (true) {
            try {
                looks.log(caller, taken, kept);
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Attempt run(Order order, boolean dryRun, Caller caller, Transaction.Mode mode)
            throws InterruptedException {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        try (var transaction = folder.begin(caller.tenant(), mode)) {
            var work = new UnitOfWork(folder.nouns(), transaction, caller, now, ids);
            var text = order.text(folder.nouns(), work);
            var script = new Script(text.source(), text.params(), api(), now, ids.seed(), limits);
            Outcome outcome;
            try (var binding = new Binding(folder.nouns(), work, search, fetch)) {
                outcome = showable(sandbox.run(script, binding));
            }
            if (isKept(outcome, dryRun)) {
                transaction.commit();
            }
            return new Attempt(outcome, work);
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

    private ObjectNode reply(Attempt attempt, Order order, boolean dryRun) {
        if (!(attempt.outcome() instanceof Outcome.Returned(var result, var logs))) {
            throw new Failed(
                    Cut.toFit(
                            Failures.of(
                                    attempt.outcome(),
                                    order,
                                    folder.nouns(),
                                    attempt.work().changes())));
        }
        var reply = JsonNodeFactory.instance.objectNode();
        reply.set("result", JsonTree.read(result));
        logs.forEach(reply.putArray("logs")::add);
        var changes = reply.putArray("changes");
        attempt.work().changes().forEach(change -> changes.add(change.toJson()));
        if (dryRun) {
            reply.put("dryRun", true);
        }
        return Cut.toFit(reply);
    }

    @Override
    public ObjectNode failure(Refused refused) {
        return Failures.of(refused);
    }
}
