package assay.server.http;

import assay.server.mcp.Json;
import assay.server.mcp.Refusal;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.node.ObjectNode;

/// The ways to end a response at once.
final class Answers {
    private static final HttpField JSON =
            new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json");

    private Answers() {}

    static void json(int status, ObjectNode body, Response response, Callback callback) {
        sayWhenItCloses(response);
        var bytes = Json.bytes(body);
        response.setStatus(status);
        response.getHeaders().put(JSON);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        response.write(true, ByteBuffer.wrap(bytes), callback);
    }

    /// A JSON-RPC error that belongs to no request.
    static void refuse(int status, String message, Response response, Callback callback) {
        json(status, Refusal.invalidRequest(message).reply(), response, callback);
    }

    static void empty(int status, Response response, Callback callback) {
        sayWhenItCloses(response);
        response.setStatus(status);
        callback.succeeded();
    }

    /// A request that is answered before its body has come loses its connection. The client is told
    /// with `Connection: close`; it would send its next request into the closed one otherwise.
    private static void sayWhenItCloses(Response response) {
        if (!response.getRequest().consumeAvailable()) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
    }
}
