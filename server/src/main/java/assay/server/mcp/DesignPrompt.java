package assay.server.mcp;

import assay.domain.JsonTree;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The message with which a user asks an agent to design an experiment.
final class DesignPrompt {
    static final String NAME = "design-experiment";

    private static final int LONGEST_ARGUMENT = 2_000;

    private DesignPrompt() {}

    static ObjectNode definition() {
        var definition =
                Json.object()
                        .put("name", NAME)
                        .put("title", "Design an experiment")
                        .put(
                                "description",
                                "From what you want to find out to an experiment that is ready to start.");
        var arguments = definition.putArray("arguments");
        arguments
                .addObject()
                .put("name", "goal")
                .put("description", "What you want to find out or improve.")
                .put("required", true);
        arguments
                .addObject()
                .put("name", "metric")
                .put("description", "What to measure it by, if you know already.")
                .put("required", false);
        return definition;
    }

    /// @throws Refusal if the goal is missing
    static ObjectNode write(Call call) {
        var arguments = call.params().path("arguments");
        var goal = Json.text(arguments, "goal");
        if (goal == null || goal.isBlank()) {
            throw Refusal.invalidParams(
                    "The prompt '"
                            + NAME
                            + "' needs the argument 'goal': what you want to find out or improve.");
        }
        var metric = Json.text(arguments, "metric");
        var text =
                Guide.text("design-experiment.md")
                        .replace(
                                "{metric}",
                                metric == null || metric.isBlank()
                                        ? "to be proposed by you"
                                        : quoted(metric))
                        .replace("{goal}", quoted(goal));
        var result = Json.object().put("description", "Design an experiment");
        result.putArray("messages")
                .addObject()
                .put("role", "user")
                .putObject("content")
                .put("type", "text")
                .put("text", text);
        return result;
    }

    /// As a JSON string, so that it cannot be taken for a part of the message around it.
    private static String quoted(String argument) {
        var bounded =
                argument.length() > LONGEST_ARGUMENT
                        ? argument.substring(0, LONGEST_ARGUMENT) + "…"
                        : argument;
        return JsonTree.text(JsonNodeFactory.instance.stringNode(bounded));
    }
}
