package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.store.StoredObject;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The measuring periods of an experiment. Each has a design of its own and subjects of its own;
/// those that have ended are kept in the field `iterations`, with the design they had.
final class Iterations {
    /// What `iterate` takes besides fields.
    static final Set<String> OPTIONS = Set.of("reshuffle");

    private final Scope scope;
    private final Freezing freezing;
    private final Looking looking;

    Iterations(Scope scope, Freezing freezing, Looking looking) {
        this.scope = scope;
        this.freezing = freezing;
        this.looking = looking;
    }

    /// What `iterate` does: the running iteration ends, with a look, and the next one begins with
    /// the changed design.
    ///
    /// @param sent what the caller sent: `reason`, and `reshuffle: false` to draw by the same hash
    void iterating(String id, ObjectNode current, ObjectNode next, ObjectNode sent) {
        requireLive(id, current);
        var keepsSeed = !reshuffle(sent.path("reshuffle"));
        var ended = ended(id, current);
        ended.put("reason", sent.path("reason").asString(null));
        var iterations =
                current.path("iterations") instanceof ArrayNode before
                        ? before.deepCopy()
                        : Json.array();
        next.set("iterations", iterations.add(ended));
        next.put("iteration", current.path("iteration").asLong(1) + 1);
        if (keepsSeed) {
            next.put("seed", ended.path("seed").stringValue());
        } else {
            next.remove("seed");
        }
        if (!next.path("status").asString("").equals("Paused")) {
            next.put("status", "Started");
        }
        Cohorts.begin(next, scope.now());
        freezing.begin(id, next);
    }

    private static void requireLive(String id, ObjectNode current) {
        var status = current.path("status").asString("Draft");
        if (status.equals("Draft")) {
            throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "Experiment %s has not started; it has no iteration to end."
                                    .formatted(Quoted.of(id)),
                            "Change a draft with $.Experiment.update('%s', {…}), then start it."
                                    .formatted(id))
                    .field("status");
        }
        if (!Freezing.isLive(current)) {
            throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "Experiment %s is %s; no further iteration can begin."
                                    .formatted(Quoted.of(id), status),
                            "Create a new experiment; do {recipe: 'clone-experiment'} copies this one.")
                    .field("status");
        }
    }

    private static boolean reshuffle(JsonNode given) {
        if (!given.isMissingNode() && !given.isNull() && !given.isBoolean()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not valid for reshuffle.".formatted(Quoted.of(given)),
                            "Send reshuffle as false to draw subjects by the same hash as before.")
                    .field("reshuffle");
        }
        return given.asBoolean(true);
    }

    /// The running iteration as it is kept: `{iteration, startedAt, endedAt, seed, cohorts, …the
    /// frozen fields, summary: {verdict, why, winner, confidence, sampleSize}}`.
    private ObjectNode ended(String id, ObjectNode current) {
        var readout = looking.look(id, current);
        var design = readout.design();
        var ended = Json.object();
        ended.put("iteration", design.iteration())
                .put("startedAt", IsoTime.text(design.cohorts().getFirst().from()))
                .put("endedAt", IsoTime.text(scope.now()))
                .put("seed", design.seed());
        for (var field : Freezing.FROZEN) {
            current.optional(field).ifPresent(value -> ended.set(field, value));
        }
        current.optional("cohorts").ifPresent(cohorts -> ended.set("cohorts", cohorts));
        ended.putObject("summary")
                .put("verdict", readout.decision().verdict().word())
                .put("why", readout.decision().why())
                .put("winner", readout.decision().winner().orElse(null))
                .put("confidence", readout.confidence())
                .put("sampleSize", readout.sampleSize());
        return ended;
    }

    /// The document of an experiment as one of its iterations had it.
    ///
    /// @param wanted a number; nothing means the newest
    /// @throws Refused if there is no such iteration
    static StoredObject of(StoredObject experiment, JsonNode wanted) {
        var newest = experiment.document().path("iteration").asLong(1);
        if (wanted.isMissingNode() || wanted.isNull() || isNumber(wanted, newest)) {
            return experiment;
        }
        var document =
                ended(experiment, wanted).orElseThrow(() -> unknown(experiment, wanted, newest));
        return new StoredObject(
                experiment.id(),
                experiment.type(),
                experiment.version(),
                experiment.createdAt(),
                experiment.createdBy(),
                experiment.updatedAt(),
                document);
    }

    private static boolean isNumber(JsonNode wanted, long iteration) {
        return wanted.isIntegralNumber() && wanted.longValue(0) == iteration;
    }

    private static Optional<ObjectNode> ended(StoredObject experiment, JsonNode wanted) {
        for (var ended : experiment.document().path("iterations")) {
            if (isNumber(wanted, ended.path("iteration").asLong(0))) {
                var document = experiment.document().deepCopy();
                document.remove(Freezing.FROZEN);
                document.remove(Set.of("winner", "cohorts", "layerBuckets"));
                for (var field : ended.properties()) {
                    if (!Set.of("startedAt", "endedAt", "reason", "summary")
                            .contains(field.getKey())) {
                        document.set(field.getKey(), field.getValue());
                    }
                }
                if (!document.has("cohorts")) {
                    document.set("startAt", ended.path("startedAt"));
                }
                return Optional.of(document);
            }
        }
        return Optional.empty();
    }

    private static Refused unknown(StoredObject experiment, JsonNode wanted, long newest) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "Experiment %s has no iteration %s."
                                .formatted(Quoted.of(experiment.id()), Quoted.of(wanted)),
                        newest == 1
                                ? "Leave iteration out: there is one only."
                                : "Send iteration as a number from 1 to %d.".formatted(newest))
                .field("iteration");
    }
}
