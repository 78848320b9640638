package assay.tools;

import assay.domain.noun.Noun;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is told of an experiment beyond its fields. It is of this moment, so the past has none, and
/// whoever names fields names it too.
///
/// @param request without it, as a query reads it
record Told(ObjectNode request, boolean isWanted) {
    /// Where it stands and what to call next: what `fetch` adds.
    static final String BRIEF = "brief";

    /// What it has come to: what `search` adds.
    static final String OUTCOME = "outcome";

    static final String EXPERIMENT = "Experiment";

    static Told of(Noun noun, Arguments arguments, String what) {
        var request = arguments.json().deepCopy();
        if (!noun.name().equals(EXPERIMENT) || request.hasNonNull("asOf")) {
            return new Told(request, false);
        }
        var fields = request.path("fields");
        if (!fields.isArray() || fields.isEmpty()) {
            return new Told(request, fields.isEmpty() && !fields.isString());
        }
        var others = request.putArray("fields").add("$id");
        var isNamed = false;
        for (JsonNode field : fields) {
            if (field.asString("").equals(what)) {
                isNamed = true;
            } else {
                others.add(field);
            }
        }
        return new Told(request, isNamed);
    }
}
