package assay.domain.store;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Appends events of one tenant for many callers at once. What they bring at about the same time is
/// committed together, by one of them: a caller who is alone waits for nobody. Each returns when
/// what it brought is durable.
public final class Ingest implements AutoCloseable {
    private static final int MOST_CALLERS = 4_096;
    private static final int MOST_ROWS = 20_000;

    /// How long to wait for callers who were there a moment ago, who come again as a rule: at most
    /// this, and at most a part of what a commit takes.
    private static final long LONGEST_WAIT_NANOS = 1_000_000;

    private static final int WAIT_OF_COMMIT = 4;

    /// One commit in so many is led by a caller who has slept. Virtual threads that share a single
    /// processor run those first that were woken by one of them: a few callers who wake each other
    /// would keep off for ever those whom somebody else has started.
    private static final int COMMITS_AWAKE = 16;

    private final DataFolder folder;
    private final String tenant;
    private final String actor;
    private final InstantSource clock;

    /// Guards all that changes.
    private final Object lock = new Object();

    private final Deque<Waiting> queue = new ArrayDeque<>();
    private Optional<Thread> leader = Optional.empty();
    private boolean closed;

    /// Callers to be expected, by the last commit.
    private int expected;

    private long waitNanos;
    private int commits;

    /// @param actor who the events are from
    public Ingest(DataFolder folder, String tenant, String actor, InstantSource clock) {
        this.folder = folder;
        this.tenant = tenant;
        this.actor = actor;
        this.clock = clock;
    }

    /// What one caller brought, and what became of it.
    private static final class Waiting {
        private final List<EventRow> rows;
        private final Thread caller = Thread.currentThread();
        private volatile boolean leads;
        private volatile boolean ended;
        private int appended;
        private Optional<RuntimeException> failure = Optional.empty();

        Waiting(List<EventRow> rows) {
            this.rows = rows;
        }

        void lead() {
            leads = true;
            LockSupport.unpark(caller);
        }

        void appended(int count) {
            appended = count;
            end();
        }

        void failed(RuntimeException cause) {
            failure = Optional.of(cause);
            end();
        }

        private void end() {
            ended = true;
            LockSupport.unpark(caller);
        }
    }

    /// Appends events, all or none, and returns when they are kept. Those whose id is known already
    /// are left out.
    ///
    /// @return how many were new
    /// @throws assay.domain.Refused if nothing can be written
    /// @throws StoreFailure if writing failed; none of them is kept then
    /// @throws InterruptedException if it is not known whether they are kept
    public int append(List<EventRow> rows) throws InterruptedException {
        var mine = new Waiting(List.copyOf(rows));
        enter(mine);
        while (!mine.ended && !mine.leads) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                leave(mine);
                throw new InterruptedException();
            }
        }
        if (mine.leads) {
            lead(mine);
        }
        if (mine.failure.isPresent()) {
            throw mine.failure.get();
        }
        return mine.appended;
    }

    private void enter(Waiting mine) {
        synchronized (lock) {
            if (closed) {
                throw closed();
            }
            queue.add(mine);
            if (leader.isEmpty()) {
                leader = Optional.of(mine.caller);
                mine.leads = true;
            } else if (queue.size() >= expected) {
                LockSupport.unpark(leader.get());
            }
        }
    }

    private void leave(Waiting mine) {
        synchronized (lock) {
            queue.remove(mine);
            if (mine.leads) {
                handOver();
            }
        }
    }

    /// Lets the next caller in the queue lead, if there is one.
    private void handOver() {
        leader = Optional.ofNullable(queue.peekFirst()).map(next -> next.caller);
        if (queue.isEmpty()) {
            lock.notifyAll();
        } else {
            queue.getFirst().lead();
        }
    }

    private void lead(Waiting mine) throws InterruptedException {
        try {
            if (!mine.ended) {
                awaitOthers();
                commit();
            }
        } finally {
            leave(mine);
        }
    }

    /// Gives those who were answered last the time to come again, so that they share this commit.
    // Nothing depends on the yield but how many share it.
    @SuppressWarnings("ThreadPriorityCheck")
    private void awaitOthers() {
        // Those who are ready to come have come when this goes on, even with one processor for all.
        if (++commits % COMMITS_AWAKE == 0) {
            LockSupport.parkNanos(this, 1);
        } else {
            Thread.yield();
        }
        var start = System.nanoTime();
        for (var left = waitNanos; left > 0; left = waitNanos - (System.nanoTime() - start)) {
            synchronized (lock) {
                if (queue.size() >= Math.min(expected, MOST_CALLERS)) {
                    return;
                }
            }
            LockSupport.parkNanos(this, left);
        }
    }

    private void commit() throws InterruptedException {
        var batch = List.<Waiting>of();
        try (var transaction = folder.begin(tenant, Transaction.Mode.WRITE)) {
            var start = System.nanoTime();
            batch = take();
            var rows = new ArrayList<EventRow>();
            batch.forEach(one -> rows.addAll(one.rows));
            var isNew = new Events(transaction).feed(rows, clock.millis(), actor);
            transaction.commit();
            took(batch.size(), System.nanoTime() - start);
            var at = 0;
            for (var one : batch) {
                var end = at + one.rows.size();
                one.appended(isNew.get(at, end).cardinality());
                at = end;
            }
        } catch (RuntimeException failure) {
            batch = batch.isEmpty() ? take() : batch;
            batch.forEach(one -> one.failed(failure));
        } finally {
            // After an error, so that nobody waits for ever.
            batch.stream()
                    .filter(one -> !one.ended)
                    .forEach(
                            one -> one.failed(new IllegalStateException("the append ended early")));
        }
    }

    private List<Waiting> take() {
        synchronized (lock) {
            var batch = new ArrayList<Waiting>();
            for (var rows = 0;
                    rows < MOST_ROWS && batch.size() < MOST_CALLERS && !queue.isEmpty(); ) {
                var next = queue.removeFirst();
                batch.add(next);
                rows += next.rows.size();
            }
            return batch;
        }
    }

    private void took(int callers, long nanos) {
        synchronized (lock) {
            expected = callers + queue.size();
            waitNanos = Math.min(LONGEST_WAIT_NANOS, nanos / WAIT_OF_COMMIT);
        }
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the ingest is closed");
    }

    /// Ends after what is being written now; whoever still waits is refused.
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            queue.forEach(one -> one.failed(closed()));
            queue.clear();
            var interrupted = false;
            while (leader.isPresent()) {
                try {
                    lock.wait();
                } catch (InterruptedException ended) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
