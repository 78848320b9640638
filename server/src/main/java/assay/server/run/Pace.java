package assay.server.run;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/// When requests may be sent: evenly, so many a minute, and not before the endpoint takes them
/// again. Shared by all that send.
final class Pace {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 6;

    private final Time time;
    private final RandomGenerator chance;
    private final Duration gap;
    private Instant next = Instant.MIN;
    private Instant closedUntil = Instant.MIN;

    /// @param perMinute requests in a minute at most; empty for no limit
    /// @param chance where the jitter comes from
    Pace(Time time, RandomGenerator chance, OptionalInt perMinute) {
        this.time = time;
        this.chance = chance;
        this.gap = perMinute.isPresent() ? MINUTE.dividedBy(perMinute.getAsInt()) : Duration.ZERO;
    }

    /// Waits until a request may be sent.
    void awaitTurn() throws InterruptedException {
        var turn = turn();
        while (turn.isAfter(time.now())) {
            time.sleep(Duration.between(time.now(), turn));
            turn = later(turn, closedUntil());
        }
    }

    private synchronized Instant turn() {
        var turn = later(later(time.now(), next), closedUntil);
        next = turn.plus(gap);
        return turn;
    }

    private synchronized Instant closedUntil() {
        return closedUntil;
    }

    /// The endpoint takes no requests of anybody for some time.
    synchronized void close(Duration duration) {
        closedUntil = later(closedUntil, time.now().plus(duration));
    }

    /// How long to wait before a request is sent again: twice as long each time, up to a minute, of
    /// which a half is chance, so that those who failed together do not come back together.
    ///
    /// @param failures of this request so far
    Duration pause(int failures) {
        var doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(MOST_DOUBLINGS, failures - 1));
        var longest = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        var half = longest.toMillis() / 2;
        return Duration.ofMillis(half + chance.nextLong(half + 1));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
