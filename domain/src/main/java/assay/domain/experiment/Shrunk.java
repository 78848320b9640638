package assay.domain.experiment;

import assay.domain.noun.Json;
import assay.stats.sequential.Shrinkage;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The effect of a winner without a part of what its stop has caught too much of: one stops when
/// the estimate happens to be large, so it is too large on average.
record Shrunk(double effect) {
    private static final String METHOD =
            "empirical Bayes, times 1 - 1 / z^2 (Efron and Morris 1973): an effect at which one stopped is too large on average";

    /// Empty where looks are planned: then the estimate did not decide when it was made.
    static Optional<Shrunk> of(Decision.Grounds grounds, Analysis.Comparison winner) {
        if (!grounds.rule().methodology().isAnytime()) {
            return Optional.empty();
        }
        return winner.difference()
                .flatMap(estimate -> Shrinkage.of(estimate).toOptional())
                .map(Shrunk::new);
    }

    ObjectNode json() {
        return Json.object().put("difference", effect).put("method", METHOD);
    }

    /// The same in a sentence.
    String text() {
        return "Less what a stop at a good moment adds, about %s."
                .formatted(Numbers.signed(effect));
    }
}
