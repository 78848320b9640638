package assay.server.mcp;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// The calls that run now, on every connection: bounded in number and in time.
final class InFlight {
    private static final long SHORTEST_STEP = Duration.ofMillis(10).toNanos();

    private final int most;
    private final long timeLimit;
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean watched = new AtomicBoolean();

    InFlight(Limits limits) {
        most = limits.calls();
        timeLimit = limits.callTime().toNanos();
    }

    /// Counts a call in.
    ///
    /// @return false if there are too many already
    boolean begin(Call call) {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            return false;
        }
        calls.add(call);
        if (!watched.get() && watched.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("assay-deadlines").start(this::watch);
        }
        return true;
    }

    /// Harmless when the call has ended already.
    void end(Call call) {
        if (calls.remove(call)) {
            count.decrementAndGet();
        }
    }

    /// Interrupts overdue calls, each at most an eighth of the limit late. Ends when nothing runs,
    /// so that an idle server has no thread that wakes up.
    private void watch() {
        try {
            do {
                while (!calls.isEmpty()) {
                    Thread.sleep(Duration.ofNanos(Math.max(timeLimit / 8, SHORTEST_STEP)));
                    var now = System.nanoTime();
                    for (var call : calls) {
                        call.expireIfOlder(timeLimit, now);
                    }
                }
                watched.set(false);
            } while (!calls.isEmpty() && watched.compareAndSet(false, true));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
