package assay.domain.experiment;

import assay.domain.noun.Json;
import assay.stats.Alternative;
import assay.stats.sequential.AsymptoticSequence;
import assay.stats.sequential.Projection;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What more units would buy a leased experiment that is not decided: how wide the interval of the
/// leading comparison would be, and how likely a decision. A forecast from the data so far.
///
/// @param left units that the dataset and the budget still have
/// @param one after one more unit
/// @param rest after all that are left
record Prospect(long left, Projection one, Projection rest) {
    private static final String MEANS =
            "A projection, no claim: if the items to come are like those so far.";

    /// Empty where nothing can be projected, and once it is decided.
    static Optional<Prospect> of(Readout readout) {
        var design = readout.design();
        if (readout.decision().verdict() != Decision.Verdict.KEEP_RUNNING
                || readout.decision().elimination().isEmpty()
                || design.work().isEmpty()) {
            return Optional.empty();
        }
        var left = design.work().get().planned() - readout.grounds().exposed().total();
        var items = readout.grounds().primary().items().orElseThrow();
        return readout.leading()
                .filter(_ -> left > 0)
                .flatMap(leading ->
                        of(
                                leading,
                                PairedAnalysis.pairs(
                                                design,
                                                readout.grounds().primary().metric(),
                                                items,
                                                leading.arm())
                                        .n(),
                                left,
                                readout));
    }

    private static Optional<Prospect> of(
            Analysis.Comparison leading, long pairs, long left, Readout readout) {
        var claim = leading.absolute();
        if (claim.isEmpty() || !(claim.get().estimate().standardError() > 0)) {
            return Optional.empty();
        }
        var design = readout.design();
        var sequence =
                AsymptoticSequence.tunedFor(
                        PairedAnalysis.plannedPairs(design),
                        design.rule().alpha(),
                        Alternative.TWO_SIDED);
        var half = claim.get().interval().width() / 2;
        var perItem = (double) readout.unitsPerItem();
        return Optional.of(
                new Prospect(
                        left,
                        Projection.of(
                                claim.get().estimate(),
                                (double) pairs,
                                half,
                                pairs + 1 / perItem,
                                sequence),
                        Projection.of(
                                claim.get().estimate(),
                                (double) pairs,
                                half,
                                pairs + left / perItem,
                                sequence)));
    }

    ObjectNode json() {
        var json = Json.object().put("means", MEANS).put("unitsLeft", left);
        json.set("oneMoreUnit", json(one));
        json.set("allThatAreLeft", json(rest));
        return json;
    }

    private static ObjectNode json(Projection projection) {
        return Json.object()
                .put("halfWidth", projection.halfWidth())
                .put("chanceOfDecision", projection.chanceOfDecision());
    }

    /// The same in a sentence.
    String text() {
        return "Projection: the %d units that are left would bring the interval to ±%s and a decision with chance %s; one more unit, to ±%s with chance %s."
                .formatted(
                        left,
                        Numbers.brief(rest.halfWidth()),
                        Numbers.brief(rest.chanceOfDecision()),
                        Numbers.brief(one.halfWidth()),
                        Numbers.brief(one.chanceOfDecision()));
    }
}
