package assay.domain.work;

import java.util.OptionalInt;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What the caller of a verb hears of a hook that failed after it, which did not undo the verb.
///
/// @param hook its id
/// @param on the name it is registered under, such as `Experiment.started`
/// @param line 1-based, in the hook's own text
/// @param disabled true when this failure switched it off
public record HookError(
        String hook, String on, String message, OptionalInt line, boolean disabled) {
    /// The record that replies carry: `{hook, on, message, line?, disabled?}`.
    public ObjectNode toJson() {
        var json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("hook", hook)
                        .put("on", on)
                        .put("message", message);
        line.ifPresent(number -> json.put("line", number));
        if (disabled) {
            json.put("disabled", true);
        }
        return json;
    }
}
