package assay.server.conformance;

import assay.domain.Caller;
import assay.server.TestTools;
import assay.server.http.HttpSettings;
import assay.server.http.HttpTransport;
import assay.server.mcp.Catalog;
import assay.server.mcp.Changes;
import assay.server.mcp.Dispatcher;
import assay.server.mcp.Limits;
import assay.server.mcp.ToolCatalog;
import assay.server.stdio.StdioTransport;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// A server for what drives one from outside: `fixtures PORT` offers what the conformance suite
/// wants, `tools` what resembles Assay, `test` the test tools. Without a port it serves standard
/// input and output.
public final class FixtureServer {
    private static final Caller CALLER = new Caller("default", "fixture", false);

    private FixtureServer() {}

    public static void main(String[] args) throws IOException {
        var changes = new Changes();
        var dispatcher = new Dispatcher(catalog(args[0], changes), changes, Limits.DEFAULT);
        if (args.length > 1) {
            var http =
                    HttpTransport.start(
                            dispatcher,
                            HttpSettings.of("127.0.0.1", Integer.parseInt(args[1]), CALLER));
            System.err.println("listening on http://127.0.0.1:" + http.port());
            onShutdown(() -> http.stop(Duration.ofSeconds(10)));
            return;
        }
        var stdio =
                new StdioTransport(
                        dispatcher,
                        CALLER,
                        new FileInputStream(FileDescriptor.in),
                        new FileOutputStream(FileDescriptor.out));
        onShutdown(() -> stdio.stop(Duration.ofSeconds(10)));
        stdio.serve();
    }

    private static Catalog catalog(String which, Changes changes) {
        return switch (which) {
            case "fixtures" -> Fixtures.catalog(changes);
            case "tools" -> ToolCatalog.of(TestTools.lookalikes(), List.of(), "0", "Test tools.");
            case "test" -> ToolCatalog.of(new TestTools().tools(), List.of(), "0", "Test tools.");
            default -> throw new IllegalArgumentException(which);
        };
    }

    private static void onShutdown(Runnable work) {
        Runtime.getRuntime().addShutdownHook(new Thread(work));
    }
}
