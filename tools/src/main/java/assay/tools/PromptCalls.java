package assay.tools;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.prompt.Code;
import assay.domain.work.UnitOfWork;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// The calls of a script on prompts, datasets and judges that are no verbs.
final class PromptCalls {
    private PromptCalls() {}

    /// @param code runs the functions of scripted judges
    /// @param call such as `Prompt.render`
    /// @param id its first argument
    static JsonNode answer(
            UnitOfWork work, Code code, String call, String id, ArrayNode arguments) {
        return switch (call) {
            case "Prompt.version" ->
                    work.prompts().version(id, CallArguments.object(call, arguments, 1));
            case "Prompt.render" -> work.prompts().render(id, arguments.path(1), arguments.path(2));
            case "Prompt.diff" -> work.prompts().diff(id, text(call, arguments, 1));
            case "Prompt.fit" ->
                    work.prompts().fit(id, text(call, arguments, 1), arguments.path(2));
            case "Prompt.lineage" -> work.prompts().lineage(id);
            case "Dataset.add" -> work.datasets().add(id, arguments.path(1));
            case "Dataset.import" ->
                    work.datasets().importText(id, CallArguments.object(call, arguments, 1));
            case "Dataset.items" -> work.datasets().items(id, arguments.path(1));
            case "Dataset.check" -> work.datasets().check(id, arguments.path(1));
            case "Judge.score" -> work.judges(code).score(id, arguments.path(1));
            case "Judge.prompt" -> work.judges(code).prompt(id, arguments.path(1));
            case "Judge.calibrate" -> work.judges(code).calibrate(id, arguments.path(1));
            case "Judge.calibration" -> work.judges(code).calibration(id, arguments.path(1));
            default ->
                    throw new Refused(
                            Reason.UNKNOWN_VERB,
                            "There is no $.%s.".formatted(call),
                            "Fetch {\"type\": \"Schema\"} for all that $ holds.");
        };
    }

    private static String text(String call, ArrayNode arguments, int index) {
        if (arguments.path(index).isString()) {
            return arguments.path(index).stringValue();
        }
        throw CallArguments.invalid(
                call,
                "Give %s an id as argument %d.".formatted(call, index + 1),
                arguments.path(index));
    }
}
