package assay.domain.prompt;

import assay.domain.JsonTree;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a judge is asked about: `{output, expected?, input?}`, and for judges that somebody else
/// speaks for what they said, `answer` or `label`.
record Judged(ObjectNode json) {
    static final List<String> KEYS =
            List.of(
                    "output",
                    "expected",
                    "input",
                    "item",
                    "outputs",
                    "answer",
                    "label",
                    "attributes");

    /// @throws Refused if it has other members
    static Judged of(JsonNode given) {
        if (!(given instanceof ObjectNode json)) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "%s cannot be judged.".formatted(Quoted.of(given)),
                    "Send {output, expected, input}, or an array of these.");
        }
        for (var key : json.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "There is no %s to be judged.".formatted(Quoted.of(key)),
                                "%sSend {output, expected, input}."
                                        .formatted(Nearest.hint(key, KEYS)))
                        .field(key);
            }
        }
        return new Judged(json);
    }

    /// A member that the judge cannot do without.
    JsonNode need(String key, String repair) {
        var value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            throw new Refused(Reason.MISSING_FIELD, "The judge needs %s.".formatted(key), repair)
                    .field(key);
        }
        return value;
    }

    JsonNode output() {
        return need("output", "Send {output: '…'} with what the prompt gave.");
    }

    /// The output as text.
    String text() {
        return text(output());
    }

    static String text(JsonNode value) {
        return value.isString() ? value.stringValue() : JsonTree.text(value);
    }
}
