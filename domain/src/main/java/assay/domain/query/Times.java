package assay.domain.query;

import assay.domain.IsoTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Points in time as callers write them: ISO 8601 with a zone, a date, or relative to now.
public final class Times {
    private Times() {}

    /// Reads `2026-11-20T10:00:00Z`, `2026-11-20`, `now`, `today`, `yesterday`, or `7d ago` (also
    /// m, h and w). Empty for anything else, and for years beyond 0 to 9999.
    public static Optional<Instant> read(String text, Instant now) {
        return switch (text) {
            case "now" -> Optional.of(now);
            case "today" -> Optional.of(now.truncatedTo(ChronoUnit.DAYS));
            case "yesterday" ->
                    Optional.of(now.truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS));
            default -> text.endsWith(" ago") ? ago(text, now) : absolute(text);
        };
    }

    private static Optional<Instant> ago(String text, Instant now) {
        var amount = text.substring(0, text.length() - " ago".length()).strip();
        if (amount.length() < 2 || amount.length() > 7) {
            return Optional.empty();
        }
        var unit =
                switch (amount.charAt(amount.length() - 1)) {
                    case 'm' -> 60L;
                    case 'h' -> 3_600L;
                    case 'd' -> 86_400L;
                    case 'w' -> 604_800L;
                    default -> 0L;
                };
        var digits = amount.substring(0, amount.length() - 1).strip();
        if (unit == 0 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(now.minusSeconds(Long.parseLong(digits) * unit)).filter(IsoTime::fits);
    }

    private static Optional<Instant> absolute(String text) {
        if (text.length() != 10) {
            return IsoTime.parse(text);
        }
        try {
            return Optional.of(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }
}
