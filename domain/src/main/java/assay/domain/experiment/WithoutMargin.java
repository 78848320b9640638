package assay.domain.experiment;

import assay.domain.Quoted;
import java.util.List;
import java.util.Optional;

/// Guardrails without a margin, under a rule that asks to see that they are kept within it. What is
/// not to be worse at all can only be shown to be better.
final class WithoutMargin {
    private WithoutMargin() {}

    /// What the caller should know of a design that an iteration begins with.
    ///
    /// @param verb that begins it
    static Optional<Warning> of(String verb, String id, Design design) {
        var names =
                design.guardrails().stream()
                        .filter(metric -> metric.margin() == 0)
                        .map(Metric::name)
                        .toList();
        if (names.isEmpty() || design.rule().policy().guardrails() != Policy.Kept.NON_INFERIOR) {
            return Optional.empty();
        }
        return Optional.of(
                new Warning(
                        verb,
                        id,
                        "The rule ships only what is shown to worsen no guardrail by more than its margin, and these declare none: %s. A treatment would have to be shown to improve them; declare margins, such as {name: %s, margin: {relative: 0.02}}."
                                .formatted(Quoted.all(names), Quoted.of(names.getFirst())),
                        List.of()));
    }
}
