package assay.server.http;

import assay.domain.Caller;
import assay.server.mcp.Channel;
import assay.server.mcp.Peer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.node.ObjectNode;

/// One client of the handshake era, with the streams on which it listens.
final class Session implements Channel {
    private final Peer peer;
    private final List<Exchange> streams = new CopyOnWriteArrayList<>();
    private volatile long lastUsed = System.nanoTime();

    Session(Caller caller) {
        peer = new Peer(caller, this);
    }

    Peer peer() {
        return peer;
    }

    /// On the newest stream that is still there, and on no other.
    @Override
    public boolean send(ObjectNode message) {
        for (var stream : streams.reversed()) {
            if (stream.send(message)) {
                return true;
            }
        }
        return false;
    }

    void listen(Exchange stream) {
        streams.add(stream);
    }

    void unlisten(Exchange stream) {
        streams.remove(stream);
        touch();
    }

    void touch() {
        lastUsed = System.nanoTime();
    }

    /// True while a call runs or a stream is open.
    boolean isBusy() {
        return peer.busy() || !streams.isEmpty();
    }

    boolean isIdleFor(long nanos) {
        return !isBusy() && System.nanoTime() - lastUsed > nanos;
    }

    /// Interrupts its calls and ends its streams.
    void close() {
        peer.hangUp();
        peer.cancelAll();
        streams.forEach(Exchange::leave);
    }
}
