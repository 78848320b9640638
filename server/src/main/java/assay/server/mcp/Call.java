package assay.server.mcp;

import assay.domain.Caller;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One running request, and all that its handler may do besides returning a result.
public final class Call {
    static final List<String> LEVELS =
            List.of(
                    "debug",
                    "info",
                    "notice",
                    "warning",
                    "error",
                    "critical",
                    "alert",
                    "emergency");

    private final Message.Request request;
    private final Envelope envelope;
    private final Peer peer;
    private final Channel out;
    private final long since = System.nanoTime();
    private @Nullable Thread thread;
    private boolean cancelled;
    private boolean overdue;

    Call(Message.Request request, Envelope envelope, Peer peer, Channel out) {
        this.request = request;
        this.envelope = envelope;
        this.peer = peer;
        this.out = out;
    }

    String method() {
        return request.method();
    }

    JsonNode id() {
        return request.id();
    }

    Peer peer() {
        return peer;
    }

    Channel out() {
        return out;
    }

    Era era() {
        return envelope.era();
    }

    /// Who calls.
    public Caller caller() {
        return peer.caller();
    }

    /// The request's `params`, an empty object when it has none.
    public ObjectNode params() {
        return request.params();
    }

    /// A parameter that must be there.
    ///
    /// @throws Refusal if it is not a string
    public String text(String name) {
        var value = Json.text(params(), name);
        if (value == null) {
            throw Refusal.invalidParams("params." + name + " must be a string.");
        }
        return value;
    }

    /// Tells a client that asked for it how far the call has come.
    public void progress(double done, double total) {
        var token = params().path("_meta").get("progressToken");
        if (token != null) {
            var about = Json.object();
            about.set("progressToken", token);
            about.put("progress", done).put("total", total);
            out.send(Message.notification("notifications/progress", about));
        }
    }

    /// Sends a log message to a client that wants this level.
    ///
    /// @param level one of debug, info, notice, warning, error, critical, alert, emergency
    public void log(String level, String text) {
        var wanted = envelope.logLevel();
        if (wanted != null && LEVELS.indexOf(level) >= LEVELS.indexOf(wanted)) {
            out.send(
                    Message.notification(
                            "notifications/message",
                            Json.object().put("level", level).put("data", text)));
        }
    }

    /// True if the client has declared this capability.
    public boolean can(String capability) {
        return envelope.capabilities().has(capability);
    }

    /// Makes sure that the client can do something.
    ///
    /// @throws Refusal if the client has not declared this capability
    public void require(String capability) {
        if (!can(capability)) {
            throw Refusal.missingCapability(capability);
        }
    }

    /// The client's answer to one question, as [#ask(Map)].
    public JsonNode ask(String key, Question question) throws InterruptedException {
        return ask(Map.of(key, question)).values().iterator().next();
    }

    /// The client's answers, by the keys of the questions. In the handshake era this waits for
    /// them. In the stateless era it ends the call, and the handler runs again from its start when
    /// the client comes back with the answers; so a handler asks before it writes.
    ///
    /// @throws Refusal if the client has not declared that it can answer
    public Map<String, JsonNode> ask(Map<String, Question> questions) throws InterruptedException {
        questions.values().forEach(question -> require(question.capability()));
        var answers = new LinkedHashMap<String, JsonNode>();
        if (era() == Era.HANDSHAKE) {
            for (var entry : questions.entrySet()) {
                answers.put(entry.getKey(), peer.ask(out, entry.getValue()));
            }
            return answers;
        }
        var known = knownAnswers();
        var open = new LinkedHashMap<>(questions);
        for (var key : questions.keySet()) {
            var answer = known.get(key);
            if (answer != null) {
                answers.put(key, answer);
                open.remove(key);
            }
        }
        if (!open.isEmpty()) {
            throw new InputRequired(open, RequestState.write(request, known));
        }
        return answers;
    }

    private ObjectNode knownAnswers() {
        var state = Json.text(params(), "requestState");
        var known = state == null ? Json.object() : RequestState.read(request, state);
        var responses = params().get("inputResponses");
        if (responses == null) {
            return known;
        }
        if (!(responses instanceof ObjectNode given)
                || !given.valueStream().allMatch(JsonNode::isObject)) {
            throw Refusal.invalidParams("inputResponses must be an object of objects.");
        }
        return known.setAll(given);
    }

    /// From here on a cancellation interrupts this thread.
    synchronized void start() throws InterruptedException {
        if (cancelled || overdue) {
            throw new InterruptedException();
        }
        thread = Thread.currentThread();
    }

    /// The client does not want the answer any more.
    ///
    /// @return true if no thread works on it, nor will from now on
    synchronized boolean cancel() {
        cancelled = true;
        interrupt();
        return thread == null;
    }

    synchronized void expireIfOlder(long nanos, long now) {
        // A subscription is meant to stay open.
        if (now - since > nanos && !overdue && !method().equals("subscriptions/listen")) {
            overdue = true;
            interrupt();
        }
    }

    private void interrupt() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    /// After this no interrupt comes any more, and none is left pending on the thread.
    synchronized void finish() {
        thread = null;
        Thread.interrupted();
    }

    synchronized boolean cancelled() {
        return cancelled;
    }

    synchronized boolean overdue() {
        return overdue;
    }
}
