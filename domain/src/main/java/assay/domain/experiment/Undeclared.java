package assay.domain.experiment;

import assay.domain.JsonTree;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.noun.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Metrics that an experiment names and does not declare, although it declares others. Each is read
/// as a plain name, which is right for a plain name and wrong for a slip of the pen.
///
/// @param verb that begins the iteration
/// @param declared the names in `metrics`
record Undeclared(String verb, String id, ObjectNode experiment, List<String> declared) {
    private static final List<String> OTHERS = List.of("guardrails", "secondaryMetrics");

    /// What the caller should know of an experiment that begins an iteration with this document.
    ///
    /// The primary metric is told unless all declared ones have another role; others only if a
    /// declared one is spelled nearly like them.
    static List<Warning> of(String verb, String id, ObjectNode experiment) {
        var declared = experiment.path("metrics").valueStream().map(Undeclared::name).toList();
        var warnings = new ArrayList<Warning>();
        if (!declared.isEmpty()) {
            var undeclared = new Undeclared(verb, id, experiment, declared);
            undeclared.primary().ifPresent(warnings::add);
            OTHERS.stream().flatMap(undeclared::others).forEach(warnings::add);
        }
        return warnings;
    }

    private static String name(JsonNode metric) {
        return metric.path("name").asString("");
    }

    private Optional<Warning> primary() {
        var name = experiment.path("primaryMetric").asString("");
        if (declared.contains(name)) {
            return Optional.empty();
        }
        var near =
                Nearest.to(name, declared)
                        .map(meant -> misspelled("primaryMetric", name, meant, Json.text(meant)));
        var isOneMissing =
                experiment.path("metrics").valueStream().anyMatch(one -> !one.has("role"));
        return near.or(() -> isOneMissing ? Optional.of(missing(name)) : Optional.empty());
    }

    private Warning missing(String name) {
        return new Warning(
                verb,
                id,
                "The primary metric %s is not among metrics (%s), so it is a plain name of which nothing is declared."
                        .formatted(Quoted.of(name), Quoted.all(declared)),
                List.of());
    }

    private Stream<Warning> others(String field) {
        return experiment
                .path(field)
                .valueStream()
                .filter(metric -> metric.size() == 1 && !declared.contains(name(metric)))
                .flatMap(metric ->
                        Nearest.to(name(metric), declared).stream()
                                .map(meant ->
                                        misspelled(
                                                field,
                                                name(metric),
                                                meant,
                                                corrected(field, metric, meant))));
    }

    private JsonNode corrected(String field, JsonNode wrong, String meant) {
        var all = Json.array();
        experiment
                .path(field)
                .forEach(metric -> all.add(metric.equals(wrong) ? Json.text(meant) : metric));
        return all;
    }

    private Warning misspelled(String field, String name, String meant, JsonNode corrected) {
        var change = Json.object();
        change.set(field, corrected);
        var isDraft = experiment.path("status").asString("").equals("Draft");
        return new Warning(
                verb,
                id,
                "%s names %s, which is not among metrics. Did you mean %s?"
                        .formatted(field, Quoted.of(name), Quoted.of(meant)),
                List.of(
                        new Warning.Step(
                                isDraft
                                        ? "Correct it before the start."
                                        : "Correct it before subjects come.",
                                isDraft
                                        ? "$.Experiment.update('%s', %s)"
                                                .formatted(id, JsonTree.text(change))
                                        : "$.Experiment.iterate('%s', %s, {reason: 'a metric was misspelled'})"
                                                .formatted(id, JsonTree.text(change)))));
    }
}
