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
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
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
    private final CompletableFuture<Void> ended;

    private Session(McpClientTransport transport, CompletableFuture<Void> ended) {
        this.ended = ended;
        client =
                McpClient.sync(transport)
                        .clientInfo(Implementation.builder("assay", "1").build())
                        .initializationTimeout(START_LIMIT)
                        .requestTimeout(CALL_LIMIT)
                        .build();
    }

    /// Starts a server and speaks with it over its standard input and output.
    ///
    /// @param errors takes the lines that it writes on standard error
    static Session overStdio(List<String> command, Consumer<String> errors) {
        quiet();
        var transport = new ChildProcess(command);
        transport.setStdErrorHandler(errors);
        return new Session(transport, transport.ended).opened();
    }

    /// Speaks with a server that is running.
    static Session overHttp(URI url) {
        quiet();
        var path = url.getRawPath();
        var transport =
                HttpClientStreamableHttpTransport.builder(
                                url.getScheme() + "://" + url.getRawAuthority())
                        .endpoint(path == null || path.length() < 2 ? "/mcp" : path)
                        .build();
        return new Session(transport, new CompletableFuture<>()).opened();
    }

    /// The names of the server's tools, in its order.
    List<String> tools() {
        return ask(client::listTools).tools().stream().map(Tool::name).toList();
    }

    /// Calls a tool. What the server answers is a reply, also when it refuses.
    Reply call(String tool, ObjectNode arguments) {
        @SuppressWarnings("unchecked") // A JSON object reads as a map with names for keys.
        Map<String, Object> map = JsonMapper.shared().convertValue(arguments, Map.class);
        try {
            var request = CallToolRequest.builder(tool).arguments(map).build();
            var result = ask(() -> client.callTool(request));
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

    private Session opened() {
        try {
            ask(client::initialize);
            return this;
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /// Waits for an answer, but not longer than the server lives, which the SDK's client would.
    private <T> T ask(Supplier<T> question) {
        var answer = CompletableFuture.supplyAsync(question, Thread::startVirtualThread);
        try {
            CompletableFuture.anyOf(answer, ended).join();
            return answer.join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
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

    /// The SDK's transport to a child process, and word of its end.
    private static final class ChildProcess extends StdioClientTransport {
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        ChildProcess(List<String> command) {
            super(
                    ServerParameters.builder(command.getFirst())
                            .args(command.subList(1, command.size()))
                            .build(),
                    McpJsonDefaults.getMapper());
        }

        @Override
        public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
            return super.connect(handler).doOnSuccess(_ -> Thread.startVirtualThread(this::watch));
        }

        private void watch() {
            awaitForExit();
            ended.completeExceptionally(new IllegalStateException("the server has ended"));
        }
    }
}
