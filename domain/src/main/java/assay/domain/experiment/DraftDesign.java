package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A design that is only thought about: as an experiment would be created, and what is expected of
/// it. What is left out is what the simplest experiment has.
///
/// @param document the experiment as it would be stored
record DraftDesign(ObjectNode document, Design design, Expectation expected) {
    /// In place of the id that it does not have.
    static final String ID = "a draft";

    private static final int MOST_ARMS = 50;
    private static final List<String> LISTS = List.of("metrics", "secondaryMetrics", "guardrails");

    /// What an experiment is created with.
    static final List<String> OF_EXPERIMENT =
            List.of(
                    "variants",
                    "control",
                    "primaryMetric",
                    "metrics",
                    "secondaryMetrics",
                    "guardrails",
                    "rule",
                    "type",
                    "factors",
                    "allocation",
                    "trafficAllocation",
                    "dataset",
                    "repetitions",
                    "startAt",
                    "endAt",
                    "name",
                    "description",
                    "hypothesis",
                    "audience",
                    "layer",
                    "holdout",
                    "randomizationUnit",
                    "attributes",
                    "overrides",
                    "split",
                    "budget",
                    "judge");

    static final List<String> MEMBERS =
            Stream.of(
                            Expectation.MEMBERS.stream(),
                            Stream.of("alpha", "arms", "plannedSample", "plan"),
                            OF_EXPERIMENT.stream())
                    .flatMap(names -> names)
                    .toList();

    /// Reads a design: the fields of an experiment, `arms` in place of variants, `alpha` and
    /// `plannedSample` in place of a rule, and the members of an [Expectation].
    ///
    /// @throws Refused for a member that a design does not have, and for what cannot be started
    static DraftDesign of(ObjectNode given) {
        for (var member : given.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "A design has no member %s.".formatted(Quoted.of(member)),
                                Nearest.hint(member, MEMBERS)
                                        + "Use: %s."
                                                .formatted(
                                                        String.join(
                                                                ", ",
                                                                MEMBERS.subList(
                                                                        0,
                                                                        MEMBERS.indexOf("name")))))
                        .field(member);
            }
        }
        var document = Json.object();
        for (var field : OF_EXPERIMENT) {
            if (given.hasNonNull(field)) {
                document.set(field, given.get(field).deepCopy());
            }
        }
        DesignFields.beforeVariants(document, document);
        if (!document.has("variants")) {
            document.set("variants", arms(given));
        }
        var variants = Variants.parse(document.get("variants"));
        document.set(
                "variants",
                (given.hasNonNull("control")
                                ? variants.withControl(given.path("control").asString(""))
                                : variants)
                        .toJson());
        DesignFields.afterVariants(document, document);
        for (var list : LISTS) {
            if (document.has(list)) {
                document.set(list, Metrics.parse(list, document.get(list)));
            }
        }
        if (!document.has("primaryMetric")) {
            document.put("primaryMetric", "outcome");
        }
        rule(document, given);
        var expected = Expectation.of("", given).or(Expectation.ofField(given.path("plan")));
        return new DraftDesign(document, Design.of(ID, document), expected);
    }

    private static void rule(ObjectNode document, ObjectNode given) {
        for (var member : List.of("alpha", "plannedSample")) {
            if (given.hasNonNull(member)) {
                var rule =
                        document.path("rule") instanceof ObjectNode declared
                                ? declared
                                : document.putObject("rule");
                rule.set(member, given.get(member));
            }
        }
    }

    /// As many arms as are asked for, two when nothing is said.
    private static JsonNode arms(ObjectNode given) {
        var json = given.path("arms");
        var arms = json.isMissingNode() || json.isNull() ? 2 : json.asInt(0);
        if (arms < 2 || arms > MOST_ARMS) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a number of arms.".formatted(Quoted.of(json)),
                            "Give a whole number from 2 to %d, the control included, or give variants."
                                    .formatted(MOST_ARMS))
                    .field("arms");
        }
        var variants = Json.array().add("control");
        for (var arm = 1; arm < arms; arm++) {
            variants.add(arms == 2 ? "treatment" : "treatment" + arm);
        }
        return variants;
    }
}
