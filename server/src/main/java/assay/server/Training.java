package assay.server;

import assay.domain.Caller;
import assay.domain.store.Transaction;
import assay.domain.work.Ids;
import assay.domain.work.UnitOfWork;
import assay.server.cli.CommandLine;
import assay.server.cli.Request;
import assay.server.cli.Scripts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a client's first minute looks like, done on a folder of its own, so that the JVM can write
/// down which classes and methods that takes.
final class Training {
    private static final String SCRIPT = "return await $.Experiment.find();";

    private static final String CONVERSATION =
            """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"training","version":"1"}}}
            {"jsonrpc":"2.0","method":"notifications/initialized"}
            {"jsonrpc":"2.0","id":2,"method":"tools/list"}
            {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"search","arguments":{"type":"Experiment","filter":{"status":"Draft"},"limit":1}}}
            {"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"fetch","arguments":{"type":"Schema"}}}
            """;

    private Training() {}

    /// Does it.
    ///
    /// @param scripts whether a script is part of it: the engine doubles what every start has to
    ///   map
    static void run(boolean scripts) throws IOException {
        var folder = Files.createTempDirectory("assay-training");
        try (var engine = Engine.open(folder, false, true, folder, Scripts.DEFAULT)) {
            var caller = new Caller("default", "training", false);
            keepSomething(engine, caller);
            converse(engine, caller);
            var shell = new ToolVerb(engine.tools(), caller);
            call(shell, "search", "{\"type\": \"Experiment\", \"limit\": 1}");
            call(shell, "fetch", "{\"type\": \"Schema\"}");
            if (scripts) {
                call(shell, "do", "-");
            }
        } finally {
            Scratch.delete(folder);
        }
    }

    /// Makes a database with two objects in it, so that there is something to find and more behind
    /// it.
    private static void keepSomething(Engine engine, Caller caller) {
        try (var transaction = engine.folder().begin(caller.tenant(), Transaction.Mode.WRITE)) {
            var nouns = engine.folder().nouns();
            var work = new UnitOfWork(nouns, transaction, caller, Instant.now(), new Ids());
            for (var name : List.of("Training", "Training again")) {
                var data = JsonNodeFactory.instance.objectNode().put("name", name);
                work.create(nouns.require("Experiment"), data);
            }
            transaction.commit();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
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
}
