package assay.server.http;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// What a client sees of an error that Jetty found: one sentence, nothing about our insides.
final class Errors implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var status = response.getStatus();
        var message =
                status == HttpStatus.NOT_FOUND_404
                        ? "There is nothing at this path. MCP is served at /mcp and /~{tenant}/mcp."
                        : HttpStatus.getMessage(status) + ".";
        Answers.refuse(status, message, response, callback);
        return true;
    }
}
