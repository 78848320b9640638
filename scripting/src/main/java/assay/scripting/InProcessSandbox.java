package assay.scripting;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A sandbox that runs scripts on threads of this process.
///
/// It is good against mistakes and most malice, but there are built-in functions of the engine that
/// nothing can stop. Their callers are answered in time all the same; the threads they hold are
/// counted in [#stuck], and a process that has any should be replaced before long.
///
/// The engine is loaded by the first script, not by the constructor.
public final class InProcessSandbox implements Sandbox {
    private final Supplier<HeapGuard> heap;
    private final Limits usual;
    private @Nullable Workshop workshop;
    private boolean closed;

    public InProcessSandbox() {
        this(HeapGuard::shared, Limits.DEFAULT);
    }

    /// @param usual what most scripts have for limits, and so the first one, which warms the engine
    InProcessSandbox(Supplier<HeapGuard> heap, Limits usual) {
        this.heap = heap;
        this.usual = usual;
    }

    /// {@inheritDoc}
    ///
    /// Takes at most the time limit and some 100 ms.
    ///
    /// @throws IllegalStateException if the sandbox is closed, or if the host threw
    @Override
    public Outcome run(Script script, Host host) {
        return Thread.interrupted()
                ? new Outcome.Cancelled(List.of())
                : workshop().run(script, host);
    }

    @Override
    public void warm() {
        warm("console.log(params, await $.echo({ a: [1] })); [{ a: 1 }].map(x => x.a)");
        // Read by the whole parser, which takes a second to load.
        warm("const one: number = 1; one");
    }

    private void warm(String source) {
        var script = new Script(source, "{}", "{\"\": [\"echo\"]}", Instant.EPOCH, 0, usual);
        workshop().run(script, (_, arguments) -> new Host.Answer.Value(arguments));
    }

    /// How many threads are held by scripts that could not be stopped.
    public synchronized int stuck() {
        return workshop == null ? 0 : workshop.stuck();
    }

    /// Cancels what is running, waits for it up to a second or two, and lets go of the engine.
    @Override
    public synchronized void close() {
        closed = true;
        if (workshop != null) {
            workshop.close();
            workshop = null;
        }
    }

    private synchronized Workshop workshop() {
        if (closed) {
            throw new IllegalStateException("The sandbox is closed.");
        }
        if (workshop == null) {
            workshop = new Workshop(heap.get());
        }
        return workshop;
    }
}
