package assay.server.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/// A whole number with a unit behind it, as settings spell times and sizes.
final class Amount {
    private static final long KILO = 1L << 10;

    private Amount() {}

    /// A time such as `500ms`, `5s` or `2m`, in milliseconds; nothing when it is none.
    static OptionalLong milliseconds(String text) {
        var lower = text.strip().toLowerCase(Locale.ROOT);
        if (lower.endsWith("ms")) {
            return number(lower, 2, 1);
        }
        return switch (last(lower)) {
            case 's' -> number(lower, 1, Duration.ofSeconds(1).toMillis());
            case 'm' -> number(lower, 1, Duration.ofMinutes(1).toMillis());
            default -> OptionalLong.empty();
        };
    }

    /// A size such as `100k`, `64m` or `1g`, where k is 1,024; nothing when it is none.
    static OptionalLong size(String text) {
        var lower = text.strip().toLowerCase(Locale.ROOT);
        return switch (last(lower)) {
            case 'k' -> number(lower, 1, KILO);
            case 'm' -> number(lower, 1, KILO * KILO);
            case 'g' -> number(lower, 1, KILO * KILO * KILO);
            default -> number(lower, 0, 1);
        };
    }

    /// A number without a unit; nothing when it is none.
    static OptionalLong number(String text) {
        return number(text.strip(), 0, 1);
    }

    private static char last(String text) {
        return text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
    }

    private static OptionalLong number(String text, int unit, long worth) {
        try {
            var digits = text.substring(0, text.length() - unit);
            // Long.parseLong would take a sign.
            return digits.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? OptionalLong.of(Math.multiplyExact(Long.parseLong(digits), worth))
                    : OptionalLong.empty();
        } catch (NumberFormatException | ArithmeticException none) {
            return OptionalLong.empty();
        }
    }
}
