package assay.domain.experiment;

import assay.domain.Reason;
import assay.domain.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// What an experiment compares and how it decides, read from its document.
///
/// @param arms at least two, one of them the control
/// @param coverage share of subjects that take part, 0 to 1
/// @param iteration counts the measuring periods from 1 on
/// @param seed what the assignment hash begins with; never changes within an iteration
public record Design(
        List<Arm> arms,
        Arm control,
        double coverage,
        Metric primary,
        List<Metric> guardrails,
        List<Metric> secondary,
        Rule rule,
        long iteration,
        String seed) {
    /// One variant as the engine sees it.
    ///
    /// @param weight relative to the weights of the others
    /// @param value what the caller serves for it, null when it has none
    public record Arm(String key, double weight, JsonNode value) {}

    /// Reads and checks a design.
    ///
    /// @throws Refused naming what keeps this experiment from being started
    public static Design of(String id, ObjectNode experiment) {
        var arms = new ArrayList<Arm>();
        var control = Optional.<Arm>empty();
        for (var variant : experiment.path("variants")) {
            var arm =
                    new Arm(
                            variant.path("key").stringValue(),
                            variant.path("weight").asDouble(1),
                            value(variant));
            arms.add(arm);
            if (variant.path("control").asBoolean(false)) {
                control = Optional.of(arm);
            }
        }
        if (arms.size() < 2) {
            throw missing(
                    "variants",
                    "The experiment has %d variants; a comparison needs two."
                            .formatted(arms.size()),
                    "Update it with variants such as [{key: 'control'}, {key: 'treatment'}], then start it.");
        }
        var primaryName = experiment.path("primaryMetric").asString("");
        if (primaryName.isBlank()) {
            throw missing(
                    "primaryMetric",
                    "The experiment has no primaryMetric to decide by.",
                    "Update it with the name of the metric you will record, then start it.");
        }
        var prompt = experiment.path("type").asString("").equals("PromptExperiment");
        var declared = new LinkedHashMap<String, Metric>();
        experiment
                .path("metrics")
                .forEach(json -> {
                    var metric = Metric.of("metrics", json, prompt);
                    declared.put(metric.name(), metric);
                });
        var iteration = experiment.path("iteration").asLong(1);
        return new Design(
                List.copyOf(arms),
                control.orElse(arms.getFirst()),
                experiment.path("trafficAllocation").asDouble(100) / 100,
                declared.getOrDefault(primaryName, Metric.named(primaryName, prompt)),
                metrics("guardrails", experiment, declared, prompt),
                metrics("secondaryMetrics", experiment, declared, prompt),
                Rule.of(experiment.path("rule")),
                iteration,
                id + "/" + iteration);
    }

    private static List<Metric> metrics(
            String field,
            ObjectNode experiment,
            LinkedHashMap<String, Metric> declared,
            boolean prompt) {
        var json = experiment.path(field);
        var parts =
                json.isString()
                        ? Stream.of(json.stringValue().split(",", -1)).map(String::strip).toList()
                        : List.<String>of();
        var named =
                parts.stream().map(name -> declared.getOrDefault(name, Metric.named(name, prompt)));
        var listed =
                json.valueStream()
                        .map(one ->
                                one.isString() && declared.containsKey(one.stringValue())
                                        ? declared.get(one.stringValue())
                                        : Metric.of(field, one, prompt));
        return Stream.concat(named, listed).toList();
    }

    /// The value of a variant, else its prompt, else all that it holds besides what the engine
    /// reads; null when it holds nothing.
    private static JsonNode value(JsonNode variant) {
        for (var member : List.of("value", "prompt")) {
            if (variant.hasNonNull(member)) {
                return variant.get(member);
            }
        }
        var rest = ((ObjectNode) variant).deepCopy();
        rest.remove(List.of("key", "name", "weight", "control", "value", "prompt"));
        return rest.isEmpty() ? NullNode.getInstance() : rest;
    }

    private static Refused missing(String field, String problem, String repair) {
        return new Refused(Reason.MISSING_FIELD, problem, repair).field(field);
    }

    /// The arms that are compared with the control.
    public List<Arm> treatments() {
        return arms.stream().filter(arm -> !arm.equals(control)).toList();
    }

    /// The metrics that results look at.
    Set<String> metricNames() {
        var names = new LinkedHashSet<String>();
        names.add(primary.name());
        guardrails.forEach(metric -> names.add(metric.name()));
        secondary.forEach(metric -> names.add(metric.name()));
        return names;
    }

    /// The weights as shares of 1, in the order of the arms.
    public List<Double> shares() {
        var sum = arms.stream().mapToDouble(Arm::weight).sum();
        return arms.stream().map(arm -> arm.weight() / sum).toList();
    }

    /// Units of two arms together at which a comparison is expected to be decided.
    public double plannedPerComparison() {
        return rule.plannedSample() * 2 / arms.size();
    }
}
