package assay.server.client;

import assay.server.cli.Installation;
import assay.server.cli.Settings;
import assay.server.cli.Usage;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What makes an MCP client start this Assay.
///
/// @param where a sentence that says which file the block belongs into
/// @param block the file's content, with absolute paths
public record ClientConfig(String where, ObjectNode block) {

    /// The configuration for the client that the settings name.
    ///
    /// @throws Usage if they name none, or one that is not known
    public static ClientConfig of(Settings settings, Installation installation) {
        var client = settings.client().orElse("");
        var where =
                switch (client) {
                    case "claude-code" -> ".mcp.json in your project's folder";
                    case "claude-desktop" -> "claude_desktop_config.json (Settings, Developer)";
                    case "cursor" -> ".cursor/mcp.json in your project, or ~/.cursor/mcp.json";
                    case "vscode" -> ".vscode/mcp.json in your project";
                    default ->
                            throw new Usage(
                                    client.isEmpty()
                                            ? "--client is missing."
                                            : "There is no client '" + client + "'.",
                                    "Write --client claude-code, claude-desktop, cursor or vscode.");
                };
        var block = JsonNodeFactory.instance.objectNode();
        block.putObject(client.equals("vscode") ? "servers" : "mcpServers")
                .set("assay", server(settings, installation, !client.equals("claude-desktop")));
        return new ClientConfig("Put this into " + where + ":", block);
    }

    private static ObjectNode server(
            Settings settings, Installation installation, boolean namesItsTransport) {
        var server = JsonNodeFactory.instance.objectNode();
        if (namesItsTransport) {
            server.put("type", "stdio");
        }
        server.put("command", installation.command().getFirst());
        var words = server.putArray("args");
        installation.command().stream().skip(1).forEach(words::add);
        stdio(settings).forEach(words::add);
        return server;
    }

    /// The words after the command that serve these settings over stdio.
    static List<String> stdio(Settings settings) {
        var words = new ArrayList<>(List.of("stdio"));
        words.addAll(shared(settings));
        return words;
    }

    /// The flags that hand these settings on to another process.
    static List<String> shared(Settings settings) {
        var words = new ArrayList<>(List.of("--data", settings.data().toString()));
        if (!settings.tenant().equals("default")) {
            words.addAll(List.of("--tenant", settings.tenant()));
        }
        if (settings.readOnly()) {
            words.add("--read-only");
        }
        if (settings.noHooks()) {
            words.add("--no-hooks");
        }
        return words;
    }
}
