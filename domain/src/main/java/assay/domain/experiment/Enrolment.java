package assay.domain.experiment;

import assay.domain.Change;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Gives subjects their variants, and keeps who was shown which.
final class Enrolment {
    private final Scope scope;
    private final Bandit bandit;

    Enrolment(Scope scope) {
        this.scope = scope;
        this.bandit = new Bandit(scope);
    }

    /// Gives a subject its variant, or each of an array of subjects, and records the first
    /// exposure.
    ///
    /// @param subjects a subject or a list of them; each is a text or `{subject, attributes}`
    /// @param options `{attributes}` are those of every subject that brings none; `{expose: false}`
    ///   only tells what the subject would get
    /// @return `{key, value, iteration, exposed, reason}`, or an array of these in the order of the
    ///   subjects
    JsonNode assign(Noun noun, StoredObject experiment, JsonNode subjects, JsonNode options) {
        var asked = Subjects.of(subjects, options);
        var answered = answers(noun, experiment, asked);
        return asked.isList()
                ? JsonNodeFactory.instance
                        .arrayNode()
                        .addAll(
                                answered.answers().stream()
                                        .map(answered.assignment()::json)
                                        .toList())
                : answered.assignment().json(answered.answers().getFirst());
    }

    /// What several subjects get, in their order.
    record Answered(Assignment assignment, List<Assignment.Answer> answers) {}

    Answered answers(Noun noun, StoredObject experiment, Subjects asked) {
        requireOnline(experiment);
        if (experiment.document().path("status").asString("").equals("Draft")) {
            throw Freezing.notStarted(experiment, "assign subjects to");
        }
        var own =
                new Exposed(
                        noun,
                        asked.expose() ? bandit.current(noun, experiment) : experiment,
                        asked);
        var holdout =
                own.assignment
                        .holdout()
                        .filter(_ -> own.isOpen())
                        .flatMap(name -> Holdouts.find(scope, name))
                        .filter(Holdouts::isLive)
                        .map(held -> new Exposed(noun, held, asked));
        if (asked.expose() && own.isOpen()) {
            scope.objects().prepareToWrite();
        }
        own.read();
        holdout.ifPresent(Exposed::read);
        var answers = new ArrayList<Assignment.Answer>();
        for (var subject : asked.all()) {
            answers.add(
                    own.answer(subject, question -> holdout.flatMap(held -> held.holds(subject))));
        }
        holdout.ifPresent(Exposed::keep);
        own.keep();
        return new Answered(own.assignment, answers);
    }

    /// When the traffic of an experiment is to be moved to the arms that do well.
    Optional<Instant> reallocationDue(StoredObject experiment) {
        return bandit.due(experiment);
    }

    /// Units that are leased are not assigned; the winner of an experiment that has ended is.
    static void requireOnline(StoredObject experiment) {
        var hasEnded =
                Set.of("Concluded", "Completed", "Archived")
                        .contains(experiment.document().path("status").asString(""));
        if (Leased.is(experiment.document()) && !hasEnded) {
            throw new Refused(
                    Reason.INVALID_REQUEST,
                    "Experiment %s runs over a dataset; its units are leased, not assigned."
                            .formatted(Quoted.of(experiment.id())),
                    "Call $.Experiment.next('%s', {n: 10}), run the messages of each unit, and record its lease."
                            .formatted(experiment.id()));
        }
    }

    static Refused noSubject(String problem, String call) {
        return new Refused(Reason.INVALID_VALUE, problem, "Call %s.".formatted(call))
                .field("subject");
    }

    /// One experiment that subjects enter in a call.
    private final class Exposed {
        private final Noun noun;
        private final StoredObject experiment;
        private final Subjects asked;
        private final Assignment assignment;
        private final Map<String, String> known = new LinkedHashMap<>();
        private final Map<String, Events.Exposure> fresh = new LinkedHashMap<>();

        Exposed(Noun noun, StoredObject experiment, Subjects asked) {
            this.noun = noun;
            this.experiment = experiment;
            this.asked = asked;
            this.assignment = Assignment.of(experiment);
        }

        boolean isOpen() {
            return assignment.isOpen(scope.now());
        }

        void read() {
            scope.events()
                    .exposures(experiment.id(), assignment.iteration(), asked.names())
                    .forEach((subject, exposure) -> known.put(subject, exposure.variant()));
        }

        Assignment.Answer answer(Subjects.Subject subject, Assignment.Holdout holdout) {
            var question =
                    new Assignment.Question(
                            subject.name(),
                            Optional.ofNullable(known.get(subject.name())),
                            subject.attributes(),
                            asked.expose());
            var answer = assignment.answer(question, scope.now(), holdout);
            if (answer.isFirst()) {
                var key = answer.key().orElseThrow();
                fresh.put(
                        scope.newId().apply("event"),
                        new Events.Exposure(
                                subject.name(),
                                key,
                                assignment.design().cohort().index(),
                                scope.now().toEpochMilli(),
                                assignment.design().population().kept(subject.attributes())));
                known.put(subject.name(), key);
            }
            return answer;
        }

        /// Why a subject is held out, of the experiment that holds out its control.
        Optional<String> holds(Subjects.Subject subject) {
            var answer = answer(subject, Assignment.Holdout.NONE);
            return answer.key()
                    .filter(assignment.design().control().key()::equals)
                    .map(_ ->
                            "held out by "
                                    + Quoted.of(
                                            experiment
                                                    .document()
                                                    .path("name")
                                                    .asString(experiment.id())));
        }

        void keep() {
            if (fresh.isEmpty()) {
                return;
            }
            scope.looks().appended();
            scope.events()
                    .expose(
                            experiment.id(),
                            assignment.iteration(),
                            fresh,
                            scope.now().toEpochMilli(),
                            scope.actor());
            scope.logAppended(experiment, "assign", "Assigned", "exposures", fresh.size());
            if (experiment.document().path("status").asString("").equals("Started")) {
                run(noun, experiment);
            }
        }
    }

    /// The first exposure makes an experiment Running.
    void run(Noun noun, StoredObject experiment) {
        var running = experiment.document().deepCopy().put("status", "Running");
        scope.objects()
                .update(
                        noun,
                        experiment.next(running, scope.now().toEpochMilli()),
                        new Objects.Entry(
                                "run", "Running", scope.actor(), Optional.of("first exposure")));
        scope.changes()
                .accept(
                        Change.between(
                                "run",
                                experiment.type(),
                                experiment.id(),
                                experiment.document(),
                                running));
    }
}
