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
/// @param resultCharacters length of the result as JSON text
public record Limits(
        Duration time,
        long statements,
        long allocatedBytes,
        int hostCalls,
        int logCharacters,
        int resultCharacters) {
    public static final Limits DEFAULT =
            new Limits(Duration.ofSeconds(5), 200_000_000, 1L << 30, 10_000, 100_000, 4_000_000);
}
