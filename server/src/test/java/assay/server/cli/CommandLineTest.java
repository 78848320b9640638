package assay.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.scripting.Limits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CommandLineTest {
    private static final Map<String, String> HOME = Map.of("HOME", "/home/ada");

    private static Request read(String... words) {
        return CommandLine.read(List.of(words), HOME);
    }

    private static Settings settings(Map<String, String> environment, String... words) {
        if (CommandLine.read(List.of(words), environment) instanceof Request.Run run) {
            return run.settings();
        }
        throw new AssertionError("not a verb: " + List.of(words));
    }

    private static void assertRefused(String message, String... words) {
        assertThatThrownBy(() -> read(words)).isInstanceOf(Usage.class).hasMessage(message);
    }

    @Nested
    class A_command_line {
        @Test
        void is_a_verb_with_operands_and_flags_in_any_order() {
            var settings =
                    new Settings(
                            Path.of("/data"),
                            true,
                            "acme",
                            true,
                            true,
                            "127.0.0.1",
                            8787,
                            Scripts.DEFAULT,
                            true,
                            Optional.of("k"),
                            Optional.of("{}"),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            ModelAccess.NONE);
            assertThat(
                            read(
                                    "do",
                                    "--dry-run",
                                    "--data",
                                    "/data",
                                    "-",
                                    "--tenant=acme",
                                    "--read-only",
                                    "--idempotency-key=k",
                                    "--no-hooks",
                                    "--params",
                                    "{}"))
                    .isEqualTo(new Request.Run(Verb.DO, List.of("-"), settings));
        }

        @Test
        void may_end_its_flags_with_two_hyphens() {
            assertThat(read("do", "--", "--odd-name.js"))
                    .isEqualTo(
                            new Request.Run(
                                    Verb.DO, List.of("--odd-name.js"), settings(HOME, "do", "-")));
        }

        @Test
        void may_ask_for_the_version_or_for_help() {
            assertThat(List.of(read("--version"), read("--help"), read("do", "-", "--help")))
                    .containsExactly(
                            new Request.Version(),
                            new Request.Help(Optional.empty()),
                            new Request.Help(Optional.of(Verb.DO)));
        }
    }

    @Nested
    class A_setting {
        @Test
        void has_a_default() {
            assertThat(settings(HOME, "http"))
                    .isEqualTo(
                            new Settings(
                                    Settings.usualFolder(
                                            HOME, "/home/ada", System.getProperty("os.name")),
                                    false,
                                    "default",
                                    false,
                                    false,
                                    "127.0.0.1",
                                    8787,
                                    new Scripts(
                                            false,
                                            Duration.ofSeconds(5),
                                            64 << 20,
                                            10_000,
                                            102_400),
                                    false,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    ModelAccess.NONE));
        }

        @Test
        void comes_from_the_environment_where_no_flag_is_given() {
            var environment =
                    Map.of(
                            "ASSAY_DATA", "/data",
                            "ASSAY_TENANT", "acme",
                            "ASSAY_READ_ONLY", "yes",
                            "ASSAY_NO_HOOKS", "on",
                            "ASSAY_HOST", "::1",
                            "ASSAY_PORT", "0");
            assertThat(settings(environment, "http"))
                    .isEqualTo(
                            new Settings(
                                    Path.of("/data"),
                                    false,
                                    "acme",
                                    true,
                                    true,
                                    "::1",
                                    0,
                                    new Scripts(
                                            false,
                                            Duration.ofSeconds(5),
                                            64 << 20,
                                            10_000,
                                            102_400),
                                    false,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    ModelAccess.NONE));
        }

        @Test
        void of_scripts_is_a_kind_of_sandbox_a_time_a_number_or_a_size() {
            var environment =
                    Map.of(
                            "ASSAY_DATA", "/data",
                            "ASSAY_SANDBOX", "process",
                            "ASSAY_SCRIPT_TIME", "2m",
                            "ASSAY_SCRIPT_HEAP", "1g");
            assertThat(
                            settings(
                                            environment,
                                            "stdio",
                                            "--script-calls=7",
                                            "--script-output=1M",
                                            "--script-time",
                                            "750ms")
                                    .scripts())
                    .isEqualTo(new Scripts(false, Duration.ofMillis(750), 1 << 30, 7, 1 << 20));
        }

        @Test
        void of_scripts_becomes_the_limits_that_the_kind_of_sandbox_can_keep() {
            var http = settings(HOME, "http").scripts();
            assertThat(List.of(Scripts.DEFAULT.limits(), http.limits()))
                    .containsExactly(Limits.DEFAULT, Limits.DEFAULT.withoutCounting());
            assertThat(settings(HOME, "http", "--sandbox", "in-process").scripts())
                    .isEqualTo(settings(HOME, "stdio").scripts())
                    .isEqualTo(Scripts.DEFAULT);
        }

        @Test
        void follows_the_flag_where_both_are_given() {
            var environment = Map.of("ASSAY_URL", "http://a/mcp", "ASSAY_DATA", "/data");
            assertThat(settings(environment, "call", "do", "{}", "--url", "http://b/mcp").url())
                    .contains(URI.create("http://b/mcp"));
        }

        @Test
        void is_unset_when_a_client_passed_its_placeholder_on() {
            var environment = Map.of("HOME", "/home/ada", "ASSAY_TENANT", "${ASSAY_TENANT}");
            assertThat(settings(environment, "stdio", "--data", "${ASSAY_DATA:-}"))
                    .isEqualTo(settings(HOME, "stdio"));
        }

        @Test
        void is_not_read_by_a_verb_that_has_no_use_for_it() {
            var environment = Map.of("HOME", "/home/ada", "ASSAY_PORT", "none");
            assertThat(settings(environment, "nouns")).isEqualTo(settings(HOME, "nouns"));
        }

        @Test
        void that_is_a_folder_may_begin_with_the_home_sign() {
            assertThat(settings(HOME, "nouns", "--data", "~/assay").data())
                    .isEqualTo(Path.of("/home/ada/assay"));
        }
    }

    @Nested
    class The_usual_data_folder {
        @Test
        void is_where_the_desktop_standard_says_on_Linux() {
            assertThat(Settings.usualFolder(Map.of(), "/home/ada", "Linux"))
                    .isEqualTo(Path.of("/home/ada/.local/share/assay"));
            assertThat(
                            Settings.usualFolder(
                                    Map.of("XDG_DATA_HOME", "/share"), "/home/ada", "Linux"))
                    .isEqualTo(Path.of("/share/assay"));
        }

        @Test
        void is_among_the_application_support_on_macOS() {
            assertThat(Settings.usualFolder(Map.of(), "/Users/ada", "Mac OS X"))
                    .isEqualTo(Path.of("/Users/ada/Library/Application Support/assay"));
        }
    }

    @Nested
    class A_command_line_that_makes_no_sense {
        @Test
        void without_a_verb() {
            assertRefused("No verb is given. Run assay --help for all verbs.");
        }

        @Test
        void with_a_misspelt_verb() {
            assertRefused(
                    "There is no verb 'serach'. Did you mean 'search'?"
                            + " Run assay --help for all verbs.",
                    "serach");
        }

        @Test
        void with_a_verb_like_no_other() {
            assertRefused(
                    "There is no verb 'frobnicate'. Run assay --help for all verbs.", "frobnicate");
        }

        @Test
        void with_a_script_beside_a_saved_one() {
            assertRefused(
                    "'a.js' is one word too many. Write either a script or --recipe.",
                    "do",
                    "--recipe",
                    "check-all",
                    "a.js");
        }

        @Test
        void with_a_misspelt_flag() {
            assertRefused(
                    "assay do has no flag --dryrun. Did you mean '--dry-run'?"
                            + " Run assay do --help for all of them.",
                    "do",
                    "-",
                    "--dryrun");
        }

        @Test
        void with_a_flag_of_another_verb() {
            assertRefused(
                    "assay stdio has no flag --port. Run assay stdio --help for all of them.",
                    "stdio",
                    "--port",
                    "1");
        }

        @Test
        void with_a_folder_for_the_training_which_has_its_own() {
            assertRefused(
                    "assay train has no flag --data. Run assay train --help for all of them.",
                    "train",
                    "core",
                    "--data",
                    "/data");
        }

        @Test
        void with_a_flag_before_the_verb() {
            assertRefused(
                    "The verb comes first, before --data. Write assay do --data http --dry-run a.js, or run assay"
                            + " --help.",
                    "--data",
                    "http",
                    "--dry-run",
                    "do",
                    "a.js");
            assertRefused(
                    "The verb comes first, before --tenant=a. Write assay VERB --tenant=a x, or run assay --help.",
                    "--tenant=a",
                    "x");
        }

        @Test
        void with_a_flag_that_lacks_its_value() {
            assertRefused("--data has no value. Write --data DIR.", "nouns", "--data");
        }

        @Test
        void with_an_operand_too_few() {
            assertRefused("JSON is missing. Write assay call TOOL JSON.", "call", "search");
        }

        @Test
        void with_an_operand_too_many() {
            assertRefused(
                    "'Experiment}' is one word too many. Write assay search JSON, with JSON in"
                            + " single quotes.",
                    "search",
                    "{type:",
                    "Experiment}");
        }

        @Test
        void with_limits_of_scripts_that_are_none() {
            assertRefused(
                    "'5' for --script-time (ASSAY_SCRIPT_TIME) is not a time from 10ms to 10m. Write"
                            + " a number and a unit, such as 500ms, 5s or 2m.",
                    "stdio",
                    "--script-time",
                    "5");
            assertRefused(
                    "'11m' for --script-time (ASSAY_SCRIPT_TIME) is not a time from 10ms to 10m."
                            + " Write a number and a unit, such as 500ms, 5s or 2m.",
                    "stdio",
                    "--script-time=11m");
            assertRefused(
                    "'64' for --script-heap (ASSAY_SCRIPT_HEAP) is not a size from 8m to 16g. Write"
                            + " a number and a unit, such as 64m or 1g.",
                    "http",
                    "--script-heap",
                    "64");
            assertRefused(
                    "'-1' for --script-calls (ASSAY_SCRIPT_CALLS) is not a number from 1 to"
                            + " 1000000000. Write how many calls a script may make, such as 10000.",
                    "do",
                    "-",
                    "--script-calls",
                    "-1");
            assertRefused(
                    "'9999999999999g' for --script-output (ASSAY_SCRIPT_OUTPUT) is not a size from"
                            + " 1k to 16m. Write a number and a unit, such as 100k or 1m.",
                    "http",
                    "--script-output",
                    "9999999999999g");
            assertRefused(
                    "'child' for --sandbox (ASSAY_SANDBOX) is not a sandbox. Write in-process or"
                            + " process.",
                    "http",
                    "--sandbox",
                    "child");
        }

        @Test
        void with_a_port_that_is_none() {
            assertRefused(
                    "'65536' for --port (ASSAY_PORT) is not a port. Write a number from 0 to"
                            + " 65535.",
                    "http",
                    "--port",
                    "65536");
        }

        @Test
        void with_a_switch_that_is_neither_on_nor_off() {
            assertRefused(
                    "'maybe' for --read-only (ASSAY_READ_ONLY) is neither true nor false. Write"
                            + " true or false.",
                    "nouns",
                    "--read-only=maybe");
        }

        @Test
        void with_a_URL_that_no_server_can_have() {
            assertRefused(
                    "'localhost:8787' for --url (ASSAY_URL) is not the URL of a server. Write it"
                            + " like http://127.0.0.1:8787/mcp.",
                    "call",
                    "search",
                    "{}",
                    "--url",
                    "localhost:8787");
        }

        @Test
        void with_a_URL_that_has_neither_scheme_nor_host() {
            assertRefused(
                    "'notaurl' for --url (ASSAY_URL) is not the URL of a server. Write it like"
                            + " http://127.0.0.1:8787/mcp.",
                    "call",
                    "--url",
                    "notaurl",
                    "search",
                    "{}");
            assertRefused(
                    "'http:///mcp' for --url (ASSAY_URL) is not the URL of a server. Write it like"
                            + " http://127.0.0.1:8787/mcp.",
                    "call",
                    "--url",
                    "http:///mcp",
                    "search",
                    "{}");
        }

        @Test
        void with_a_tenant_for_a_running_server() {
            assertRefused(
                    "--tenant (ASSAY_TENANT) does nothing at the running server of --url. Put the"
                            + " tenant into the URL: http://a:1/~acme/mcp.",
                    "call",
                    "search",
                    "{}",
                    "--url",
                    "http://a:1/mcp",
                    "--tenant",
                    "acme");
            var environment = Map.of("ASSAY_URL", "http://a/mcp", "ASSAY_TENANT", "acme");
            assertThatThrownBy(() -> settings(environment, "call", "search", "{}"))
                    .isInstanceOf(Usage.class);
        }

        @Test
        void with_hooks_off_at_a_running_server() {
            assertRefused(
                    "--no-hooks (ASSAY_NO_HOOKS) does nothing at the running server of --url."
                            + " Start that server with --no-hooks.",
                    "call",
                    "search",
                    "{}",
                    "--url",
                    "http://a:1/mcp",
                    "--no-hooks");
        }

        @Test
        void with_reading_alone_at_a_running_server() {
            assertRefused(
                    "--read-only (ASSAY_READ_ONLY) does nothing at the running server of --url."
                            + " Start that server with --read-only.",
                    "call",
                    "search",
                    "{}",
                    "--url",
                    "http://a:1/mcp",
                    "--read-only");
        }

        @Test
        void with_a_folder_for_a_running_server() {
            assertRefused(
                    "--data (ASSAY_DATA) does nothing at the running server of --url. Leave it"
                            + " out: that server has a folder already.",
                    "call",
                    "search",
                    "{}",
                    "--url",
                    "http://a:1/mcp",
                    "--data",
                    "/data");
        }
    }
}
