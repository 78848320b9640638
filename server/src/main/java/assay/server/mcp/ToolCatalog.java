package assay.server.mcp;

import assay.domain.Caller;
import assay.domain.JsonTree;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.tools.Reply;
import assay.tools.Tool;
import assay.tools.Tools;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// What Assay offers over MCP: its tools, what can be read by its address, and messages to start
/// from.
public final class ToolCatalog {
    private static final Set<String> UNKNOWN =
            Set.of(Reason.UNKNOWN_ID.wireName(), Reason.UNKNOWN_TYPE.wireName());

    private ToolCatalog() {}

    /// The catalog of one running Assay.
    ///
    /// @param nouns the names of the types, whose objects can be read and are proposed
    /// @param version of Assay, as clients see it
    /// @param instructions what an agent should know before its first call; clients cut them at 2
    ///   KB
    public static Catalog of(Tools tools, List<String> nouns, String version, String instructions) {
        var byName = new LinkedHashMap<String, Catalog.Tool>();
        for (var tool : tools.all()) {
            byName.put(
                    tool.name(), new Catalog.Tool(tool.definition(), new ToolHandler(tools, tool)));
        }
        var guide = new LinkedHashMap<String, Catalog.Resource>();
        guide.put(Guide.URI, new Catalog.Resource(Guide.definition(), Guide::read));
        var known = new Known(tools, List.copyOf(nouns));
        var server =
                Json.object().put("name", "assay").put("title", "Assay").put("version", version);
        return new Catalog(
                server,
                instructions,
                byName,
                guide,
                new Addressed(tools, known).templates(),
                Starters.of(known),
                Set.of());
    }

    /// What a tool answers on behalf of whoever makes this call.
    ///
    /// @throws Refusal if the tool refuses or fails
    static ObjectNode call(Tools tools, Call call, String name, ObjectNode arguments) {
        var reply =
                ScopedValue.where(Caller.CURRENT, call.caller())
                        .call(() -> tools.call(name, arguments));
        if (reply instanceof Reply.Not) {
            var error = (ObjectNode) reply.value().path("error");
            var uri = Json.text(call.params(), "uri");
            throw uri != null && UNKNOWN.contains(error.path("reason").asString(""))
                    ? Refusal.unknownResource(call.era(), uri, error.path("repair").asString(""))
                    : Refusal.of(error);
        }
        return reply.value();
    }

    /// Calls one tool on behalf of the caller and turns its reply into a CallToolResult.
    private record ToolHandler(Tools tools, Tool tool) implements Catalog.Handler {
        @Override
        public ObjectNode handle(Call call) {
            ObjectNode arguments;
            try {
                arguments = Arguments.of(call.params(), tool);
            } catch (Refused refused) {
                return result(Json.object().set("error", refused.toJson())).put("isError", true);
            }
            var reply =
                    ScopedValue.where(Caller.CURRENT, call.caller())
                            .call(() -> tools.call(tool.name(), arguments));
            var result = result(reply.value());
            return reply instanceof Reply.Not ? result.put("isError", true) : result;
        }

        /// The value is written once: as the text for models, and raw as the structured content.
        private static ObjectNode result(ObjectNode value) {
            var json = JsonTree.text(value);
            var result = Json.object();
            result.putArray("content").addObject().put("type", "text").put("text", json);
            return result.set(
                    "structuredContent", JsonNodeFactory.instance.rawValueNode(new RawValue(json)));
        }
    }
}
