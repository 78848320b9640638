package assay.server;

import assay.domain.Caller;
import assay.domain.Refused;
import assay.server.cli.Installation;
import assay.server.cli.Request;
import assay.server.cli.Settings;
import assay.server.cli.Verb;
import assay.server.client.CallVerb;
import assay.server.client.ClientConfig;
import assay.server.client.Doctor;
import assay.server.run.RunVerb;
import assay.server.transfer.ExportVerb;
import assay.server.transfer.ImportVerb;
import assay.tools.Replay;
import assay.tools.Reply;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// The verbs, each built from its settings, top to bottom.
record Verbs(InputStream in, OutputStream out, PrintStream err) {
    private static final int DONE = 0;
    private static final int FAILED = 1;

    /// Does one verb.
    ///
    /// @return the exit code: 0 done, 1 refused or failed, of `verify` also those of [Verify]
    int run(Request.Run run) throws IOException {
        try {
            return perform(run);
        } catch (Refused refused) {
            var error = JsonNodeFactory.instance.objectNode().set("error", refused.toJson());
            // A client of stdio would take this for a message, and nobody reads what http prints.
            boolean serves = run.verb() == Verb.STDIO || run.verb() == Verb.HTTP;
            PrettyJson.write(error, serves ? err : out);
            return FAILED;
        }
    }

    private int perform(Request.Run run) throws IOException {
        var settings = run.settings();
        switch (run.verb()) {
            case CONFIG -> {
                var config = ClientConfig.of(settings, Installation.current());
                err.println(config.where());
                PrettyJson.write(config.block(), out);
                return DONE;
            }
            case DOCTOR -> {
                var doctor = new Doctor(Installation.current(), settings, this::print);
                return doctor.everythingWorks() ? DONE : FAILED;
            }
            case CALL -> {
                var tool = run.operands().getFirst();
                var arguments = ToolVerb.json("JSON", run.operands().getLast());
                var call = new CallVerb(Installation.current(), settings);
                return finish(call.call(tool, arguments));
            }
            case TRAIN -> {
                Training.run(run.operands().getFirst().equals("do"));
                return DONE;
            }
            default -> {
                var actor = System.getProperty("user.name", "shell");
                var caller = new Caller(settings.tenant(), actor, settings.readOnly());
                try (var engine =
                        Engine.open(
                                settings.data(),
                                settings.readOnly(),
                                !settings.noHooks(),
                                Settings.cacheFolder(System.getenv()),
                                settings.scripts())) {
                    return perform(run, engine, caller);
                }
            }
        }
    }

    private int perform(Request.Run run, Engine engine, Caller caller) throws IOException {
        switch (run.verb()) {
            case STDIO -> {
                engine.folder().bookkeeper().start();
                try (var _ = Warming.start(engine.tools(), engine.sandbox());
                        var _ = Timekeeper.start(engine.schedule())) {
                    Transports.stdio(engine, caller, in, out);
                }
            }
            case HTTP -> http(engine, caller, run.settings());
            case NOUNS -> print(NounTable.of(engine.nouns()));
            case BACKUP -> {
                var file = Path.of(run.operands().getFirst()).toAbsolutePath();
                engine.folder().backup(caller.tenant(), file);
                print(file + "\n");
            }
            case RUN -> {
                return ran(run, engine, caller);
            }
            case DEMO -> demo(engine, caller, run.settings());
            case VERIFY -> {
                return verify(new Verify(engine.folder(), caller), run.operands().getFirst());
            }
            case REPLAY -> {
                return replay(
                        engine,
                        caller,
                        run.settings(),
                        Path.of(run.operands().getFirst()).toAbsolutePath());
            }
            case IMPORT -> {
                return imported(run, engine, caller);
            }
            case EXPORT -> {
                try {
                    new ExportVerb(engine.folder(), caller)
                            .run(
                                    run.operands().getFirst(),
                                    run.operands().getLast(),
                                    run.settings(),
                                    out);
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                    return FAILED;
                }
            }
            default -> {
                return finish(new ToolVerb(engine.tools(), caller).call(run, in));
            }
        }
        return DONE;
    }

    private void http(Engine engine, Caller caller, Settings settings) {
        engine.folder().bookkeeper().start();
        try (var _ = Warming.start(engine.tools(), engine.sandbox());
                var _ = Timekeeper.start(engine.schedule())) {
            Transports.http(engine, caller, settings, err);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private int replay(Engine engine, Caller caller, Settings settings, Path target)
            throws IOException {
        var replay =
                new Replay(
                        engine.folder(),
                        engine.sandbox(),
                        settings.scripts().limits(),
                        !settings.noHooks());
        try {
            var report = replay.run(caller.tenant(), target);
            PrettyJson.write(report.toJson(), out);
            return report.difference().isEmpty() ? DONE : FAILED;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private int imported(Request.Run run, Engine engine, Caller caller) throws IOException {
        try {
            var report =
                    new ImportVerb(run.settings(), in, err)
                            .run(run.operands().getFirst(), engine.folder(), caller);
            PrettyJson.write(report, out);
            return report.path("refused").asLong(0) == 0 ? DONE : FAILED;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private int ran(Request.Run run, Engine engine, Caller caller) throws IOException {
        var verb =
                new RunVerb(
                        engine.tools(),
                        caller,
                        run.settings().model(),
                        err,
                        isTerminal(System.console()));
        try {
            PrettyJson.write(verb.run(run.operands().getFirst(), engine::close), out);
            return DONE;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /// The demo is kept apart from what else there is, unless somebody names a tenant.
    private void demo(Engine engine, Caller caller, Settings settings) throws IOException {
        var apart =
                caller.tenant().equals("default")
                        ? new Caller(Demo.TENANT, caller.actor(), caller.readOnly())
                        : caller;
        var isTerminal = isTerminal(System.console());
        var folder = settings.hasDataFlag() ? Optional.of(settings.data()) : Optional.<Path>empty();
        print(new Demo(engine.tools(), apart, folder, err, isTerminal).play());
    }

    /// Some runtimes give no console without a terminal, others one that says so.
    private static boolean isTerminal(@Nullable Console console) {
        return console != null && console.isTerminal();
    }

    private int verify(Verify verify, String certificate) throws IOException {
        try {
            var verification = verify.verify(certificate, in);
            PrettyJson.write(verification.toJson(), out);
            return Verify.code(verification.finding());
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private int finish(Reply reply) throws IOException {
        PrettyJson.write(reply.value(), out);
        return reply instanceof Reply.Done ? DONE : FAILED;
    }

    private void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
