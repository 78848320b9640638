package assay.scripting;

import java.time.Duration;

/// What one script may use up before it is stopped.
///
/// @param time wall clock from the first statement on, host calls included
/// @param statements statements executed, those inside built-ins not counted; `Long.MAX_VALUE` for
///   as many as there is time for, which spares all scripts of a sandbox the counting, and that is
///   most of the time of a tight loop
/// @param allocatedBytes bytes allocated over the whole run, whether still live or not; those of
///   the host not counted
/// @param hostCalls calls of functions of `$`
/// @param logCharacters characters written through `console`
/// @param resultCharacters length of the result as JSON text, and of the arguments of one call
public record Limits(
        Duration time,
        long statements,
        long allocatedBytes,
        int hostCalls,
        int logCharacters,
        int resultCharacters) {
    /// Counts statements, and what is allocated over the whole run in place of what is held.
    public static final Limits DEFAULT =
            new Limits(
                    Duration.ofSeconds(5), 200_000_000, 1L << 30, 10_000, 100 << 10, 4_000 << 10);

    /// Without what only matters where a script cannot simply be killed: the count of statements,
    /// and of what is allocated but not held.
    public Limits withoutCounting() {
        return new Limits(
                time, Long.MAX_VALUE, Long.MAX_VALUE, hostCalls, logCharacters, resultCharacters);
    }
}
