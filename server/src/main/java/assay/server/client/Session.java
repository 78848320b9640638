package assay.server.client;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.tools.Reply;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One MCP session with an Assay server, held by the MCP Java SDK.
final class Session implements AutoCloseable {
    /// A first start may have to build the program.
    private static final Duration START_LIMIT = Duration.ofMinutes(10);

    private static final Duration CALL_LIMIT = Duration.ofMinutes(5);

    private final McpSyncClient client;

    private Session(McpClientTransport transport) {
        client =
                McpClient.sync(transport)
                        .clientInfo(Implementation.builder("assay", "1").build())
                        .initializationTimeout(START_LIMIT)
                        .requestTimeout(CALL_LIMIT)
                        .build();
    }

    /// Starts a server and speaks with it over its standard input and output.
    ///
    /// @param log takes the lines that the server writes on standard error
    static Session overStdio(
            List<String> command, Map<String, String> environment, Consumer<String> log) {
        quiet();
        var server =
                ServerParameters.builder(command.getFirst())
                        .args(command.subList(1, command.size()))
                        .env(environment)
                        .build();
        var transport = new StdioClientTransport(server, McpJsonDefaults.getMapper());
        transport.setStdErrorHandler(log);
        return opened(transport);
    }

    /// Speaks with a server that is running.
    static Session overHttp(URI url) {
        quiet();
        var path = url.getRawPath();
        return opened(
                HttpClientStreamableHttpTransport.builder(
                                url.getScheme() + "://" + url.getRawAuthority())
                        .endpoint(path == null || path.length() < 2 ? "/mcp" : path)
                        .build());
    }

    /// The names of the server's tools, in its order.
    List<String> tools() {
        return client.listTools().tools().stream().map(Tool::name).toList();
    }

    /// Calls a tool. What the server answers is a reply, also when it refuses.
    Reply call(String tool, ObjectNode arguments) {
        @SuppressWarnings("unchecked") // A JSON object reads as a map with names for keys.
        Map<String, Object> map = JsonMapper.shared().convertValue(arguments, Map.class);
        try {
            var result = client.callTool(CallToolRequest.builder(tool).arguments(map).build());
            return Boolean.TRUE.equals(result.isError())
                    ? new Reply.Not(value(result))
                    : new Reply.Done(value(result));
        } catch (McpError error) {
            throw new Refused(
                    Reason.INVALID_REQUEST,
                    "The server answers: " + error.getMessage(),
                    "Call one of its tools: " + String.join(", ", tools()) + ".");
        }
    }

    @Override
    public void close() {
        client.closeGracefully();
    }

    private static Session opened(McpClientTransport transport) {
        var session = new Session(transport);
        try {
            session.client.initialize();
            return session;
        } catch (RuntimeException failure) {
            session.close();
            throw failure;
        }
    }

    private static ObjectNode value(CallToolResult result) {
        if (result.structuredContent() != null
                && JsonMapper.shared().valueToTree(result.structuredContent())
                        instanceof ObjectNode structured) {
            return structured;
        }
        var text = new StringBuilder();
        for (var content : result.content()) {
            if (content instanceof TextContent part) {
                text.append(part.text());
            }
        }
        return object(text.toString());
    }

    private static ObjectNode object(String text) {
        try {
            if (JsonMapper.shared().readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException _) {
            // Plain words are an answer too.
        }
        return JsonNodeFactory.instance.objectNode().put("text", text);
    }

    /// The SDK logs every step; whoever runs a verb asked for its result.
    private static void quiet() {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
    }
}
