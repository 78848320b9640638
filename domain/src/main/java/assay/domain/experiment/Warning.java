package assay.domain.experiment;

import assay.domain.noun.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What a caller should know of a verb that was done all the same.
///
/// @param id of the object
/// @param next what would help
public record Warning(String verb, String id, String why, List<Step> next) {
    public Warning {
        next = List.copyOf(next);
    }

    /// Something to do, and the code that does it.
    public record Step(String why, String code) {}

    /// `{verb, id, why, next: [{why, code}]}`.
    public ObjectNode toJson() {
        var json = Json.object().put("verb", verb).put("id", id).put("why", why);
        var steps = json.putArray("next");
        next.forEach(step -> steps.addObject().put("why", step.why()).put("code", step.code()));
        return json;
    }
}
