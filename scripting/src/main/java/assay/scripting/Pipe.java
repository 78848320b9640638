package assay.scripting;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Frames over a pair of byte streams, each behind its length. One thread reads; any may write.
final class Pipe {
    private final DataInputStream in;
    private final OutputStream out;

    /// The longest frame that is read, in bytes.
    private volatile int longest = Integer.MAX_VALUE;

    Pipe(InputStream in, OutputStream out) {
        this.in = new DataInputStream(new BufferedInputStream(in, 1 << 16));
        this.out = out;
    }

    /// Frames that are longer from here on are not read.
    void accept(long bytes) {
        longest = (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    /// Waits for the next frame.
    ///
    /// @throws IOException if the other side is gone, or sends what is no frame or too long a one
    Frame read() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > longest) {
            throw new IOException("a frame of " + length + " bytes");
        }
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return new FrameReader(bytes).frame();
    }

    /// Sends a frame.
    ///
    /// @throws IOException if the other side is gone
    void write(Frame frame) throws IOException {
        var bytes = FrameWriter.of(frame);
        synchronized (out) {
            bytes.to(out);
            out.flush();
        }
    }
}
