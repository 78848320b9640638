package assay.domain.store;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

/// Appends events of one tenant for many callers at once. What they bring at about the same time is
/// committed together, by one thread; each waits until what it brought is durable.
public final class Ingest implements AutoCloseable {
    private static final int MOST_CALLERS = 4_096;
    private static final int MOST_ROWS = 20_000;

    private final DataFolder folder;
    private final String tenant;
    private final String actor;
    private final InstantSource clock;
    private final LinkedBlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
    private final Thread writer;

    /// @param actor who the events are from
    public Ingest(DataFolder folder, String tenant, String actor, InstantSource clock) {
        this.folder = folder;
        this.tenant = tenant;
        this.actor = actor;
        this.clock = clock;
        this.writer = Thread.ofPlatform().daemon().name("assay-ingest").start(this::work);
    }

    /// What one caller brought.
    private record Waiting(List<EventRow> rows, CompletableFuture<Integer> appended) {}

    /// Appends events, all or none, and returns when they are kept. Those whose id is known already
    /// are left out.
    ///
    /// @return how many were new
    /// @throws assay.domain.Refused if nothing can be written
    /// @throws StoreFailure if writing failed; none of them is kept then
    public int append(List<EventRow> rows) throws InterruptedException {
        var mine = new Waiting(List.copyOf(rows), new CompletableFuture<>());
        waiting.add(mine);
        if (!writer.isAlive()) {
            mine.appended().completeExceptionally(closed());
        }
        try {
            return mine.appended().get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private void work() {
        var batch = new ArrayList<Waiting>();
        try {
            while (true) {
                batch.add(waiting.take());
                for (var rows = batch.getFirst().rows().size();
                        rows < MOST_ROWS && batch.size() < MOST_CALLERS && !waiting.isEmpty(); ) {
                    var next = waiting.remove();
                    batch.add(next);
                    rows += next.rows().size();
                }
                commit(new ArrayList<>(batch));
                batch.clear();
            }
        } catch (InterruptedException closed) {
            waiting.drainTo(batch);
            batch.forEach(one -> one.appended().completeExceptionally(closed()));
        }
    }

    private void commit(List<Waiting> batch) throws InterruptedException {
        try (var transaction = folder.begin(tenant, Transaction.Mode.WRITE)) {
            var rows = batch.stream().flatMap(one -> one.rows().stream()).toList();
            var isNew = new Events(transaction).feed(rows, clock.millis(), actor);
            transaction.commit();
            var at = 0;
            for (var one : batch) {
                var end = at + one.rows().size();
                var appended = isNew.get(at, end).cardinality();
                at = end;
                one.appended().complete(appended);
            }
        } catch (RuntimeException failure) {
            batch.forEach(one -> one.appended().completeExceptionally(failure));
        }
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the ingest is closed");
    }

    /// Ends after what is being written now; whoever still waits is refused.
    @Override
    public void close() {
        writer.interrupt();
        try {
            writer.join();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
