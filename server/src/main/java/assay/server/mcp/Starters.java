package assay.server.mcp;

import assay.server.mcp.Starter.Argument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The messages that Assay offers to start from, in the order in which clients show them.
final class Starters {
    private Starters() {}

    static SequencedMap<String, Catalog.Prompt> of(Known known) {
        var prompts = new LinkedHashMap<String, Catalog.Prompt>();
        for (var starter : List.of(designExperiment(), optimizePrompt(known), readResults(known))) {
            prompts.put(starter.name(), starter.prompt());
        }
        return prompts;
    }

    private static Starter designExperiment() {
        return new Starter(
                "design-experiment",
                "Design an experiment",
                "From what you want to find out to an experiment that is ready to start.",
                List.of(
                        Argument.required("goal", "What you want to find out or improve."),
                        new Argument(
                                "metric",
                                "What to measure it by, if you know already.",
                                "to be proposed by you")),
                Map.of());
    }

    private static Starter optimizePrompt(Known known) {
        return new Starter(
                "optimize-prompt",
                "Optimize a prompt",
                "From a prompt that should be better to a version that is shown to be, tried item by item on your own model.",
                List.of(
                        Argument.required("goal", "What the prompt should do better."),
                        new Argument(
                                "prompt",
                                "The prompt to improve, by its family, key or id.",
                                "to be created from what I give you"),
                        new Argument(
                                "dataset",
                                "The dataset to try it on, by its slug or id.",
                                "to be made by you and shown to me"),
                        new Argument(
                                "budget",
                                "How many model calls, tokens or how much money it may take.",
                                "to be proposed by you from $.Experiment.plan")),
                Map.of("prompt", known.of("Prompt"), "dataset", known.of("Dataset")));
    }

    private static Starter readResults(Known known) {
        return new Starter(
                "read-results",
                "Read the results of an experiment",
                "What an experiment says so far, what may be concluded from it, and what to do next.",
                List.of(
                        Argument.required("experiment", "The experiment, by its slug or id."),
                        new Argument(
                                "question",
                                "What you want to know in particular.",
                                "none in particular")),
                Map.of("experiment", known.of("Experiment")));
    }
}
