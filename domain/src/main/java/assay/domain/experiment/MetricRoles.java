package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What each metric of an experiment is for: by the field that names it, or by the role that it
/// declares in `metrics`.
record MetricRoles(Metric primary, List<Metric> guardrails, List<Metric> secondary) {
    /// Reads the metrics of an experiment, which has a primary one, as its rule looks at them.
    ///
    /// @throws Refused if one is given two roles
    static MetricRoles of(ObjectNode experiment, Rule rule) {
        var prompt = experiment.path("type").asString("").equals("PromptExperiment");
        var declared = new LinkedHashMap<String, Metric>();
        var index = 0;
        for (var json : experiment.path("metrics")) {
            var metric = Metric.of("metrics[%d]".formatted(index++), json, prompt);
            declared.put(metric.name(), metric);
        }
        var name = experiment.path("primaryMetric").asString("");
        var primary = declared.getOrDefault(name, Metric.named(name, prompt));
        requireRole(Metric.Role.PRIMARY, "primaryMetric", List.of(primary));
        requireOnePrimary(name, declared);
        requireMargin(rule, primary);
        return new MetricRoles(
                primary.lookingBack(rule.cuped()),
                all("guardrails", Metric.Role.GUARDRAIL, experiment, declared, prompt, rule),
                all("secondaryMetrics", Metric.Role.SECONDARY, experiment, declared, prompt, rule));
    }

    private static List<Metric> all(
            String field,
            Metric.Role role,
            ObjectNode experiment,
            Map<String, Metric> declared,
            boolean prompt,
            Rule rule) {
        var named = named(field, experiment.path(field), declared, prompt).toList();
        requireRole(role, field, named);
        var names = named.stream().map(Metric::name).toList();
        var others =
                declared.values().stream()
                        .filter(metric ->
                                metric.role().filter(role::equals).isPresent()
                                        && !names.contains(metric.name()));
        return Stream.concat(named.stream(), others)
                .map(metric -> metric.lookingBack(rule.cuped()))
                .toList();
    }

    private static Stream<Metric> named(
            String field, JsonNode json, Map<String, Metric> declared, boolean prompt) {
        if (json.isString()) {
            return Stream.of(json.stringValue().split(",", -1))
                    .map(String::strip)
                    .map(name -> declared.getOrDefault(name, Metric.named(name, prompt)));
        }
        return json.valueStream().map(one -> named(field, one, prompt, declared));
    }

    private static Metric named(
            String field, JsonNode json, boolean prompt, Map<String, Metric> declared) {
        var isName = json.isString() || (json.size() == 1 && json.has("name"));
        var name = json.isString() ? json.stringValue() : json.path("name").asString("");
        return isName && declared.containsKey(name)
                ? declared.getOrDefault(name, Metric.named(name, prompt))
                : Metric.of(field, json, prompt);
    }

    private static void requireRole(Metric.Role role, String field, List<Metric> metrics) {
        for (var metric : metrics) {
            if (metric.role().isPresent() && metric.role().get() != role) {
                throw twoRoles(
                        metric.name(),
                        "is named in %s and declares the role '%s'"
                                .formatted(field, word(metric.role().get())));
            }
        }
    }

    private static void requireOnePrimary(String primary, Map<String, Metric> declared) {
        for (var metric : declared.values()) {
            var claims = metric.role().filter(Metric.Role.PRIMARY::equals).isPresent();
            if (claims && !metric.name().equals(primary)) {
                throw twoRoles(
                        metric.name(),
                        "declares the role 'primary', and primaryMetric is %s"
                                .formatted(Quoted.of(primary)));
            }
        }
    }

    private static String word(Metric.Role role) {
        return role.word();
    }

    private static Refused twoRoles(String metric, String problem) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "Metric %s %s.".formatted(Quoted.of(metric), problem),
                        "Give every metric one role: name it in primaryMetric, secondaryMetrics or guardrails, or declare its role, not both differently.")
                .field("metrics");
    }

    private static void requireMargin(Rule rule, Metric primary) {
        if (rule.policy().primary() == Policy.Shown.NON_INFERIOR && primary.margin() == 0) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "The rule ships what is worse by no more than a margin, and the primary metric %s declares none."
                                    .formatted(Quoted.of(primary.name())),
                            "Declare it in metrics, such as {name: %s, margin: {relative: 0.02}}."
                                    .formatted(Quoted.of(primary.name())))
                    .field("metrics");
        }
    }

    /// The name of the one metric that declares to be the primary one, if the experiment does not
    /// say which is.
    static void completePrimary(ObjectNode experiment) {
        if (experiment.hasNonNull("primaryMetric")) {
            return;
        }
        var primary =
                experiment
                        .path("metrics")
                        .valueStream()
                        .filter(metric -> metric.path("role").asString("").equals("primary"))
                        .toList();
        if (primary.size() > 1) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%d metrics declare the role 'primary': %s."
                                    .formatted(
                                            primary.size(),
                                            Quoted.all(
                                                    primary.stream()
                                                            .map(metric ->
                                                                    metric.path("name")
                                                                            .asString(""))
                                                            .toList())),
                            "Leave it to the one that decides, and make the others secondary.")
                    .field("metrics");
        }
        if (primary.size() == 1) {
            experiment.set("primaryMetric", primary.getFirst().path("name"));
        }
    }
}
