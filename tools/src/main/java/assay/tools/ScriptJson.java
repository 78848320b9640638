package assay.tools;

import assay.domain.Reason;
import assay.domain.Refused;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON on its way out of a script. Whatever comes in here can be stored, shown inside a reply and
/// read by its reader.
final class ScriptJson {
    private static final int DEEPEST = 100;
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEEPEST)
                                                    .build())
                                    .build())
                    .build();

    private ScriptJson() {}

    /// @throws Refused if it is nested too deeply, or no JSON
    static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (StreamConstraintsException _) {
            throw new Refused(
                    Reason.TOO_LARGE,
                    "A value of the script is nested more than %d levels deep, or has a name of more than 50,000 characters."
                            .formatted(DEEPEST),
                    "Flatten the value: use lists and short names instead of objects inside objects.");
        } catch (JacksonException _) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "A value of the script is not JSON.",
                    "Send plain values: texts, numbers, true, false, null, lists and objects.");
        }
    }
}
