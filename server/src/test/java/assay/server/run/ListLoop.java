package assay.server.run;

import assay.domain.Reason;
import assay.domain.Refused;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A loop over a list of texts, kept in memory; those that begin with `judge ` are judgements.
final class ListLoop implements Loop {
    private final Map<Unit.Purpose, Queue<Unit>> waiting = new HashMap<>();
    private final SequencedMap<String, ObjectNode> recorded = new LinkedHashMap<>();
    private final Map<String, Refused> refusals = new HashMap<>();
    private int open;

    ListLoop(List<String> texts) {
        for (var purpose : Unit.Purpose.values()) {
            waiting.put(purpose, new ArrayDeque<>());
        }
        for (var text : texts) {
            var purpose = text.startsWith("judge ") ? Unit.Purpose.JUDGE : Unit.Purpose.RUN;
            queue(purpose)
                    .add(
                            new Unit(
                                    text,
                                    purpose,
                                    Optional.of("small-1"),
                                    messages(text),
                                    JsonNodeFactory.instance.objectNode()));
        }
    }

    private Queue<Unit> queue(Unit.Purpose purpose) {
        return Objects.requireNonNull(waiting.get(purpose));
    }

    private static JsonNode messages(String text) {
        return JsonMapper.shared()
                .readTree(
                        "[{\"role\": \"system\", \"content\": \"Be brief.\"}, {\"role\": \"user\", \"content\": \"%s\"}]"
                                .formatted(text));
    }

    /// Refuses the record of a text.
    ListLoop refusing(String text, Reason reason) {
        refusals.put(text, new Refused(reason, "It is " + reason.wireName() + ".", "Leave it."));
        return this;
    }

    @Override
    public synchronized Batch lease(Unit.Purpose purpose, int n, Duration ttl) {
        var unit = queue(purpose).poll();
        open += unit == null ? 0 : 1;
        return new Batch(
                unit == null ? List.of() : List.of(unit),
                queue(purpose).size(),
                open,
                unit == null ? "Every unit is recorded." : "One is leased.");
    }

    @Override
    public synchronized void record(String lease, ObjectNode outcome) {
        var refusal = refusals.get(lease);
        if (refusal != null && !outcome.has("error")) {
            open -= refusal.reason() == Reason.LEASE_EXPIRED ? 1 : 0;
            throw refusal;
        }
        open--;
        recorded.put(lease, outcome.deepCopy());
    }

    /// What was recorded, by text, without what differs from run to run.
    synchronized Map<String, String> recorded() {
        var all = new LinkedHashMap<String, String>();
        recorded.forEach((text, outcome) -> {
            if (outcome.path("metrics") instanceof ObjectNode metrics) {
                metrics.remove("latencyMs");
            }
            all.put(text, outcome.toString().replace('"', '\''));
        });
        return all;
    }
}
