package assay.domain.experiment;

import assay.domain.Change;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Noun;
import assay.domain.store.Events;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The engine behind an experiment, within one unit of work: who gets which variant, what came of
/// it, and what the rule says.
public final class Experiments {
    /// Subjects or outcomes that one call may bring.
    public static final int LARGEST_BATCH = 10_000;

    private static final int MOST_UNDECLARED = 20;

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
    private static final Set<String> NOT_AVAILABLE =
            Set.of("audience", "allocation", "factors", "layer", "holdout");

    private final Objects objects;
    private final Events events;
    private final String actor;
    private final Instant now;
    private final Function<String, String> newId;
    private final Consumer<Change> changes;
    private final LookBook looks;

    /// Binds the engine to a unit of work.
    ///
    /// @param newId makes an id that begins with the given prefix
    /// @param changes hears of everything that is changed
    /// @param looks where looks are noted
    public Experiments(
            Objects objects,
            Events events,
            String actor,
            Instant now,
            Function<String, String> newId,
            Consumer<Change> changes,
            LookBook looks) {
        this.objects = objects;
        this.events = events;
        this.actor = actor;
        this.now = now;
        this.newId = newId;
        this.changes = changes;
        this.looks = looks;
    }

    /// A look of this unit of work, to be logged once it is known whether what it saw was kept.
    ///
    /// @param ofOwnEvents true when it may have seen events that this unit appended
    /// @param isUndone true when some of these were not kept although the unit may be
    public record PendingLook(
            String experiment,
            long iteration,
            boolean ofOwnEvents,
            boolean isUndone,
            Events.Look look) {
        PendingLook undone() {
            return new PendingLook(experiment, iteration, ofOwnEvents, ofOwnEvents, look);
        }

        /// True when all that it saw was kept.
        ///
        /// @param kept whether the unit of work was
        public boolean sawWhatIsKept(boolean kept) {
            return !ofOwnEvents || (kept && !isUndone);
        }
    }

    /// True when anybody was ever exposed in this experiment.
    boolean isExposed(String experiment) {
        return events.isExposed(experiment);
    }

    /// Gives a subject its variant, or each of an array of subjects, and records the first
    /// exposure.
    ///
    /// @param options `{expose: false}` only tells what the subject would get
    /// @return `{key, value, iteration, exposed, reason}`, or an array of these in the order of the
    ///   subjects
    public JsonNode assign(
            Noun noun, StoredObject experiment, JsonNode subjects, JsonNode options) {
        var expose = expose(options);
        if (subjects.isMissingNode()) {
            throw noSubject(
                    "assign needs a subject.", "assign(id, subject) or assign(id, [subjects])");
        }
        var names = new ArrayList<String>();
        if (subjects.isArray()) {
            requireBatch(subjects.size(), "subjects");
            subjects.forEach(subject -> names.add(Outcomes.name("subject", subject)));
        } else {
            names.add(Outcomes.name("subject", subjects));
        }
        var status = experiment.document().path("status").asString("");
        if (status.equals("Draft")) {
            throw notStarted(experiment, "assign subjects to");
        }
        var assignment = Assignment.of(experiment);
        if (expose && assignment.isOpen()) {
            objects.prepareToWrite();
        }
        var known = events.exposures(experiment.id(), assignment.iteration(), names);
        var fresh = new LinkedHashMap<String, Events.Exposure>();
        var answers = new ArrayList<ObjectNode>();
        for (var subject : names) {
            var before = Optional.ofNullable(known.get(subject)).map(Events.Exposure::variant);
            var answer = assignment.answer(subject, before, expose);
            if (answer.isFirst()) {
                var first =
                        new Events.Exposure(
                                subject, answer.key().orElseThrow(), now.toEpochMilli());
                fresh.put(newId.apply("event"), first);
                known.put(subject, first);
            }
            answers.add(assignment.json(answer));
        }
        if (!fresh.isEmpty()) {
            looks.appended();
            events.expose(
                    experiment.id(), assignment.iteration(), fresh, now.toEpochMilli(), actor);
            logAppended(experiment, "assign", "Assigned", "exposures", fresh.size());
            if (status.equals("Started")) {
                run(noun, experiment);
            }
        }
        return subjects.isArray()
                ? JsonNodeFactory.instance.arrayNode().addAll(answers)
                : answers.getFirst();
    }

    static Refused noSubject(String problem, String call) {
        return new Refused(Reason.INVALID_VALUE, problem, "Call %s.".formatted(call))
                .field("subject");
    }

