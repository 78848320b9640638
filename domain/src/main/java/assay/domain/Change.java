package assay.domain;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One thing that a unit of work changed.
///
/// @param action `create`, `update`, `delete`, or the name of the verb
/// @param before the fields that change, as they were; empty for create
/// @param after the same fields as they are now; empty for delete
public record Change(String action, String type, String id, ObjectNode before, ObjectNode after) {
    /// The fields in which two documents differ, as a change. A field that is null is as one that
    /// is not there.
    public static Change between(
            String action, String type, String id, ObjectNode before, ObjectNode after) {
        var old = JsonNodeFactory.instance.objectNode();
        var changed = JsonNodeFactory.instance.objectNode();
        for (var field : before.properties()) {
            compare(field.getKey(), field.getValue(), after.path(field.getKey()), old, changed);
        }
        for (var field : after.properties()) {
            if (!before.has(field.getKey())) {
                compare(
                        field.getKey(),
                        JsonNodeFactory.instance.nullNode(),
                        field.getValue(),
                        old,
                        changed);
            }
        }
        return new Change(action, type, id, old, changed);
    }

    private static void compare(
            String field, JsonNode before, JsonNode now, ObjectNode old, ObjectNode changed) {
        var after = now.isMissingNode() ? JsonNodeFactory.instance.nullNode() : now;
        if (!before.equals(after)) {
            old.set(field, before);
            changed.set(field, after);
        }
    }

    /// The record that replies carry: `{action, type, id, before, after}`.
    public JsonNode toJson() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("action", action).put("type", type).put("id", id);
        json.set("before", before);
        return json.set("after", after);
    }
}
