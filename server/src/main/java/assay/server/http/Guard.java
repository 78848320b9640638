package assay.server.http;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Refuses what a web page in a browser could send to a server on this machine (DNS rebinding).
final class Guard extends Handler.Wrapper {
    private final Set<String> hosts;

    /// @param host the one the server is bound to, allowed beside the names of this machine
    Guard(String host, Handler guarded) {
        super(guarded);
        var allowed = new HashSet<>(List.of("localhost", "127.0.0.1", "[::1]"));
        allowed.add(host);
        this.hosts = Set.copyOf(allowed);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var headers = request.getHeaders();
        if (!hostAllowed(headers.get(HttpHeader.HOST))) {
            Answers.refuse(
                    HttpStatus.MISDIRECTED_REQUEST_421,
                    "The Host header does not name this machine. Use localhost or 127.0.0.1.",
                    response,
                    callback);
            return true;
        }
        if (!originAllowed(headers.get(HttpHeader.ORIGIN))) {
            Answers.refuse(
                    HttpStatus.FORBIDDEN_403,
                    "Pages of this Origin may not call this server.",
                    response,
                    callback);
            return true;
        }
        return super.handle(request, response, callback);
    }

    private boolean hostAllowed(@Nullable String host) {
        return host != null && hosts.contains(withoutPort(host));
    }

    private boolean originAllowed(@Nullable String origin) {
        if (origin == null) {
            return true;
        }
        try {
            var host = URI.create(origin).getHost();
            return host != null && hosts.contains(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String withoutPort(String host) {
        var colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
