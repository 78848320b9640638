package assay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.domain.Caller;
import assay.server.cli.CommandLine;
import assay.server.cli.Request;
import assay.server.cli.Usage;
import assay.tools.Reply;
import assay.tools.Tools;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ToolVerbTest {
    private static final Caller ACME = new Caller("acme", "ada", true);

    @TempDir Path folder;

    private static Reply reply(String input, String... words) throws IOException {
        var tools = new Tools(List.of(new EchoTool("search"), new EchoTool("do")));
        if (CommandLine.read(List.of(words), Map.of("HOME", "/home/ada"))
                instanceof Request.Run run) {
            return new ToolVerb(tools, ACME)
                    .call(run, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        }
        throw new AssertionError("not a verb");
    }

    private static String shown(String input, String... words) throws IOException {
        var out = new ByteArrayOutputStream();
        PrettyJson.write(reply(input, words).value(), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void search_calls_its_tool_for_the_caller_and_shows_the_reply_indented() throws IOException {
        assertThat(
                        shown(
                                "",
                                "search",
                                "{\"type\": \"Experiment\", \"sort\": [\"é\", 1], \"a\": {}}"))
                .isEqualTo(
                        """
                        {
                          "tool": "search",
                          "tenant": "acme",
                          "readOnly": true,
                          "arguments": {
                            "type": "Experiment",
                            "sort": [
                              "é",
                              1
                            ],
                            "a": {}
                          }
                        }
                        """);
    }

    @Test
    void do_sends_the_script_of_a_file_with_params_and_dry_run() throws IOException {
        var script = Files.writeString(folder.resolve("a.js"), "return 'é'");
        assertThat(
                        reply("", "do", script.toString(), "--dry-run", "--params", "[1]")
                                .value()
                                .get("arguments")
                                .toString())
                .isEqualTo("{\"script\":\"return 'é'\",\"params\":[1],\"dryRun\":true}");
    }

    @Test
    void do_sends_the_idempotency_key() throws IOException {
        assertThat(
                        reply("1", "do", "-", "--idempotency-key", "order 7")
                                .value()
                                .get("arguments")
                                .toString())
                .isEqualTo("{\"script\":\"1\",\"idempotencyKey\":\"order 7\"}");
    }

    @Test
    void do_runs_a_saved_script_by_its_name() throws IOException {
        assertThat(
                        reply("", "do", "--recipe", "check-all", "--params", "{\"limit\": 5}")
                                .value()
                                .get("arguments")
                                .toString())
                .isEqualTo("{\"recipe\":\"check-all\",\"params\":{\"limit\":5}}");
    }

    @Test
    void do_reads_standard_input_for_a_hyphen() throws IOException {
        assertThat(reply("return 'é'", "do", "-").value().get("arguments").toString())
                .isEqualTo("{\"script\":\"return 'é'\"}");
    }

    @Test
    void a_refusal_is_shown_whole() throws IOException {
        assertThat(reply("", "search", "{\"refuse\": true}").value().toString())
                .isEqualTo(
                        "{\"error\":{\"reason\":\"unknown_type\",\"message\":\"There is no"
                                + " 'X'.\",\"repair\":\"Send type.\"}}");
    }

    @Test
    void words_that_are_not_JSON_are_refused_before_the_call() {
        assertThatThrownBy(() -> reply("", "search", "type: Experiment"))
                .isInstanceOf(Usage.class)
                .hasMessageStartingWith("JSON is not JSON: Unrecognized token 'type'")
                .hasMessageEndingWith(
                        "Put it in single quotes, like '{\"type\": \"Experiment\"}'.");
    }

    @Test
    void JSON_that_is_no_object_is_refused_before_the_call() {
        assertThatThrownBy(() -> reply("", "search", "[1]"))
                .isInstanceOf(Usage.class)
                .hasMessage(
                        "JSON is not an object: [1] Write it like '{\"type\": \"Experiment\"}'.");
    }

    @Test
    void a_script_that_is_not_there_is_refused_before_the_call() {
        assertThatThrownBy(() -> reply("", "do", "missing.js"))
                .isInstanceOf(Usage.class)
                .hasMessage(
                        "There is no readable file 'missing.js'. Name a script, or write - and give"
                                + " the script on standard input.");
    }
}
