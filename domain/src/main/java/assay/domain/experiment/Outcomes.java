package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.store.Events;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what callers say that subjects did: `{subject, metric, value = 1, at = now, eventId,
/// properties}`.
final class Outcomes {
    private static final int LONGEST_NAME = 200;
    private static final List<String> MEMBERS =
            List.of("subject", "metric", "value", "at", "eventId", "properties");

    /// Sums, squares and ratios of values within these bounds stay finite, whatever is recorded.
    static final double LARGEST = 1e30;

    static final double SMALLEST = 1e-30;

    private final String experiment;
    private final String usualMetric;
    private final Function<String, String> newId;
    private final Instant now;
    private final Set<String> heldOut;

    /// @param usualMetric what outcomes without a metric count toward
    /// @param newId makes an id that begins with the given prefix
    /// @param heldOut subjects that a holdout keeps out of the experiment
    Outcomes(
            String experiment,
            String usualMetric,
            Function<String, String> newId,
            Instant now,
            Set<String> heldOut) {
        this.experiment = experiment;
        this.usualMetric = usualMetric;
        this.newId = newId;
        this.now = now;
        this.heldOut = heldOut;
    }

    /// The subjects of all outcomes, each once.
    static List<String> subjects(JsonNode outcomes) {
        var subjects = new LinkedHashSet<String>();
        for (var outcome : outcomes) {
            if (!outcome.has("subject")) {
                throw Enrolment.noSubject(
                        "record needs a subject.",
                        "record(id, {subject, metric, value}), or give an array of such outcomes");
            }
            subjects.add(name("subject", outcome.path("subject")));
        }
        return List.copyOf(subjects);
    }

    /// The outcomes as they are appended.
    ///
    /// @param exposures the first exposures of the subjects
    /// @throws Refused if one cannot be read, or its subject was never exposed
    List<Events.Outcome> rows(JsonNode outcomes, Map<String, Events.Exposure> exposures) {
        return outcomes.valueStream().map(outcome -> row(outcome, exposures)).toList();
    }

    private Events.Outcome row(JsonNode json, Map<String, Events.Exposure> exposures) {
        for (var member : json.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "An outcome has no field %s.".formatted(Quoted.of(member)),
                                Nearest.hint(member, MEMBERS)
                                        + "Send {%s}.".formatted(String.join(", ", MEMBERS)))
                        .field(member);
            }
        }
        var subject = name("subject", json.path("subject"));
        var exposure = exposures.get(subject);
        if (exposure == null && heldOut.contains(subject)) {
            throw heldOut(subject, json);
        }
        if (exposure == null) {
            throw new Refused(
                            Reason.UNKNOWN_ID,
                            "Subject %s was never exposed in this experiment."
                                    .formatted(Quoted.of(subject)),
                            "Call assign for the subject before you record what it did.")
                    .field("subject")
                    .fix(
                            "await $.Experiment.assign('%s', %s)"
                                    .formatted(experiment, json.path("subject")));
        }
        var metric = json.hasNonNull("metric") ? metric(json.path("metric")) : usualMetric;
        return new Events.Outcome(
                json.hasNonNull("eventId")
                        ? eventId(metric, json.path("eventId"))
                        : newId.apply("event"),
                subject,
                exposure.variant(),
                metric,
                value(json.path("value")),
                json.hasNonNull("at") ? time(json.path("at")) : now.toEpochMilli(),
                properties(json.path("properties")));
    }

    private Refused heldOut(String subject, JsonNode json) {
        var event = JsonNodeFactory.instance.objectNode();
        event.set("type", json.hasNonNull("metric") ? json.get("metric") : Json.text(usualMetric));
        event.put("userId", subject);
        for (var member : List.of("value", "timestamp", "eventId", "properties")) {
            var given = json.path(member.equals("timestamp") ? "at" : member);
            if (!given.isMissingNode() && !given.isNull()) {
                event.set(member, given);
            }
        }
        return new Refused(
                        Reason.UNKNOWN_ID,
                        "Subject %s is held out of this experiment.".formatted(Quoted.of(subject)),
                        "Send what subjects do with $.Event.create: that counts for every experiment and for the holdout.")
                .field("subject")
                .fix("await $.Event.create(%s)".formatted(event));
    }

    /// Callers number their events as they like, so an id is only theirs within one experiment and
    /// metric.
    private String eventId(String metric, JsonNode json) {
        return id(experiment, metric, json);
    }

    /// The id of an event that its sender numbered. Equal ones are one event.
    ///
    /// @param experiment that it belongs to, a dot when it belongs to none
    static String id(String experiment, String name, JsonNode number) {
        return "event_%s/%s/%s"
                .formatted(
                        experiment,
                        name.replace("%", "%25").replace("/", "%2F"),
                        name("eventId", number));
    }

    static Optional<ObjectNode> properties(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return Optional.empty();
        }
        if (!(json instanceof ObjectNode properties)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not an object of properties.".formatted(Quoted.of(json)),
                            "Send properties as an object such as {plan: 'pro'}, or leave them out.")
                    .field("properties");
        }
        return Optional.of(properties);
    }

    /// The value of an outcome, 1 when it is not given.
    static double value(JsonNode json) {
        if (json.isMissingNode()) {
            return 1;
        }
        if (json.isBoolean()) {
            return json.booleanValue() ? 1 : 0;
        }
        if (!isValue(json)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a value of an outcome.".formatted(Quoted.of(json)),
                            "Send a number of a size from 1e-30 to 1e30, 0, true or false; leave value out for 1.")
                    .field("value");
        }
        return json.doubleValue();
    }

    /// True for a number that sums can take.
    static boolean isValue(JsonNode json) {
        var size = json.isNumber() ? Math.abs(json.doubleValue()) : Double.NaN;
        return size == 0 || (size >= SMALLEST && size <= LARGEST);
    }

    private long time(JsonNode json) {
        return time(json, now);
    }

    /// A time that is not to come, in milliseconds since 1970.
    static long time(JsonNode json, Instant now) {
        var at = parsed(json);
        if (at > now.toEpochMilli()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is later than now, %s."
                                    .formatted(Quoted.of(json), IsoTime.text(now)),
                            "Record outcomes when they have happened, or leave at out for now.")
                    .field("at");
        }
        return at;
    }

    private static long parsed(JsonNode json) {
        return IsoTime.parse(json.asString(""))
                .orElseThrow(() ->
                        new Refused(
                                        Reason.INVALID_VALUE,
                                        "%s is not a time.".formatted(Quoted.of(json)),
                                        "Write at as ISO 8601 with zone, such as 2026-11-20T10:00:00Z, or leave it out"
                                                + " for now.")
                                .field("at"))
                .toEpochMilli();
    }

    /// The name of a metric. A number in its place is a value that went astray.
    ///
    /// @throws Refused if it is no text
    static String metric(JsonNode json) {
        return name("metric", json.isNumber() ? MissingNode.getInstance() : json, json);
    }

    /// A name that a caller chose. A whole number is its digits: many number their subjects.
    static String name(String what, JsonNode json) {
        return name(what, json, json);
    }

    private static String name(String what, JsonNode json, JsonNode given) {
        var text = json.isString() || json.isIntegralNumber() ? json.asString() : "";
        if (text.isBlank() || text.length() > LONGEST_NAME) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a valid %s."
                                    .formatted(
                                            given.isMissingNode() ? "Nothing" : Quoted.of(given),
                                            what),
                            "Send %s as a text of 1 to %d characters."
                                    .formatted(what, LONGEST_NAME))
                    .field(what);
        }
        return text;
    }
}
