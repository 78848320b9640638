package assay.server.stdio;

import assay.server.TestTools;
import assay.server.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// A client on a pair of streams.
public final class StdioWire extends Wire {
    private final OutputStream toServer;
    private final Thread reader;

    public StdioWire(OutputStream toServer, InputStream fromServer) {
        this.toServer = toServer;
        this.reader = Thread.ofPlatform().daemon().start(() -> read(fromServer));
    }

    private void read(InputStream fromServer) {
        try (var lines =
                new BufferedReader(new InputStreamReader(fromServer, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                arrived(TestTools.parse(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void send(byte[] message) {
        write(message);
        write(new byte[] {'\n'});
    }

    /// Writes bytes as they are.
    public synchronized void write(byte[] bytes) {
        try {
            toServer.write(bytes);
            toServer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends the server's input.
    @Override
    public void close() {
        try {
            toServer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until the server has ended its output.
    public void awaitEnd() throws InterruptedException {
        reader.join();
    }
}
