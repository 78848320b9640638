package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A change of how new subjects are drawn, within an iteration: other weights, variants that are
/// added, another traffic allocation.
final class Reweighting {
    static final List<String> FIELDS = List.of("variants", "trafficAllocation");

    private Reweighting() {}

    /// Reads such a change. A variant that is there already keeps its name, its value and its part
    /// as the control where the caller says nothing of them.
    ///
    /// @param next the document about to be stored, completed so
    /// @param sent what the caller sent
    /// @return false if new subjects are drawn as before
    /// @throws Refused if a variant is missing or is changed otherwise
    static boolean of(ObjectNode current, ObjectNode next, ObjectNode sent) {
        var isReweighted = false;
        if (!Objects.equals(current.get("variants"), next.get("variants"))) {
            variants(current, next, sent);
            isReweighted = !current.path("variants").equals(next.path("variants"));
        }
        return isReweighted
                || !Objects.equals(current.get("trafficAllocation"), next.get("trafficAllocation"));
    }

    private static void variants(ObjectNode current, ObjectNode next, ObjectNode sent) {
        var before = Variants.parse(current.path("variants"));
        var after = Variants.parse(next.path("variants"));
        var isMarked =
                sent.has("control")
                        || (sent.hasNonNull("variants")
                                && Variants.parse(sent.get("variants")).marked());
        var completed =
                after.all().stream()
                        .map(variant ->
                                before.find(variant.key())
                                        .map(known -> completed(known, variant, isMarked))
                                        .orElseGet(() ->
                                                isMarked ? variant : variant.withControl(false)))
                        .toList();
        for (var known : before.all()) {
            var variant =
                    completed.stream().filter(one -> one.key().equals(known.key())).findFirst();
            if (variant.isEmpty()) {
                throw refused(
                        "Variant %s cannot be taken away while the experiment runs."
                                .formatted(Quoted.of(known.key())),
                        "Send it with weight 0, then nobody new gets it; or begin the next iteration with $.Experiment.iterate(id, {variants: […]}, {reason: '…'}).");
            }
            if (!sameTreatment(known, variant.get())) {
                throw refused(
                        "Variant %s cannot become another treatment while the experiment runs; only weights may change."
                                .formatted(Quoted.of(known.key())),
                        "Add a variant with a new key, or begin the next iteration with $.Experiment.iterate(id, {variants: […]}, {reason: '…'}).");
            }
        }
        next.set("variants", new Variants(completed, true).toJson());
    }

    private static Variant completed(Variant known, Variant variant, boolean isMarked) {
        return new Variant(
                variant.key(),
                variant.name().equals(variant.key()) ? known.name() : variant.name(),
                variant.weight(),
                isMarked ? variant.control() : known.control(),
                variant.rest().isEmpty() ? known.rest() : variant.rest());
    }

    private static boolean sameTreatment(Variant known, Variant variant) {
        JsonNode before = known.rest();
        return before.equals(variant.rest()) && known.control() == variant.control();
    }

    private static Refused refused(String problem, String repair) {
        return new Refused(Reason.ILLEGAL_TRANSITION, problem, repair).field("variants");
    }
}
