package assay.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.domain.Refused;
import assay.server.cli.CommandLine;
import assay.server.cli.Installation;
import assay.server.cli.Request;
import assay.server.cli.Settings;
import assay.tools.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientVerbsTest {
    @TempDir Path data;

    private static Installation started(List<String> command) {
        return new Installation(command, "0.1.0", "", Optional.empty());
    }

    private Settings settings(String... more) {
        var words = new ArrayList<>(List.of("call", "search", "{}"));
        words.addAll(List.of(more));
        var environment = Map.of("ASSAY_DATA", data.toString());
        if (CommandLine.read(words, environment) instanceof Request.Run run) {
            return run.settings();
        }
        throw new AssertionError("not a verb");
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text);
    }

    @Nested
    class Call {
        private Reply call(String tool, String arguments, String... more) {
            return new CallVerb(started(FixtureServer.command()), settings(more))
                    .call(tool, json(arguments));
        }

        @Test
        void starts_a_server_of_its_own_and_gives_its_structured_answer() {
            assertThat(call("search", "{\"type\":\"Experiment\"}"))
                    .isEqualTo(
                            new Reply.Done(
                                    json(
                                            """
                                            {"tool": "search", "arguments": "{\\"type\\":\\"Experiment\\"}"}
                                            """)));
        }

        @Test
        void speaks_with_the_server_at_a_URL() throws Exception {
            try (var server = new HttpServer(words("http", "--port", "0"))) {
                assertThat(call("fetch", "{}", "--url", server.address() + "/mcp"))
                        .isEqualTo(
                                new Reply.Done(
                                        json("{\"tool\": \"fetch\", \"arguments\": \"{}\"}")));
            }
        }

        @Test
        void shows_what_the_tool_refuses() {
            assertThat(call("search", "{\"refuse\":true}"))
                    .isEqualTo(new Reply.Not(json("{\"error\":{\"reason\":\"unknown_type\"}}")));
        }

        @Test
        void names_the_tools_there_are_when_the_server_has_no_such_tool() {
            assertThatThrownBy(() -> call("missing", "{}"))
                    .isInstanceOf(Refused.class)
                    .hasMessage("The server answers: Unknown tool: missing")
                    .extracting(refused -> ((Refused) refused).repair())
                    .isEqualTo("Call one of its tools: search, fetch, do.");
        }

        @Test
        void is_refused_where_no_server_listens() {
            assertRefused(
                    "http://127.0.0.1:1/mcp",
                    "Nothing answers at http://127.0.0.1:1/mcp.",
                    "Start a server there with ./assay http, or correct the URL.");
        }

        @Test
        void is_refused_where_the_server_serves_something_else() throws Exception {
            try (var server = new HttpServer(words("http", "--port", "0"))) {
                var url = server.address() + "/wrong";
                assertRefused(
                        url,
                        "No session with the server at "
                                + url
                                + ": Server Not Found. Status code:404, response body:"
                                + " <h1>404 Not Found</h1>No context found for request",
                        "Write the URL like http://127.0.0.1:8787/mcp, or for the tenant acme"
                                + " like http://127.0.0.1:8787/~acme/mcp.");
            }
        }

        private void assertRefused(String url, String message, String repair) {
            assertThatThrownBy(() -> call("search", "{}", "--url", url))
                    .isInstanceOf(Refused.class)
                    .hasMessage(message)
                    .extracting(refused -> ((Refused) refused).repair())
                    .isEqualTo(repair);
        }
    }

    @Nested
    class A_doctor {
        private final List<String> lines = new ArrayList<>();

        private boolean visit(List<String> command, Settings settings) throws IOException {
            return new Doctor(started(command), settings, lines::add).everythingWorks();
        }

        @Test
        void finds_everything_well_with_a_server_that_works() throws IOException {
            assertThat(visit(FixtureServer.command(), settings())).isTrue();
            assertThat(lines)
                    .containsExactly(
                            "ok      program: assay 0.1.0 on Java "
                                    + System.getProperty("java.runtime.version")
                                    + "\n",
                            "ok      data folder: " + data + " is writable\n",
                            "ok      start-up cache: off\n",
                            "ok      stdio: these tools answer: search, fetch, do\n",
                            "ok      http: these tools answer: search, fetch, do\n");
        }

        @Test
        void says_what_a_server_said_that_does_not_start() throws IOException {
            var broken = List.of("/bin/sh", "-c", "echo it is broken >&2; exit 1");
            assertThat(visit(broken, settings())).isFalse();
            assertThat(lines.subList(3, 5))
                    .containsExactly(
                            "FAILED  stdio: it is broken\n", "FAILED  http: it is broken\n");
        }

        @Test
        void says_which_file_of_hooks_is_broken() throws IOException {
            assertThat(visit(FixtureServer.command(), settings("--tenant", "broken-hooks")))
                    .isFalse();
            assertThat(lines.get(3)).isEqualTo("FAILED  stdio: hooks/a.js:3: Expected ;\n");
        }

        @Test
        void says_that_the_data_folder_is_none() throws IOException {
            var file = Files.createFile(data.resolve("file"));
            assertThat(visit(FixtureServer.command(), settings("--data", file.toString())))
                    .isFalse();
            assertThat(lines.get(1)).isEqualTo("FAILED  data folder: " + file + "\n");
        }
    }

    private static List<String> words(String... more) {
        var words = new ArrayList<>(FixtureServer.command());
        words.addAll(List.of(more));
        return words;
    }
}
