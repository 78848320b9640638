package assay.scripting;

import java.util.concurrent.locks.LockSupport;

/// What to do while scripts have left no memory to anybody: they are about to be stopped.
final class Scarcity {
    private static final long PAUSE_NANOS = 1_000_000;

    private Scarcity() {}

    /// Does work that others depend on, again and again until there is memory for it.
    ///
    /// @param work may be done in part when it fails, and must bear to be done again
    static void insist(Runnable work) {
        while (true) {
            try {
                work.run();
                return;
            } catch (OutOfMemoryError full) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
