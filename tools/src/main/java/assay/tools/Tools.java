package assay.tools;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The whole surface. Every transport ends here, so a rule kept here is kept everywhere.
public final class Tools {
    private final SequencedMap<String, Tool> byName = new LinkedHashMap<>();
    private final AtomicLong answered = new AtomicLong();

    public Tools(List<Tool> tools) {
        tools.forEach(tool -> byName.put(tool.name(), tool));
    }

    /// The tools in the order in which agents see them.
    public List<Tool> all() {
        return List.copyOf(byName.values());
    }

    /// How many calls have been answered so far.
    public long answered() {
        return answered.get();
    }

    /// Calls one tool on behalf of [assay.domain.Caller#CURRENT]. A fault is a reply too; only an
    /// [Error] of the JVM is thrown.
    public Reply call(String name, ObjectNode arguments) {
        var tool = byName.get(name);
        try {
            return tool == null ? unknown(name) : answer(tool, arguments);
        } finally {
            answered.incrementAndGet();
        }
    }

    private static Reply answer(Tool tool, ObjectNode arguments) {
        try {
            return new Reply.Done(tool.call(arguments));
        } catch (Failed failed) {
            return new Reply.Not(failed.value());
        } catch (Refused refused) {
            return new Reply.Not(tool.failure(refused));
        } catch (RuntimeException fault) {
            return new Reply.Not(tool.failure(Incident.of(tool.name(), fault)));
        }
    }

    private Reply unknown(String name) {
        var refused =
                new Refused(
                        Reason.INVALID_REQUEST,
                        "There is no tool %s.".formatted(Quoted.of(name)),
                        Nearest.hint(name, byName.keySet())
                                + "Call one of: %s.".formatted(String.join(", ", byName.keySet())));
        return new Reply.Not(JsonNodeFactory.instance.objectNode().set("error", refused.toJson()));
    }
}
