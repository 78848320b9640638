package assay.scripting;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The end of what a process wrote on standard error. Reads all of it, so that the process never
/// waits, and keeps little.
final class Tail {
    private static final int KEPT = 2_000;

    private final StringBuilder kept = new StringBuilder();

    private Tail() {}

    static Tail of(InputStream stream) {
        var tail = new Tail();
        Thread.ofPlatform().name("script-child-errors").daemon().start(() -> tail.read(stream));
        return tail;
    }

    synchronized String text() {
        return kept.toString().strip();
    }

    private void read(InputStream stream) {
        var bytes = new byte[1_024];
        try (stream) {
            for (int read = stream.read(bytes); read >= 0; read = stream.read(bytes)) {
                add(new String(bytes, 0, read, StandardCharsets.UTF_8));
            }
        } catch (IOException ended) {
            add(ended.toString());
        }
    }

    private synchronized void add(String text) {
        kept.append(text);
        kept.delete(0, Math.max(0, kept.length() - KEPT));
    }
}
