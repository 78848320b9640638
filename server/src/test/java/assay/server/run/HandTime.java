package assay.server.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A clock that stands still, but for those who sleep: it is then later at once.
final class HandTime implements Time {
    private Instant now = Instant.parse("2026-11-20T10:00:00Z");
    private final List<Duration> slept = new ArrayList<>();

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized void sleep(Duration time) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        slept.add(time);
        now = now.plus(time);
    }

    /// What was slept, in order.
    synchronized List<Duration> slept() {
        return List.copyOf(slept);
    }
}
