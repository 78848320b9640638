package assay.scripting;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The threads that run scripts. They are platform threads with a stack so large that
/// [Confinement#FRAMES] is met before it ends; the memory is only touched by scripts that nest
/// deep.
final class Workers {
    private static final long STACK_BYTES = 64L << 20;

    private Workers() {}

    /// As many threads as there are scripts, kept for a minute for the next ones.
    static ExecutorService start() {
        return Executors.newCachedThreadPool(work -> {
            var thread = new Thread(null, work, "script", STACK_BYTES);
            thread.setDaemon(true);
            return thread;
        });
    }
}
