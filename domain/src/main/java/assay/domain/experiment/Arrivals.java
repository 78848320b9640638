package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Noun;
import assay.domain.store.EventRow;
import assay.domain.store.Events;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Takes in events that nobody sent to an experiment: exposures that another system made, and what
/// subjects did whether they were exposed or not.
final class Arrivals {
    private final Scope scope;
    private final Enrolment enrolment;

    /// What most events have as their time, which need not be read again.
    private final String nowText;

    Arrivals(Scope scope, Enrolment enrolment) {
        this.scope = scope;
        this.enrolment = enrolment;
        this.nowText = IsoTime.text(scope.now());
    }

    /// The id of an Event that its sender numbered.
    static Optional<String> id(ObjectNode event) {
        return event.hasNonNull("eventId")
                ? Optional.of(
                        Outcomes.id(".", event.path("type").stringValue(), event.path("eventId")))
                : Optional.empty();
    }

    /// True for an Event that says that a subject was shown a variant.
    static boolean isExposure(ObjectNode event) {
        return event.path("type").stringValue().equals(Events.EXPOSURE);
    }

    /// True when the value of an Event can be taken; appending it refuses it otherwise.
    static boolean isValid(ObjectNode event) {
        return !event.hasNonNull("value") || Outcomes.isValue(event.path("value"));
    }

    /// Appends an Event.
    ///
    /// @param noun that of experiments
    void append(Noun noun, StoredObject event) {
        if (isExposure(event.document())) {
            expose(noun, event);
        } else {
            append(List.of(event));
        }
    }

    /// Appends Events that are no exposures.
    void append(List<StoredObject> events) {
        if (!events.isEmpty()) {
            scope.looks().appended();
            var rows = events.stream().map(this::row).toList();
            var _ = scope.events().append(rows, scope.now().toEpochMilli(), scope.actor());
        }
    }

    private EventRow row(StoredObject event) {
        var document = event.document();
        return EventRow.free(
                event.id(),
                document.path("type").stringValue(),
                Optional.ofNullable(
                        document.path("userId")
                                .asString(document.path("anonymousId").stringValue(null))),
                past(document),
                document.hasNonNull("value") ? Outcomes.value(document.path("value")) : 1,
                Optional.of(document));
    }

    private long at(ObjectNode document) {
        var time = document.path("timestamp").stringValue();
        return time.equals(nowText)
                ? scope.now().toEpochMilli()
                : Instant.parse(time).toEpochMilli();
    }

    private void expose(Noun noun, StoredObject event) {
        var document = event.document();
        var experiment = experiment(noun, document);
        var design = Design.of(experiment.id(), experiment.document());
        var subject =
                Outcomes.name(
                        "userId",
                        document.hasNonNull("userId")
                                ? document.path("userId")
                                : document.path("anonymousId"));
        var exposure =
                exposure(
                        design,
                        subject,
                        document.path("variant"),
                        past(document),
                        document.path("properties"));
        scope.looks().appended();
        scope.events()
                .expose(
                        experiment.id(),
                        design.iteration(),
                        Map.of(event.id(), exposure),
                        scope.now().toEpochMilli(),
                        scope.actor());
        if (experiment.document().path("status").asString("").equals("Started")) {
            enrolment.run(noun, experiment);
        }
    }

    private StoredObject experiment(Noun noun, ObjectNode document) {
        if (!document.hasNonNull("experiment")) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "An exposure names its experiment.",
                            "Send {type: '%s', experiment, variant, userId, timestamp}."
                                    .formatted(Events.EXPOSURE))
                    .field("experiment");
        }
        var id = document.path("experiment").stringValue();
        var experiment =
                scope.objects()
                        .get(id)
                        .filter(object -> object.type().equals(noun.name()))
                        .or(() ->
                                scope.objects().byUnique(noun, "slug", document.path("experiment")))
                        .orElseThrow(() -> unknown(id));
        Enrolment.requireOnline(experiment);
        var status = experiment.document().path("status").asString("");
        if (status.equals("Draft")) {
            throw Freezing.notStarted(experiment, "be exposed in");
        }
        if (!Set.of("Started", "Running", "Paused").contains(status)) {
            throw new Refused(
                    Reason.ILLEGAL_TRANSITION,
                    "Experiment %s is %s and takes no more exposures."
                            .formatted(Quoted.of(id), status),
                    "Send exposures between start and conclude; create a new experiment to measure again.");
        }
        return experiment;
    }

    private static Refused unknown(String id) {
        return new Refused(
                        Reason.UNKNOWN_ID,
                        "There is no experiment with the id or slug %s.".formatted(Quoted.of(id)),
                        "Send experiment as the $id of one that was started.")
                .field("experiment");
    }

    /// An exposure that another system made, in the cohort that was open then.
    ///
    /// @param properties those that are attributes of the design are kept
    static Events.Exposure exposure(
            Design design, String subject, JsonNode variant, long at, JsonNode properties) {
        return new Events.Exposure(
                subject,
                variant(design, variant),
                design.cohortAt(Instant.ofEpochMilli(at)).index(),
                at,
                design.population().kept(properties));
    }

    private static String variant(Design design, JsonNode given) {
        var variant = given.asString("");
        if (design.arms().stream().noneMatch(arm -> arm.key().equals(variant))) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            variant.isEmpty()
                                    ? "An exposure names the variant that was shown."
                                    : "The experiment has no variant %s."
                                            .formatted(Quoted.of(variant)),
                            "Name one of: %s."
                                    .formatted(
                                            Quoted.all(
                                                    design.arms().stream()
                                                            .map(Design.Arm::key)
                                                            .toList())))
                    .field("variant");
        }
        return variant;
    }

    private long past(ObjectNode document) {
        var at = at(document);
        if (at > scope.now().toEpochMilli()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is later than now."
                                    .formatted(Quoted.of(document.path("timestamp"))),
                            "Send events when they have happened, or leave timestamp out for now.")
                    .field("timestamp");
        }
        return at;
    }
}
