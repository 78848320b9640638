package assay.server.http;

import assay.server.mcp.Envelope;
import assay.server.mcp.Json;
import assay.server.mcp.Message;
import assay.server.mcp.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/// The headers of the stateless era repeat the body, so that a gateway need not read it; they must
/// agree, or a gateway could be fooled.
final class RequestHeaders {
    static final String VERSION = "MCP-Protocol-Version";

    private static final String BASE64 = "=?base64?";

    private RequestHeaders() {}

    /// @throws Refusal naming the header that does not agree
    static void check(HttpFields headers, Message.Request request) {
        agree(
                headers,
                VERSION,
                Json.text(request.params().path("_meta"), Envelope.VERSION),
                request);
        agree(headers, "Mcp-Method", request.method(), request);
        agree(headers, "Mcp-Name", request.target(), request);
    }

    private static void agree(
            HttpFields headers, String header, @Nullable String body, Message.Request request) {
        if (body == null) {
            return;
        }
        var value = decoded(headers.get(header));
        if (!body.equals(value)) {
            var problem =
                    value == null
                            ? "Header " + header + " is missing"
                            : "Header " + header + " is '" + value + "'";
            throw Refusal.headerMismatch(problem + "; the body says '" + body + "'.")
                    .about(request.id());
        }
    }

    private static @Nullable String decoded(@Nullable String value) {
        if (value == null || !value.startsWith(BASE64) || !value.endsWith("?=")) {
            return value;
        }
        try {
            var encoded =
                    value.substring(BASE64.length(), Math.max(BASE64.length(), value.length() - 2));
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }
}
