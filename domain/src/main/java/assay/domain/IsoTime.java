package assay.domain;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// The one way times are written: UTC with milliseconds, so that text order is time order.
public final class IsoTime {
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private IsoTime() {}

    /// Such as `2026-11-20T06:27:45.000Z`.
    ///
    /// @param time one that [#fits]
    public static String text(Instant time) {
        var text = time.truncatedTo(ChronoUnit.MILLIS).toString();
        return text.indexOf('.') < 0 ? text.substring(0, text.length() - 1) + ".000Z" : text;
    }

    /// The same for milliseconds since 1970.
    public static String text(long epochMillis) {
        return text(Instant.ofEpochMilli(epochMillis));
    }

    /// Reads ISO 8601 with a zone; empty for anything else, and for a time that does not fit.
    public static Optional<Instant> parse(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant()).filter(IsoTime::fits);
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    /// True for years of four digits: only those sort as text.
    public static boolean fits(Instant time) {
        return !time.isBefore(FIRST) && !time.isAfter(LAST);
    }
}
