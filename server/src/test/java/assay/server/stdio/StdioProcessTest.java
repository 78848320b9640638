package assay.server.stdio;

import static assay.server.TestTools.json;
import static org.assertj.core.api.Assertions.assertThat;

import assay.server.mcp.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// A server in a process of its own, as clients start it.
@DisplayNameGeneration(ReplaceUnderscores.class)
class StdioProcessTest {
    private Process process;
    private StdioWire wire;

    @BeforeEach
    void start() throws IOException {
        process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "assay.server.conformance.FixtureServer",
                                "test")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        wire = new StdioWire(process.getOutputStream(), process.getInputStream());
        wire.initialized();
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void survives_a_storm_and_all_that_may_follow() throws InterruptedException {
        var room = new Semaphore(32);
        var ids = new ArrayList<String>();
        for (var i = 0; i < 2000; i++) {
            room.acquire();
            var id = echo("call " + i);
            ids.add(id);
            Thread.startVirtualThread(() -> {
                wire.await(id);
                room.release();
            });
        }
        for (var i = 0; i < 2000; i++) {
            assertThat(text(ids.get(i))).isEqualTo("call " + i);
        }
        assertThat(wire.duplicates).hasValue(0);

        wire.send("{\"jsonrpc\": ".getBytes(StandardCharsets.UTF_8));
        assertThat(wire.await("null").at("/error/code").asInt()).isEqualTo(-32700);

        var large = "x".repeat(8 * 1024 * 1024);
        assertThat(text(echo(large)).equals(large)).isTrue();

        var endless = wire.request("tools/call", json("{'name': 'endless'}"));
        wire.tell("notifications/cancelled", Json.object().put("requestId", endless));
        assertThat(wire.ask("ping").path("result")).isEqualTo(json("{}"));
        assertThat(wire.answered(endless)).isNull();
        assertThat(process.isAlive()).isTrue();
    }

    private String echo(String text) {
        return wire.request(
                "tools/call", json("{'name': 'echo', 'arguments': {'text': '" + text + "'}}"));
    }

    private String text(String id) {
        return wire.await(id).at("/result/structuredContent/text").asString();
    }

    @Test
    void ends_when_its_input_ends() throws InterruptedException {
        wire.close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void answers_what_runs_when_it_is_told_to_end() throws InterruptedException {
        var id = wire.request("tools/call", json("{'name': 'slow', 'arguments': {'ms': 500}}"));
        wire.ask("ping");
        process.toHandle().destroy();
        assertThat(wire.await(id).at("/result/structuredContent"))
                .isEqualTo(json("{'slept': true}"));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
}
