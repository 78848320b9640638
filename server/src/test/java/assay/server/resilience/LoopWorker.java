package assay.server.resilience;

import assay.server.Wire;
import assay.server.http.HttpWire;
import assay.server.mcp.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A worker that may have a process of its own: leases units over HTTP, records them one by one,
/// sends again what was not answered, and notes in a file what was. It may be killed at any time,
/// and so may its server.
final class LoopWorker {
    private static final String NEXT =
            "return await $.Experiment.next('race', { n: 5, worker: params, ttl: '2s' })";
    private static final String RECORD =
            "return await $.Experiment.record(params.lease, params.content)";

    private final Path port;
    private final String name;
    private final Path acknowledged;
    private String connected = "";
    private @Nullable Wire wire;

    /// @param port the file that says where the server listens now
    /// @param acknowledged the file for what the server said is recorded
    LoopWorker(Path port, String name, Path acknowledged) {
        this.port = port;
        this.name = name;
        this.acknowledged = acknowledged;
    }

    /// Works until the budget is used up.
    ///
    /// @param words as of the constructor
    public static void main(String... words) throws Exception {
        new LoopWorker(Path.of(words[0]), words[1], Path.of(words[2])).work();
    }

    /// The same in a process of its own.
    Process start() throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LoopWorker.class.getName(),
                                port.toString(),
                                name,
                                acknowledged.toString()));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /// Works until the budget is used up.
    void work() throws IOException, InterruptedException {
        while (true) {
            var leased = run(NEXT, JsonNodeFactory.instance.stringNode(name));
            if (leased.path("reason").asString("").equals("budget_exhausted")) {
                return;
            }
            for (var unit : leased.path("units")) {
                record(unit);
            }
            if (leased.path("units").isEmpty()) {
                Thread.sleep(100);
            }
        }
    }

    private void record(JsonNode unit) throws IOException, InterruptedException {
        var lease = unit.path("lease").stringValue();
        var params = Json.object().put("lease", lease);
        params.set("content", content(lease));
        // What is sent twice counts once.
        var times = lease.hashCode() % 4 == 0 ? 2 : 1;
        for (var time = 0; time < times; time++) {
            var answer = run(RECORD, params);
            if (answer.has("status")) {
                Files.writeString(
                        acknowledged,
                        lease + ' ' + answer.path("unit").stringValue() + '\n',
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
        }
    }

    private ObjectNode content(String lease) {
        var content = Json.object().put("output", lease).put("score", 1).put("worker", name);
        content.putObject("metrics").put("inputTokens", 4).put("outputTokens", 3);
        return content;
    }

    /// What a script returned, or its error, from whichever server is there at last.
    private JsonNode run(String script, JsonNode params) throws IOException, InterruptedException {
        while (true) {
            var server = Files.readString(port);
            try {
                var answer = ask(server, script, params);
                if (answer != null) {
                    var value = answer.at("/result/structuredContent");
                    return value.has("error") ? value.get("error") : value.path("result");
                }
            } catch (AssertionError | NumberFormatException unreachable) {
                connected = "";
                Thread.sleep(20);
            }
        }
    }

    /// Nothing when another server took the place of the one that was asked.
    private @Nullable ObjectNode ask(String server, String script, JsonNode params)
            throws IOException, InterruptedException {
        var current = wire;
        if (current == null || !server.equals(connected)) {
            current = new HttpWire(Integer.parseInt(server), () -> {}).initialized();
            wire = current;
            connected = server;
        }
        var call = Json.object().put("name", "do");
        call.set("arguments", Json.object().put("script", script).set("params", params));
        var id = current.request("tools/call", call);
        while (current.answered(id) == null && server.equals(Files.readString(port))) {
            Thread.sleep(1);
        }
        return current.answered(id);
    }
}
