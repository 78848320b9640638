package assay.scripting;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.graalvm.polyglot.Engine;
import org.jspecify.annotations.Nullable;

/// Realms made ahead, so that a short script need not wait for its own. A realm serves one script.
final class Realms implements AutoCloseable {
    /// How many are kept ready for each shape.
    private static final int SPARE = 4;

    /// When so few are left, more are made while scripts run, which slows them down.
    private static final int FEW = 1;

    /// Shapes for which some are kept: one for each kind of script that a server runs.
    private static final int SHAPES = 4;

    private final Engine engine;
    private final Map<Realm.Shape, Queue<Realm>> spares = new LinkedHashMap<>(16, 0.75f, true);
    private final ExecutorService maker =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("script-realms").daemon().factory());
    private boolean closed;

    Realms(Engine engine) {
        this.engine = engine;
    }

    /// A realm that nobody else has or will have. The caller closes it, and then [#replace]s it.
    Realm take(Realm.Shape shape) {
        var spare = poll(shape);
        if (hasFew(shape)) {
            replace(shape);
        }
        return spare == null ? new Realm(engine, shape) : spare;
    }

    /// Makes another one in the background.
    void replace(Realm.Shape shape) {
        try {
            maker.execute(() -> refill(shape));
        } catch (OutOfMemoryError full) {
            // The next script asks for more again.
            Thread.onSpinWait();
        } catch (RejectedExecutionException closed) {
            // Nobody will need it.
            return;
        }
    }

    /// Waits for the one that is being made.
    @Override
    public void close() {
        discard();
        maker.close();
    }

    private synchronized void discard() {
        closed = true;
        spares.values().forEach(Realms::closeAll);
        spares.clear();
    }

    private synchronized @Nullable Realm poll(Realm.Shape shape) {
        var realm = spares.computeIfAbsent(shape, _ -> new ArrayDeque<>()).poll();
        if (spares.size() > SHAPES) {
            var eldest = spares.values().iterator();
            closeAll(eldest.next());
            eldest.remove();
        }
        return realm;
    }

    private void refill(Realm.Shape shape) {
        try {
            while (wants(shape)) {
                var realm = new Realm(engine, shape);
                if (!keep(shape, realm)) {
                    realm.close();
                }
            }
        } catch (RuntimeException | Error failed) {
            // Scripts make their own as long as there is no room for spare ones.
            if (!Realm.isFull(failed)) {
                throw failed;
            }
        }
    }

    private synchronized boolean wants(Realm.Shape shape) {
        var kept = spares.get(shape);
        return kept != null && kept.size() < SPARE;
    }

    private synchronized boolean hasFew(Realm.Shape shape) {
        var kept = spares.get(shape);
        return kept == null || kept.size() <= FEW;
    }

    private synchronized boolean keep(Realm.Shape shape, Realm realm) {
        var kept = spares.get(shape);
        return !closed && kept != null && kept.add(realm);
    }

    private static void closeAll(Queue<Realm> realms) {
        realms.forEach(Realm::close);
    }
}
