package assay.server.stdio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A real pipe of the operating system, both ends in this process.
record Pipe(OutputStream in, InputStream out) {
    static Pipe open() throws IOException {
        var cat = new ProcessBuilder("cat").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        return new Pipe(cat.getOutputStream(), cat.getInputStream());
    }
}
