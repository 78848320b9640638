package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What may still change in which state: a design is checked when it starts, and stays as it is
/// from then on.
final class Freezing {
    /// Fields that an iteration freezes when it starts.
    private static final Set<String> FROZEN =
            Set.of(
                    "variants",
                    "metrics",
                    "primaryMetric",
                    "secondaryMetrics",
                    "guardrails",
                    "rule",
                    "trafficAllocation",
                    "type",
                    "control",
                    "randomizationUnit",
                    "audience",
                    "allocation",
                    "factors",
                    "layer",
                    "holdout");

    /// Features of a design that this version does not have: starting such an experiment would
    /// ignore them.
    private static final Set<String> NOT_AVAILABLE = Set.of("audience", "layer", "holdout");

    private Freezing() {}

    /// What `start` adds: the design is checked, and the clock of the first iteration begins.
    static void starting(String id, ObjectNode next, Instant now) {
        for (var feature : NOT_AVAILABLE) {
            if (next.hasNonNull(feature)) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "This version of Assay cannot run an experiment with '%s'."
                                        .formatted(feature),
                                "Clear it with update(id, {%s: null}), then start the experiment."
                                        .formatted(feature))
                        .field(feature);
            }
        }
        if (Allocation.of(next.path("allocation")).isPresent()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "This version of Assay cannot run a bandit.",
                            "Clear allocation with update(id, {allocation: null}), then start the experiment.")
                    .field("allocation");
        }
        next.put("iteration", next.path("iteration").asLong(1));
        Cohorts.begin(next, now);
        Cohorts.require(Design.of(id, next));
    }

    /// What `resume` adds: an experiment in which nobody was exposed yet goes back to Started.
    static void resuming(boolean isExposed, ObjectNode next) {
        if (!isExposed) {
            next.put("status", "Started");
        }
    }

    /// Refuses to change what a running iteration has frozen.
    static void updating(ObjectNode current, ObjectNode next) {
        if (current.path("status").asString("Draft").equals("Draft")) {
            return;
        }
        for (var field : FROZEN) {
            if (!java.util.Objects.equals(current.get(field), next.get(field))) {
                throw new Refused(
                                Reason.ILLEGAL_TRANSITION,
                                "'%s' is frozen since the experiment started: changing it would make the results untrue."
                                        .formatted(field),
                                "Stop this experiment and create a new one with the changed %s; do {recipe: 'clone-experiment'} does both."
                                        .formatted(field))
                        .field(field);
            }
        }
    }

    static Refused notStarted(StoredObject experiment, String doing) {
        return new Refused(
                        Reason.ILLEGAL_TRANSITION,
                        "Experiment %s has not started; nobody can %s it."
                                .formatted(Quoted.of(experiment.id()), doing),
                        "Start it first.")
                .fix("await $.Experiment.start('%s')".formatted(experiment.id()));
    }
}
