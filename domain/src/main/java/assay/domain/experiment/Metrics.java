package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the spellings of a list of metrics that are in use.
public final class Metrics {
    private final String field;
    private final Set<String> names = new HashSet<>();
    private final ArrayNode metrics = Json.array();

    private Metrics(String field) {
        this.field = field;
    }

    /// Brings a list of metrics into the one form that is stored: an array of `{name, …}`.
    ///
    /// @param field the experiment's field, for the refusal
    /// @param given names joined by commas, an array of names or of records with a `name`, or JSON
    ///   text of such an array
    /// @throws Refused if it is none of these, or a name is missing or repeated
    public static ArrayNode parse(String field, JsonNode given) {
        return new Metrics(field).read(given);
    }

    private ArrayNode read(JsonNode given) {
        var list = given.isString() ? Json.container(given.stringValue()).orElse(given) : given;
        if (list.isString()) {
            for (var name : list.stringValue().split(",", -1)) {
                if (!list.stringValue().isBlank()) {
                    add(Json.text(name));
                }
            }
        } else if (list.isArray()) {
            list.forEach(this::add);
        } else {
            throw refused(field, "%s is not a list of metrics.".formatted(Quoted.of(given)));
        }
        return metrics;
    }

    private void add(JsonNode given) {
        var path = "%s[%d]".formatted(field, metrics.size());
        var name = (given.isObject() ? given.path("name") : given).asString("").strip();
        if (name.isEmpty() || !(given.isObject() || given.isString())) {
            throw refused(path, "%s is not a metric with a name.".formatted(Quoted.of(given)));
        }
        if (!names.add(name)) {
            throw refused(path, "The metric %s is named twice.".formatted(Quoted.of(name)));
        }
        var metric = Json.object().put("name", name);
        if (given instanceof ObjectNode record) {
            record.properties().stream()
                    .filter(member -> !member.getKey().equals("name"))
                    .forEach(member -> metric.set(member.getKey(), member.getValue()));
        }
        metrics.add(metric);
    }

    private Refused refused(String path, String problem) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        problem,
                        "Send %s as names, each once, such as [\"signup\", {\"name\": \"revenue\"}]."
                                .formatted(field))
                .field(path);
    }
}
