package assay.server.mcp;

import tools.jackson.databind.node.ObjectNode;

/// Where messages to a client go. Safe for use by several threads, and by interrupted ones.
@FunctionalInterface
public interface Channel {
    /// A client that does not listen.
    Channel NOWHERE = _ -> false;

    /// Sends one message. A client that is gone is not an error.
    ///
    /// @return false if the message certainly does not reach the client
    boolean send(ObjectNode message);
}
