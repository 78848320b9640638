package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What may still change in which state: a design is checked when an iteration starts, and stays as
/// it is until the next one, but for the shares of the variants.
public final class Freezing {
    /// Fields that an iteration freezes when it starts.
    static final List<String> FROZEN =
            List.of(
                    "type",
                    "variants",
                    "control",
                    "factors",
                    "metrics",
                    "primaryMetric",
                    "secondaryMetrics",
                    "guardrails",
                    "rule",
                    "randomizationUnit",
                    "audience",
                    "attributes",
                    "trafficAllocation",
                    "allocation",
                    "layer",
                    "holdout",
                    "dataset",
                    "split",
                    "repetitions",
                    "judge");

    private static final Set<String> LIVE = Set.of("Started", "Running", "Paused");

    /// Verbs of experiments that run.
    private static final Set<String> OF_LIVE = Set.of("pause", "stop", "conclude");

    private final Scope scope;

    Freezing(Scope scope) {
        this.scope = scope;
    }

    /// True while an iteration runs.
    public static boolean isLive(ObjectNode experiment) {
        return LIVE.contains(experiment.path("status").asString(""));
    }

    /// True when `start` is to wait: the time for it is still to come.
    static boolean isEarly(ObjectNode experiment, Instant now) {
        return IsoTime.parse(experiment.path("startAt").asString(""))
                .filter(now::isBefore)
                .isPresent();
    }

    /// What `start` adds: the design is checked, and the clock of the first iteration begins. An
    /// experiment whose time is still to come is checked only.
    void starting(String id, ObjectNode next) {
        if (next.path("status").asString("").equals("Draft")) {
            requireStartable(id, next);
            scope.warnings().add(waits(id, next));
            return;
        }
        requireToCome(id, next);
        next.remove("scheduled");
        next.put("iteration", next.path("iteration").asLong(1));
        begin(id, next);
    }

    private static Warning waits(String id, ObjectNode next) {
        return new Warning(
                "start",
                id,
                "It starts at %s, if a server (assay stdio or assay http) runs then; until then nobody enters."
                        .formatted(next.path("startAt").asString("")),
                List.of(new Warning.Step("Start it now instead.", atOnce(id))));
    }

    private static String atOnce(String id) {
        return "await $.Experiment.update('%1$s', { startAt: null })\nawait $.Experiment.start('%1$s')"
                .formatted(id);
    }

