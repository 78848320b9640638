package assay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
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
class MainTest {
    private record Ran(int code, String out, String err) {}

    private static Ran run(String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var main =
                new Main(
                        new ByteArrayInputStream(new byte[0]),
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        int code = main.run(List.of(words), Map.of("HOME", "/home/ada"));
        return new Ran(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void what_is_not_understood_goes_to_standard_error_with_exit_code_2() {
        assertThat(run("stdoi"))
                .isEqualTo(
                        new Ran(
                                2,
                                "",
                                "assay: There is no verb 'stdoi'. Did you mean 'stdio'? Run assay"
                                        + " --help for all verbs.\n"));
    }

    @Test
    void a_refusal_goes_to_standard_output_with_exit_code_1() {
        assertThat(run("search", "{}", "--tenant", "../x"))
                .isEqualTo(
                        new Ran(
                                1,
                                """
                                {
                                  "error": {
                                    "reason": "invalid_value",
                                    "message": "'../x' is not a tenant name.",
                                    "repair": "Use 1 to 64 lower-case letters, digits, '-', '_' or '.', not beginning with a dot."
                                  }
                                }
                                """,
                                ""));
    }

    @Test
    void a_refusal_of_stdio_leaves_standard_output_to_the_client() {
        assertThat(run("stdio", "--tenant", "../x").out()).isEmpty();
    }

    @Test
    void help_of_a_verb_names_its_flags_variables_and_defaults() {
        assertThat(run("http", "--help"))
                .isEqualTo(
                        new Ran(
                                0,
                                """
                                assay http [OPTIONS]

                                Serve MCP clients over HTTP.

                                  --host ADDRESS          Address to listen on. Default: 127.0.0.1. [ASSAY_HOST]
                                  --port NUMBER           Port to listen on; 0 takes any free one. Default: 8787. [ASSAY_PORT]
                                  --sandbox KIND          Where scripts run: in-process, or process for a process of their own. Default: process for http, else in-process. [ASSAY_SANDBOX]
                                  --script-time TIME      How long a script may run, such as 500ms, 5s or 2m. Default: 5s. [ASSAY_SCRIPT_TIME]
                                  --script-heap SIZE      How much memory a script may hold, such as 64m or 1g. Default: 64m. [ASSAY_SCRIPT_HEAP]
                                  --script-calls NUMBER   How many functions of $ a script may call. Default: 10000. [ASSAY_SCRIPT_CALLS]
                                  --script-output SIZE    How many characters a script may log; its result may have 40 times as many. Default: 100k. [ASSAY_SCRIPT_OUTPUT]
                                  --data DIR              Folder of the databases, one file per tenant. Default: the user's data folder. [ASSAY_DATA]
                                  --tenant NAME           Whose database to use. Default: default. [ASSAY_TENANT]
                                  --read-only             Refuse every write. Default: off. [ASSAY_READ_ONLY]
                                  --no-hooks              Run no hooks. Default: off. [ASSAY_NO_HOOKS]

                                Exit codes: 0 done, 1 refused or failed, 2 not understood.
                                """,
                                ""));
    }

    @Test
    void a_replay_says_whether_the_same_came_of_all_scripts(@TempDir Path folder) throws Exception {
        var data = folder.resolve("data").toString();
        var script =
                Files.writeString(
                        folder.resolve("a.js"), "await $.Contact.create({ name: 'Ada' })");
        assertThat(run("do", script.toString(), "--data", data).code()).isZero();
        assertThat(run("do", script.toString(), "--data", data).code()).isZero();
        assertThat(run("replay", folder.resolve("again").toString(), "--data", data))
                .isEqualTo(
                        new Ran(
                                0,
                                """
                                {
                                  "runs": 2,
                                  "same": true
                                }
                                """,
                                ""));
        assertThat(run("replay", folder.resolve("again").toString(), "--data", data).code())
                .isEqualTo(1);
    }

    @Test
    void the_training_of_the_cache_ends_by_itself_and_says_nothing() {
        assertThat(run("train", "do")).isEqualTo(new Ran(0, "", ""));
    }
}
