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
        response.setStatus(status);
        callback.succeeded();
    }
}
