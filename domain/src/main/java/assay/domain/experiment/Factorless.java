package assay.domain.experiment;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A multivariate experiment that does not say what it varies.
final class Factorless {
    private Factorless() {}

    /// What the caller should know of one that begins.
    static Optional<Warning> of(String verb, String id, ObjectNode experiment) {
        return experiment.path("type").asString("").equals("Multivariate")
                        && !experiment.hasNonNull("factors")
                ? Optional.of(
                        new Warning(
                                verb,
                                id,
                                "The type is Multivariate and there are no factors, so each variant is compared with the control and no effect of a factor is told.",
                                List.of(
                                        new Warning.Step(
                                                "Name the factors and their levels; without variants each combination becomes one.",
                                                "await $.Experiment.iterate('%s', {factors: {color: ['red', 'blue'], size: ['small', 'large']}}, {reason: 'factors were missing'})"
                                                        .formatted(id)))))
                : Optional.empty();
    }
}
