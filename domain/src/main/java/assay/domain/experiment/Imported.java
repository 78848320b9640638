package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.store.EventRow;
import assay.domain.store.Events;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what a file says that happened: `{subject, metric, value = 1, at = now, eventId,
/// properties}`, or `{subject, variant, at, eventId}` for an exposure. Nobody needs to have been
/// exposed before.
public final class Imported {
    /// What a file may call a field, and what it is.
    private static final String EXPORTED = "event_";

    private static final int LONGEST_ID = 1000;
    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        List.of("subject", "metric", "value", "at", "eventId", "properties", "variant")
                .forEach(name -> NAMES.put(name, name));
        NAMES.put("userId", "subject");
        NAMES.put("type", "metric");
        NAMES.put("timestamp", "at");
    }

    private static final String PROPERTY = "properties.";

    private final Optional<StoredObject> experiment;
    private final Optional<Design> design;
    private final Optional<String> usualMetric;
    private final Instant now;

    /// @param experiment that the events belong to; without one they count for all
    /// @param metric of those that name none; with an experiment its primary one if absent
    /// @throws Refused if the experiment takes no events
    public Imported(Optional<StoredObject> experiment, Optional<String> metric, Instant now) {
        experiment.ifPresent(Intake::requireOpen);
        this.experiment = experiment;
        this.design = experiment.map(one -> Design.of(one.id(), one.document()));
        this.usualMetric = metric.or(() -> design.map(Design::primary).map(Metric::name));
        this.now = now;
    }

    /// The name of a field as a file spells it, such as `userId` for a subject. Properties are
    /// spelled `properties.plan`.
    ///
    /// @throws Refused if there is no such field
    public static String field(String name) {
        var known = NAMES.get(name.strip());
        if (known != null) {
            return known;
        }
        if (name.strip().startsWith(PROPERTY)) {
            return name.strip();
        }
        throw new Refused(
                        Reason.UNKNOWN_FIELD,
                        "An event has no field %s.".formatted(Quoted.of(name)),
                        Nearest.hint(name, NAMES.keySet())
                                + "Use: %s, or properties.NAME."
                                        .formatted(String.join(", ", NAMES.keySet())))
                .field(name);
    }

    /// An event that was exported keeps its id, so that it is known again.
    private static String id(String experiment, String name, JsonNode number) {
        var text = number.asString("");
        return text.startsWith(EXPORTED) && text.length() <= LONGEST_ID
                ? text
                : Outcomes.id(experiment, name, number);
    }

    /// One event.
    ///
    /// @param fields as [#field] names them
    /// @param usualId tells the event from all others if it has no `eventId`
    /// @throws Refused if it cannot be read
    public EventRow row(ObjectNode fields, String usualId) {
        var subject = Outcomes.name("subject", fields.path("subject"));
        var at =
                fields.hasNonNull("at")
                        ? Outcomes.time(fields.path("at"), now)
                        : now.toEpochMilli();
        JsonNode number =
                fields.hasNonNull("eventId") ? fields.path("eventId") : Json.text(usualId);
        if (fields.hasNonNull("variant") && !fields.hasNonNull("metric")) {
            return exposure(subject, at, fields, number);
        }
        var metric = metric(fields.path("metric"));
        var value = fields.hasNonNull("value") ? Outcomes.value(fields.path("value")) : 1;
        var properties = properties(fields);
        if (experiment.isPresent()) {
            var id = experiment.get().id();
            return EventRow.outcome(
                    id,
                    design.orElseThrow().iteration(),
                    new Events.Outcome(
                            id(id, metric, number), subject, "", metric, value, at, properties));
        }
        return EventRow.free(
                id(".", metric, number),
                metric,
                Optional.of(subject),
                at,
                value,
                properties.map(some -> document(metric, subject, value, at, some)));
    }

    /// True when a row says that a subject was shown a variant.
    public static boolean isExposure(ObjectNode fields) {
        return fields.hasNonNull("variant") && !fields.hasNonNull("metric");
    }

    private EventRow exposure(String subject, long at, ObjectNode fields, JsonNode number) {
        if (design.isEmpty()) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "An exposure belongs to an experiment.",
                            "Name it with --experiment.")
                    .field("variant");
        }
        return EventRow.exposure(
                id(".", Events.EXPOSURE, number),
                experiment.orElseThrow().id(),
                design.get().iteration(),
                Arrivals.exposure(
                        design.get(),
                        subject,
                        fields.path("variant"),
                        at,
                        properties(fields)
                                .map(some -> (JsonNode) some)
                                .orElse(MissingNode.getInstance())));
    }

    private String metric(JsonNode json) {
        if (!json.isMissingNode() && !json.isNull()) {
            return Outcomes.metric(json);
        }
        return usualMetric.orElseThrow(() ->
                new Refused(
                                Reason.MISSING_FIELD,
                                "The event names no metric.",
                                "Give each event a metric, or name one for all with --metric.")
                        .field("metric"));
    }

    private static Optional<ObjectNode> properties(ObjectNode fields) {
        var whole = Outcomes.properties(fields.path("properties"));
        var single = JsonNodeFactory.instance.objectNode();
        fields.properties().stream()
                .filter(field -> field.getKey().startsWith(PROPERTY))
                .forEach(field ->
                        single.set(field.getKey().substring(PROPERTY.length()), field.getValue()));
        if (single.isEmpty()) {
            return whole;
        }
        whole.ifPresent(single::setAll);
        return Optional.of(single);
    }

    private static ObjectNode document(
            String type, String subject, double value, long at, ObjectNode properties) {
        var document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("name", type)
                        .put("type", type)
                        .put("userId", subject)
                        .put("timestamp", assay.domain.IsoTime.text(at))
                        .put("value", value);
        document.set("properties", properties);
        return document;
    }
}
