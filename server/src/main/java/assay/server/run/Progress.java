package assay.server.run;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;

/// One line that says how far a run has come: on a terminal it is written over, elsewhere there is
/// a new one now and then.
final class Progress {
    private static final Duration SELDOM = Duration.ofSeconds(10);
    private static final Duration OFTEN = Duration.ofMillis(100);

    private final PrintStream err;
    private final boolean isTerminal;
    private final Time time;
    private final Instant began;
    private Instant shown = Instant.MIN;

    Progress(PrintStream err, boolean isTerminal, Time time) {
        this.err = err;
        this.isTerminal = isTerminal;
        this.time = time;
        this.began = time.now();
    }

    /// Shows it, unless it was shown just now.
    synchronized void show(Tally tally, long left) {
        var now = time.now();
        if (shown.equals(Instant.MIN) || shown.plus(isTerminal ? OFTEN : SELDOM).isBefore(now)) {
            write(tally, left, now);
        }
    }

    /// Shows it for good.
    synchronized void end(Tally tally, long left) {
        write(tally, left, time.now());
        if (isTerminal) {
            err.println();
        }
    }

    private void write(Tally tally, long left, Instant now) {
        shown = now;
        var minutes = Math.max(1e-9, Duration.between(began, now).toMillis() / 60_000.0);
        var done = tally.recorded() + tally.failed();
        var line =
                "%,d recorded, %,d failed, %,d judged, %,d left, %,d sent again, %,d a minute"
                        .formatted(
                                tally.recorded(),
                                tally.failed(),
                                tally.judged(),
                                left,
                                tally.retries(),
                                minutes < 0.01
                                        ? done
                                        : Math.round((done + tally.judged()) / minutes));
        if (isTerminal) {
            err.print("\r" + line + "\u001b[K");
            err.flush();
        } else {
            err.println(line);
        }
    }
}
