package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.Corrections;
import assay.domain.store.Events;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Reads corrections, `{corrects, metric, value}`: an event that was sent counts with another value
/// from then on, or with null not at all.
final class Corrected {
    /// What tells a correction from an outcome.
    static final String CORRECTS = "corrects";

    private static final List<String> MEMBERS = List.of(CORRECTS, "metric", "value", "subject");

    private static final Optional<Corrections.Sent> NONE = Optional.empty();

    private final Scope scope;
    private final String experiment;
    private final Design design;

    Corrected(Scope scope, String experiment, Design design) {
        this.scope = scope;
        this.experiment = experiment;
        this.design = design;
    }

    /// Lets the event count so.
    ///
    /// @return false when it does already
    boolean correct(JsonNode json) {
        for (var member : json.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "A correction has no field %s.".formatted(Quoted.of(member)),
                                Nearest.hint(member, MEMBERS)
                                        + "Send {%s}; to change anything but the value, take the event back with value: null and record it anew."
                                                .formatted(String.join(", ", MEMBERS)))
                        .field(member);
            }
        }
        var value = value(json);
        var event = event(json);
        requireSubject(json, event);
        return scope.events()
                .corrections()
                .correct(event, value, scope.now().toEpochMilli(), scope.actor());
    }

    private static OptionalDouble value(JsonNode json) {
        if (!json.has("value")) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "A correction needs the value that is to count.",
                            "Send {corrects, metric, value} with the right value, or with null to take the event back.")
                    .field("value");
        }
        return json.path("value").isNull()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Outcomes.value(json.path("value")));
    }

    private Corrections.Sent event(JsonNode json) {
        var corrections = scope.events().corrections();
        var metric =
                json.hasNonNull("metric")
                        ? Outcomes.metric(json.path("metric"))
                        : design.primary().usualEvent();
        var given = json.path(CORRECTS);
        var id = given.asString("");
        var found =
                (id.startsWith("event_") ? corrections.find(id) : NONE)
                        .or(() ->
                                Stream.of(experiment, ".")
                                        .map(owner -> Outcomes.id(owner, metric, given))
                                        .map(corrections::find)
                                        .flatMap(Optional::stream)
                                        .findFirst());
        if (found.isEmpty()) {
            throw new Refused(
                            Reason.UNKNOWN_ID,
                            "No event %s of %s was recorded."
                                    .formatted(Quoted.of(given), Quoted.of(metric)),
                            "Send corrects as the eventId that it was recorded with, beside its metric, or as the $id that $.Event.find shows.")
                    .field(CORRECTS);
        }
        requireOutcome(found.get());
        return found.get();
    }

    private void requireOutcome(Corrections.Sent event) {
        if (event.kind().equals(Events.EXPOSURE)) {
            throw refused(
                    "The event is an exposure, which has no value.",
                    "Correct outcomes only. A subject that was exposed by mistake is removed with $.Subject.forget.");
        }
        var owner = event.experiment().orElse(experiment);
        if (!owner.equals(experiment)) {
            throw refused(
                    "The event belongs to experiment %s.".formatted(Quoted.of(owner)),
                    "Send the correction to that experiment.");
        }
        if (event.experiment().isPresent() && event.iteration() != design.iteration()) {
            throw refused(
                    "The event belongs to iteration %d, which has ended."
                            .formatted(event.iteration()),
                    "Leave it as it is: nothing changes the results of an iteration that has ended.");
        }
    }

    private static Refused refused(String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field(CORRECTS);
    }

    private static void requireSubject(JsonNode json, Corrections.Sent event) {
        if (json.hasNonNull("subject")
                && !Outcomes.name("subject", json.path("subject")).equals(event.subject())) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The event is one of subject %s, not of %s."
                                    .formatted(
                                            Quoted.of(event.subject()),
                                            Quoted.of(json.path("subject"))),
                            "Leave subject out, or send the eventId of the event that is meant.")
                    .field("subject");
        }
    }
}
