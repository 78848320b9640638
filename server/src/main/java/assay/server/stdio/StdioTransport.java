package assay.server.stdio;

import assay.domain.Caller;
import assay.server.mcp.Call;
import assay.server.mcp.Channel;
import assay.server.mcp.Dispatcher;
import assay.server.mcp.Envelope;
import assay.server.mcp.Json;
import assay.server.mcp.Message;
import assay.server.mcp.Peer;
import assay.server.mcp.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/// MCP over a pair of streams: one message a line, each call on its own virtual thread.
public final class StdioTransport {
    /// The longest message that is read, in bytes.
    public static final int LONGEST_MESSAGE = 16 * 1024 * 1024;

    private static final Duration LAST_CHANCE = Duration.ofSeconds(1);

    private final Dispatcher dispatcher;
    private final Lines in;
    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();
    private final Channel channel = this::send;
    private final Peer peer;
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

    /// @param caller on whose behalf everything on these streams happens
    /// @param out belongs to this transport alone: a stray byte from anybody else corrupts it
    public StdioTransport(Dispatcher dispatcher, Caller caller, InputStream in, OutputStream out) {
        this.dispatcher = dispatcher;
        this.in = new Lines(in, LONGEST_MESSAGE);
        this.out = out;
        this.peer = new Peer(caller, channel);
    }

    /// Serves until the input ends and the calls that run then have been answered.
    public void serve() throws IOException {
        try (calls) {
            while (true) {
                try {
                    var line = in.next();
                    if (line == null) {
                        break;
                    }
                    if (!isBlank(line)) {
                        accept(Message.read(line));
                    }
                } catch (Lines.TooLong e) {
                    send(
                            Refusal.parse("A message may be " + LONGEST_MESSAGE + " bytes long.")
                                    .reply());
                } catch (Refusal refusal) {
                    send(refusal.reply());
                }
            }
            peer.hangUp();
        }
    }

    /// Takes no more calls, waits until those that run have been answered, and interrupts what is
    /// left after `grace`. For another thread than the serving one, such as a shutdown hook.
    public void stop(Duration grace) {
        calls.shutdown();
        peer.hangUp();
        if (!ended(grace)) {
            peer.cancelAll();
            ended(LAST_CHANCE);
        }
    }

    private boolean ended(Duration patience) {
        try {
            return calls.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // A switch over the types would be shorter to read and longer to start.
    private void accept(Message message) {
        if (message instanceof Message.Request request) {
            accept(request);
        } else if (message instanceof Message.Notification notification) {
            dispatcher.accept(peer, notification);
        } else if (message instanceof Message.Response response) {
            peer.answered(response);
        }
    }

    private void accept(Message.Request request) {
        var envelope =
                Envelope.isStateless(request)
                        ? Envelope.stateless(request)
                        : Envelope.handshake(request, peer);
        var call = dispatcher.open(peer, request, envelope, channel);
        if (request.method().equals("initialize")) {
            // What comes next on the stream relies on it.
            answer(call);
            return;
        }
        try {
            calls.execute(() -> answer(call));
        } catch (RejectedExecutionException e) {
            dispatcher.drop(call);
            throw Refusal.busy("This server is stopping. Send this to the next one.")
                    .about(request.id());
        }
    }

    private void answer(Call call) {
        var reply = dispatcher.run(call);
        if (reply != null) {
            send(reply);
        }
    }

    private boolean send(ObjectNode message) {
        var line = new ByteArrayOutputStream(1024);
        Json.write(message, line);
        line.write('\n');
        writing.lock();
        try {
            line.writeTo(out);
            out.flush();
            return true;
        } catch (IOException e) {
            // Nobody reads any more. The end of the input will say so too; nothing is worth
            // running.
            peer.cancelAll();
            return false;
        } finally {
            writing.unlock();
        }
    }

    private static boolean isBlank(byte[] line) {
        for (var b : line) {
            if (b != ' ' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return true;
    }
}
