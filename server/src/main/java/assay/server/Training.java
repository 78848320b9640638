package assay.server;

import assay.domain.Caller;
import assay.server.cli.CommandLine;
import assay.server.cli.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// What a client's first minute looks like, done on a folder of its own, so that the JVM can write
/// down which classes and methods that takes.
final class Training {
    private static final String SCRIPT = "return 1 + 1;";

    private static final String CONVERSATION =
            """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"training","version":"1"}}}
            {"jsonrpc":"2.0","method":"notifications/initialized"}
            {"jsonrpc":"2.0","id":2,"method":"tools/list"}
            {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"search","arguments":{"type":"Experiment","limit":1}}}
            {"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"fetch","arguments":{"type":"Schema"}}}
            {"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"do","arguments":{"script":"return 1 + 1;"}}}
            """;

    private Training() {}

    static void run() throws IOException {
        var folder = Files.createTempDirectory("assay-training");
        try (var engine = Engine.open(folder, false, folder)) {
            var caller = new Caller("default", "training", false);
            converse(engine, caller);
            var shell = new ToolVerb(engine.tools(), caller);
            call(shell, "search", "{\"type\": \"Experiment\", \"limit\": 1}");
            call(shell, "fetch", "{\"type\": \"Schema\"}");
            call(shell, "do", "-");
        } finally {
            delete(folder);
        }
    }

    private static void converse(Engine engine, Caller caller) throws IOException {
        Transports.stdio(engine, caller, stream(CONVERSATION), OutputStream.nullOutputStream());
    }

    private static void call(ToolVerb shell, String... words) throws IOException {
        if (CommandLine.read(List.of(words), Map.of()) instanceof Request.Run run) {
            var reply = shell.call(run, stream(SCRIPT));
            PrettyJson.write(reply.value(), OutputStream.nullOutputStream());
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
