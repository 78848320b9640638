package assay.server.mcp;

import assay.domain.Caller;
import assay.domain.JsonTree;
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

/// What Assay offers over MCP: its tools, one guide to read and one prompt to start from.
public final class ToolCatalog {
    private ToolCatalog() {}

    /// The catalog of one running Assay.
    ///
    /// @param version of Assay, as clients see it
    /// @param instructions what an agent should know before its first call; clients cut them at 2
    ///   KB
    public static Catalog of(Tools tools, String version, String instructions) {
        var byName = new LinkedHashMap<String, Catalog.Tool>();
        for (var tool : tools.all()) {
            byName.put(
                    tool.name(), new Catalog.Tool(tool.definition(), new ToolHandler(tools, tool)));
        }
        var guide = new LinkedHashMap<String, Catalog.Resource>();
        guide.put(Guide.URI, new Catalog.Resource(Guide.definition(), Guide::read));
        var prompts = new LinkedHashMap<String, Catalog.Prompt>();
        prompts.put(
                DesignPrompt.NAME,
                new Catalog.Prompt(DesignPrompt.definition(), DesignPrompt::write));
        var server =
                Json.object().put("name", "assay").put("title", "Assay").put("version", version);
        return new Catalog(server, instructions, byName, guide, List.of(), prompts, Set.of());
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
