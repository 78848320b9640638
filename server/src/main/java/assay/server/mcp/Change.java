package assay.server.mcp;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Something a client may want to hear about.
///
/// @param uri the resource that was updated; null when a list changed
public record Change(String method, @Nullable String uri) {
    public static final Change TOOLS = new Change("notifications/tools/list_changed", null);
    public static final Change PROMPTS = new Change("notifications/prompts/list_changed", null);
    public static final Change RESOURCES = new Change("notifications/resources/list_changed", null);

    /// The resource with this address reads differently now.
    public static Change updated(String uri) {
        return new Change("notifications/resources/updated", uri);
    }

    ObjectNode message(@Nullable ObjectNode meta) {
        var params = Json.object();
        if (uri != null) {
            params.put("uri", uri);
        }
        if (meta != null) {
            params.set("_meta", meta);
        }
        return Message.notification(method, params);
    }
}
