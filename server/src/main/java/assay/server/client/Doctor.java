package assay.server.client;

import assay.server.cli.Installation;
import assay.server.cli.Settings;
import assay.tools.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `assay doctor`: starts the server as a client would, and says in plain lines what works.
public final class Doctor {
    /// Where the report goes.
    @FunctionalInterface
    public interface Report {
        /// Takes a line, its end included.
        void line(String text) throws IOException;
    }

    private static final Map<String, ObjectNode> HARMLESS_CALLS = harmlessCalls();

    private final Installation installation;
    private final Settings settings;
    private final Report report;
    private boolean allWell = true;

    public Doctor(Installation installation, Settings settings, Report report) {
        this.installation = installation;
        this.settings = settings;
        this.report = report;
    }

    /// Looks at everything and reports each finding as soon as it is known.
    ///
    /// @return true when nothing failed
    public boolean everythingWorks() throws IOException {
        check("program", () -> installation.versionLine());
        check("data folder", this::dataFolder);
        check("start-up cache", this::cache);
        check("stdio", this::stdio);
        check("http", this::http);
        return allWell;
    }

    private String dataFolder() throws IOException {
        Files.createDirectories(settings.data());
        Files.delete(Files.createTempFile(settings.data(), "doctor", ".tmp"));
        return settings.data() + " is writable";
    }

    private String cache() {
        return installation
                .cache()
                .map(file ->
                        Files.exists(file)
                                ? "present: " + file
                                : "not there yet: it is made in the background after a first"
                                        + " start")
                .orElse("off");
    }

    private String stdio() throws IOException, InterruptedException {
        var command = command(ClientConfig.stdio(settings));
        try (var session = Session.overStdio(command, _ -> {})) {
            return tools(session);
        } catch (RuntimeException failure) {
            var said = withoutInput(command);
            throw said.isEmpty() ? failure : new IllegalStateException(said, failure);
        }
    }

    /// What a server writes on standard error when its input ends at once, as that ends it too.
    private static String withoutInput(List<String> command)
            throws IOException, InterruptedException {
        var errors = Files.createTempFile("assay-doctor", ".log");
        try {
            var process =
                    new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(errors.toFile())
                            .start();
            process.getOutputStream().close();
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroy();
            }
            return Files.readString(errors).strip();
        } finally {
            Files.delete(errors);
        }
    }

    private String http() throws IOException {
        var words = new ArrayList<>(List.of("http", "--host", "127.0.0.1", "--port", "0"));
        words.addAll(ClientConfig.shared(settings));
        try (var server = new HttpServer(command(words));
                var session = Session.overHttp(server.address())) {
            return tools(session);
        }
    }

    private static String tools(Session session) {
        var works = new ArrayList<String>();
        for (var tool : session.tools()) {
            var arguments = HARMLESS_CALLS.get(tool);
            if (arguments == null) {
                works.add(tool + " (not called)");
            } else if (session.call(tool, arguments) instanceof Reply.Not(var error)) {
                throw new IllegalStateException(tool + " answers " + error);
            } else {
                works.add(tool);
            }
        }
        if (!works.containsAll(HARMLESS_CALLS.keySet())) {
            throw new IllegalStateException("tools are missing; there are " + works);
        }
        requireWholeHooks(session);
        return "these tools answer: " + String.join(", ", works);
    }

    /// Hooks are read before the first script; a file that is broken stops nothing but itself.
    private static void requireWholeHooks(Session session) {
        var status =
                session.call("fetch", JsonNodeFactory.instance.objectNode().put("type", "Status"));
        var broken = new ArrayList<String>();
        for (var file : status.value().path("hooks").path("broken")) {
            var line = file.has("line") ? ":" + file.path("line").intValue() : "";
            broken.add(
                    "hooks/%s%s: %s"
                            .formatted(
                                    file.path("file").asString(""),
                                    line,
                                    file.path("message").asString("")));
        }
        if (!broken.isEmpty()) {
            throw new IllegalStateException(String.join("; ", broken));
        }
    }

    private List<String> command(List<String> words) {
        var command = new ArrayList<>(installation.command());
        command.addAll(words);
        return command;
    }

    private void check(String what, Callable<String> look) throws IOException {
        String finding;
        try {
            finding = "ok      " + what + ": " + look.call();
        } catch (Exception failure) {
            allWell = false;
            finding = "FAILED  " + what + ": " + words(failure);
        }
        report.line(finding + "\n");
    }

    /// What a failure says in its own words.
    static String words(Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : null;
        if (cause != null) {
            return words(cause);
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static Map<String, ObjectNode> harmlessCalls() {
        var json = JsonNodeFactory.instance;
        var calls = new LinkedHashMap<String, ObjectNode>();
        calls.put("search", json.objectNode().put("type", "Experiment").put("limit", 1));
        calls.put("fetch", json.objectNode().put("type", "Schema"));
        calls.put("do", json.objectNode().put("script", "return 1 + 1;").put("dryRun", true));
        return calls;
    }
}
