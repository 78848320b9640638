package assay.domain.loop;

import assay.domain.JsonTree;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Leased;
import assay.domain.noun.Json;
import assay.domain.prompt.JudgeKind;
import assay.domain.prompt.Judges;
import assay.domain.store.Items;
import assay.domain.store.Leases;
import assay.domain.store.StoredObject;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The judge of an experiment.
final class Umpire {
    private final Judges judges;
    private final StoredObject judge;
    private final JudgeKind kind;

    private Umpire(Judges judges, StoredObject judge) {
        this.judges = judges;
        this.judge = judge;
        this.kind = JudgeKind.of(judge.document().path("kind").asString(""));
    }

    /// The judge of an experiment, if it names one.
    static Optional<Umpire> of(Desk desk, Leased leased) {
        var judges = new Judges(desk.scope(), desk.code());
        return leased.judge().map(id -> new Umpire(judges, judges.require(id)));
    }

    /// True when Assay scores itself.
    boolean isOurs() {
        return !isModel() && kind != JudgeKind.HUMAN;
    }

    boolean isModel() {
        return kind == JudgeKind.MODEL || kind == JudgeKind.PAIRWISE_MODEL;
    }

    boolean isOfPairs() {
        return kind == JudgeKind.PAIRWISE_MODEL;
    }

    String id() {
        return judge.id();
    }

    /// What a judgement is recorded with.
    String says() {
        return switch (kind) {
            case PAIRWISE_MODEL -> "answer";
            case HUMAN -> "score";
            default -> "answer";
        };
    }

    /// What Assay says of an output: `{score, pass, why}`.
    JsonNode score(JsonNode output, Items.Item item) {
        var judged = judged(item);
        judged.set("output", output);
        return judges.score(judge.id(), judged);
    }

    private static ObjectNode judged(Items.Item item) {
        var json = Json.object();
        json.set("input", item.input());
        item.expected().ifPresent(expected -> json.set("expected", expected));
        return json;
    }

    /// What somebody is to be asked: the messages for a model, the output for a person.
    ///
    /// @param other the unit of the control, where two outputs are judged against each other
    ObjectNode question(Leases.Unit unit, Items.Item item, Optional<Leases.Unit> other) {
        if (!isModel()) {
            var json = Json.object();
            json.set("output", output(unit));
            judge.document().optional("scale").ifPresent(scale -> json.set("scale", scale));
            return json;
        }
        var prompt = judges.prompt(judge.id(), asked(unit, item, other));
        // The keys in the order shown would tell which output is whose.
        prompt.remove("shown");
        return prompt;
    }

    private ObjectNode asked(Leases.Unit unit, Items.Item item, Optional<Leases.Unit> other) {
        var json = judged(item);
        if (other.isEmpty()) {
            return json.set("output", output(unit));
        }
        var outputs = Json.object();
        outputs.set(unit.arm(), output(unit));
        outputs.set(other.get().arm(), output(other.get()));
        json.set("outputs", outputs);
        return json.put("item", unit.subject());
    }

    /// What somebody said, as a score: of two outputs that of the unit against the other.
    ///
    /// @param content `{answer | score | winner}`
    /// @return `{score, pass, why}`
    JsonNode verdict(
            ObjectNode content, Leases.Unit unit, Items.Item item, Optional<Leases.Unit> other) {
        var json = asked(unit, item, other);
        var word = word(content);
        json.set(kind == JudgeKind.HUMAN ? "label" : "answer", word);
        return judges.score(judge.id(), json);
    }

    private JsonNode word(ObjectNode content) {
        var members =
                switch (kind) {
                    case PAIRWISE_MODEL -> List.of("answer", "winner");
                    case HUMAN -> List.of("score");
                    default -> List.of("answer", "score");
                };
        var given = members.stream().filter(content::hasNonNull).toList();
        if (given.size() != 1) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "A judgement is recorded with one of: %s."
                                    .formatted(String.join(", ", members)),
                            switch (kind) {
                                case PAIRWISE_MODEL ->
                                        "Send {answer: '…'} with what the model said, or {winner: 'A'}, 'B' or 'tie'.";
                                case HUMAN ->
                                        "Send {score: …} with the number that the person gave.";
                                default ->
                                        "Send {answer: '…'} with what the model said, or {score: …} with its number.";
                            })
                    .field(members.getFirst());
        }
        var word = content.path(given.getFirst());
        return given.getFirst().equals("winner") ? Json.object().set("winner", word) : word;
    }

    private static JsonNode output(Leases.Unit unit) {
        return unit.output().map(JsonTree::read).orElse(Json.text(""));
    }
}
