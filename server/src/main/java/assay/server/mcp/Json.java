package assay.server.mcp;

import assay.domain.JsonTree;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON as the protocol uses it: trees.
public final class Json {
    private Json() {}

    /// A new, empty object.
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// The tree as compact UTF-8.
    public static byte[] bytes(JsonNode node) {
        var bytes = new ByteArrayOutputStream(1024);
        JsonTree.write(node, bytes);
        return bytes.toByteArray();
    }

    /// Appends the tree as compact UTF-8, which never holds a line feed.
    public static void write(JsonNode node, ByteArrayOutputStream to) {
        JsonTree.write(node, to);
    }

    /// The string member `name`, or null when there is none.
    public static @Nullable String text(JsonNode node, String name) {
        var member = node.get(name);
        return member != null && member.isString() ? member.stringValue() : null;
    }
}
