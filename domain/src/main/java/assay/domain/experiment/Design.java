package assay.domain.experiment;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.Measure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// What an experiment compares and how it decides, read from its document.
///
/// @param arms at least two, one of them the control
/// @param cohorts how subjects are drawn, and were before in this iteration; at least one, the
///   newest last
/// @param iteration counts the measuring periods from 1 on
/// @param seed what the assignment hash begins with; never changes within an iteration
/// @param population who takes part
/// @param factors what is varied, in a multivariate experiment
/// @param allocation how weights follow what is learned, in a bandit
/// @param leased what the units are, where they are leased
/// @param eliminates true when arms that are shown to be worse than another are run no more
/// @param work how many units a leased experiment has, once it has started
public record Design(
        List<Arm> arms,
        Arm control,
        List<Cohort> cohorts,
        Metric primary,
        List<Metric> guardrails,
        List<Metric> secondary,
        Rule rule,
        long iteration,
        String seed,
        Population population,
        Optional<Factors> factors,
        Optional<Allocation> allocation,
        Optional<Leased> leased,
        boolean eliminates,
        Optional<Work> work) {
    /// One variant as the engine sees it.
    ///
    /// @param weight relative to the weights of the others
    /// @param value what the caller serves for it, null when it has none
    public record Arm(String key, double weight, JsonNode value) {}

    /// How many units there are to be leased.
    ///
    /// @param perArm what the dataset has for each arm, repetitions included
    /// @param planned for all arms together that have a weight, as far as the budget goes that
    ///   there is now: it may have been raised since the start
    public record Work(long perArm, long planned) {
        static Optional<Work> of(ObjectNode experiment, List<Arm> arms, Optional<Leased> leased) {
            var units = experiment.path("units");
            if (!units.path("planned").isNumber() || leased.isEmpty()) {
                return Optional.empty();
            }
            var perArm = units.path("items").longValue() * leased.get().repetitions();
            var total = perArm * weighted(arms).size();
            return Optional.of(
                    new Work(perArm, Math.min(total, leased.get().budget().units().orElse(total))));
        }
    }

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
                    "The experiment has %s; a comparison needs two."
                            .formatted(arms.size() == 1 ? "1 variant" : "no variants"),
                    repair(id, experiment, "variants: ['control', 'treatment']", ""));
        }
        var leased = Leased.of(experiment);
        var rule = rule(experiment, leased);
        if (experiment.path("primaryMetric").asString("").isBlank()) {
            throw missing(
                    "primaryMetric",
                    "The experiment has no primaryMetric to decide by.",
                    repair(
                            id,
                            experiment,
                            "primaryMetric: 'signup'",
                            " with the name of the metric you will record"));
        }
        var metrics = MetricRoles.of(experiment, rule);
        var burning =
                leased.isPresent() && !experiment.path("rule").hasNonNull("burnIn")
                        ? rule.from(
                                PairedAnalysis.method(
                                        leased.get().repetitions(), metrics.primary()))
                        : rule;
        var iteration = experiment.path("iteration").asLong(1);
        return new Design(
                List.copyOf(arms),
                control.orElse(arms.getFirst()),
                Cohorts.of(experiment, arms),
                metrics.primary(),
                metrics.guardrails(),
                metrics.secondary(),
                burning,
                iteration,
                experiment.path("seed").asString(id + "/" + iteration),
                Population.of(experiment),
                experiment.hasNonNull("factors")
                        ? Optional.of(Factors.of(experiment.get("factors"), arms))
                        : Optional.empty(),
                Allocation.of(experiment.path("allocation")),
                leased,
                Allocation.isElimination(experiment.path("allocation")),
                Work.of(experiment, arms, leased));
    }

    /// The rule, of whose alpha each use of a test split has its part.
    private static Rule rule(ObjectNode experiment, Optional<Leased> leased) {
        var planned = experiment.path("units").path("planned");
        var rule =
                Rule.of(
                        experiment.path("rule"),
                        leased.isPresent() && planned.isNumber()
                                ? OptionalDouble.of(planned.doubleValue())
                                : OptionalDouble.empty());
        return leased.filter(Leased::isTest).map(one -> rule.shared(one.testUses())).orElse(rule);
    }

    /// The value of a variant, else its prompt, else all that it holds besides what the engine
    /// reads; null when it holds nothing.
    static JsonNode value(JsonNode variant) {
        for (var member : List.of("value", "prompt")) {
            if (variant.hasNonNull(member)) {
                return variant.get(member);
            }
        }
        var rest = ((ObjectNode) variant).deepCopy();
        rest.remove(List.of("key", "name", "weight", "control", "value", "prompt"));
        return rest.isEmpty() ? NullNode.getInstance() : rest;
    }

    /// The call that brings what is missing.
    private static String repair(
            String id, ObjectNode experiment, String fields, String explanation) {
        if (id.equals(DraftDesign.ID)) {
            return "Give {%s}%s.".formatted(fields, explanation);
        }
        return experiment.path("iteration").asLong(1) > 1
                ? "Call $.Experiment.iterate('%s', {%s}, {reason: '…'})%s."
                        .formatted(id, fields, explanation)
                : "Call $.Experiment.update('%s', {%s})%s, then start it."
                        .formatted(id, fields, explanation);
    }

    private static Refused missing(String field, String problem, String repair) {
        return new Refused(Reason.MISSING_FIELD, problem, repair).field(field);
    }

    /// The arms that are compared with the control.
    public List<Arm> treatments() {
        return arms.stream().filter(arm -> !arm.equals(control)).toList();
    }

    /// The arms that take part, dropped or not: those with a weight.
    public List<Arm> weighted() {
        return weighted(arms);
    }

    private static List<Arm> weighted(List<Arm> arms) {
        return arms.stream().filter(arm -> arm.weight() > 0).toList();
    }

    /// The arms of a leased experiment that are in: units of them are leased, since they take part
    /// and were not dropped.
    public List<Arm> running() {
        var dropped = leased.map(Leased::dropped).orElse(Set.of());
        return weighted().stream().filter(arm -> !dropped.contains(arm.key())).toList();
    }

    /// What results look at in each unit, but for metrics that need the units themselves.
    List<Measure> measures() {
        return measures(metrics().filter(metric -> !metric.needsUnits()));
    }

    /// What results look at in each unit.
    List<Measure> allMeasures() {
        return measures(metrics());
    }

    private static List<Measure> measures(Stream<Metric> metrics) {
        return metrics.flatMap(metric -> metric.measures().stream()).distinct().toList();
    }

    private Stream<Metric> metrics() {
        return Stream.of(List.of(primary), guardrails, secondary).flatMap(List::stream);
    }

    /// The events that count toward the metrics that results look at.
    Set<String> metricNames() {
        var names = new LinkedHashSet<String>(primary.events());
        guardrails.forEach(metric -> names.addAll(metric.events()));
        secondary.forEach(metric -> names.addAll(metric.events()));
        return names;
    }

    /// Refuses a value that no metric of the event can have, as they were declared.
    ///
    /// @param field where it stands in what was sent
    public void requirePossible(String event, String field, double value) {
        Stream.of(List.of(primary), guardrails, secondary)
                .flatMap(List::stream)
                .filter(metric -> metric.type() != Metric.Type.UTILITY)
                .filter(metric -> metric.events().contains(event))
                .forEach(metric -> metric.requirePossible(field, value));
    }

    /// The newest cohort, by which new subjects are drawn.
    public Cohort cohort() {
        return cohorts.getLast();
    }

    /// The cohort in which a subject was drawn at a moment; of one before the first, that.
    public Cohort cohortAt(Instant time) {
        var found = cohorts.getFirst();
        for (var cohort : cohorts) {
            if (!cohort.from().isAfter(time)) {
                found = cohort;
            }
        }
        return found;
    }

    /// What each arm gets of the new subjects who enter, in the order of the arms.
    public List<Double> shares() {
        return cohort().shares();
    }

    /// Share of all subjects who enter, 0 to 1.
    public double coverage() {
        return cohort().coverage();
    }

    /// The attributes that are kept with an exposure, for slices of the results.
    public List<String> attributes() {
        return population.attributes();
    }

    /// What attributes a subject needs.
    public Optional<Audience> audience() {
        return population.audience();
    }

    /// Which experiments a subject is in only one of.
    public Optional<Layer> layer() {
        return population.layer();
    }

    /// Id or slug of the experiment whose control takes no part in this one.
    public Optional<String> holdout() {
        return population.holdout();
    }

    /// Units of two arms together at which a comparison is expected to be decided.
    public double plannedPerComparison() {
        return rule.plannedSample() * 2 / arms.size();
    }
}
