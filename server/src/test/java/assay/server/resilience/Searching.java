package assay.server.resilience;

import static assay.server.TestTools.json;
import static org.assertj.core.api.Assertions.assertThat;

import assay.server.Wire;
import assay.server.mcp.Json;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/// A client that calls `search` again and again, and remembers how long the answers took.
final class Searching {
    private static final long PAUSE_NANOS = 1_000_000;

    private final Wire wire;
    private final Thread thread;
    private long[] took = new long[1_024];
    private int answers;
    private volatile boolean ended;

    Searching(Wire wire) {
        this.wire = wire;
        thread = Thread.ofPlatform().start(this::search);
    }

    /// Forgets what it has measured.
    synchronized void begin() {
        answers = 0;
    }

    /// The time that 99 of 100 answers stayed below since [#begin], in milliseconds.
    synchronized double p99() {
        var sorted = Arrays.copyOf(took, answers);
        Arrays.sort(sorted);
        return answers == 0 ? 0 : sorted[(int) Math.ceil(answers * 0.99) - 1] / 1e6;
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
        if (answers == took.length) {
            took = Arrays.copyOf(took, 2 * answers);
        }
        took[answers++] = nanos;
    }
}
