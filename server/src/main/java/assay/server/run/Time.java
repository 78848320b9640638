package assay.server.run;

import java.time.Duration;
import java.time.Instant;

/// The clock that a run waits by.
interface Time {
    /// That of the machine.
    Time REAL =
            new Time() {
                @Override
                public Instant now() {
                    return Instant.now();
                }

                @Override
                public void sleep(Duration time) throws InterruptedException {
                    Thread.sleep(time);
                }
            };

    Instant now();

    void sleep(Duration time) throws InterruptedException;
}
