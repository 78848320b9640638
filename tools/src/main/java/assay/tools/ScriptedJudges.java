package assay.tools;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.prompt.Code;
import assay.scripting.Host;
import assay.scripting.Limits;
import assay.scripting.Outcome;
import assay.scripting.Sandbox;
import assay.scripting.Script;
import java.util.SplittableRandom;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Runs the functions of judges for one script: in the same sandbox, at the same instant, within
/// tighter limits, and with nothing behind `$`.
final class ScriptedJudges implements Code {
    /// Calls of scripted judges in one script; each judges as many outputs as it is given.
    private static final int MOST_RUNS = 100;

    private final Sandbox sandbox;
    private final Script script;
    private final SplittableRandom chance;
    private int runs;

    /// @param script the script that asks the judges
    ScriptedJudges(Sandbox sandbox, Script script) {
        this.sandbox = sandbox;
        this.script = script;
        this.chance = new SplittableRandom(script.seed() + 1);
    }

    @Override
    public ArrayNode map(String source, ArrayNode values) {
        if (++runs > MOST_RUNS) {
            throw new Refused(
                    Reason.LIMIT_EXCEEDED,
                    "The script called scripted judges more than %d times.".formatted(MOST_RUNS),
                    "Give $.Judge.score an array of outputs.");
        }
        var params = JsonNodeFactory.instance.objectNode().put("values", values.toString());
        var outcome =
                sandbox.run(
                        new Script(
                                call(source),
                                params.toString(),
                                "{}",
                                script.now(),
                                chance.nextLong(),
                                limits()),
                        (function, _) ->
                                new Host.Answer.Refusal(
                                        new Refused(
                                                        Reason.INVALID_REQUEST,
                                                        "A judge has no %s."
                                                                .formatted(
                                                                        Quoted.of("$." + function)),
                                                        "Let the judge use only what it is given.")
                                                .toJson()
                                                .toString()));
        return switch (outcome) {
            case Outcome.Returned(var json, _)
                    when ScriptJson.read(json) instanceof ArrayNode scores ->
                    scores;
            case Outcome.Returned(var json, _) -> throw failed("it returned " + json);
            case Outcome.Threw threw -> throw failed(threw.message());
            case Outcome.Unreadable unreadable -> throw failed(unreadable.message());
            case Outcome.OverLimit over ->
                    throw failed(over.detail().replaceFirst("^The script", "it"));
            case Outcome.Cancelled _ -> throw Reading.cancelled();
            case Outcome.Abandoned abandoned -> throw failed(abandoned.why());
        };
    }

    private static String call(String source) {
        return """
        const judge = (%s
        )
        const scores = []
        for (const one of JSON.parse(params.values)) scores.push(await judge(one))
        return scores\
        """
                .formatted(source);
    }

    private Limits limits() {
        var limits = script.limits();
        return new Limits(
                limits.time().dividedBy(2),
                limits.statements(),
                limits.allocatedBytes() / 4,
                limits.hostCalls() / 10,
                limits.logCharacters() / 10,
                limits.resultCharacters());
    }

    private static Refused failed(String why) {
        return new Refused(
                        Reason.SCRIPT_ERROR,
                        "The function of the judge failed: %s.".formatted(Quoted.of(why)),
                        "Correct its source; it gets one object {output, expected, input} and returns a score from 0 to 1.")
                .field("source");
    }
}