    /// Nobody could enter an experiment that begins after its end.
    private void requireToCome(String id, ObjectNode next) {
        var end = IsoTime.parse(next.path("endAt").asString(""));
        if (end.filter(time -> !time.isAfter(scope.now())).isPresent()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The experiment was to end at %s, which is past; nobody could enter it."
                                    .formatted(Quoted.of(next.get("endAt"))),
                            "Give it an endAt that is to come, or take its endAt away, then start it.")
                    .field("endAt")
                    .fix("await $.Experiment.update('%s', { endAt: null })".formatted(id));
        }
    }

    /// Checks the design of an iteration that begins now, and reserves what it needs.
    void begin(String id, ObjectNode next) {
        requireStartable(id, next);
        new Programmes(scope).enter(next);
        word(id, next);
        Segments.resolve(scope, next);
        Holdouts.require(scope, next);
        Layers.reserve(scope, id, next);
    }

    private static void requireStartable(String id, ObjectNode next) {
        var design = Design.of(id, next);
        Cohorts.require(design);
        LeasedRules.require(design);
        Contradictions.require(design);
    }

    /// Writes the rule down in words, beside what was declared of it. Without a declaration it is
    /// the usual one.
    private static void word(String id, ObjectNode next) {
        var declared = next.path("rule");
        var rule =
                declared instanceof ObjectNode members
                        ? members
                        : declared.isString()
                                ? Json.object().put("preset", declared.stringValue())
                                : Json.object();
        next.set("rule", rule.put("text", RuleText.of(Design.of(id, next))));
    }

    /// Refuses what is for experiments that run, while this one waits for its time.
    static void requireNotWaiting(String verb, String id, ObjectNode current) {
        if (current.path("scheduled").asBoolean(false) && OF_LIVE.contains(verb)) {
            throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "Experiment %s is to start at %s; until then there is nothing to %s."
                                    .formatted(
                                            Quoted.of(id),
                                            Quoted.of(current.path("startAt")),
                                            verb),
                            "Take its startAt away to leave it a draft, or start it now.")
                    .field("status")
                    .fix(atOnce(id));
        }
    }

    /// What `resume` adds: an experiment in which nobody was exposed yet goes back to Started.
    static void resuming(boolean isExposed, ObjectNode next) {
        if (!isExposed) {
            next.put("status", "Started");
        }
    }

    /// Refuses to change what an iteration has frozen, and opens the next cohort where new subjects
    /// are only to be drawn in another way.
    ///
    /// @param sent what the caller sent
    void updating(String id, ObjectNode current, ObjectNode next, ObjectNode sent) {
        if (current.path("status").asString("Draft").equals("Draft")) {
            if (!next.hasNonNull("startAt")) {
                next.remove("scheduled");
            } else if (next.path("scheduled").asBoolean(false)) {
                requireStartable(id, next);
            }
            return;
        }
        requireSameTimes(current, next);
        keepWords(current, next);
        var isReweighted = isLive(current) && Reweighting.of(current, next, sent);
        for (var field : FROZEN) {
            var isOpen = isReweighted && Reweighting.FIELDS.contains(field);
            if (!isOpen && !Objects.equals(current.get(field), next.get(field))) {
                throw frozen(id, current, field);
            }
        }
        if (isReweighted) {
            Cohorts.open(current, next, scope.now());
            Cohorts.require(Design.of(id, next));
        }
    }

    /// What has begun began when it did, and what has ended ended when it did.
    private static void requireSameTimes(ObjectNode current, ObjectNode next) {
        if (!Objects.equals(current.get("startAt"), next.get("startAt"))) {
            throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "The experiment has started, at %s; its startAt cannot change any more."
                                    .formatted(Quoted.of(current.path("startAt"))),
                            "Leave startAt out; endAt may change while it runs.")
                    .field("startAt");
        }
        if (!isLive(current) && !Objects.equals(current.get("endAt"), next.get("endAt"))) {
            throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "The experiment has ended, at %s; its endAt cannot change any more."
                                    .formatted(Quoted.of(current.path("endAt"))),
                            "Leave endAt out.")
                    .field("endAt");
        }
    }

    /// A rule that says the same in another way is the same rule.
    private static void keepWords(ObjectNode current, ObjectNode next) {
        if (current.hasNonNull("rule")
                && next.hasNonNull("rule")
                && Rule.of(current.get("rule")).equals(Rule.of(next.get("rule")))) {
            next.set("rule", current.get("rule"));
        }
    }

    private static Refused frozen(String id, ObjectNode current, String field) {
        return new Refused(
                        Reason.ILLEGAL_TRANSITION,
                        "'%s' is frozen since the experiment started: changing it would make the results untrue."
                                .formatted(field),
                        isLive(current)
                                ? "Begin the next iteration with it, $.Experiment.iterate('%s', {%s: …}, {reason: '…'}): the results so far are kept and counting begins anew."
                                        .formatted(id, field)
                                : "Create a new experiment with the changed %s; do {recipe: 'clone-experiment'} copies this one."
                                        .formatted(field))
                .field(field);
    }

    static Refused notStarted(StoredObject experiment, String doing) {
        var document = experiment.document();
        if (document.path("scheduled").asBoolean(false)) {
            return new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "Experiment %s is to start at %s; until then nobody can %s it."
                                    .formatted(
                                            Quoted.of(experiment.id()),
                                            Quoted.of(document.path("startAt")),
                                            doing),
                            "Wait until then, with a server running, or start it now.")
                    .fix(atOnce(experiment.id()));
        }
        return new Refused(
                        Reason.ILLEGAL_TRANSITION,
                        "Experiment %s has not started; nobody can %s it."
                                .formatted(Quoted.of(experiment.id()), doing),
                        "Start it first.")
                .fix("await $.Experiment.start('%s')".formatted(experiment.id()));
    }
}
