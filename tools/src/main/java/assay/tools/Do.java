package assay.tools;

import assay.domain.Caller;
import assay.domain.Refused;
import assay.domain.store.DataFolder;
import assay.domain.work.Ids;
import assay.scripting.Limits;
import assay.scripting.Sandbox;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/// Runs a script over `$` in one transaction: it is kept whole, or nothing of it is.
public final class Do implements Tool {
    private static final List<String> ARGUMENTS =
            List.of("script", "code", "recipe", "params", "dryRun", IdempotencyKey.ARGUMENT);

    private final ObjectNode definition = Definition.of("do");
    private final Runner runner;

    /// @param withHooks false when no hook is to run
    public Do(
            DataFolder folder,
            Sandbox sandbox,
            Limits limits,
            InstantSource clock,
            Search search,
            Fetch fetch,
            boolean withHooks) {
        this(folder, sandbox, limits, clock, Ids.secure(), search, fetch, withHooks);
    }

    /// Seeds come from the caller.
    Do(
            DataFolder folder,
            Sandbox sandbox,
            Limits limits,
            InstantSource clock,
            RandomGenerator chance,
            Search search,
            Fetch fetch,
            boolean withHooks) {
        this.runner = new Runner(folder, sandbox, limits, clock, chance, search, fetch, withHooks);
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
        var key = IdempotencyKey.of(json);
        try {
            return runner.run(
                    new Runner.Call(
                            Caller.CURRENT.get(), order, dryRun, dryRun ? Optional.empty() : key));
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw Reading.cancelled();
        }
    }

    @Override
    public ObjectNode failure(Refused refused) {
        return Failures.of(refused);
    }
}
