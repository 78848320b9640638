package assay.scripting;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// The bytes that a thread allocates for a script. Begins with the thread that makes it.
final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int QUESTIONS = 3;

    private final Thread thread = Thread.currentThread();
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

    /// True when it is certain that there are more than so many. To be asked like [#bytes].
    ///
    /// HotSpot adds what a thread has used of its buffer without stopping it, and while the thread
    /// changes buffers that may be gigabytes too many. A stack trace stops the thread where it does
    /// not, so that the next answer is one of another moment.
    boolean exceeds(long limit) {
        for (int question = 0; question < QUESTIONS; question++) {
            if (bytes() <= limit) {
                return false;
            }
            var _ = thread.getStackTrace();
        }
        return true;
    }

    /// How many so far, or in rare moments far too many. Any thread may ask, one at a time with
    /// those that pause and resume.
    long bytes() {
        return (pausedAt < 0 ? THREADS.getThreadAllocatedBytes(thread.threadId()) : pausedAt)
                - others;
    }
}
