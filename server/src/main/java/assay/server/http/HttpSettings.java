package assay.server.http;

import assay.domain.Caller;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// How the HTTP server is set up.
///
/// @param host a loopback address or name
/// @param port 0 for any free one
/// @param caller on whose behalf calls happen; a tenant in the path replaces the caller's own
/// @param sessions the most sessions kept at a time
/// @param sessionIdle how long a session is kept that nobody uses
/// @param unready why the server cannot serve now, asked for each `/readyz`; empty when it can
public record HttpSettings(
        String host,
        int port,
        Caller caller,
        int sessions,
        Duration sessionIdle,
        Supplier<Optional<String>> unready) {

    /// The usual: up to 1,000 sessions, each kept for an hour after its last use, always ready.
    public static HttpSettings of(String host, int port, Caller caller) {
        return new HttpSettings(host, port, caller, 1000, Duration.ofHours(1), Optional::empty);
    }

    /// The same with another answer to `/readyz`.
    public HttpSettings withUnready(Supplier<Optional<String>> unready) {
        return new HttpSettings(host, port, caller, sessions, sessionIdle, unready);
    }

    /// The same with other bounds for sessions.
    public HttpSettings withSessions(int most, Duration idle) {
        return new HttpSettings(host, port, caller, most, idle, unready);
    }
}
