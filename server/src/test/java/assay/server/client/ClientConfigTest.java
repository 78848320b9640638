package assay.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.server.cli.CommandLine;
import assay.server.cli.Installation;
import assay.server.cli.Request;
import assay.server.cli.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientConfigTest {
    private static final Installation INSTALLED =
            new Installation(List.of("/opt/assay/assay"), "0.1.0", "", Optional.empty());

    private static ClientConfig config(String... words) {
        if (CommandLine.read(List.of(words), Map.of("HOME", "/home/ada"))
                instanceof Request.Run run) {
            return ClientConfig.of(run.settings(), INSTALLED);
        }
        throw new AssertionError("not a verb");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    claude-code    | {"mcpServers":{"assay":{"type":"stdio","command":"/opt/assay/assay","args":["stdio","--data","/data"]}}}
                    claude-desktop | {"mcpServers":{"assay":{"command":"/opt/assay/assay","args":["stdio","--data","/data"]}}}
                    cursor         | {"mcpServers":{"assay":{"type":"stdio","command":"/opt/assay/assay","args":["stdio","--data","/data"]}}}
                    vscode         | {"servers":{"assay":{"type":"stdio","command":"/opt/assay/assay","args":["stdio","--data","/data"]}}}
                    """)
    void is_a_block_of_the_shape_the_client_reads(String client, String block) {
        assertThat(config("config", "--client", client, "--data", "/data").block().toString())
                .isEqualTo(block);
    }

    @Test
    void hands_on_the_tenant_and_the_switches() {
        assertThat(
                        config(
                                        "config",
                                        "--client=cursor",
                                        "--data=/d",
                                        "--tenant=a",
                                        "--read-only",
                                        "--no-hooks")
                                .block()
                                .at("/mcpServers/assay/args")
                                .toString())
                .isEqualTo(
                        "[\"stdio\",\"--data\",\"/d\",\"--tenant\",\"a\",\"--read-only\",\"--no-hooks\"]");
    }

    @Test
    void says_where_the_block_belongs() {
        assertThat(config("config", "--client=cursor").where())
                .isEqualTo(
                        "Put this into .cursor/mcp.json in your project, or ~/.cursor/mcp.json:");
    }

    @Test
    void refuses_a_client_it_does_not_know() {
        assertThatThrownBy(() -> config("config", "--client", "emacs"))
                .isInstanceOf(Usage.class)
                .hasMessage(
                        "There is no client 'emacs'. Write --client claude-code, claude-desktop,"
                                + " cursor or vscode.");
    }
}
