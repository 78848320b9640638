package assay.domain.experiment;

import assay.domain.Change;
import assay.domain.Refused;
import assay.domain.noun.Noun;
import assay.domain.noun.Verb;
import assay.domain.store.Events;
import assay.domain.store.Leases;
import assay.domain.store.Notes;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The engine behind an experiment, within one unit of work: who gets which variant, what came of
/// it, and what the rule says.
public final class Experiments {
    /// Subjects or outcomes that one call may bring.
    public static final int LARGEST_BATCH = 10_000;

    private final Scope scope;
    private final Enrolment enrolment;
    private final Intake intake;
    private final Arrivals arrivals;
    private final Looking looking;
    private final Closing closing;
    private final Planning planning;
    private final Flags flags;
    private final Freezing freezing;
    private final Iterations iterations;

    /// Binds the engine to a unit of work.
    ///
    /// @param noun the noun of experiments
    /// @param newId makes an id that begins with the given prefix
    /// @param changes hears of everything that is changed
    /// @param looks where looks are noted
    /// @param warnings where the caller is warned
    /// @param notes where certificates are kept
    /// @param judges what is known of a judge, by its id
    /// @param leases what leased experiments have used up
    public Experiments(
            Noun noun,
            Objects objects,
            Events events,
            String actor,
            Instant now,
            Function<String, String> newId,
            Consumer<Change> changes,
            LookBook looks,
            Warnings warnings,
            Notes notes,
            Function<String, Optional<JudgeReport>> judges,
            Leases leases) {
        var scope =
                new Scope(
                        noun, objects, events, actor, now, newId, changes, looks, warnings, notes,
                        judges, leases);
        this.scope = scope;
        this.enrolment = new Enrolment(scope);
        this.intake = new Intake(scope);
        this.arrivals = new Arrivals(scope, enrolment);
        this.looking = new Looking(scope);
        this.closing = new Closing(scope, looking);
        this.planning = new Planning(scope);
        this.flags = new Flags(scope, enrolment);
        this.freezing = new Freezing(scope);
        this.iterations = new Iterations(scope, freezing, looking);
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

    /// Keeps what the rule needs of the logged looks of an iteration, so that the next reading need
    /// not go through them.
    public static void keepLooks(Events events, String experiment, long iteration) {
        Earlier.keep(events, experiment, iteration);
    }

    /// True when anybody was exposed in the running iteration of a document.
    private boolean isExposedNow(String id, ObjectNode experiment) {
        return scope.events().exposed(id, experiment.path("iteration").asLong(1)).values().stream()
                .anyMatch(arms -> !arms.isEmpty());
    }

    /// True when `start` is to wait, because `startAt` is still to come.
    boolean isEarly(ObjectNode experiment) {
        return Freezing.isEarly(experiment, scope.now());
    }

    /// True when anybody was ever exposed in this experiment.
    boolean isExposed(String experiment) {
        return scope.events().isExposed(experiment);
    }

    /// Refuses a metric with a filter that cannot be read.
    ///
    /// @param path where the metric is declared
    void requireReadable(String path, Metric metric) {
        if (metric.terms().stream().anyMatch(term -> term.filter().isPresent())) {
            try {
                scope.events().requireReadable(metric.measure());
            } catch (Refused refused) {
                throw refused.field(path + ".filter");
            }
        }
    }

    /// Gives a subject its variant, or each of an array of subjects, and records the first
    /// exposure.
    ///
    /// @param options `{expose: false}` only tells what the subject would get
    /// @return `{key, value, iteration, exposed, reason}`, or an array of these in the order of the
    ///   subjects
    public JsonNode assign(
            Noun noun, StoredObject experiment, JsonNode subjects, JsonNode options) {
        return enrolment.assign(noun, experiment, subjects, options);
    }

    /// When the traffic of a bandit is to be moved next, which an `assign` does that comes then;
    /// empty for other experiments, and while that waits for more units.
    public Optional<Instant> reallocationDue(StoredObject experiment) {
        return enrolment.reallocationDue(experiment);
    }

    /// Records outcomes of exposed subjects.
    ///
    /// @param outcomes `{subject, metric, value = 1, at = now, eventId, properties}` or an array of
    ///   these
    /// @return `{recorded, duplicates, undeclared?: [{metric, nearest?}]}`
    public ObjectNode record(StoredObject experiment, JsonNode outcomes) {
        return intake.record(experiment, outcomes);
    }

    /// The id of an Event that its sender numbered.
    public Optional<String> eventId(ObjectNode event) {
        return Arrivals.id(event);
    }

    /// Appends an Event: an exposure if its type says so, else one that counts for every metric of
    /// its type.
    ///
    /// @param noun that of experiments
    public void append(Noun noun, StoredObject event) {
        arrivals.append(noun, event);
    }

    /// True for an Event whose appending can be put off, since nothing that follows depends on it.
    public static boolean canWait(StoredObject event) {
        return !Arrivals.isExposure(event.document()) && Arrivals.isValid(event.document());
    }

    /// Appends Events that are no exposures, all at once.
    public void append(List<StoredObject> events) {
        arrivals.append(events);
    }

    /// Makes a started experiment Running, as its first exposure does.
    public void begin(Noun noun, StoredObject experiment) {
        if (experiment.document().path("status").asString("").equals("Started")) {
            enrolment.run(noun, experiment);
        }
    }

    /// Logs that events were imported.
    public void noteImport(StoredObject experiment, ObjectNode detail) {
        scope.log(experiment, "import", "Imported", detail);
    }

    /// What of the outcomes that this caller appended after an event no results can count.
    ///
    /// @param after the sequence number of the event
    /// @return `{undeclared?: [{metric, events, nearest?}], unexposed?, beforeExposure?,
    ///   outsideWindow?}`, the last three as numbers of events
    public ObjectNode uncounted(StoredObject experiment, long after) {
        var design = Design.of(experiment.id(), experiment.document());
        var strays =
                scope.events()
                        .strays(
                                experiment.id(),
                                design.iteration(),
                                after,
                                scope.actor(),
                                design.allMeasures());
        return Uncounted.json(strays, Intake.names(experiment, design));
    }

    /// The sequence number of the newest event.
    public long watermark() {
        return scope.events().watermark();
    }

    /// Refuses outcomes of an experiment that has not started or has ended.
    public static void requireOpen(StoredObject experiment) {
        Intake.requireOpen(experiment);
    }

    /// The refusal for what waits for the start.
    ///
    /// @param doing what nobody can do before, such as `assign subjects to`
    public static Refused notStarted(StoredObject experiment, String doing) {
        return Freezing.notStarted(experiment, doing);
    }

    /// True for a number that sums can take.
    public static boolean isValue(JsonNode json) {
        return Outcomes.isValue(json);
    }

    /// The name of a subject as a caller gave it.
    ///
    /// @throws assay.domain.Refused if it is none
    public String subject(JsonNode json) {
        return Outcomes.name("subject", json);
    }

    /// Removes a subject from every experiment; of an item, all its units and what came of them.
    ///
    /// @return how many events there were of it
    public Forgotten forget(String subject) {
        scope.looks().appended();
        var units = scope.leases().forget(subject);
        var events = scope.events().forget(subject);
        for (var unit : units.subjects()) {
            if (!unit.equals(subject)) {
                events += scope.events().forget(unit);
            }
        }
        return new Forgotten(events, units.leases());
    }

    /// What was removed of a subject.
    ///
    /// @param leases ids of the leases that told what came of it
    public record Forgotten(long events, List<String> leases) {}

    /// Reads the results, which is a look: it is logged, and it may be the one at which the rule
    /// fires.
    ///
    /// @param options `{iteration, slice, methodology, trend, looks, format}`, all optional
    /// @return an object, or a text where the format asks for one
    public JsonNode results(StoredObject experiment, JsonNode options) {
        return looking.results(Iterations.of(experiment, options.path("iteration")), options);
    }

    /// The arms of a leased experiment with `allocation: 'elimination'` that have lost against
    /// another one by the data so far and are not stored as dropped yet, the clearest case first;
    /// of other experiments none. Reading them is no look: nothing is decided by it that later data
    /// could not have decided as well.
    public List<Elimination.Dropped> eliminated(StoredObject experiment) {
        return looking.eliminated(experiment);
    }

    /// Where an experiment stands and what to call next, in under 300 tokens. To read it is no
    /// look.
    ///
    /// @param work how far it is where its units are leased, asked only while it runs
    public String brief(StoredObject experiment, Supplier<Work> work) {
        return new Standing(scope, experiment, work).text();
    }

    /// What an experiment has come to so far, see [Outcome#toJson]. To read it is no look.
    ///
    /// @param document its fields, which may have others beside them
    /// @return nothing before the first look
    public Optional<ObjectNode> outcome(String id, ObjectNode document) {
        return Outcome.of(scope.events(), id, document).map(Outcome::toJson);
    }

    /// What a flag is for a subject. Only its exposure in the flag's experiment is ever written.
    ///
    /// @param attributes an object, or nothing
    /// @param options `{expose: true}` records the exposure
    /// @return `{key, value, variant, reason, experiment?}`
    public ObjectNode evaluate(
            StoredObject flag, JsonNode subject, JsonNode attributes, JsonNode options) {
        return flags.evaluate(flag, subject, attributes, options);
    }

    /// What the conclusion of the last iteration rests on, see [Certificate].
    public ObjectNode certificate(StoredObject experiment) {
        return Certificates.require(scope.notes(), experiment);
    }

    /// The look that ends an experiment, at a document that may differ from what is stored.
    Readout atEnd(String id, ObjectNode document) {
        return looking.atEnd(id, document);
    }

    /// What an experiment takes to come to a decision.
    ///
    /// @param more what is expected, beside what the experiment says and has seen
    /// @return `{feasible?, why, next, plannedSample, alwaysValid, fixed, asDeclared?, detectable?,
    ///   curve, soFar?, assumes, text, alreadyTried?: [{id, name, status, outcome?}]}`
    public ObjectNode plan(StoredObject experiment, JsonNode more) {
        var plan = planning.of(experiment, more);
        var tried = new Tried(scope).json(experiment.id(), experiment.document());
        return tried.isEmpty() ? plan : plan.set("alreadyTried", tried);
    }

    /// The same of a design that is only thought about.
    public static ObjectNode plan(ObjectNode design) {
        return Planning.ofDraft(design);
    }

    /// What comes of an experiment when it is run many times with made-up units, by its own rule.
    ///
    /// @param options `{runs, looks, seed, effect, sample}`, and those of a plan
    /// @return `{runs, looks, sample, seed, withEffect?: {verdicts, wins, wrongWinner, meanUnits?,
    ///   medianUnits?, exaggeration?}, withoutEffect, precision, assumes, text}`
    public ObjectNode simulate(StoredObject experiment, JsonNode options) {
        return planning.simulate(experiment, options);
    }

    /// The same of a design that is only thought about.
    public static ObjectNode simulate(ObjectNode design, JsonNode options) {
        return Planning.simulateDraft(design, options);
    }

    /// What a verb means for a comparison beyond its change of state.
    ///
    /// @param sent what the caller sent with the verb
    void writing(Verb verb, String id, ObjectNode current, ObjectNode next, ObjectNode sent) {
        if (verb.name().equals("iterate")) {
            iterations.iterating(id, current, next, sent);
            scope.events().close(id, current.path("iteration").asLong(1));
            warn(verb, id, next);
            keep(id, next);
            return;
        }
        freezing.updating(id, current, next, sent);
        switch (verb.name()) {
            case "start" -> {
                freezing.starting(id, next);
                planning.starting(id, next);
                warn(verb, id, next);
                new Tried(scope).starting(id, next);
                keep(id, next);
            }
            case "resume" -> Freezing.resuming(isExposedNow(id, next), next);
            case "conclude" -> {
                closing.concluding(id, current, next, sent);
                scope.events().close(id, next.path("iteration").asLong(1));
            }
            case "stop" -> scope.events().close(id, next.path("iteration").asLong(1));
            default -> {}
        }
    }

    private void warn(Verb verb, String id, ObjectNode document) {
        Undeclared.of(verb.name(), id, document).forEach(scope.warnings()::add);
        WithoutMargin.of(verb.name(), id, Design.of(id, document)).ifPresent(scope.warnings()::add);
        Factorless.of(verb.name(), id, document).ifPresent(scope.warnings()::add);
    }

    /// Keeps from now on what results look at.
    private void keep(String id, ObjectNode document) {
        var design = Design.of(id, document);
        scope.events().keep(id, design.iteration(), design.measures());
    }
}
