package assay.server;

import assay.domain.Caller;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.server.cli.Settings;
import assay.tools.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/// Starts the transports.
@SuppressWarnings("DoNotCallSuggester") // This build has no transports to start.
final class Transports {
    private Transports() {}

    /// Serves one client until its input ends and what it asked has been answered.
    ///
    /// @param out the process's own standard output, which nothing else writes to
    static void stdio(Tools tools, Caller caller, InputStream in, OutputStream out)
            throws IOException {
        throw absent("stdio");
    }

    /// Serves clients over HTTP until the process is told to end.
    ///
    /// @param caller whom requests come from when no tenant is in their path
    /// @param err where the line `listening on http://HOST:PORT` goes
    static void http(Tools tools, Caller caller, Settings settings, PrintStream err)
            throws IOException {
        throw absent("http");
    }

    private static Refused absent(String transport) {
        return new Refused(
                Reason.INTERNAL,
                "This build of Assay has no transport '" + transport + "'.",
                "Use assay search, assay fetch and assay do.");
    }
}
