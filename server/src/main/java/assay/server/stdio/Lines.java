package assay.server.stdio;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads lines of bytes, none longer than a limit. For one thread.
final class Lines {
    private static final int USUAL = 64 * 1024;

    private final InputStream in;
    private final int limit;
    private byte[] buffer = new byte[USUAL];
    private int start;
    private int end;

    Lines(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /// A line was longer than the limit; it has been skipped.
    static final class TooLong extends IOException {
        @Serial private static final long serialVersionUID = 1L;
    }

    /// The next line without its line feed, or null at the end. The last line needs no line feed.
    ///
    /// @throws TooLong in place of a line that is too long; the next call gives the line after it
    byte @Nullable [] next() throws IOException {
        var skipping = false;
        var scan = start;
        while (true) {
            for (; scan < end; scan++) {
                if (buffer[scan] == '\n') {
                    return line(scan, scan + 1, skipping);
                }
            }
            if (end - start > limit) {
                skipping = true;
            }
            if (skipping) {
                start = end;
            }
            makeRoom();
            scan = end;
            var read = in.read(buffer, end, buffer.length - end);
            if (read > 0) {
                end += read;
            } else if (read < 0) {
                return end == 0 && !skipping ? null : line(end, end, skipping);
            }
        }
    }

    private byte[] line(int until, int next, boolean skipping) throws TooLong {
        var tooLong = skipping || until - start > limit;
        var line = tooLong ? new byte[0] : Arrays.copyOfRange(buffer, start, until);
        start = next;
        if (tooLong) {
            throw new TooLong();
        }
        return line;
    }

    private void makeRoom() {
        var kept = end - start;
        var room = buffer;
        if (kept == 0 && buffer.length > USUAL) {
            room = new byte[USUAL];
        } else if (kept == buffer.length) {
            room = new byte[2 * buffer.length];
        }
        System.arraycopy(buffer, start, room, 0, kept);
        buffer = room;
        start = 0;
        end = kept;
    }
}
