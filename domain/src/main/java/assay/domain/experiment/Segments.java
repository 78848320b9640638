package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.store.StoredObject;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Audiences that are segments: `{segment: id}` until the start, which notes what the segment's
/// criteria were, `{segment: id, rules: […]}`. A later change of the segment changes no experiment.
final class Segments {
    private static final String FIELD = "audience";

    private Segments() {}

    /// True for a segment whose criteria are not noted yet.
    static boolean isOpen(JsonNode audience) {
        return audience.isObject() && audience.path("segment").isString() && !audience.has("rules");
    }

    /// Notes the criteria of the segment that an experiment names.
    ///
    /// @throws Refused if there is no such segment, or its criteria are no rules
    static void resolve(Scope scope, ObjectNode next) {
        var audience = next.path(FIELD);
        if (!isOpen(audience)) {
            return;
        }
        var id = audience.path("segment").stringValue();
        var segment = scope.objects().get(id).filter(object -> object.type().equals("Segment"));
        if (segment.isEmpty()) {
            throw refused(
                    "There is no segment %s to be the audience.".formatted(Quoted.of(id)),
                    "Find its id with $.Segment.find(), or send the rules themselves.");
        }
        var rules = Json.array().add(rules(segment.get()));
        var _ = Audience.parse(FIELD, rules);
        next.set(FIELD, Json.object().put("segment", id).set("rules", rules));
    }

    private static JsonNode rules(StoredObject segment) {
        return Optional.of(segment.document().path("criteria").asString(""))
                .flatMap(Json::container)
                .orElseThrow(() ->
                        refused(
                                "The criteria of segment %s are no rules on attributes: %s."
                                        .formatted(
                                                Quoted.of(segment.id()),
                                                Quoted.of(segment.document().path("criteria"))),
                                "Update its criteria to JSON text such as '{\"plan\": \"pro\"}', or send the rules themselves."));
    }

    private static Refused refused(String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field(FIELD);
    }
}
