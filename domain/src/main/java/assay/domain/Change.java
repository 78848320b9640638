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
    /// The fields in which two documents differ, as a change.
    public static Change between(
            String action, String type, String id, ObjectNode before, ObjectNode after) {
        var old = JsonNodeFactory.instance.objectNode();
        var changed = JsonNodeFactory.instance.objectNode();
        for (var field : before.properties()) {
            var now = after.get(field.getKey());
            if (!field.getValue().equals(now)) {
                old.set(field.getKey(), field.getValue());
                changed.set(
                        field.getKey(), now == null ? JsonNodeFactory.instance.nullNode() : now);
            }
        }
        for (var field : after.properties()) {
            if (!before.has(field.getKey())) {
                old.set(field.getKey(), JsonNodeFactory.instance.nullNode());
                changed.set(field.getKey(), field.getValue());
            }
        }
        return new Change(action, type, id, old, changed);
    }

    /// The record that replies carry: `{action, type, id, before, after}`.
    public JsonNode toJson() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("action", action).put("type", type).put("id", id);
        json.set("before", before);
        return json.set("after", after);
    }
}
