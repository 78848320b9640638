package assay.domain.store;

import assay.domain.Refused;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;

/// Folds the events of tenants, so that reading results costs the number of arms and not that of
/// events. Nothing depends on when it does: readers take what is not folded yet from the events.
public final class Bookkeeper implements AutoCloseable {
    /// So many are folded without waiting for more, while more keep coming.
    private static final long MANY = 10_000;

    /// Events to fold at once: the more, the less each costs, and the longer others wait to write.
    private static final long MOST = 50_000;

    /// A reader goes through as many events in little time, so a program that ends leaves them.
    static final long LONG = 2_000;

    /// Events of about the same time are folded together.
    private static final long PAUSE_MILLIS = 200;

    /// A tenant whose events cannot be folded rests as long, so that the others have their turn.
    private static final long REST_NANOS = 10_000_000_000L;

    private final DataFolder folder;
    private final LinkedHashSet<String> touched = new LinkedHashSet<>();
    private final Map<String, Long> failedAt = new HashMap<>();
    private Optional<Thread> thread = Optional.empty();

    Bookkeeper(DataFolder folder) {
        this.folder = folder;
    }

    /// Some events of a tenant may not be folded.
    void notice(String tenant) {
        synchronized (touched) {
            if (touched.add(tenant)) {
                touched.notifyAll();
            }
        }
    }

    /// Folds from now on whatever is appended, in a thread of its own.
    public void start() {
        synchronized (touched) {
            if (thread.isEmpty() && !folder.isReadOnly()) {
                thread =
                        Optional.of(
                                Thread.ofPlatform().daemon().name("assay-fold").start(this::work));
            }
        }
    }

    private void work() {
        try {
            while (true) {
                var wasIdle = waits();
                var tenant = next();
                if (!rests(tenant)) {
                    fold(tenant, wasIdle);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void fold(String tenant, boolean wasIdle) throws InterruptedException {
        try {
            // Whoever opened the file or reads what is not folded wants its answer first.
            if (wasIdle || !isBehind(tenant, MANY)) {
                Thread.sleep(PAUSE_MILLIS);
            }
            if (isBehind(tenant, 1)) {
                step(tenant);
            }
            failedAt.remove(tenant);
            if (isBehind(tenant, 1)) {
                notice(tenant);
            }
        } catch (StoreFailure | Refused failure) {
            // Who writes or reads next is told of the same; nothing is lost.
            System.getLogger(Bookkeeper.class.getName())
                    .log(Level.WARNING, "Events were not folded: " + failure.getMessage());
        } catch (RuntimeException failure) {
            // Nobody else may hear of it: results say the same, and take longer each time.
            failedAt.put(tenant, System.nanoTime());
            System.getLogger(Bookkeeper.class.getName())
                    .log(
                            Level.ERROR,
                            "Events of tenant %s cannot be folded.".formatted(tenant),
                            failure);
        }
    }

    private boolean rests(String tenant) {
        var at = failedAt.get(tenant);
        return at != null && System.nanoTime() - at < REST_NANOS;
    }

    private boolean waits() {
        synchronized (touched) {
            return touched.isEmpty();
        }
    }

    private String next() throws InterruptedException {
        synchronized (touched) {
            while (touched.isEmpty()) {
                touched.wait();
            }
            return touched.removeFirst();
        }
    }

    /// Folds all events of a tenant, in batches between which others may write.
    public void catchUp(String tenant) throws InterruptedException {
        while (isBehind(tenant, 1)) {
            step(tenant);
        }
    }

    private void step(String tenant) throws InterruptedException {
        try (var transaction = folder.begin(tenant, Transaction.Mode.WRITE)) {
            var ledger = new Ledger(transaction);
            ledger.keepWanted();
            ledger.step(MOST);
            transaction.commit();
        }
    }

    /// Folds the events of those tenants that have many, if nobody folds them in the background.
    public void finish() throws InterruptedException {
        synchronized (touched) {
            if (thread.isPresent() || folder.isReadOnly()) {
                return;
            }
        }
        while (true) {
            String tenant;
            synchronized (touched) {
                if (touched.isEmpty()) {
                    return;
                }
                tenant = touched.removeFirst();
            }
            if (isBehind(tenant, LONG)) {
                catchUp(tenant);
            }
        }
    }

    private boolean isBehind(String tenant, long events) throws InterruptedException {
        try (var transaction = folder.begin(tenant, Transaction.Mode.READ)) {
            return new Ledger(transaction).isBehind(events);
        }
    }

    @Override
    public void close() {
        synchronized (touched) {
            thread.ifPresent(Thread::interrupt);
        }
        thread.ifPresent(running -> {
            try {
                running.join();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
