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
    private final Map<String, Unit> leased = new HashMap<>();
    private boolean isExhausted;
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
        return refusing(text, reason, Optional.empty());
    }

    /// Refuses the record of a text for a field of it.
    ListLoop refusing(String text, Reason reason, String field) {
        return refusing(text, reason, Optional.of(field));
    }

    private ListLoop refusing(String text, Reason reason, Optional<String> field) {
        var refusal = new Refused(reason, "It is " + reason.wireName() + ".", "Leave it.");
        refusals.put(text, field.map(refusal::field).orElse(refusal));
        return this;
    }

    /// Has a budget for one unit at a time: leasing is refused while one is out, and at the end.
    ListLoop withBudgetForOne() {
        isExhausted = true;
        return this;
    }

    @Override
    public synchronized Batch lease(Unit.Purpose purpose, int n, Duration ttl) {
        if (isExhausted && (open > 0 || queue(purpose).isEmpty())) {
            throw new Refused(Reason.BUDGET_EXHAUSTED, "The budget is used up.", "Conclude.");
        }
        var unit = queue(purpose).poll();
        if (unit != null) {
            leased.put(unit.lease(), unit);
        }
        open += unit == null ? 0 : 1;
        return new Batch(
                unit == null ? List.of() : List.of(unit),
                queue(purpose).size(),
                open,
                unit == null ? "Every unit is recorded." : "One is leased.");
    }

    @Override
    public synchronized String record(String lease, ObjectNode outcome) {
        var refusal = refusals.get(lease);
        if (refusal != null && !outcome.has("error")) {
            open -= refusal.reason() == Reason.LEASE_EXPIRED ? 1 : 0;
            throw refusal;
        }
        open--;
        var unit = Objects.requireNonNull(leased.get(lease));
        if (unit.purpose() == Unit.Purpose.JUDGE && outcome.has("error")) {
            queue(unit.purpose()).add(unit);
        }
        recorded.put(lease, outcome.deepCopy());
        return lease;
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
