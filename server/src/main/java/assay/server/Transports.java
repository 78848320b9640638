package assay.server;

import assay.domain.Caller;
import assay.domain.noun.Noun;
import assay.server.cli.Installation;
import assay.server.cli.Settings;
import assay.server.http.HttpSettings;
import assay.server.http.HttpTransport;
import assay.server.mcp.Changes;
import assay.server.mcp.Dispatcher;
import assay.server.mcp.Limits;
import assay.server.mcp.ToolCatalog;
import assay.server.stdio.StdioTransport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// Starts the transports, and ends them when the process is told to end.
final class Transports {
    /// How long calls that run may still take once the process is told to end.
    private static final Duration GRACE = Duration.ofSeconds(10);

    private Transports() {}

    /// Serves one client until its input ends and what it asked has been answered.
    ///
    /// @param out the process's own standard output, which nothing else writes to
    static void stdio(Engine engine, Caller caller, InputStream in, OutputStream out)
            throws IOException {
        var transport = new StdioTransport(dispatcher(engine), caller, in, out);
        var ending = onSignal(() -> transport.stop(GRACE));
        try {
            transport.serve();
        } finally {
            forget(ending);
        }
    }

    /// Serves clients over HTTP until the process is told to end.
    ///
    /// @param caller whom requests come from when no tenant is in their path
    /// @param err where the line `listening on http://HOST:PORT` goes
    static void http(Engine engine, Caller caller, Settings settings, PrintStream err)
            throws InterruptedException {
        var transport =
                HttpTransport.start(
                        dispatcher(engine),
                        HttpSettings.of(settings.host(), settings.port(), caller)
                                .withUnready(() -> engine.folder().unready(caller.tenant())));
        var ended = new CountDownLatch(1);
        var _ =
                onSignal(() -> {
                    transport.stop(GRACE);
                    engine.close();
                    ended.countDown();
                });
        err.println("listening on http://" + settings.host() + ":" + transport.port());
        ended.await();
    }

    private static Dispatcher dispatcher(Engine engine) {
        var catalog =
                ToolCatalog.of(
                        engine.tools(),
                        engine.nouns().stream().map(Noun::name).toList(),
                        Installation.current().version(),
                        Instructions.TEXT);
        return new Dispatcher(catalog, new Changes(), Limits.DEFAULT);
    }

    private static Thread onSignal(Runnable end) {
        var hook = new Thread(end, "assay-end");
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook is what ended the serving.
        }
    }
}
