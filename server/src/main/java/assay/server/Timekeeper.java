package assay.server;

import assay.tools.Schedule;
import java.time.Duration;

/// Has the schedule of experiments looked at once a second while the process serves.
record Timekeeper(Thread thread) implements AutoCloseable {
    private static final Duration TICK = Duration.ofSeconds(1);

    /// How long a step that runs may still take once the process is told to end.
    private static final Duration GRACE = Duration.ofSeconds(10);

    static Timekeeper start(Schedule schedule) {
        return new Timekeeper(
                Thread.ofPlatform()
                        .daemon()
                        .name("assay-schedule")
                        .start(() -> {
                            try {
                                while (true) {
                                    Thread.sleep(TICK);
                                    var _ = schedule.run();
                                }
                            } catch (InterruptedException ended) {
                                Thread.currentThread().interrupt();
                            }
                        }));
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            var _ = thread.join(GRACE);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
