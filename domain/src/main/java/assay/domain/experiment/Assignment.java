package assay.domain.experiment;

import assay.domain.store.StoredObject;
import assay.stats.assignment.Bucketing;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Who gets which variant in one state of an experiment.
///
/// A subject that was exposed before keeps its variant while assignments are served; a new one is
/// drawn while enrolment is open, by a pure function of seed and subject.
final class Assignment {
    private final Optional<Design> design;
    private final String status;
    private final String winner;
    private final String serve;
    private final long iteration;

    private Assignment(StoredObject experiment) {
        var document = experiment.document();
        this.status = document.path("status").asString("");
        this.winner = document.path("winner").asString("");
        this.serve = document.path("serve").asString("assigned");
        this.iteration = document.path("iteration").asLong(1);
        // A draft may be archived before it has a design.
        this.design =
                status.equals("Archived")
                        ? Optional.empty()
                        : Optional.of(Design.of(experiment.id(), document));
    }

    /// Reads an experiment that has been started, or was archived before.
    static Assignment of(StoredObject experiment) {
        return new Assignment(experiment);
    }

    long iteration() {
        return iteration;
    }

    /// True when new subjects enter.
    boolean isOpen() {
        return Set.of("Started", "Running").contains(status);
    }

    /// What one subject gets.
    ///
    /// @param key empty for nothing
    /// @param isFirst true when this is the subject's first exposure, which has to be kept
    /// @param exposed true when the subject is one that was exposed, now or before
    record Answer(Optional<String> key, boolean isFirst, boolean exposed, String reason) {
        private static Answer nothing(String reason) {
            return new Answer(Optional.empty(), false, false, reason);
        }

        private static Answer all(String key, String reason) {
            return new Answer(Optional.of(key), false, false, reason);
        }
    }

    /// @param before the variant of the subject's first exposure
    /// @param expose false when the subject is only asked about
    Answer answer(String subject, Optional<String> before, boolean expose) {
        return switch (status) {
            case "Started", "Running" ->
                    before.isPresent() ? kept(before, "") : drawn(subject, expose);
            case "Concluded", "Completed" -> afterwards();
            case "Stopped" ->
                    serve.equals("assigned")
                            ? kept(before, "stopped: nobody new enters")
                            : Answer.nothing("stopped: nothing is served");
            case "Archived" -> Answer.nothing("archived: nothing is served");
            default -> kept(before, "paused: nobody new enters");
        };
    }

    private static Answer kept(Optional<String> before, String otherwise) {
        return before.isPresent()
                ? new Answer(before, false, true, "assigned before")
                : Answer.nothing(otherwise);
    }

    private Answer drawn(String subject, boolean expose) {
        var bucket = (int) Math.round(Bucketing.hash(design().seed(), subject, 2) * 10_000);
        var ranges = design().cohort().ranges();
        var drawn =
                java.util.stream.IntStream.range(0, ranges.size())
                        .filter(arm -> ranges.get(arm).has(bucket))
                        .findFirst()
                        .orElse(-1);
        return drawn < 0
                ? Answer.nothing("outside the traffic allocation")
                : new Answer(
                        Optional.of(design().arms().get(drawn).key()),
                        expose,
                        expose,
                        "drawn by hash");
    }

    private Answer afterwards() {
        if (status.equals("Completed") && !serve.equals("assigned")) {
            return Answer.nothing("completed: nothing is served");
        }
        return winner.isEmpty()
                ? Answer.all(design().control().key(), "concluded without a winner: the control")
                : Answer.all(winner, "concluded: the winner");
    }

    private Design design() {
        return design.orElseThrow();
    }

    /// An answer as callers see it: `{key, value, iteration, exposed, reason}`.
    ObjectNode json(Answer answer) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("key", answer.key().orElse(null));
        json.set(
                "value",
                design.stream()
                        .flatMap(known -> known.arms().stream())
                        .filter(arm -> answer.key().filter(arm.key()::equals).isPresent())
                        .map(Design.Arm::value)
                        .findFirst()
                        .orElse(NullNode.getInstance()));
        return json.put("iteration", iteration)
                .put("exposed", answer.exposed())
                .put("reason", answer.reason());
    }
}
