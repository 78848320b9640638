package assay.domain.experiment;

import assay.domain.Change;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Noun;
import assay.domain.store.Events;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Gives subjects their variants, and keeps who was shown which.
final class Enrolment {
    private final Scope scope;

    Enrolment(Scope scope) {
        this.scope = scope;
    }

    /// Gives a subject its variant, or each of an array of subjects, and records the first
    /// exposure.
    ///
    /// @param options `{expose: false}` only tells what the subject would get
    /// @return `{key, value, iteration, exposed, reason}`, or an array of these in the order of the
    ///   subjects
    JsonNode assign(Noun noun, StoredObject experiment, JsonNode subjects, JsonNode options) {
        var expose = expose(options);
        if (subjects.isMissingNode()) {
            throw noSubject(
                    "assign needs a subject.", "assign(id, subject) or assign(id, [subjects])");
        }
        var names = new ArrayList<String>();
        if (subjects.isArray()) {
            Intake.requireBatch(subjects.size(), "subjects");
            subjects.forEach(subject -> names.add(Outcomes.name("subject", subject)));
        } else {
            names.add(Outcomes.name("subject", subjects));
        }
        var status = experiment.document().path("status").asString("");
        if (status.equals("Draft")) {
            throw Freezing.notStarted(experiment, "assign subjects to");
        }
        var assignment = Assignment.of(experiment);
        if (expose && assignment.isOpen()) {
            scope.objects().prepareToWrite();
        }
        var known = scope.events().exposures(experiment.id(), assignment.iteration(), names);
        var fresh = new LinkedHashMap<String, Events.Exposure>();
        var answers = new ArrayList<ObjectNode>();
        for (var subject : names) {
            var before = Optional.ofNullable(known.get(subject)).map(Events.Exposure::variant);
            var answer = assignment.answer(subject, before, expose);
            if (answer.isFirst()) {
                var first =
                        new Events.Exposure(
                                subject,
                                answer.key().orElseThrow(),
                                1,
                                scope.now().toEpochMilli(),
                                JsonNodeFactory.instance.objectNode());
                fresh.put(scope.newId().apply("event"), first);
                known.put(subject, first);
            }
            answers.add(assignment.json(answer));
        }
        if (!fresh.isEmpty()) {
            scope.looks().appended();
            scope.events()
                    .expose(
                            experiment.id(),
                            assignment.iteration(),
                            fresh,
                            scope.now().toEpochMilli(),
                            scope.actor());
            scope.logAppended(experiment, "assign", "Assigned", "exposures", fresh.size());
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
