package assay.server;

import assay.server.cli.CommandLine;
import assay.server.cli.Help;
import assay.server.cli.Installation;
import assay.server.cli.Request;
import assay.server.cli.Usage;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// The program: reads the command line, answers what needs nothing else, and hands on the verbs.
///
/// Small on purpose: the classes named here are loaded for `--version` too.
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
        // Named, so that nobody opens every jar of the program to look for one.
        System.setProperty("slf4j.provider", "org.slf4j.simple.SimpleServiceProvider");
        System.setProperty("slf4j.internal.verbosity", "WARN");
        var main = new Main(System.in, new FileOutputStream(FileDescriptor.out), System.err);
        int code = main.run(List.of(words), System.getenv());
        // System.exit loads the JDK's logging, which a process that simply ends does without.
        if (code != DONE || othersKeepItAlive()) {
            System.exit(code);
        }
    }

    private static boolean othersKeepItAlive() {
        return Thread.activeCount() > 1
                && Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(other ->
                                !other.isDaemon() && !other.equals(Thread.currentThread()));
    }

    /// Runs one verb.
    ///
    /// @return the exit code: 0 done, 1 refused or failed, 2 not understood
    int run(List<String> words, Map<String, String> environment) {
        try {
            var request = CommandLine.read(words, environment);
            if (request instanceof Request.Run run) {
                return new Verbs(in, out, err).run(run);
            }
            out.write(text(request).getBytes(StandardCharsets.UTF_8));
            return DONE;
        } catch (Usage usage) {
            err.println("assay: " + usage.getMessage());
            return NOT_UNDERSTOOD;
        } catch (IOException failure) {
            err.println("assay: " + failure);
            return FAILED;
        }
    }

    private static String text(Request request) {
        if (request instanceof Request.Help help) {
            return help.verb().isPresent() ? Help.of(help.verb().get()) : Help.ofAll();
        }
        return Installation.current().versionLine() + "\n";
    }
}
