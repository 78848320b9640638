package assay.scripting;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Engine;

/// The engine and all that works with it. Making one is the slow part of a process's first script.
final class Workshop implements AutoCloseable {
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

    private final Engine engine = Confinement.engine();
    private final Realms realms = new Realms(engine);
    private final Programs programs = new Programs();
    private final ExecutorService workers = Workers.start();
    private final HeapGuard heap;
    private final Watchdog watchdog;

    Workshop(HeapGuard heap) {
        this.heap = heap;
        watchdog = new Watchdog(heap);
    }

    Outcome run(Script script, Host host) {
        var run = new Run(host, script.limits(), heap.ending());
        if (Run.ANSWERED.isBound() && !Run.ANSWERED.get().enclose(run)) {
            return new Outcome.Cancelled(List.of());
        }
        workers.execute(() -> work(script, run));
        return run.await();
    }

    int stuck() {
        return watchdog.stuck();
    }

    /// Cancels the scripts that are running. What does not end within a second, be it a script or
    /// its host, is left behind.
    @Override
    public void close() {
        workers.shutdown();
        watchdog.cancelAll();
        try {
            if (workers.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                watchdog.close();
            }
            realms.close();
            apart(() -> engine.close(true)).join(LONGEST_CLOSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Cancelling waits for the script to notice, and nobody has time for that.
    private static Thread apart(Runnable cancelling) {
        return Thread.ofPlatform().name("script-killer").daemon().start(cancelling);
    }

    /// Whatever happens here, the caller is answered.
    private void work(Script script, Run run) {
        Realm realm = null;
        var end = heap.ending();
        var shape = new Realm.Shape(script.api(), script.limits().statements());
        try {
            realm = realms.take(shape);
            end = end(script, run, realm);
        } catch (RuntimeException | Error failed) {
            if (!Realm.isFull(failed)) {
                run.fail(failed);
            }
        }
        run.finish(end);
        watchdog.release(run);
        if (realm != null) {
            Scarcity.insist(realm::close);
            realms.replace(shape);
        }
    }

    private Ending end(Script script, Run run, Realm realm) {
        if (!run.begin(() -> apart(() -> Scarcity.insist(realm::close)))) {
            return Outcome.Cancelled::new;
        }
        // What stopped the script before may have interrupted this thread a little late.
        Thread.interrupted();
        watchdog.guard(run);
        return realm.run(script, run, programs);
    }
}
