package assay.server.http;

import assay.server.mcp.Json;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// `/healthz`: the process answers. `/readyz`: it can serve, or why not.
final class Health extends Handler.Abstract {
    private final Supplier<Optional<String>> unready;

    Health(Supplier<Optional<String>> unready) {
        this.unready = unready;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var path = Request.getPathInContext(request);
        var readiness = path.equals("/readyz");
        if (!readiness && !path.equals("/healthz")) {
            return false;
        }
        var why = readiness ? unready.get() : Optional.<String>empty();
        if (why.isEmpty()) {
            Answers.json(HttpStatus.OK_200, Json.object().put("status", "ok"), response, callback);
        } else {
            Answers.json(
                    HttpStatus.SERVICE_UNAVAILABLE_503,
                    Json.object().put("status", "unready").put("reason", why.get()),
                    response,
                    callback);
        }
        return true;
    }
}
