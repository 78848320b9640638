package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What a simulation is told of the guardrails: `{error: {baseline: 0.02, effect: 0.005}}`.
final class MadeUpGuardrails {
    private static final List<String> MEMBERS = List.of("baseline", "sd", "effect");

    private MadeUpGuardrails() {}

    /// The guardrails of a design. One of which nothing is told varies like the primary metric, and
    /// no treatment changes it.
    ///
    /// @throws Refused for a guardrail that there is not, and what cannot be
    static List<Simulation.Guardrail> of(
            Design design, Expectation.Baseline usual, ObjectNode given) {
        var names = design.guardrails().stream().map(Metric::name).toList();
        for (var name : given.propertyNames()) {
            if (!names.contains(name)) {
                throw invalid(
                        name,
                        "There is no guardrail %s to be made up.".formatted(Quoted.of(name)),
                        names.isEmpty()
                                ? "Declare it in the guardrails of the design, or leave it out."
                                : "%sName some of: %s."
                                        .formatted(Nearest.hint(name, names), Quoted.all(names)));
            }
        }
        return design.guardrails().stream()
                .map(metric ->
                        given.path(metric.name()) instanceof ObjectNode told
                                ? told(metric, usual, told)
                                : new Simulation.Guardrail(metric, usual, 0))
                .toList();
    }

    private static Simulation.Guardrail told(
            Metric metric, Expectation.Baseline usual, ObjectNode told) {
        var name = metric.name();
        for (var member : told.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw invalid(
                        name,
                        "A made-up guardrail has no member %s.".formatted(Quoted.of(member)),
                        Nearest.hint(member, MEMBERS) + "Send {baseline, effect}.");
            }
        }
        var baseline = Expectation.of("guardrails." + name + ".", told).baseline().orElse(usual);
        var given = told.path("effect");
        var relative = given.path("relative");
        var effect =
                relative.isNumber()
                        ? relative.doubleValue() * Math.abs(baseline.mean())
                        : given.asDouble(0);
        var isEffect =
                given.isMissingNode() || given.isNull() || given.isNumber() || relative.isNumber();
        var moved = baseline.mean() + effect;
        if (!isEffect
                || !Double.isFinite(moved)
                || (baseline.isRate() && !(moved >= 0 && moved <= 1))) {
            throw invalid(
                    name,
                    "%s is not an effect on a guardrail whose mean is %s."
                            .formatted(Quoted.of(given), Numbers.brief(baseline.mean())),
                    "Give a number that is added to the mean of every treatment, or {relative: number}; a rate stays between 0 and 1.");
        }
        return new Simulation.Guardrail(metric, baseline, effect);
    }

    private static Refused invalid(String name, String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field("guardrails." + name);
    }
}
