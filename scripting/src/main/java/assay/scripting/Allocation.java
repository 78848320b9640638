package assay.scripting;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// The bytes that a thread allocates for a script. Begins with the thread that makes it.
final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long thread = Thread.currentThread().threadId();
    private long others = THREADS.getCurrentThreadAllocatedBytes();
    private long pausedAt = -1;

    /// What the thread allocates from here on is not the script's. To be called on that thread.
    void pause() {
        pausedAt = THREADS.getCurrentThreadAllocatedBytes();
    }

    /// Ends what [#pause] began. To be called on that thread.
    void resume() {
        others += THREADS.getCurrentThreadAllocatedBytes() - pausedAt;
        pausedAt = -1;
    }

    /// How many so far. Any thread may ask, one at a time with those that pause and resume.
    long bytes() {
        return (pausedAt < 0 ? THREADS.getThreadAllocatedBytes(thread) : pausedAt) - others;
    }
}
