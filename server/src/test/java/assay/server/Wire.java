package assay.server;

import static assay.server.TestTools.json;

import assay.server.mcp.Json;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The client's end of one connection: writes what it is told to, keeps every answer by its id.
public abstract class Wire implements AutoCloseable {
    private static final int HANG_GUARD_SECONDS = 60;

    private final Map<String, CompletableFuture<ObjectNode>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();

    /// The answers that came for an id that had one already.
    public final AtomicInteger duplicates = new AtomicInteger();

    /// Writes one message, which need not be one.
    public abstract void send(byte[] message);

    @Override
    public abstract void close();

    /// To be called for each message that arrives.
    protected final void arrived(ObjectNode message) {
        if (!message.has("method")
                && !answer(message.path("id").asString("null")).complete(message)) {
            duplicates.incrementAndGet();
        }
    }

    private CompletableFuture<ObjectNode> answer(String id) {
        return answers.computeIfAbsent(id, _ -> new CompletableFuture<>());
    }

    /// The answer with this id, now or later; the id `null` stands for an error that names none.
    public final ObjectNode await(String id) {
        try {
            return answer(id).get(HANG_GUARD_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer to " + id + "; there are " + answers, e);
        }
    }

    /// The answer with this id, if it has come.
    public final @Nullable ObjectNode answered(String id) {
        return answer(id).getNow(null);
    }

    /// Sends a request.
    ///
    /// @return its id
    public final String request(String method, ObjectNode params) {
        var id = "r" + ids.incrementAndGet();
        send(Json.bytes(message(method, params).put("id", id)));
        return id;
    }

    /// Sends a request without parameters and waits for its answer.
    public final ObjectNode ask(String method) {
        return ask(method, "{}");
    }

    /// Sends a request and waits for its answer.
    public final ObjectNode ask(String method, String params) {
        return await(request(method, json(params)));
    }

    /// Sends a notification.
    public final void tell(String method, ObjectNode params) {
        send(Json.bytes(message(method, params)));
    }

    private static ObjectNode message(String method, ObjectNode params) {
        return Json.object().put("jsonrpc", "2.0").put("method", method).set("params", params);
    }

    /// Opens a session.
    public final Wire initialized() {
        ask(
                "initialize",
                "{'protocolVersion': '2025-11-25', 'capabilities': {}, 'clientInfo': {'name': 't', 'version': '1'}}");
        tell("notifications/initialized", Json.object());
        return this;
    }

    /// Parameters that carry the envelope of the stateless era.
    public static ObjectNode stateless(String params) {
        var all = json(params);
        all.set(
                "_meta",
                json(
                        "{'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {}}"));
        return all;
    }
}
