package assay.domain.experiment;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Lengths of time as callers write them, `7d`, `24 hours`, `90m`, in milliseconds.
public final class Span {
    /// Ten years.
    static final long LONGEST = 3_650L * Span.DAY;

    static final long DAY = 86_400_000;

    private static final Pattern SPELLING =
            Pattern.compile(
                    "(\\d{1,9}) ?(ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?)");

    private static final long[] SIZES = {7 * DAY, DAY, 3_600_000, 60_000, 1000, 1};
    private static final String[] UNITS = {"w", "d", "h", "m", "s", "ms"};

    private Span() {}

    /// Reads a length of time from a millisecond to ten years; empty for anything else.
    public static OptionalLong read(String text) {
        var match = SPELLING.matcher(text.strip());
        if (!match.matches()) {
            return OptionalLong.empty();
        }
        var length = Long.parseLong(match.group(1)) * size(match.group(2));
        return length > 0 && length <= LONGEST ? OptionalLong.of(length) : OptionalLong.empty();
    }

    private static long size(String unit) {
        return switch (unit.charAt(0)) {
            case 'w' -> 7 * DAY;
            case 'd' -> DAY;
            case 'h' -> 3_600_000;
            case 'm' -> unit.equals("ms") ? 1 : 60_000;
            default -> 1000;
        };
    }

    /// The shortest exact spelling, weeks only where days would be more than two digits: `7d`.
    public static String text(long millis) {
        for (var i = 0; i < SIZES.length; i++) {
            var isWhole = millis % SIZES[i] == 0;
            if (isWhole && (i > 0 || millis >= 100 * DAY)) {
                return millis / SIZES[i] + UNITS[i];
            }
        }
        return millis + "ms";
    }
}
