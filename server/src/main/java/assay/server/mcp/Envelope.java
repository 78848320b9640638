package assay.server.mcp;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What is known about the client of one request: its era, what it can do, which log messages it
/// wants. In the stateless era the request says so itself, in `_meta`.
///
/// @param logLevel the lowest level the client wants to see; null when it wants no log messages
public record Envelope(Era era, ObjectNode capabilities, @Nullable String logLevel) {
    private static final String PREFIX = "io.modelcontextprotocol/";

    /// The member of `_meta` that names the protocol version.
    public static final String VERSION = PREFIX + "protocolVersion";

    static final String CAPABILITIES = PREFIX + "clientCapabilities";
    static final String LOG_LEVEL = PREFIX + "logLevel";
    static final String SERVER = PREFIX + "serverInfo";
    static final String SUBSCRIPTION = PREFIX + "subscriptionId";

    /// True for a request that must carry its own envelope.
    public static boolean isStateless(Message.Request request) {
        var meta = request.params().get("_meta");
        return (meta != null && meta.has(VERSION))
                || request.method().equals("server/discover")
                || request.method().equals("subscriptions/listen");
    }

    /// The envelope that a request of the stateless era carries.
    ///
    /// @throws Refusal if it carries none, or one of a version that is not served
    public static Envelope stateless(Message.Request request) {
        var meta = request.params().path("_meta");
        var version = Json.text(meta, VERSION);
        if (version == null) {
            throw missing(VERSION, "a string").about(request.id());
        }
        if (!Era.STATELESS.versions().contains(version)) {
            throw Refusal.unsupportedVersion(version).about(request.id());
        }
        if (!(meta.get(CAPABILITIES) instanceof ObjectNode capabilities)) {
            throw missing(CAPABILITIES, "an object").about(request.id());
        }
        return new Envelope(Era.STATELESS, capabilities, Json.text(meta, LOG_LEVEL));
    }

    /// The envelope of a request in a session, from what the handshake said.
    ///
    /// @throws Refusal if there was no handshake yet and the request needs one
    public static Envelope handshake(Message.Request request, Peer peer) {
        if (!peer.introduced()
                && !request.method().equals("initialize")
                && !request.method().equals("ping")) {
            throw Refusal.invalidRequest(
                            "There was no handshake yet. Send initialize before "
                                    + request.method()
                                    + ".")
                    .about(request.id());
        }
        return new Envelope(Era.HANDSHAKE, peer.capabilities(), peer.logLevel());
    }

    private static Refusal missing(String name, String what) {
        return Refusal.invalidParams("params._meta needs '" + name + "', " + what + ".");
    }
}
