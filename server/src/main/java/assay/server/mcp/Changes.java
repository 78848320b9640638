package assay.server.mcp;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Tells whoever listens what has changed.
public final class Changes {
    private final Set<Consumer<Change>> listeners = ConcurrentHashMap.newKeySet();

    /// Calls `listener` for each change until the result is run.
    Runnable listen(Consumer<Change> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// Tells everybody, on this thread.
    public void publish(Change change) {
        listeners.forEach(listener -> listener.accept(change));
    }
}
