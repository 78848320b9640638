package assay.server.http;

import assay.server.mcp.Refusal;
import java.io.Serial;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A request that is answered with an HTTP status and a sentence, because it never became a call.
final class HttpRefusal extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final int status;
    private transient @Nullable JsonNode id;

    HttpRefusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /// Says which request is refused.
    HttpRefusal about(JsonNode id) {
        this.id = id;
        return this;
    }

    int status() {
        return status;
    }

    ObjectNode reply() {
        return Refusal.invalidRequest(String.valueOf(getMessage())).about(id).reply();
    }
}
