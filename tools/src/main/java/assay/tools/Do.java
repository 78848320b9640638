package assay.tools;

import assay.domain.Caller;
import assay.domain.Reason;
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
            List.of("script", "code", "params", "dryRun", IdempotencyKey.ARGUMENT);

    private final ObjectNode definition = Definition.of("do");
    private final Runner runner;

    public Do(
            DataFolder folder,
            Sandbox sandbox,
            Limits limits,
            InstantSource clock,
            Search search,
            Fetch fetch) {
        this(folder, sandbox, limits, clock, Ids.secure(), search, fetch);
    }

    /// Seeds come from the caller.
    Do(
            DataFolder folder,
            Sandbox sandbox,
            Limits limits,
            InstantSource clock,
            RandomGenerator chance,
            Search search,
            Fetch fetch) {
        this.runner = new Runner(folder, sandbox, limits, clock, chance, search, fetch);
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
        var key = IdempotencyKey.of(json);
        try {
            return runner.run(
                    new Runner.Call(
                            Caller.CURRENT.get(),
                            source,
                            params.isMissingNode() ? "null" : params.toString(),
                            dryRun,
                            dryRun ? Optional.empty() : key));
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw Reading.cancelled();
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
