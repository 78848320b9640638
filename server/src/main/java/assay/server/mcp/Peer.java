package assay.server.mcp;

import assay.domain.Caller;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The other side of a connection or session: what it told us, what it waits for, what we wait for.
public final class Peer {
    private final Caller caller;
    private final Channel channel;
    private final Map<JsonNode, Call> running = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Message.Response>> questions =
            new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();
    private final Set<String> watched = ConcurrentHashMap.newKeySet();
    private volatile ObjectNode capabilities = Json.object();
    private volatile boolean introduced;
    private volatile String logLevel = "info";
    private @Nullable Runnable stopListening;
    private boolean gone;

    /// @param caller on whose behalf this side calls
    /// @param channel for messages that belong to no request
    public Peer(Caller caller, Channel channel) {
        this.caller = caller;
        this.channel = channel;
    }

    /// On whose behalf this side calls.
    public Caller caller() {
        return caller;
    }

    /// The handshake is done.
    void introduce(ObjectNode capabilities) {
        this.capabilities = capabilities;
        introduced = true;
    }

    /// True once there was a handshake.
    public boolean introduced() {
        return introduced;
    }

    ObjectNode capabilities() {
        return capabilities;
    }

    String logLevel() {
        return logLevel;
    }

    void logLevel(String level) {
        logLevel = level;
    }

    /// The addresses of the resources whose changes this side wants to hear about.
    Set<String> watched() {
        return watched;
    }

    /// For messages that belong to no request.
    Channel channel() {
        return channel;
    }

    /// Keeps what ends the delivery of changes for when this side is gone.
    synchronized void listening(Runnable stop) {
        if (gone) {
            stop.run();
        } else {
            stopListening = stop;
        }
    }

    void begin(Call call, int most) {
        if (running.size() >= most) {
            throw Refusal.busy(
                            "This client has "
                                    + most
                                    + " calls in flight. Wait for an answer, then send this again.")
                    .about(call.id());
        }
        if (running.putIfAbsent(call.id(), call) != null) {
            throw Refusal.invalidRequest("The id is in use by a running request.").about(call.id());
        }
    }

    void end(Call call) {
        running.remove(call.id(), call);
    }

    /// True while a call of this side runs.
    public boolean busy() {
        return !running.isEmpty();
    }

    @Nullable Call running(JsonNode id) {
        return running.get(id);
    }

    /// Interrupts every call of this side.
    public void cancelAll() {
        for (var call : running.values()) {
            call.cancel();
        }
    }

    /// Sends the client a request and waits for its answer.
    JsonNode ask(Channel out, Question question) throws InterruptedException {
        var id = "ask-" + asked.incrementAndGet();
        var answer = new CompletableFuture<Message.Response>();
        questions.put(id, answer);
        try {
            if (isGone() || !out.send(Message.request(id, question.method(), question.params()))) {
                throw unreachable(question);
            }
            var result = answer.get().result();
            if (result == null) {
                throw Refusal.invalidParams("The client refused " + question.method() + ".");
            }
            return result;
        } catch (ExecutionException e) {
            throw unreachable(question);
        } finally {
            questions.remove(id);
        }
    }

    private static Refusal unreachable(Question question) {
        return Refusal.invalidRequest(
                "The client cannot be asked (" + question.method() + "): it does not listen.");
    }

    /// Takes the client's answer to a question of ours.
    public void answered(Message.Response response) {
        var question = questions.get(response.id());
        if (question != null) {
            question.complete(response);
        }
    }

    /// Nothing more will come from this side: its questions fail and its subscriptions end; its
    /// other calls go on.
    public synchronized void hangUp() {
        gone = true;
        notifyAll();
        for (var question : questions.values()) {
            question.completeExceptionally(new IllegalStateException("the client is gone"));
        }
        if (stopListening != null) {
            stopListening.run();
            stopListening = null;
        }
    }

    private synchronized boolean isGone() {
        return gone;
    }

    /// Waits until this side has hung up.
    synchronized void awaitGone() throws InterruptedException {
        while (!gone) {
            wait();
        }
    }
}
