package assay.domain.prompt;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import tools.jackson.databind.JsonNode;

/// What the function of a scripted judge may return: a number from 0 to 1, true or false, or
/// `{score, pass?, why?}`.
final class ScriptedScore {
    private static final int LONGEST_WHY = 500;

    private ScriptedScore() {}

    /// @throws Refused if it is none of these
    static Score of(JsonNode returned, double passAt) {
        var value = returned.isObject() ? returned.path("score") : returned;
        if (value.isBoolean()) {
            return Score.of(value.booleanValue(), why(returned, value));
        }
        var score = value.doubleValue(-1);
        if (!(score >= 0 && score <= 1)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The judge's function returned %s, which is no score."
                                    .formatted(Quoted.of(returned)),
                            "Let it return a number from 0 to 1, true or false, or {score, why}.")
                    .field("source");
        }
        var pass =
                returned.path("pass").isBoolean()
                        ? returned.path("pass").booleanValue()
                        : score >= passAt;
        return new Score(score, pass, why(returned, value));
    }

    private static String why(JsonNode returned, JsonNode value) {
        var why = returned.path("why").asString("");
        return why.isEmpty()
                ? "The function returned %s.".formatted(Quoted.of(value))
                : why.substring(0, Math.min(LONGEST_WHY, why.length()));
    }
}
