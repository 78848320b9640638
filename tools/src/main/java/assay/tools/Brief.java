package assay.tools;

import assay.domain.Quoted;
import java.util.List;
import java.util.StringJoiner;
import tools.jackson.databind.node.ObjectNode;

/// An object in a few words, for readers that take text. What users wrote stands in quotes, on one
/// line and bounded.
final class Brief {
    private static final List<String> STATES = List.of("status", "stage");
    private static final List<String> QUOTED = List.of("hypothesis", "description", "winner");

    private Brief() {}

    /// Such as `Experiment 'Pricing page' is Running. hypothesis: '…'.`
    static String of(ObjectNode entity) {
        var text = new StringJoiner(" ");
        text.add(entity.path("$type").asString(""));
        var name = Quoted.of(entity.path("name").asString(entity.path("$id").asString("")));
        text.add(
                STATES.stream()
                        .map(field -> entity.path(field).asString(""))
                        .filter(state -> !state.isEmpty())
                        .findFirst()
                        .map(state -> name + " is " + state + ".")
                        .orElse(name + "."));
        for (var field : QUOTED) {
            if (entity.path(field).isString()) {
                text.add(field + ": " + Quoted.of(entity.path(field)) + ".");
            }
        }
        var results = entity.path("results").path("text");
        if (results.isString()) {
            text.add(results.stringValue());
        }
        return text.toString();
    }
}
