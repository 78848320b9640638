package assay.server.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A program that understands `stdio` and `http --port 0` as Assay does, and speaks just enough MCP
/// for a client. Its tool `search` refuses when asked to; the tenant `broken-hooks` has a file of
/// hooks that is broken.
final class FixtureServer {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static boolean brokenHooks;

    private FixtureServer() {}

    /// The words that start it.
    static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FixtureServer.class.getName());
    }

    public static void main(String[] words) throws IOException {
        brokenHooks = List.of(words).contains("broken-hooks");
        switch (words[0]) {
            case "stdio" -> stdio();
            case "http" -> http();
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static void stdio() throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var request = (ObjectNode) JsonMapper.shared().readTree(line);
            if (request.has("id")) {
                System.out.println(reply(request));
            }
        }
    }

    private static void http() throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/mcp", FixtureServer::answer);
        server.start();
        System.err.println("listening on http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            var request = (ObjectNode) JsonMapper.shared().readTree(exchange.getRequestBody());
            if (!request.has("id")) {
                exchange.sendResponseHeaders(202, -1);
                return;
            }
            var body = reply(request).toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static ObjectNode reply(ObjectNode request) {
        var reply = JSON.objectNode().put("jsonrpc", "2.0");
        reply.set("id", request.get("id"));
        var params = request.path("params");
        return switch (request.get("method").stringValue()) {
            case "initialize" ->
                    reply.set("result", initialized(params.get("protocolVersion").stringValue()));
            case "tools/list" -> reply.set("result", tools());
            case "tools/call" ->
                    call(
                            reply,
                            params.get("name").stringValue(),
                            params.get("arguments").toString());
            default -> reply.set("result", JSON.objectNode());
        };
    }

    private static ObjectNode initialized(String version) {
        var result = JSON.objectNode().put("protocolVersion", version);
        result.putObject("capabilities").putObject("tools");
        result.putObject("serverInfo").put("name", "fixture").put("version", "1");
        return result;
    }

    private static ObjectNode tools() {
        var result = JSON.objectNode();
        var tools = result.putArray("tools");
        for (var name : List.of("search", "fetch", "do")) {
            tools.addObject().put("name", name).putObject("inputSchema").put("type", "object");
        }
        return result;
    }

    private static ObjectNode call(ObjectNode reply, String tool, String arguments) {
        if (tool.equals("missing")) {
            reply.putObject("error").put("code", -32602).put("message", "Unknown tool: missing");
            return reply;
        }
        var result = reply.putObject("result");
        var content = result.putArray("content").addObject().put("type", "text");
        if (arguments.contains("refuse")) {
            content.put("text", "{\"error\":{\"reason\":\"unknown_type\"}}");
            result.put("isError", true);
        } else {
            content.put("text", "said");
            var value = result.putObject("structuredContent");
            value.put("tool", tool).put("arguments", arguments);
            if (brokenHooks) {
                value.putObject("hooks")
                        .putArray("broken")
                        .addObject()
                        .put("file", "a.js")
                        .put("message", "Expected ;")
                        .put("line", 3);
            }
        }
        return reply;
    }
}
