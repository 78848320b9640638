package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import tools.jackson.databind.node.ObjectNode;

/// Brings the fields that say who takes part in an experiment, and in what, into the one form that
/// is stored.
final class DesignFields {
    private DesignFields() {}

    /// Fields that the variants follow from: without variants, factors make one for each
    /// combination of levels, and a holdout has two.
    ///
    /// @param data what the caller sent
    /// @param next the document about to be stored
    static void beforeVariants(ObjectNode data, ObjectNode next) {
        if (data.hasNonNull("factors")) {
            var factors = Factors.parse(next.get("factors"));
            if (!data.hasNonNull("variants")) {
                next.set("variants", Variants.parse(Factors.variants(factors)).toJson());
            }
        }
        if (data.hasNonNull("allocation")) {
            var allocation = Allocation.parse(next.get("allocation"));
            next.set("allocation", allocation);
            if (Allocation.isHoldout(allocation)
                    && !data.hasNonNull("variants")
                    && Allocation.hasHoldoutVariants(next)) {
                next.set(
                        "variants",
                        Variants.parse(Allocation.holdoutVariants(allocation)).toJson());
            }
        }
    }

    /// All other fields, once the variants are in their stored form.
    static void afterVariants(ObjectNode data, ObjectNode next) {
        if (data.hasNonNull("layer")) {
            next.set("layer", Layer.parse(next.get("layer")));
        }
        if (data.hasNonNull("audience") && !Segments.isOpen(next.path("audience"))) {
            var _ = Audience.parse("audience", next.get("audience"));
        }
        if (data.hasNonNull("attributes")) {
            next.set("attributes", Population.attributes(next.get("attributes")));
        }
        var isTouched = data.hasNonNull("overrides") || data.hasNonNull("variants");
        if (isTouched && next.hasNonNull("overrides")) {
            Population.requireOverrides(
                    next.get("overrides"),
                    next.path("variants")
                            .valueStream()
                            .map(variant -> variant.path("key").asString(""))
                            .toList());
        }
        if (data.hasNonNull("startAt") || data.hasNonNull("endAt")) {
            requireOrder(next);
        }
    }

    private static void requireOrder(ObjectNode next) {
        var start = IsoTime.parse(next.path("startAt").asString(""));
        var end = IsoTime.parse(next.path("endAt").asString(""));
        if (start.isPresent() && end.filter(time -> !time.isAfter(start.get())).isPresent()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The experiment would end at %s, not after its start at %s."
                                    .formatted(
                                            Quoted.of(next.get("endAt")),
                                            Quoted.of(next.get("startAt"))),
                            "Send an endAt after startAt.")
                    .field("endAt");
        }
    }
}
