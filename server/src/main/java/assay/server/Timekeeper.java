package assay.server;

import assay.tools.Schedule;
import java.lang.System.Logger.Level;
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
                                    run(schedule);
                                }
                            } catch (InterruptedException ended) {
                                Thread.currentThread().interrupt();
                            }
                        }));
    }

    /// A folder that cannot be read now may be readable at the next tick.
    private static void run(Schedule schedule) throws InterruptedException {
        try {
            var _ = schedule.run();
        } catch (RuntimeException failure) {
            System.getLogger("assay.server")
                    .log(Level.WARNING, "the schedule could not be looked at", failure);
        }
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
