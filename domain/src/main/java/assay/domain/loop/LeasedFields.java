package assay.domain.loop;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Budget;
import assay.domain.experiment.Leased;
import assay.domain.prompt.Code;
import assay.domain.prompt.Datasets;
import assay.domain.prompt.Judges;
import assay.domain.prompt.Scope;
import assay.domain.prompt.Split;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// The fields of an experiment that say what it leases: dataset, split, repetitions, budget, judge.
final class LeasedFields {
    private static final String TYPE = "PromptExperiment";
    private static final int MOST_REPETITIONS = 1_000;

    private final Datasets datasets;
    private final Judges judges;

    LeasedFields(Scope scope) {
        this.datasets = new Datasets(scope);
        this.judges = new Judges(scope, Code.NONE);
    }

    /// Checks what the caller sent.
    ///
    /// @param next the document about to be stored
    void complete(ObjectNode data, ObjectNode next) {
        if (data.hasNonNull("split")) {
            var _ = Split.of("split", next.path("split"));
        }
        if (data.hasNonNull("budget")) {
            next.set("budget", Budget.of(next.path("budget")).toJson());
        }
        if (data.hasNonNull("repetitions")) {
            requireRepetitions(next);
        }
        if (data.hasNonNull("dataset")) {
            find("dataset", () -> datasets.require(next.path("dataset").asString("")).id());
        }
        if (data.hasNonNull("judge")) {
            find("judge", () -> judges.require(next.path("judge").asString("")).id());
        }
        if (Leased.is(next)) {
            requireType(next);
        }
    }

    private static void requireRepetitions(ObjectNode next) {
        var repetitions = next.path("repetitions").asInt(0);
        if (repetitions < 1 || repetitions > MOST_REPETITIONS) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not how often an item can be run."
                                    .formatted(Quoted.of(next.path("repetitions"))),
                            "Send repetitions as a whole number from 1 to %,d."
                                    .formatted(MOST_REPETITIONS))
                    .field("repetitions");
        }
    }

    private static void requireType(ObjectNode next) {
        if (!next.hasNonNull("type")) {
            next.put("type", TYPE);
        }
        if (!next.path("type").asString("").equals(TYPE)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "An experiment of the type %s runs over no dataset."
                                    .formatted(Quoted.of(next.path("type"))),
                            "Send type as %s, or leave dataset out.".formatted(TYPE))
                    .field("dataset");
        }
    }

    /// Writes ids where slugs stand, and what is left out as what it means.
    void resolve(ObjectNode next) {
        if (!Leased.is(next)) {
            for (var field : List.of("split", "repetitions", "budget", "judge")) {
                if (next.hasNonNull(field)) {
                    throw new Refused(
                                    Reason.MISSING_FIELD,
                                    "The experiment has %s and no dataset; only units of a dataset are leased."
                                            .formatted(field),
                                    "Send dataset with its id or slug, or clear %s with null."
                                            .formatted(field))
                            .field("dataset");
                }
            }
            return;
        }
        next.put(
                "dataset",
                find("dataset", () -> datasets.require(next.path("dataset").asString("")).id()));
        if (next.hasNonNull("judge")) {
            next.put(
                    "judge",
                    find("judge", () -> judges.require(next.path("judge").asString("")).id()));
        }
        if (!next.hasNonNull("split")) {
            next.put("split", Leased.USUAL_SPLIT);
        }
        if (!next.hasNonNull("repetitions")) {
            next.put("repetitions", 1);
        }
    }

    /// Finds the id that a field means.
    private static String find(String field, Supplier<String> id) {
        try {
            return id.get();
        } catch (Refused unknown) {
            throw unknown.field(field);
        }
    }
}
