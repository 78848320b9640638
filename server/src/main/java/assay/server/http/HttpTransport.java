package assay.server.http;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.server.mcp.Dispatcher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// A running HTTP server: MCP at `/mcp` and `/~{tenant}/mcp`, `/healthz`, `/readyz`.
public final class HttpTransport {
    private static final Duration CONNECTION_IDLE = Duration.ofMinutes(2);
    private static final Duration LAST_CHANCE = Duration.ofSeconds(1);

    private final Server server;
    private final ServerConnector connector;
    private final Endpoint endpoint;
    private final Sessions sessions;
    private final Pulse pulse;

    private HttpTransport(Dispatcher dispatcher, HttpSettings settings) {
        sessions = new Sessions(settings.sessions(), settings.sessionIdle());
        pulse = new Pulse(sessions);
        endpoint = new Endpoint(dispatcher, settings.caller(), sessions, pulse);
        var threads = new QueuedThreadPool();
        threads.setName("assay-http");
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server = new Server(threads);
        var configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(CONNECTION_IDLE.toMillis());
        server.addConnector(connector);
        server.setErrorHandler(new Errors());
        server.setHandler(
                new Guard(
                        settings.host(),
                        new Handler.Sequence(new Health(settings.unready()), endpoint)));
    }

    /// Starts to serve.
    ///
    /// @throws Refused if the address is open to other machines, which needs authentication, or if
    ///   it cannot be bound
    public static HttpTransport start(Dispatcher dispatcher, HttpSettings settings) {
        refuseOpenAddress(settings.host());
        var transport = new HttpTransport(dispatcher, settings);
        try {
            transport.server.start();
        } catch (IOException e) {
            transport.stop(Duration.ZERO);
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "Port "
                            + settings.port()
                            + " of "
                            + settings.host()
                            + " cannot be used: "
                            + cause(e)
                            + ".",
                    "Choose another port, or 0 for any that is free.");
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server does not start", e);
        }
        transport.pulse.start();
        return transport;
    }

    private static void refuseOpenAddress(String host) {
        boolean loopback;
        try {
            loopback = InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "There is no host '" + host + "'.",
                    "Use 127.0.0.1 for this machine only.");
        }
        if (!loopback) {
            throw new Refused(
                    Reason.FORBIDDEN,
                    "Assay would be open to other machines on '"
                            + host
                            + "', and it has no authentication.",
                    "Use the host 127.0.0.1, and a proxy that authenticates in front of it.");
        }
    }

    private static String cause(Throwable e) {
        var deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage());
    }

    /// The port it is bound to.
    public int port() {
        return connector.getLocalPort();
    }

    /// Takes no more calls, waits until those that run have been answered, and interrupts what is
    /// left after `grace`.
    public void stop(Duration grace) {
        try {
            endpoint.turnAway();
            if (!pulse.awaitQuiet(grace)) {
                sessions.all().forEach(Session::close);
                pulse.open().forEach(Exchange::abandon);
                pulse.awaitQuiet(LAST_CHANCE);
            }
            pulse.stop();
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server does not stop", e);
        }
    }
}
