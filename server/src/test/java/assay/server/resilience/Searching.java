package assay.server.resilience;

import static assay.server.TestTools.json;
import static org.assertj.core.api.Assertions.assertThat;

import assay.server.Wire;
import assay.server.mcp.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A client that calls `search` again and again, and remembers how long the answers took.
final class Searching {
    private static final long PAUSE_NANOS = 1_000_000;

    private final Wire wire;
    private final Thread thread;
    private final List<Long> took = new ArrayList<>();
    private volatile boolean ended;

    Searching(Wire wire) {
        this.wire = wire;
        thread = Thread.ofPlatform().start(this::search);
    }

    /// Forgets what it has measured.
    synchronized void begin() {
        took.clear();
    }

    /// How long each answer since [#begin] took, in nanoseconds.
    synchronized List<Long> taken() {
        return List.copyOf(took);
    }

    /// The time that 99 of 100 answers stayed below, in milliseconds.
    static double p99(List<Long> taken) {
        var sorted = taken.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1) / 1e6;
    }

    void close() throws InterruptedException {
        ended = true;
        thread.join();
    }

    private void search() {
        var call = json("{'name': 'search', 'arguments': {'type': 'Contact', 'limit': 5}}");
        while (!ended) {
            long from = System.nanoTime();
            var answer = wire.await(wire.request("tools/call", Json.object().setAll(call)));
            add(System.nanoTime() - from);
            assertThat(answer.at("/result/structuredContent/results")).hasSize(5);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private synchronized void add(long nanos) {
        took.add(nanos);
    }
}