    private static boolean expose(JsonNode options) {
        for (var option : options.propertyNames()) {
            if (!Set.of("expose", "attributes").contains(option)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "assign has no option %s.".formatted(Quoted.of(option)),
                                "Send {attributes, expose}, or nothing.")
                        .field(option);
            }
        }
        var expose = options.path("expose");
        if (!expose.isMissingNode() && !expose.isNull() && !expose.isBoolean()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not valid for expose.".formatted(Quoted.of(expose)),
                            "Send expose as false to only ask what the subject would get.")
                    .field("expose");
        }
        return expose.asBoolean(true);
    }

    /// The first exposure makes an experiment Running.
    private void run(Noun noun, StoredObject experiment) {
        var running = experiment.document().deepCopy().put("status", "Running");
        objects.update(
                noun,
                experiment.next(running, now.toEpochMilli()),
                new Objects.Entry("run", "Running", actor, Optional.of("first exposure")));
        changes.accept(
                Change.between(
                        "run", experiment.type(), experiment.id(), experiment.document(), running));
    }

    /// Records outcomes of exposed subjects.
    ///
    /// @param outcomes `{subject, metric, value = 1, at = now, eventId}` or an array of these
    /// @return `{recorded, duplicates, undeclared?: [{metric, nearest?}]}`
    public ObjectNode record(StoredObject experiment, JsonNode outcomes) {
        var status = experiment.document().path("status").asString("");
        if (!Set.of("Started", "Running", "Paused").contains(status)) {
            if (status.equals("Draft")) {
                throw notStarted(experiment, "record outcomes of");
            }
            throw new Refused(
                    Reason.ILLEGAL_TRANSITION,
                    "Experiment %s is %s and takes no more outcomes."
                            .formatted(Quoted.of(experiment.id()), status),
                    "Record outcomes between start and conclude; create a new experiment to measure again.");
        }
        objects.prepareToWrite();
        var list =
                outcomes.isArray()
                        ? (ArrayNode) outcomes
                        : JsonNodeFactory.instance.arrayNode().add(outcomes);
        requireBatch(list.size(), "outcomes");
        var design = Design.of(experiment.id(), experiment.document());
        var read = new Outcomes(experiment.id(), design.primary().name(), newId, now);
        var exposures = events.exposures(experiment.id(), design.iteration(), read.subjects(list));
        var rows = read.rows(list, exposures);
        looks.appended();
        var added =
                events.record(experiment.id(), design.iteration(), rows, now.toEpochMilli(), actor);
        if (added > 0) {
            logAppended(experiment, "record", "Recorded", "outcomes", added);
        }
        var answer =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("recorded", added)
                        .put("duplicates", rows.size() - added);
        undeclared(answer, rows, names(experiment, design));
        return answer;
    }

    /// The names of all metrics that the experiment says anything about.
    private static Set<String> names(StoredObject experiment, Design design) {
        var names = design.metricNames();
        for (var metric : experiment.document().path("metrics")) {
            names.add(metric.path("name").asString(""));
        }
        return names;
    }

    /// Outcomes of a metric that nobody declared are kept, but what was meant may be another.
    private static void undeclared(
            ObjectNode answer, List<Events.Outcome> rows, Set<String> declared) {
        rows.stream()
                .map(Events.Outcome::metric)
                .distinct()
                .filter(metric -> !declared.contains(metric))
                .limit(MOST_UNDECLARED)
                .forEach(metric -> {
                    var one = answer.withArray("undeclared").addObject().put("metric", metric);
                    Nearest.to(metric, declared).ifPresent(near -> one.put("nearest", near));
                });
    }

    /// Reads the results, which is a look: it is logged, and it may be the one at which the rule
    /// fires.
    public ObjectNode results(StoredObject experiment) {
        if (experiment.document().path("status").asString("").equals("Draft")) {
            throw notStarted(experiment, "read results of");
        }
        var document = experiment.document();
        return look(experiment.id(), document)
                .json(
                        document.path("status").asString(""),
                        Optional.ofNullable(document.path("winner").stringValue(null)));
    }

    private Readout look(String id, ObjectNode document) {
        var design = Design.of(id, document);
        var units = events.units(id, design.iteration());
        var before =
                new ArrayList<>(
                        events.looks(id, design.iteration()).stream()
                                .filter(Events.Look::counts)
                                .toList());
        looks.looks().stream()
                .filter(look -> look.experiment().equals(id))
                .map(PendingLook::look)
                .forEach(before::add);
        var treatments = design.treatments().size();
        var primary = analysis(id, design, design.primary(), 1.0 / treatments);
        var guardrails =
                design.guardrails().stream()
                        .map(metric ->
                                analysis(
                                        id,
                                        design,
                                        metric,
                                        1.0 / (treatments * design.guardrails().size())))
                        .toList();
        var secondary =
                design.secondary().stream()
                        .map(metric -> analysis(id, design, metric, 1.0 / treatments))
                        .toList();
        var decision = Decision.of(design, units, primary, guardrails, before);
        var watermark = events.watermark();
        var readout =
                new Readout(
                        id,
                        design,
                        units,
                        primary,
                        guardrails,
                        secondary,
                        elsewhere(id, design),
                        decision,
                        before,
                        events.newest(id),
                        watermark,
                        now.toEpochMilli());
        looks.add(
                new PendingLook(
                        id,
                        design.iteration(),
                        looks.hasAppended(),
                        false,
                        new Events.Look(
                                0,
                                now.toEpochMilli(),
                                actor,
                                watermark,
                                true,
                                decision.verdict().word(),
                                readout.numbers())));
        return readout;
    }

    /// Outcomes of metrics that are not looked at, if the primary one has no outcome at all.
    private long elsewhere(String id, Design design) {
        var counts = events.outcomesByMetric(id, design.iteration());
        if (counts.containsKey(design.primary().name())) {
            return 0;
        }
        counts.keySet().removeAll(design.metricNames());
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private Analysis analysis(String id, Design design, Metric metric, double share) {
        return Analysis.of(
                design, metric, events.outcomes(id, design.iteration(), metric.name()), share);
    }

    /// True when a verb finds its work done: the first exposure turns Started into Running, and a
    /// resumed experiment in which nobody was exposed is Started, so both states answer a repeated
    /// `start` or `resume`. A repeated `conclude` must not name another winner.
    ///
    /// @param proposal what the caller sent with the verb
    static boolean isDone(String verb, String id, ObjectNode current, ObjectNode proposal) {
        var status = current.path("status").asString("");
        return switch (verb) {
            case "start" -> status.equals("Running");
            case "resume" -> Set.of("Started", "Running").contains(status);
            case "conclude" -> {
                if (status.equals("Concluded")) {
                    requireSameWinner(id, current, proposal);
                }
                yield status.equals("Concluded");
            }
            default -> false;
        };
    }

    private static void requireSameWinner(String id, ObjectNode current, ObjectNode proposal) {
        var proposed = proposal.path("winner").asString("");
        var winner = current.path("winner").asString("");
        if (!proposed.isEmpty() && !proposed.equals(winner)) {
            throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "Experiment %s is concluded already, %s."
                                    .formatted(
                                            Quoted.of(id),
                                            winner.isEmpty()
                                                    ? "without a winner"
                                                    : "with the winner " + Quoted.of(winner)),
                            "Leave it as it is, or create a new experiment to measure again.")
                    .field("winner");
        }
    }

    /// What `start` adds: the design is checked, and the clock of the first iteration begins.
    static void starting(String id, ObjectNode next) {
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
        next.put("iteration", next.path("iteration").asLong(1));
        var _ = Design.of(id, next);
    }

    /// What `resume` adds: an experiment in which nobody was exposed yet goes back to Started.
    void resuming(String id, ObjectNode next) {
        if (!isExposed(id)) {
            next.put("status", "Started");
        }
    }

    /// What `conclude` adds: the winner, if the rule has fired or somebody takes the responsibility
    /// for another one.
    ///
    /// @param proposal `{winner, reason}` of the caller, both optional
    void concluding(String id, ObjectNode current, ObjectNode next, ObjectNode proposal) {
        var readout = look(id, current);
        var decision = readout.decision();
        var proposed = proposal.path("winner").asString("");
        var reason = proposal.path("reason").asString("");
        var overrides = !proposed.isEmpty() && !decision.winner().equals(Optional.of(proposed));
        if (!proposed.isEmpty()
                && readout.design().arms().stream().noneMatch(arm -> arm.key().equals(proposed))) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The experiment has no variant %s.".formatted(Quoted.of(proposed)),
                            "Name one of: %s."
                                    .formatted(
                                            Quoted.all(
                                                    readout.design().arms().stream()
                                                            .map(Design.Arm::key)
                                                            .toList())))
                    .field("winner");
        }
        if (overrides && reason.isBlank()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The rule has not named %s the winner: %s"
                                    .formatted(Quoted.of(proposed), decision.why()),
                            "Leave winner out to end without one, keep the experiment running, or give a reason beside"
                                    + " it, {winner, reason}, which is recorded as an override.")
                    .field("winner");
        }
        var winner = proposed.isEmpty() ? decision.winner().orElse(null) : proposed;
        next.put("winner", winner)
                .put("confidence", readout.confidence())
                .put("sampleSize", readout.sampleSize())
                .put("conversions", readout.conversions())
                .put("endedReason", overrides ? "Override: " + reason : decision.why());
        next.set("results", readout.json("Concluded", Optional.ofNullable(winner)));
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

    /// One log row and one entry in the changes for all that a call appended.
    private void logAppended(
            StoredObject experiment, String verb, String event, String what, long count) {
        var detail = JsonNodeFactory.instance.objectNode().put(what, count);
        objects.log(
                experiment,
                new Objects.Entry(verb, event, actor, Optional.empty()),
                now.toEpochMilli(),
                detail);
        changes.accept(
                new Change(
                        verb,
                        experiment.type(),
                        experiment.id(),
                        JsonNodeFactory.instance.objectNode(),
                        detail.deepCopy()));
    }

    private static Refused notStarted(StoredObject experiment, String doing) {
        return new Refused(
                        Reason.ILLEGAL_TRANSITION,
                        "Experiment %s has not started; nobody can %s it."
                                .formatted(Quoted.of(experiment.id()), doing),
                        "Start it first.")
                .fix("await $.Experiment.start('%s')".formatted(experiment.id()));
    }

    private static void requireBatch(int size, String what) {
        if (size > LARGEST_BATCH) {
            throw new Refused(
                    Reason.LIMIT_EXCEEDED,
                    "The call brings %d %s; the most is %d.".formatted(size, what, LARGEST_BATCH),
                    "Split them over several calls.");
        }
    }
}
