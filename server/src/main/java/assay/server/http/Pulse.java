package assay.server.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Looks after what is open: a few times a second it asks each exchange whether its client is still
/// there, and closes sessions that nobody uses.
final class Pulse implements Runnable {
    private static final Duration BEAT = Duration.ofMillis(200);

    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
    private final Sessions sessions;
    private volatile boolean stopped;

    Pulse(Sessions sessions) {
        this.sessions = sessions;
    }

    void start() {
        Thread.ofPlatform().daemon().name("assay-http-pulse").start(this);
    }

    void stop() {
        stopped = true;
    }

    void add(Exchange exchange) {
        open.add(exchange);
    }

    void remove(Exchange exchange) {
        open.remove(exchange);
    }

    /// Every exchange that has not been answered yet.
    Set<Exchange> open() {
        return open;
    }

    /// Waits until every exchange has been answered.
    ///
    /// @return false if some had not when the time was up
    boolean awaitQuiet(Duration patience) throws InterruptedException {
        var until = System.nanoTime() + patience.toNanos();
        while (!open.isEmpty()) {
            if (System.nanoTime() > until) {
                return false;
            }
            Thread.sleep(5);
        }
        return true;
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                Thread.sleep(BEAT);
                open.forEach(Exchange::check);
                sessions.expire();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
