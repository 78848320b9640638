package assay.domain.experiment;

import assay.domain.noun.Json;
import assay.stats.Alternative;
import assay.stats.Estimate;
import assay.stats.sequential.AsymptoticSequence;
import assay.stats.sequential.Shrinkage;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The effect of a winner without what its stop has caught too much of: one stops when the estimate
/// happens to be large, so it is too large on average.
///
/// @param share of the estimate that is left
record Shrunk(Estimate effect, double share) {
    private static final String METHOD =
            "posterior mean under the prior of the confidence sequence, normal around 0 (Robbins 1970): an effect at which one stopped is too large on average";

    /// Empty where looks are planned: then the estimate did not decide when it was made.
    static Optional<Shrunk> of(Decision.Grounds grounds, Analysis.Comparison winner) {
        var design = grounds.design();
        if (!grounds.rule().methodology().isAnytime() || design.allocation().isPresent()) {
            return Optional.empty();
        }
        var control = design.control().key();
        var items = grounds.primary().items();
        var n =
                items.map(means -> means.pairs(control, winner.arm()).n())
                        .orElseGet(() -> units(grounds, control) + units(grounds, winner.arm()));
        var sequence =
                AsymptoticSequence.tunedFor(
                        items.isPresent()
                                ? PairedAnalysis.plannedPairs(design)
                                : design.plannedPerComparison(),
                        design.rule().alpha(),
                        Alternative.TWO_SIDED);
        return winner.difference()
                .filter(estimate -> estimate.value() != 0 && n > 0)
                .map(estimate -> {
                    var shrunk = Shrinkage.of(estimate, n, sequence);
                    return new Shrunk(shrunk, shrunk.value() / estimate.value());
                });
    }

    private static long units(Decision.Grounds grounds, String arm) {
        var side = grounds.primary().arms().get(arm);
        return side == null ? 0 : side.units();
    }

    ObjectNode json() {
        return Json.object().put("difference", effect.value()).put("method", METHOD);
    }

    /// The same in a sentence.
    String text() {
        return "Less what a stop at a good moment adds, about %s."
                .formatted(Numbers.signed(effect.value()));
    }
}
