package assay.scripting;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/// Sees when scripts have filled the heap, before those who share it with them find it full.
///
/// What a script has allocated says little about what it still holds. So when the heap looks full
/// and a script can be why, the garbage is collected, and what is left counts.
final class HeapGuard {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Runtime JVM = Runtime.getRuntime();

    private final long looksAbove;
    private final long stopsAbove;
    private final String detail;
    private long allocatedBefore;

    private HeapGuard(long looksAbove, long stopsAbove, String detail) {
        this.looksAbove = looksAbove;
        this.stopsAbove = stopsAbove;
        this.detail = detail;
    }

    /// Guards a heap that scripts share with a server: four tenths of it stay free for others.
    static HeapGuard shared() {
        long most = JVM.maxMemory();
        return new HeapGuard(
                most / 4 * 3,
                most / 10 * 6,
                "The script held more memory than this server has to spare.");
    }

    /// Guards a heap that belongs to one script at a time. It looks when the heap is all but full:
    /// nobody else is harmed when it comes too late.
    ///
    /// @param bytes what the script may hold
    /// @param base what the engine holds beside it
    static HeapGuard owned(long bytes, long base) {
        return new HeapGuard(JVM.maxMemory() - (8L << 20), bytes + base, held(bytes));
    }

    /// What is said about a script that held more than its limit.
    static String held(long bytes) {
        return String.format(
                Locale.ROOT, "The script held more than its limit of %,d bytes of memory.", bytes);
    }

    /// How a script ends that has filled the heap.
    Ending ending() {
        return logs -> new Outcome.OverLimit(Outcome.Limit.MEMORY, detail, logs);
    }

    /// True when a script has to be stopped now.
    ///
    /// @param most bytes that one script has allocated, of those that run the one with most
    boolean isFull(long most) {
        long share = JVM.maxMemory() / 16;
        if (most < share || used() < looksAbove) {
            return false;
        }
        long allocated = THREADS.getTotalThreadAllocatedBytes();
        if (allocated - allocatedBefore < share) {
            return false;
        }
        allocatedBefore = allocated;
        System.gc();
        return used() > stopsAbove;
    }

    private static long used() {
        return JVM.totalMemory() - JVM.freeMemory();
    }
}
