package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.noun.Value;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The cohorts of an iteration as the document of an experiment keeps them: `[{cohort, from,
/// trafficAllocation, weights: {key: weight}}]`, to which one is only ever added.
final class Cohorts {
    private static final String FIELD = "cohorts";

    private Cohorts() {}

    /// The cohorts of a document, oldest first; of one that has not started, the one that its
    /// variants make.
    ///
    /// @param arms of the design
    static List<Cohort> of(ObjectNode experiment, List<Design.Arm> arms) {
        var cohorts = new ArrayList<Cohort>();
        for (var stored : experiment.path(FIELD)) {
            cohorts.add(
                    Cohort.of(
                            cohorts.size() + 1,
                            weights(stored.path("weights"), arms),
                            share(stored.path("trafficAllocation")),
                            instant(stored.path("from"))));
        }
        if (cohorts.isEmpty()) {
            cohorts.add(
                    Cohort.of(
                            1,
                            weights(weights(experiment), arms),
                            share(experiment.path("trafficAllocation")),
                            instant(experiment.path("startAt"))));
        }
        return List.copyOf(cohorts);
    }

    private static List<BigDecimal> weights(JsonNode byKey, List<Design.Arm> arms) {
        return arms.stream()
                .map(arm -> byKey.path(arm.key()).decimalValue(BigDecimal.ZERO))
                .toList();
    }

    private static ObjectNode weights(ObjectNode experiment) {
        var weights = Json.object();
        for (var variant : experiment.path("variants")) {
            weights.set(
                    variant.path("key").asString(""),
                    variant.has("weight") ? variant.get("weight") : Value.number(BigDecimal.ONE));
        }
        return weights;
    }

    private static BigDecimal share(JsonNode percent) {
        return percent.decimalValue(BigDecimal.valueOf(100)).movePointLeft(2);
    }

    private static Instant instant(JsonNode time) {
        return IsoTime.parse(time.asString("")).orElse(Instant.EPOCH);
    }

    /// Begins the first cohort of an iteration with the weights and the traffic allocation of the
    /// document.
    static void begin(ObjectNode experiment, Instant now) {
        experiment.remove(FIELD);
        add(experiment, experiment, now);
    }

    /// Opens the next cohort with the weights and the traffic allocation that a document has now.
    ///
    /// @param before the document before the change: its only cohort may not be written down yet
    /// @param next the document about to be stored
    static void open(ObjectNode before, ObjectNode next, Instant now) {
        if (!before.has(FIELD)) {
            next.remove(FIELD);
            add(next, before, instant(before.path("startAt")));
        }
        add(next, next, now);
    }

    /// Opens the next cohort of a bandit: the weights of the document stay as they were declared.
    ///
    /// @param weights of the cohort, by key
    /// @param belief what they follow from, kept beside them
    static void reallocate(
            ObjectNode before,
            ObjectNode next,
            ObjectNode weights,
            ObjectNode belief,
            Instant now) {
        open(before, next, now);
        var cohort = (ObjectNode) next.withArray(FIELD).get(next.path(FIELD).size() - 1);
        cohort.set("weights", weights);
        cohort.set("belief", belief);
    }

    private static void add(ObjectNode to, ObjectNode experiment, Instant now) {
        var cohorts = to.withArray(FIELD);
        var cohort = cohorts.addObject();
        cohort.put("cohort", cohorts.size())
                .put("from", IsoTime.text(now))
                .set(
                        "trafficAllocation",
                        experiment.has("trafficAllocation")
                                ? experiment.get("trafficAllocation")
                                : Value.number(BigDecimal.valueOf(100)));
        cohort.set("weights", weights(experiment));
    }

    /// Checks that a cohort can tell arms apart.
    ///
    /// @throws Refused if fewer than two arms get subjects, or one gets so few that none comes out
    static void require(Design design) {
        var cohort = design.cohort();
        var weights = design.weighted();
        if (weights.size() < 2) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "Only one variant has a weight above 0; a comparison needs two.",
                            "Give two variants a weight above 0.")
                    .field("variants");
        }
        for (var arm : weights) {
            if (cohort.ranges().get(design.arms().indexOf(arm)).size() == 0) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "Variant %s would get fewer than 1 of 10,000 subjects."
                                        .formatted(Quoted.of(arm.key())),
                                "Raise its weight or trafficAllocation, or give it weight 0.")
                        .field(cohort.coverage() < 1 ? "trafficAllocation" : "variants");
            }
        }
    }
}
