package assay.server.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a first search over stdio must do without, because it costs more than the search.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ColdStartTest {
    private static final String CONVERSATION =
            """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
            {"jsonrpc":"2.0","method":"notifications/initialized"}
            {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search","arguments":{"filter":{"status":"Draft"}}}}
            """;

    @TempDir Path folder;

    @Test
    void a_first_search_loads_no_mapper_no_web_server_no_logging_and_spins_no_type_switch()
            throws Exception {
        var log = folder.resolve("classes.txt");
        var process =
                Program.builder(
                                folder.resolve("data"),
                                List.of("-Xlog:class+load:file=" + log),
                                "stdio")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (var in = process.getOutputStream()) {
            in.write(CONVERSATION.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("\"results\":[]");
        try (var classes = Files.lines(log)) {
            assertThat(
                            classes.filter(line ->
                                            line.contains(" tools.jackson.databind.ObjectMapper ")
                                                    || line.contains(" org.eclipse.jetty.")
                                                    || line.contains(" java.util.logging.")
                                                    || line.contains("$$TypeSwitch"))
                                    .toList())
                    .isEmpty();
        }
    }
}
