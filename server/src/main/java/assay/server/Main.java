package assay.server;

import assay.domain.Caller;
import assay.domain.Refused;
import assay.server.cli.CommandLine;
import assay.server.cli.Help;
import assay.server.cli.Installation;
import assay.server.cli.Request;
import assay.server.cli.Usage;
import assay.server.cli.Verb;
import assay.server.client.CallVerb;
import assay.server.client.ClientConfig;
import assay.server.client.Doctor;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;

/// The program: reads the command line, builds the objects, and does one verb.
public final class Main {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int NOT_UNDERSTOOD = 2;

    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;

    Main(InputStream in, OutputStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /// Runs one verb and ends the process with its exit code.
    public static void main(String[] words) {
        // Standard output carries a protocol or a result: a library that prints must not be in it.
        System.setOut(System.err);
        var main = new Main(System.in, new FileOutputStream(FileDescriptor.out), System.err);
        System.exit(main.run(List.of(words), System.getenv()));
    }

    /// Runs one verb.
    ///
    /// @return the exit code: 0 done, 1 refused or failed, 2 not understood
    int run(List<String> words, Map<String, String> environment) {
        try {
            var request = CommandLine.read(words, environment);
            if (request instanceof Request.Run run) {
                return run(run, environment);
            }
            print(
                    request instanceof Request.Help(var verb)
                            ? verb.map(Help::of).orElseGet(Help::ofAll)
                            : Installation.current().versionLine() + "\n");
            return DONE;
        } catch (Usage usage) {
            err.println("assay: " + usage.getMessage());
            return NOT_UNDERSTOOD;
        } catch (IOException failure) {
            err.println("assay: " + failure);
            return FAILED;
        }
    }

    private int run(Request.Run run, Map<String, String> environment) throws IOException {
        try {
            return perform(run, environment);
        } catch (Refused refused) {
            var error = JsonNodeFactory.instance.objectNode().set("error", refused.toJson());
            // The output of stdio belongs to its client, who would take this for a message.
            PrettyJson.write(error, run.verb() == Verb.STDIO ? err : out);
            return FAILED;
        }
    }

    private int perform(Request.Run run, Map<String, String> environment) throws IOException {
        var settings = run.settings();
        var installation = Installation.current();
        switch (run.verb()) {
            case CONFIG -> {
                var config = ClientConfig.of(settings, installation);
                err.println(config.where());
                PrettyJson.write(config.block(), out);
                return DONE;
            }
            case DOCTOR -> {
                var doctor = new Doctor(installation, settings, environment, this::print);
                return doctor.everythingWorks() ? DONE : FAILED;
            }
            case CALL -> {
                var tool = run.operands().getFirst();
                var arguments = ToolVerb.json("JSON", run.operands().getLast());
                var call = new CallVerb(installation, settings, environment);
                return finish(call.call(tool, arguments));
            }
            case TRAIN -> {
                Training.run();
                return DONE;
            }
            default -> {
                var caller =
                        new Caller(
                                settings.tenant(),
                                System.getProperty("user.name", "shell"),
                                settings.readOnly());
                try (var engine = Engine.open(settings.data())) {
                    return perform(run, engine, caller);
                }
            }
        }
    }

    private int perform(Request.Run run, Engine engine, Caller caller) throws IOException {
        switch (run.verb()) {
            case STDIO -> Transports.stdio(engine.tools(), caller, in, out);
            case HTTP -> Transports.http(engine.tools(), caller, run.settings(), err);
            case NOUNS -> print(NounTable.of(engine.nouns()));
            case BACKUP -> {
                var file = Path.of(run.operands().getFirst()).toAbsolutePath();
                engine.backup().accept(caller.tenant(), file);
                print(file + "\n");
            }
            default -> {
                return finish(new ToolVerb(engine.tools(), caller).call(run, in));
            }
        }
        return DONE;
    }

    private int finish(assay.tools.Reply reply) throws IOException {
        PrettyJson.write(reply.value(), out);
        return reply instanceof assay.tools.Reply.Done ? DONE : FAILED;
    }

    private void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
