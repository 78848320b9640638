package assay.server;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.server.http.HttpSettings;
import assay.server.http.HttpTransport;
import assay.server.mcp.Changes;
import assay.server.mcp.Dispatcher;
import assay.server.mcp.Limits;
import assay.server.mcp.ToolCatalog;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// The Java SDK as an independent reader of the protocol.
@DisplayNameGeneration(ReplaceUnderscores.class)
class SdkClientTest {
    @Test
    void the_java_sdk_is_served_over_stdio() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var server =
                ServerParameters.builder(java)
                        .args(
                                "-cp",
                                System.getProperty("java.class.path"),
                                "assay.server.conformance.FixtureServer",
                                "tools")
                        .build();
        isServed(new StdioClientTransport(server, McpJsonDefaults.getMapper()));
    }

    @Test
    void the_java_sdk_is_served_over_http() {
        var catalog = ToolCatalog.of(TestTools.lookalikes(), List.of(), "0", "Test tools.");
        var http =
                HttpTransport.start(
                        new Dispatcher(catalog, new Changes(), Limits.DEFAULT),
                        HttpSettings.of("127.0.0.1", 0, new Caller("default", "tester", false)));
        try {
            isServed(
                    HttpClientStreamableHttpTransport.builder("http://127.0.0.1:" + http.port())
                            .endpoint("/mcp")
                            .build());
        } finally {
            http.stop(Duration.ZERO);
        }
    }

    private static void isServed(McpClientTransport transport) {
        try (McpSyncClient client =
                McpClient.sync(transport).requestTimeout(Duration.ofMinutes(1)).build()) {
            assertThat(client.initialize().serverInfo().name()).isEqualTo("assay");
            assertThat(client.listTools().tools())
                    .extracting(Tool::name)
                    .containsExactly("search", "fetch", "do");
            var found =
                    client.callTool(
                            CallToolRequest.builder("search")
                                    .arguments(Map.of("type", "Experiment"))
                                    .build());
            assertThat(found.structuredContent()).isEqualTo(Map.of("type", "Experiment"));
            assertThat(found.content())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            TextContent.class,
                            text -> assertThat(text.text()).isEqualTo("{\"type\":\"Experiment\"}"));
            assertThat(client.listResources().resources())
                    .extracting(Resource::uri)
                    .containsExactly("assay://guide");
            assertThat(
                            client.readResource(
                                            ReadResourceRequest.builder("assay://guide").build())
                                    .contents())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            TextResourceContents.class,
                            guide -> assertThat(guide.text()).startsWith("# Assay"));
            assertThat(client.listPrompts().prompts())
                    .extracting(Prompt::name)
                    .containsExactly("design-experiment", "optimize-prompt", "read-results");
            assertThat(
                            client.getPrompt(
                                            GetPromptRequest.builder("design-experiment")
                                                    .arguments(Map.of("goal", "x"))
                                                    .build())
                                    .messages())
                    .hasSize(1);
        }
    }
}
