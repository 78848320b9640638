package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.store.StoredObject;
import assay.stats.assignment.SeededHash;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Who gets which variant in one state of an experiment: a pure function of its document, the
/// subject, and what the subject got before. Safe for use by several threads.
///
/// A subject with an override gets that. One that was exposed before keeps its variant while
/// assignments are served; a new one is drawn while enrolment is open.
public final class Assignment {
    /// Those that were made last, by the id of the experiment. Nothing follows from one being here:
    /// it is used for the same document only.
    private static final Map<String, Assignment> PREPARED = new ConcurrentHashMap<>();

    private static final int MOST_PREPARED = 1_000;

    private final ObjectNode document;
    private final Optional<Design> design;
    private final Map<String, String> overrides;
    private final String status;
    private final String winner;
    private final String serve;
    private final long iteration;
    private final Optional<Instant> endAt;
    private final SeededHash hash;
    private final List<Range> ranges;
    private final Optional<SeededHash> layerHash;
    private final Map<String, JsonNode> values = new HashMap<>();
    private final List<Answer> drawn;
    private final List<Answer> asked;

    private Assignment(String id, ObjectNode document) {
        this.document = document;
        this.status = document.path("status").asString("");
        this.winner = document.path("winner").asString("");
        this.serve = document.path("serve").asString("assigned");
        this.iteration = document.path("iteration").asLong(1);
        this.endAt = IsoTime.parse(document.path("endAt").asString(""));
        this.overrides = Population.overrides(document);
        // A draft may be archived before it has a design.
        this.design =
                status.equals("Archived") ? Optional.empty() : Optional.of(Design.of(id, document));
        this.hash = new SeededHash(design.map(Design::seed).orElse(id));
        this.ranges = design.map(known -> known.cohort().ranges()).orElse(List.of());
        this.layerHash = design.flatMap(Design::layer).map(layer -> new SeededHash(layer.seed()));
        design.ifPresent(known -> known.arms().forEach(arm -> values.put(arm.key(), arm.value())));
        this.drawn = answers(true);
        this.asked = answers(false);
    }

    private List<Answer> answers(boolean expose) {
        return design.stream()
                .flatMap(known -> known.arms().stream())
                .map(arm -> new Answer(Optional.of(arm.key()), expose, expose, "drawn by hash"))
                .toList();
    }

    /// Reads an experiment that has been started, or was archived before.
    static Assignment of(StoredObject experiment) {
        return of(experiment.id(), experiment.document());
    }

    /// Reads the document of an experiment.
    ///
    /// @throws assay.domain.Refused if it has no design
    public static Assignment of(String id, ObjectNode document) {
        var known = PREPARED.get(id);
        if (known != null && known.document.equals(document)) {
            return known;
        }
        var made = new Assignment(id, document.deepCopy());
        if (PREPARED.size() >= MOST_PREPARED) {
            PREPARED.clear();
        }
        PREPARED.put(id, made);
        return made;
    }

    long iteration() {
        return iteration;
    }

    /// The design, which only an archived experiment lacks.
    Design design() {
        return design.orElseThrow();
    }

    Optional<String> holdout() {
        return design.flatMap(Design::holdout);
    }

    /// True when new subjects enter.
    boolean isOpen(Instant now) {
        return Set.of("Started", "Running").contains(status)
                && endAt.filter(end -> !now.isBefore(end)).isEmpty();
    }

    /// What one subject gets.
    ///
    /// @param key empty for nothing
    /// @param isFirst true when this is the subject's first exposure, which has to be kept
    /// @param exposed true when the subject is one that was exposed, now or before
    public record Answer(Optional<String> key, boolean isFirst, boolean exposed, String reason) {
        static Answer nothing(String reason) {
            return new Answer(Optional.empty(), false, false, reason);
        }

        private static Answer all(String key, String reason) {
            return new Answer(Optional.of(key), false, false, reason);
        }
    }

    /// What is known of a subject that asks.
    ///
    /// @param before the variant of its first exposure
    /// @param attributes an object, or nothing
    /// @param expose false when the subject is only asked about
    record Question(String subject, Optional<String> before, JsonNode attributes, boolean expose) {}

    /// Why a subject is held out of this experiment, asked only when nothing else decides before.
    @FunctionalInterface
    interface Holdout {
        /// For experiments that no holdout concerns.
        Holdout NONE = _ -> Optional.empty();

        Optional<String> holds(Question question);
    }

    Answer answer(Question question, Instant now, Holdout holdout) {
        return switch (status) {
            case "Started", "Running" ->
                    overridden(question).orElseGet(() -> entering(question, now, holdout));
            case "Concluded", "Completed" -> afterwards();
            case "Stopped" ->
                    serve.equals("assigned")
                            ? kept(question, "stopped: nobody new enters")
                            : Answer.nothing("stopped: nothing is served");
            case "Archived" -> Answer.nothing("archived: nothing is served");
            default ->
                    overridden(question)
                            .orElseGet(() -> kept(question, "paused: nobody new enters"));
        };
    }

    private Optional<Answer> overridden(Question question) {
        return overrides.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(overrides.get(question.subject()))
                        .map(key -> Answer.all(key, "override: not counted"));
    }

    private static Answer kept(Question question, String otherwise) {
        return question.before().isPresent()
                ? new Answer(question.before(), false, true, "assigned before")
                : Answer.nothing(otherwise);
    }

    private Answer entering(Question question, Instant now, Holdout holdout) {
        if (question.before().isPresent()) {
            return new Answer(question.before(), false, true, "assigned before");
        }
        if (!isOpen(now)) {
            return Answer.nothing("past endAt: nobody new enters");
        }
        var audience = design().audience();
        if (audience.isPresent()) {
            var why = audience.get().misses(question.attributes());
            if (why.isPresent()) {
                return Answer.nothing("outside the audience: " + why.get());
            }
        }
        // Only who would enter is held out: that keeps those who are comparable with those who
        // enter.
        var drawn = draw(question.subject(), question.expose());
        return drawn.key().isEmpty()
                ? drawn
                : holdout.holds(question).map(Answer::nothing).orElse(drawn);
    }

    /// What the hashes say of a new subject, whatever its attributes.
    ///
    /// @param expose false when the subject is only asked about
    public Answer draw(String subject, boolean expose) {
        if (layerHash.isPresent()) {
            var layer = design().layer().orElseThrow();
            if (!layer.has(layerHash.get().bucket(subject))) {
                return Answer.nothing(
                        "outside this experiment's share of the layer " + Quoted.of(layer.name()));
            }
        }
        var bucket = hash.bucket(subject);
        for (var arm = 0; arm < ranges.size(); arm++) {
            if (ranges.get(arm).has(bucket)) {
                return (expose ? drawn : asked).get(arm);
            }
        }
        return Answer.nothing("outside the traffic allocation");
    }

    private Answer afterwards() {
        if (status.equals("Completed") && !serve.equals("assigned")) {
            return Answer.nothing("completed: nothing is served");
        }
        return winner.isEmpty()
                ? Answer.all(design().control().key(), "concluded without a winner: the control")
                : Answer.all(winner, "concluded: the winner");
    }

    /// The value of a variant, null for one that is not there.
    JsonNode value(Optional<String> key) {
        return key.map(values::get).orElse(NullNode.getInstance());
    }

    /// An answer as callers see it: `{key, value, iteration, exposed, reason}`.
    ObjectNode json(Answer answer) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("key", answer.key().orElse(null));
        json.set("value", value(answer.key()));
        return json.put("iteration", iteration)
                .put("exposed", answer.exposed())
                .put("reason", answer.reason());
    }
}
