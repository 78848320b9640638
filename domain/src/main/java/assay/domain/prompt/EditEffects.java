package assay.domain.prompt;

import assay.domain.noun.Json;
import assay.domain.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What edits of prompts did, as concluded experiments found it that had both versions as variants.
///
/// @param experiments concluded ones, in the order in which they were made
record EditEffects(List<StoredObject> experiments) {
    private static final String EXPERIMENT = "Experiment";
    private static final List<String> CONCLUDED = List.of("Concluded", "Completed", "Archived");

    static EditEffects of(Scope scope) {
        var noun = scope.nouns().require(EXPERIMENT);
        var all = new ArrayList<StoredObject>();
        for (var status : CONCLUDED) {
            all.addAll(scope.objects().inOrder(noun, "status", status));
        }
        return new EditEffects(all);
    }

    /// The effects of a version against another, on the primary metric of each experiment.
    ///
    /// @return `[{experiment, metric, difference, lower?, upper?, verdict}]`; the interval is there
    ///   where one of the two was the control
    ArrayNode between(String before, String after) {
        var effects = Json.array();
        for (var experiment : experiments) {
            var one = variant(experiment, before);
            var other = variant(experiment, after);
            if (one.isPresent() && other.isPresent()) {
                effect(experiment, one.get(), other.get()).ifPresent(effects::add);
            }
        }
        return effects;
    }

    /// The key of the variant that holds a version.
    private static Optional<String> variant(StoredObject experiment, String version) {
        return experiment
                .document()
                .path("variants")
                .valueStream()
                .filter(variant -> variant.path("prompt").path("id").asString("").equals(version))
                .map(variant -> variant.path("key").asString(""))
                .findFirst();
    }

    private static Optional<ObjectNode> effect(
            StoredObject experiment, String before, String after) {
        var results = experiment.document().path("results");
        var primary = results.path("primary");
        var control = primary.path("control").asString("");
        var json =
                Json.object()
                        .put("experiment", experiment.id())
                        .put("metric", primary.path("metric").asString(""));
        if (control.equals(before)) {
            comparison(primary, after).ifPresent(found -> write(json, found, 1));
        } else if (control.equals(after)) {
            comparison(primary, before).ifPresent(found -> write(json, found, -1));
        } else {
            var one = comparison(primary, before);
            var other = comparison(primary, after);
            if (one.isPresent() && other.isPresent()) {
                json.put(
                        "difference",
                        other.get().path("difference").doubleValue()
                                - one.get().path("difference").doubleValue());
            }
        }
        return json.has("difference")
                ? Optional.of(json.put("verdict", results.path("verdict").asString("")))
                : Optional.empty();
    }

    private static Optional<JsonNode> comparison(JsonNode primary, String arm) {
        return primary.path("comparisons")
                .valueStream()
                .filter(one -> one.path("arm").asString("").equals(arm) && one.has("difference"))
                .findFirst();
    }

    private static void write(ObjectNode json, JsonNode comparison, int sign) {
        json.put("difference", sign * comparison.path("difference").doubleValue());
        if (comparison.has("lower")) {
            var lower = sign * comparison.path("lower").doubleValue();
            var upper = sign * comparison.path("upper").doubleValue();
            json.put("lower", Math.min(lower, upper)).put("upper", Math.max(lower, upper));
        }
    }
}
