package assay.server;

import assay.domain.Caller;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.server.mcp.Json;
import assay.tools.Tool;
import assay.tools.Tools;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A surface of small tools, and a way to see what becomes of those that never end.
public final class TestTools {
    /// One permit for each call of `endless` that has begun.
    public final Semaphore begun = new Semaphore(0);

    /// One permit for each call of `slow` that has begun.
    public final Semaphore sleeping = new Semaphore(0);

    /// One permit for each call of `endless` that was interrupted.
    public final Semaphore interrupted = new Semaphore(0);

    /// The tools `echo`, `whoami`, `slow`, `endless`, `refuse` and `break`, in this order.
    public Tools tools() {
        return new Tools(
                List.of(
                        new Simple("echo", "{'text': {'type': 'string'}}", arguments -> arguments),
                        new Simple("whoami", "{}", _ -> whoami()),
                        new Simple("slow", "{'ms': {'type': 'integer'}}", this::slow),
                        new Simple("endless", "{}", _ -> endless()),
                        new Simple("refuse", "{}", _ -> refuse()),
                        new Simple("break", "{}", _ -> breakDown())));
    }

    /// Tools by the names of Assay's own, which answer what they were asked.
    public static Tools lookalikes() {
        return new Tools(
                List.of(
                        new Simple(
                                "search", "{'type': {'type': 'string'}}", arguments -> arguments),
                        new Simple("fetch", "{'type': {'type': 'string'}}", arguments -> arguments),
                        new Simple(
                                "do", "{'script': {'type': 'string'}}", arguments -> arguments)));
    }

    private record Simple(String name, ObjectNode definition, Body body) implements Tool {
        Simple(String name, String properties, Body body) {
            this(name, define(name, properties), body);
        }

        private static ObjectNode define(String name, String properties) {
            return json(
                    "{'name': '"
                            + name
                            + "', 'description': 'A test.', 'inputSchema': {'type': 'object', 'properties': "
                            + properties
                            + "}}");
        }

        @Override
        public ObjectNode call(ObjectNode arguments) {
            return body.call(arguments);
        }
    }

    @FunctionalInterface
    private interface Body {
        ObjectNode call(ObjectNode arguments);
    }

    /// The object that this JSON stands for.
    public static ObjectNode parse(String json) {
        return (ObjectNode) JsonMapper.shared().readTree(json);
    }

    /// The object that a literal with single quotes stands for.
    public static ObjectNode json(String literal) {
        return parse(literal.replace('\'', '"'));
    }

    private static ObjectNode whoami() {
        var caller = Caller.CURRENT.get();
        return Json.object()
                .put("tenant", caller.tenant())
                .put("actor", caller.actor())
                .put("readOnly", caller.readOnly());
    }

    private ObjectNode slow(ObjectNode arguments) {
        sleeping.release();
        try {
            Thread.sleep(arguments.path("ms").asInt());
            return Json.object().put("slept", true);
        } catch (InterruptedException e) {
            throw cancelled();
        }
    }

    private ObjectNode endless() {
        begun.release();
        while (!Thread.currentThread().isInterrupted()) {
            // Gives way, because a virtual thread that only computes would keep the others waiting.
            LockSupport.parkNanos(100_000);
        }
        interrupted.release();
        throw cancelled();
    }

    private static Refused cancelled() {
        return new Refused(
                Reason.CANCELLED,
                "The call was cancelled.",
                "Send it again if it is still wanted.");
    }

    private static ObjectNode refuse() {
        throw new Refused(
                Reason.UNKNOWN_ID, "There is no experiment 'x'.", "Call search to find its id.");
    }

    private static ObjectNode breakDown() {
        throw new IllegalStateException("secret");
    }
}
