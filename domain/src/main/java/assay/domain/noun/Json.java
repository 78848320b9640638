package assay.domain.noun;

import assay.domain.JsonTree;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON as this package makes and reads it: nothing after the value, no member twice.
public final class Json {
    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    public static JsonNode text(String text) {
        return JsonNodeFactory.instance.stringNode(text);
    }

    /// The value that a text spells.
    ///
    /// @throws JacksonException if the text is not one JSON value
    public static JsonNode read(String text) {
        return JsonTree.readStrictly(text);
    }

    /// The object or array that a text spells, if it spells one.
    public static Optional<JsonNode> container(String text) {
        var trimmed = text.strip();
        if (!trimmed.startsWith("{") && !trimmed.startsWith("[")) {
            return Optional.empty();
        }
        return value(trimmed);
    }

    /// The value that a text spells, if it spells one.
    public static Optional<JsonNode> value(String text) {
        try {
            return Optional.of(read(text));
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
    }
}
