package assay.server.http;

import assay.server.mcp.Channel;
import assay.server.mcp.Json;
import assay.server.mcp.Peer;
import assay.server.mcp.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// The response to one request: plain JSON, unless something has to be said before the answer, or
/// the client reads nothing else. Then it is an event stream, and the answer is its last event.
///
/// To be made when the request's body has been read to its end.
final class Exchange extends Callback.Nested implements Channel {
    private static final byte[] SILENCE = ": \n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEFORE =
            "event: message\ndata: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AFTER = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final long LONGEST_SILENCE = Duration.ofSeconds(15).toNanos();

    private final Request request;
    private final Response response;
    private final Accept accept;
    private final Pulse pulse;
    private final @Nullable Peer owned;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch left = new CountDownLatch(1);
    private long lastWrite = System.nanoTime();
    private boolean streaming;
    private boolean ended;
    private boolean gone;

    /// @param owned who calls, if it is known by this request alone: then the client takes the call
    ///   back by closing the connection. Null when it has a session, which outlives connections.
    Exchange(
            Request request,
            Response response,
            Callback callback,
            Accept accept,
            Pulse pulse,
            @Nullable Peer owned) {
        super(callback);
        this.request = request;
        this.response = response;
        this.accept = accept;
        this.pulse = pulse;
        this.owned = owned;
        // A long call is not an idle connection.
        request.addIdleTimeoutListener(_ -> false);
        pulse.add(this);
    }

    @Override
    public void completed() {
        pulse.remove(this);
    }

    /// Makes the response an event stream, if it is none yet.
    @Override
    public boolean send(ObjectNode message) {
        return accept.stream() && write(event(message));
    }

    /// Stays an open stream until the client or the server leaves.
    void listen() throws InterruptedException {
        write(SILENCE);
        left.await();
        end(null, HttpStatus.OK_200);
    }

    /// Ends what would stay open without end: [#listen] and subscriptions.
    void leave() {
        left.countDown();
        if (owned != null) {
            owned.hangUp();
        }
    }

    /// Ends it all, because nobody waits for an answer any more.
    void abandon() {
        leave();
        if (owned != null) {
            owned.cancelAll();
        }
    }

    /// Answers.
    ///
    /// @param answer null when the client does not want it any more
    /// @param status for an answer in plain JSON
    void end(@Nullable ObjectNode answer, int status) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            if (!streaming && !accept.json() && answer != null) {
                write(event(answer));
                end(null, status);
                return;
            }
            ended = true;
            try {
                finish(answer, status);
            } catch (JacksonException | OutOfMemoryError unwritable) {
                finish(answer == null ? null : instead(answer), status);
            }
        } finally {
            lock.unlock();
        }
    }

    private void finish(@Nullable ObjectNode answer, int status) {
        if (streaming) {
            response.write(true, answer == null ? null : ByteBuffer.wrap(event(answer)), this);
        } else if (answer == null) {
            Answers.empty(HttpStatus.ACCEPTED_202, response, this);
        } else {
            Answers.json(status, answer, response, this);
        }
    }

    /// What is said instead of an answer that cannot be written, or for which there is no memory.
    private static ObjectNode instead(ObjectNode answer) {
        return Refusal.internal().about(answer.path("id")).reply();
    }

    /// Looks whether the client is still there. Never blocks.
    void check() {
        if (!lock.tryLock()) {
            return;
        }
        var silent = false;
        try {
            if (ended || gone) {
                return;
            }
            gone = isClosed();
            silent = streaming && System.nanoTime() - lastWrite > LONGEST_SILENCE;
        } catch (IOException e) {
            gone = true;
        } finally {
            lock.unlock();
        }
        if (gone) {
            abandon();
        } else if (silent) {
            // So that nobody between us and the client takes the stream for dead. It may block.
            Thread.startVirtualThread(() -> write(SILENCE));
        }
    }

    /// Reads ahead: the body has been read, so there is nothing to come but the end of the
    /// connection, or the next request of a client that does not wait.
    private boolean isClosed() throws IOException {
        var connection = request.getConnectionMetaData().getConnection();
        if (!(connection instanceof Connection.UpgradeTo reader)) {
            return false;
        }
        var next = BufferUtil.allocate(512);
        var read = connection.getEndPoint().fill(next);
        if (read > 0) {
            reader.onUpgradeTo(next);
        }
        return read < 0;
    }

    private boolean write(byte[] bytes) {
        lock.lock();
        try {
            if (ended || gone) {
                return false;
            }
            if (!streaming) {
                streaming = true;
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
                response.getHeaders().put("X-Accel-Buffering", "no");
            }
            var written = new Callback.Completable();
            response.write(false, ByteBuffer.wrap(bytes), written);
            // Not interruptible: a cancelled call must not tear a stream that others use.
            written.join();
            lastWrite = System.nanoTime();
            return true;
        } catch (CompletionException e) {
            ended = true;
            failed(e);
            abandon();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private static byte[] event(ObjectNode message) {
        var event = new ByteArrayOutputStream(1024);
        event.writeBytes(BEFORE);
        Json.write(message, event);
        event.writeBytes(AFTER);
        return event.toByteArray();
    }
}
