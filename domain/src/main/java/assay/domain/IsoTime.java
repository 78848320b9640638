package assay.domain;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// The one way times are written: UTC with milliseconds, so that text order is time order.
public final class IsoTime {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private IsoTime() {}

    /// Such as `2026-11-20T06:27:45.000Z`.
    public static String text(Instant time) {
        return FORMAT.format(time);
    }

    /// The same for milliseconds since 1970.
    public static String text(long epochMillis) {
        return text(Instant.ofEpochMilli(epochMillis));
    }
}
