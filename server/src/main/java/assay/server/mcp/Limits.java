package assay.server.mcp;

import java.time.Duration;

/// How much clients may ask for at once.
///
/// @param callTime how long a call may run before it is interrupted
/// @param callsPerPeer calls in flight on one connection or session
/// @param calls calls in flight on all of them together
/// @param pageSize entries in one page of a list
public record Limits(Duration callTime, int callsPerPeer, int calls, int pageSize) {
    /// What fits one machine: ten minutes, 1,024 calls for each client and 4,096 in all.
    public static final Limits DEFAULT = new Limits(Duration.ofMinutes(10), 1024, 4096, 200);

    /// @throws IllegalArgumentException if a limit would let nothing through
    public Limits {
        if (!callTime.isPositive() || callsPerPeer < 1 || calls < 1 || pageSize < 1) {
            throw new IllegalArgumentException("a limit must be positive");
        }
    }

    /// The same with another time for each call.
    public Limits withCallTime(Duration time) {
        return new Limits(time, callsPerPeer, calls, pageSize);
    }
}
