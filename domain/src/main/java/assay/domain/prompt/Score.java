package assay.domain.prompt;

import assay.domain.noun.Json;
import tools.jackson.databind.node.ObjectNode;

/// What a judge says of an output.
///
/// @param score 0 to 1
/// @param why in a sentence
public record Score(double score, boolean pass, String why) {
    static Score of(boolean pass, String why) {
        return new Score(pass ? 1 : 0, pass, why);
    }

    /// `{score, pass, why}`.
    ObjectNode json() {
        var rounded = Math.round(score * 1e9) / 1e9;
        var json = Json.object();
        if (rounded == Math.rint(rounded)) {
            json.put("score", (int) rounded);
        } else {
            json.put("score", rounded);
        }
        return json.put("pass", pass).put("why", why);
    }
}
