package assay.domain.experiment;

import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.node.ObjectNode;

/// An experiment that is planned or simulated: one that there is, or one that is only thought
/// about.
///
/// @param id of the experiment that there is
/// @param given the design as it was sent, or the experiment's own document
/// @param isDeclared true when its rule names a planned sample, or has its usual one
/// @param expected with what was observed in place of what was expected
/// @param days that it may take
/// @param soFar what it has seen already
record Considered(
        Optional<String> id,
        ObjectNode given,
        boolean isDeclared,
        Design design,
        Expectation expected,
        OptionalDouble days,
        Optional<ObjectNode> soFar) {
    static Considered draft(ObjectNode given) {
        var draft = DraftDesign.of(given);
        return new Considered(
                Optional.empty(),
                given,
                draft.document().path("rule").hasNonNull("plannedSample"),
                draft.design(),
                draft.expected(),
                draft.expected().days(),
                Optional.empty());
    }

    OptionalDouble perDay() {
        return expected.perDay();
    }

    /// Units of all arms that there will be by the end, as far as that is known: those that come,
    /// and no more than the rule waits for.
    Optional<Double> sample() {
        var most = design.rule().maxSample();
        return isBoundByRule() ? Optional.of((double) most.getAsLong()) : coming();
    }

    /// True when the rule gives up before the units that come.
    boolean isBoundByRule() {
        var most = design.rule().maxSample();
        return most.isPresent() && coming().filter(units -> units <= most.getAsLong()).isEmpty();
    }

    private Optional<Double> coming() {
        if (expected.sample().isPresent()) {
            return Optional.of(expected.sample().getAsDouble());
        }
        return perDay().isPresent() && days.isPresent()
                ? Optional.of(days.getAsDouble() * perDay().getAsDouble() * design.coverage())
                : design.work().map(work -> (double) work.planned());
    }
}
