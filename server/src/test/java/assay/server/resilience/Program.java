package assay.server.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import assay.server.Wire;
import assay.server.http.HttpWire;
import assay.server.mcp.Json;
import assay.server.stdio.StdioWire;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `assay stdio` or `assay http` in a process of its own, with a client that has introduced itself.
record Program(Process process, Wire wire) implements AutoCloseable {
    static Program stdio(Path data) throws IOException {
        var process =
                builder(data, List.of(), "stdio")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        var wire = new StdioWire(process.getOutputStream(), process.getInputStream());
        return new Program(process, wire.initialized());
    }

    static Program http(Path data) throws IOException {
        return http(data, List.of());
    }

    /// Without processes apart for the scripts, which take their time to start.
    static Program httpInOneProcess(Path data) throws IOException {
        return http(data, List.of(), "--sandbox", "in-process");
    }

    /// @param options of the JVM
    static Program http(Path data, List<String> options, String... flags) throws IOException {
        var words = new ArrayList<>(List.of("http", "--port", "0"));
        words.addAll(List.of(flags));
        var process = builder(data, options, words.toArray(String[]::new)).start();
        var log = process.errorReader();
        var wire = new HttpWire(port(log), process::destroyForcibly);
        // A server whose log nobody reads waits for a reader as soon as the pipe is full.
        Thread.ofPlatform().daemon().start(() -> log.lines().forEach(System.err::println));
        return new Program(process, wire.initialized());
    }

    /// @param options of the JVM
    static ProcessBuilder builder(Path data, List<String> options, String... words) {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path")));
        command.addAll(options);
        command.add("assay.server.Main");
        command.addAll(List.of(words));
        command.addAll(List.of("--data", data.toString()));
        return new ProcessBuilder(command);
    }

    private static int port(BufferedReader lines) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("listening on ")) {
                return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            }
        }
        throw new IOException("it does not listen");
    }

    /// Asks for a tool and gives the id of the request.
    String ask(String tool, ObjectNode arguments) {
        return wire.request(
                "tools/call", Json.object().put("name", tool).set("arguments", arguments));
    }

    String askDo(String script, JsonNode params) {
        return ask("do", Json.object().put("script", script).set("params", params));
    }

    String askDo(String script, JsonNode params, String idempotencyKey) {
        return ask(
                "do",
                Json.object()
                        .put("script", script)
                        .put("idempotencyKey", idempotencyKey)
                        .set("params", params));
    }

    /// What a script returned, or its error.
    JsonNode run(String script, JsonNode params) {
        return outcome(askDo(script, params));
    }

    JsonNode outcome(String id) {
        var value = wire.await(id).at("/result/structuredContent");
        return value.has("error") ? value.get("error") : value.path("result");
    }

    /// A second client of the same server over HTTP.
    static Wire another(HttpWire first) {
        return new HttpWire(first.port(), () -> {}).initialized();
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
