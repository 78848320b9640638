package assay.server.http;

import assay.server.TestTools;
import assay.server.Wire;
import assay.server.mcp.Envelope;
import assay.server.mcp.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// A client over HTTP: each message a POST of its own, all at once, on connections kept alive.
public final class HttpWire extends Wire {
    private final int port;
    private final Runnable end;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile @Nullable String session;

    HttpWire(HttpTransport server) {
        this(server.port(), () -> server.stop(Duration.ZERO));
    }

    /// @param end what ends the server
    public HttpWire(int port, Runnable end) {
        this.port = port;
        this.end = end;
    }

    /// Where the server listens.
    public int port() {
        return port;
    }

    @Override
    public void send(byte[] message) {
        var post = post(message);
        if (isRequest(message) && !isInitialize(message)) {
            Thread.startVirtualThread(() -> exchange(post));
        } else {
            exchange(post);
        }
    }

    private static boolean isRequest(byte[] message) {
        var tree = tree(message);
        return tree != null && tree.has("id");
    }

    private static boolean isInitialize(byte[] message) {
        var tree = tree(message);
        return tree != null && tree.path("method").asString("").equals("initialize");
    }

    private static @Nullable ObjectNode tree(byte[] message) {
        try {
            return TestTools.parse(new String(message, StandardCharsets.UTF_8));
        } catch (JacksonException | ClassCastException e) {
            return null;
        }
    }

    private HttpRequest post(byte[] message) {
        var post =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/mcp"))
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json, text/event-stream")
                        .POST(BodyPublishers.ofByteArray(message));
        var tree = tree(message);
        var version = tree == null ? null : Json.text(tree.at("/params/_meta"), Envelope.VERSION);
        if (tree != null && version != null) {
            post.header("MCP-Protocol-Version", version)
                    .header("Mcp-Method", tree.path("method").asString());
            var name = tree.path("params").has("name") ? "name" : "uri";
            var target = Json.text(tree.path("params"), name);
            if (target != null) {
                post.header("Mcp-Name", target);
            }
        } else if (session != null) {
            post.header("Mcp-Session-Id", session);
        }
        return post.build();
    }

    private void exchange(HttpRequest post) {
        try {
            take(client.send(post, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(HttpResponse<String> response) {
        response.headers().firstValue("Mcp-Session-Id").ifPresent(id -> session = id);
        if (response.headers()
                .firstValue("Content-Type")
                .orElse("")
                .startsWith("text/event-stream")) {
            response.body()
                    .lines()
                    .filter(line -> line.startsWith("data: "))
                    .forEach(line -> arrived(TestTools.parse(line.substring(6))));
        } else if (!response.body().isEmpty()) {
            arrived(TestTools.parse(response.body()));
        }
    }

    @Override
    public void close() {
        end.run();
        client.shutdownNow();
    }
}
