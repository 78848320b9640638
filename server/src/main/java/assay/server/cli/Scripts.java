package assay.server.cli;

import assay.scripting.ChildProcessSandbox;
import assay.scripting.InProcessSandbox;
import assay.scripting.Limits;
import assay.scripting.Sandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Where scripts run, and what one of them may use up.
///
/// @param inProcess whether they run in this process, or in processes of their own
/// @param time wall clock
/// @param heapBytes what a script may hold at any one time, beside what the engine holds
/// @param calls of functions of `$`
/// @param outputCharacters what a script may log
public record Scripts(
        boolean inProcess, Duration time, long heapBytes, int calls, int outputCharacters) {
    /// Those of a process that serves one user.
    public static final Scripts DEFAULT =
            new Scripts(true, Duration.ofSeconds(5), 64L << 20, 10_000, 100 << 10);

    /// What is held cannot be measured for one script of several in a heap, what is allocated can:
    /// a script that does honest work lets go of most of it.
    private static final int ALLOCATED_TO_HELD = 16;

    /// A result is data and may be long, where a log is for reading.
    private static final int RESULT_TO_LOG = 40;

    /// Opens the sandbox.
    ///
    /// @param cache an ahead-of-time cache of the JVM, for processes that run scripts
    public Sandbox open(Optional<Path> cache) {
        return inProcess ? new InProcessSandbox() : new ChildProcessSandbox(heapBytes, cache);
    }

    /// The limits of each script in that sandbox.
    public Limits limits() {
        var limits =
                new Limits(
                        time,
                        Limits.DEFAULT.statements(),
                        ALLOCATED_TO_HELD * heapBytes,
                        calls,
                        outputCharacters,
                        RESULT_TO_LOG * outputCharacters);
        return inProcess ? limits : limits.withoutCounting();
    }
}
