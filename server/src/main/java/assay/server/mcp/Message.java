package assay.server.mcp;

import assay.domain.JsonTree;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One JSON-RPC 2.0 message as a transport receives it, and the trees of those it sends.
public sealed interface Message {
    /// Wants exactly one reply, which carries the same id: a string or an integer.
    record Request(JsonNode id, String method, ObjectNode params) implements Message {
        /// What the request is about, by the name that the header `Mcp-Name` repeats.
        public @Nullable String target() {
            return switch (method) {
                case "tools/call", "prompts/get" -> Json.text(params, "name");
                case "resources/read" -> Json.text(params, "uri");
                default -> null;
            };
        }
    }

    /// Wants no reply.
    record Notification(String method, ObjectNode params) implements Message {}

    /// The client's reply to a request of ours; without a result it is a refusal.
    record Response(String id, @Nullable JsonNode result) implements Message {}

    /// Reads one message.
    ///
    /// @throws Refusal if it is not JSON or not a JSON-RPC message
    static Message read(byte[] json) {
        JsonNode tree;
        try {
            tree = JsonTree.read(json);
        } catch (JacksonException e) {
            throw Refusal.parse("The message is not JSON: " + e.getOriginalMessage());
        }
        if (!tree.isObject() || !"2.0".equals(Json.text(tree, "jsonrpc"))) {
            throw Refusal.invalidRequest(
                            "A message is one object with \"jsonrpc\": \"2.0\"; batches are not part of MCP.")
                    .about(tree.get("id"));
        }
        var id = tree.get("id");
        var method = Json.text(tree, "method");
        if (method == null) {
            return response(tree, id);
        }
        var params = tree.get("params");
        if (params != null && !params.isObject()) {
            throw Refusal.invalidRequest("params must be an object.").about(id);
        }
        var given = params == null ? Json.object() : (ObjectNode) params;
        if (id == null) {
            return new Notification(method, given);
        }
        if (!isId(id)) {
            throw Refusal.invalidRequest("id must be a string or an integer.");
        }
        return new Request(id, method, given);
    }

    private static Response response(JsonNode tree, @Nullable JsonNode id) {
        if (id == null || !isId(id) || !(tree.has("result") || tree.has("error"))) {
            throw Refusal.invalidRequest("The message has neither a method nor a result.")
                    .about(id);
        }
        return new Response(id.asString(), tree.get("result"));
    }

    /// True for what may identify a request.
    static boolean isId(JsonNode id) {
        return id.isString() || id.isIntegralNumber();
    }

    static ObjectNode result(JsonNode id, ObjectNode result) {
        return message().set("id", id).set("result", result);
    }

    static ObjectNode notification(String method, ObjectNode params) {
        return message().put("method", method).set("params", params);
    }

    static ObjectNode request(String id, String method, ObjectNode params) {
        return message().put("id", id).put("method", method).set("params", params);
    }

    static ObjectNode message() {
        return Json.object().put("jsonrpc", "2.0");
    }
}
