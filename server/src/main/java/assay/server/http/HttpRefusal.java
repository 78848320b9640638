package assay.server.http;

import java.io.Serial;

/// A request that is answered with an HTTP status and a sentence, because it never became a call.
final class HttpRefusal extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final int status;

    HttpRefusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
