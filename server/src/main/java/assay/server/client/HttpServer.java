package assay.server.client;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A server process that listens on a port of its own choice.
final class HttpServer implements AutoCloseable {
    private static final String ANNOUNCEMENT = "listening on ";

    private final Process process;
    private final CompletableFuture<URI> address = new CompletableFuture<>();

    /// Starts the server.
    ///
    /// @param command the words that start it with `--port 0`
    HttpServer(List<String> command) throws IOException {
        process =
                new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        Thread.startVirtualThread(this::readErrors);
    }

    /// The address it says it listens on. Waits for it, as the first start may have to build.
    URI address() {
        return address.orTimeout(10, TimeUnit.MINUTES).join();
    }

    @Override
    public void close() {
        process.destroy();
    }

    private void readErrors() {
        var said = new StringBuilder();
        try (var errors = process.errorReader()) {
            for (var line = errors.readLine(); line != null; line = errors.readLine()) {
                if (line.startsWith(ANNOUNCEMENT)) {
                    address.complete(URI.create(line.substring(ANNOUNCEMENT.length()).strip()));
                } else if (!address.isDone()) {
                    said.append(line).append('\n');
                }
            }
        } catch (IOException | IllegalArgumentException failure) {
            address.completeExceptionally(failure);
        }
        var words = said.isEmpty() ? "the server has ended" : said.toString().strip();
        address.completeExceptionally(new IOException(words));
    }
}
