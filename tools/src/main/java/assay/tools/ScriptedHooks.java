package assay.tools;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Nouns;
import assay.domain.work.Hook;
import assay.domain.work.Hooks;
import assay.domain.work.UnitOfWork;
import assay.scripting.Limits;
import assay.scripting.Outcome;
import assay.scripting.Sandbox;
import assay.scripting.Script;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Runs the hooks of one script's verbs: in the same sandbox, at the same instant, each within
/// tighter limits. Whatever stops the script stops the hook that runs for it.
///
/// One runs at a time, inside the call of the host that its verb is, though not always on the same
/// thread.
final class ScriptedHooks implements Hooks {
    /// Hooks whose verbs have hooks whose verbs have hooks.
    static final int DEEPEST = 8;

    /// Hooks that one script may cause to run.
    static final int MOST_RUNS = 200;

    /// What the engine throws for mistakes in the code.
    private static final Pattern MISTAKE =
            Pattern.compile("(Type|Reference|Range|Syntax|Eval|URI)Error: .*", Pattern.DOTALL);

    private final Sandbox sandbox;
    private final String api;
    private final Nouns nouns;
    private final Search search;
    private final Fetch fetch;
    private final Limits limits;
    private final Instant now;
    private final SplittableRandom chance;
    private final List<String> logs = new ArrayList<>();
    private int logged;
    private int runs;
    private int depth;

    /// @param script the script whose verbs have hooks
    ScriptedHooks(Sandbox sandbox, Script script, Nouns nouns, Search search, Fetch fetch) {
        this.sandbox = sandbox;
        this.api = script.api();
        this.nouns = nouns;
        this.search = search;
        this.fetch = fetch;
        this.limits = script.limits();
        this.now = script.now();
        this.chance = new SplittableRandom(script.seed());
    }

    /// What hooks have logged so far, each line with the name of its hook in front.
    List<String> logs() {
        return List.copyOf(logs);
    }

    @Override
    public Ended run(Hook hook, ObjectNode entity, Optional<ObjectNode> change, UnitOfWork inside) {
        if (depth == DEEPEST) {
            throw tooMuch(
                    "Hooks call verbs whose hooks call verbs, more than %d deep, at %s."
                            .formatted(DEEPEST, hook.name()),
                    "Let one of them check whether there is anything left to do before it calls a verb.");
        }
        if (runs == MOST_RUNS) {
            throw tooMuch(
                    "The script caused more than %d runs of hooks.".formatted(MOST_RUNS),
                    "Do less in one script, and split the rest over several calls.");
        }
        runs++;
        depth++;
        try {
            return ended(hook, execute(script(hook, entity, change), inside));
        } finally {
            depth--;
        }
    }

    private Outcome execute(Script script, UnitOfWork inside) {
        // Closed before anybody goes on: a call may still run of a hook that was stopped in it.
        try (var binding =
                new Binding(
                        nouns, inside, search, fetch, new ScriptedJudges(sandbox, script), true)) {
            return sandbox.run(script, binding);
        }
    }

    private Script script(Hook hook, ObjectNode entity, Optional<ObjectNode> change) {
        var params = JsonNodeFactory.instance.objectNode().put("object", entity.toString());
        change.ifPresent(about -> params.put("change", about.toString()));
        var arguments =
                change.isPresent()
                        ? "JSON.parse(params.object), $, JSON.parse(params.change)"
                        : "JSON.parse(params.object), $";
        return new Script(
                "return (%s\n)(%s)".formatted(hook.source(), arguments),
                params.toString(),
                api,
                now,
                chance.nextLong(),
                new Limits(
                        limits.time().dividedBy(5),
                        limits.statements(),
                        limits.allocatedBytes() / 4,
                        limits.hostCalls() / 10,
                        Math.max(
                                0,
                                Math.min(
                                        limits.logCharacters() / 10,
                                        limits.logCharacters() - logged)),
                        limits.resultCharacters()));
    }

    private Ended ended(Hook hook, Outcome outcome) {
        for (var line : outcome.logs()) {
            logs.add("[hook %s] %s".formatted(hook.name(), line));
            logged += line.length() + 1;
        }
        return switch (outcome) {
            case Outcome.Returned(var json, _) -> returned(json);
            case Outcome.Threw threw ->
                    new Ended.Failed(
                            threw.message(),
                            line(threw.at()),
                            threw.refusal().isEmpty()
                                    && MISTAKE.matcher(threw.message()).matches());
            case Outcome.Unreadable unreadable ->
                    new Ended.Failed(unreadable.message(), line(unreadable.at()), true);
            case Outcome.OverLimit over -> {
                yield new Ended.Failed(
                        over.detail().replaceFirst("^The script", "The hook"),
                        OptionalInt.empty(),
                        true);
            }
            case Outcome.Cancelled _ -> throw Reading.cancelled();
            case Outcome.Abandoned abandoned ->
                    new Ended.Failed(abandoned.why(), OptionalInt.empty(), false);
        };
    }

    private static Ended returned(String json) {
        try {
            return new Ended.Returned(ScriptJson.read(json));
        } catch (Refused refused) {
            return new Ended.Failed(refused.problem(), OptionalInt.empty(), true);
        }
    }

    private static OptionalInt line(Optional<Outcome.Position> at) {
        return at.map(place -> OptionalInt.of(place.line())).orElse(OptionalInt.empty());
    }

    private static Refused tooMuch(String problem, String repair) {
        return new Refused(Reason.LIMIT_EXCEEDED, problem, repair);
    }
}
