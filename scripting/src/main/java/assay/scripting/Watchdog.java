package assay.scripting;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Looks at all runs every other millisecond: stops those that have used up their time or memory,
/// or fill the heap, and answers the callers of those that cannot be stopped.
final class Watchdog implements AutoCloseable {
    private static final long TICK_NANOS = 2_000_000;

    /// Ticks for which it stays awake without anything to guard, because waking it would cost the
    /// next short script some microseconds.
    private static final int LINGERING_TICKS = 50;

    private final Set<Run> runs = ConcurrentHashMap.newKeySet();
    private final Set<Run> lost = ConcurrentHashMap.newKeySet();
    private final HeapGuard heap;
    private final Thread thread;
    private volatile boolean asleep;
    private volatile boolean closed;

    Watchdog(HeapGuard heap) {
        this.heap = heap;
        thread = Thread.ofPlatform().name("script-watchdog").daemon().start(this::watch);
    }

    void guard(Run run) {
        runs.add(run);
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    /// The script's thread has left the run.
    void release(Run run) {
        run.leave();
        runs.remove(run);
        lost.remove(run);
    }

    /// Threads that go on running scripts whose callers have been answered.
    int stuck() {
        return lost.size();
    }

    /// Ends all that is running.
    void cancelAll() {
        runs.forEach(run -> run.stop(Outcome.Cancelled::new));
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void watch() {
        int quiet = 0;
        while (!closed) {
            quiet = runs.isEmpty() ? quiet + 1 : 0;
            if (quiet > LINGERING_TICKS) {
                sleepUntilNeeded();
                quiet = 0;
            }
            LockSupport.parkNanos(this, TICK_NANOS);
            lookAtAll();
        }
    }

    private void lookAtAll() {
        unlessFull(() -> runs.forEach(run -> unlessFull(() -> look(run))));
        unlessFull(this::keepRoom);
    }

    /// Whoever filled the heap is still there at the next tick, and so must this thread be. A heap
    /// that is full where the JVM links a call shows as another error.
    private static void unlessFull(Runnable look) {
        try {
            look.run();
        } catch (VirtualMachineError | LinkageError full) {
            Thread.onSpinWait();
        }
    }

    private void sleepUntilNeeded() {
        asleep = true;
        while (runs.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    /// Stops the script that has allocated most when the heap is full.
    private void keepRoom() {
        Run largest = null;
        long most = 0;
        for (var run : runs) {
            long allocated = run.allocated();
            if (allocated > most) {
                most = allocated;
                largest = run;
            }
        }
        if (largest != null && heap.isFull(most)) {
            largest.stopForRoom();
        }
    }

    private void look(Run run) {
        if (run.isBeyondControl()) {
            lost.add(run);
            run.giveUp();
            runs.remove(run);
            // Its thread may have left just before it was counted.
            if (run.hasLeft()) {
                lost.remove(run);
            }
        }
    }
}
