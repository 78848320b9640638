package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How an experiment is to be simulated.
///
/// @param asked how often, with the effect and as often without; empty for as often as is usual
/// @param looks at the results in each run, evenly spaced
/// @param seed of the random numbers: the same seed gives the same answer
/// @param effect what is added to the mean of every treatment, or of each by its key, when it is
///   not the plan's effect
/// @param sample units in all, when it is not the plan's
/// @param guardrails what is told of them, by their names
/// @param rest options that are the plan's
record SimulationRequest(
        OptionalInt asked,
        int looks,
        long seed,
        Optional<JsonNode> effect,
        OptionalLong sample,
        ObjectNode guardrails,
        ObjectNode rest) {
    static final List<String> OWN =
            List.of("runs", "looks", "seed", "effect", "sample", "guardrails");
    private static final int USUAL_RUNS = 1_000;
    private static final long MOST_UNITS = 1_000_000_000_000L;
    private static final long LARGEST_SEED = (1L << 53) - 1;

    /// Comparisons that one call may make. They take some seconds.
    static final long MOST_COMPARISONS = 100_000;

    /// Reads `{runs, looks, seed, effect, sample, guardrails}`; other members are the plan's.
    static SimulationRequest of(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return of(Json.object());
        }
        if (!(json instanceof ObjectNode options)) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "simulate cannot take %s.".formatted(Quoted.of(json)),
                    "Call simulate(design, {runs, effect, seed}), or simulate(id, {…}).");
        }
        var rest = options.deepCopy();
        rest.remove(OWN);
        return new SimulationRequest(
                options.hasNonNull("runs")
                        ? OptionalInt.of((int) whole("runs", options, 1, 1, 1_000_000))
                        : OptionalInt.empty(),
                (int) whole("looks", options, Plan.LOOKS, 1, 1_000),
                whole("seed", options, 1, 0, LARGEST_SEED),
                options.hasNonNull("effect")
                        ? Optional.of(options.get("effect"))
                        : Optional.empty(),
                options.hasNonNull("sample")
                        ? OptionalLong.of(whole("sample", options, 1, 2, MOST_UNITS))
                        : OptionalLong.empty(),
                guardrails(options.path("guardrails")),
                rest);
    }

    private static ObjectNode guardrails(JsonNode given) {
        if (given.isMissingNode() || given.isNull()) {
            return Json.object();
        }
        if (!(given instanceof ObjectNode told)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s does not tell what becomes of guardrails."
                                    .formatted(Quoted.of(given)),
                            "Send guardrails as an object such as {error: {baseline: 0.02, effect: 0.005}}.")
                    .field("guardrails");
        }
        return told;
    }

    /// Comparisons that a run makes, with and without effect.
    ///
    /// @param metrics the primary one and the guardrails
    private long perRun(int treatments, int metrics) {
        return 2L * looks * treatments * metrics;
    }

    /// How often, with the effect and as often without.
    int runs(int treatments, int metrics) {
        return asked.orElse(
                Math.clamp(MOST_COMPARISONS / perRun(treatments, metrics), 1, USUAL_RUNS));
    }

    private static long whole(String name, ObjectNode json, long usual, long least, long most) {
        var given = json.path(name);
        if (given.isMissingNode() || given.isNull()) {
            return usual;
        }
        var value = given.isNumber() ? given.doubleValue() : Double.NaN;
        if (!(value >= least && value <= most && value == Math.rint(value))) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not valid for %s.".formatted(Quoted.of(given), name),
                            "Give a whole number from %,d to %,d.".formatted(least, most))
                    .field(name);
        }
        return (long) value;
    }

    /// @throws Refused if this is more than a script may take
    void requireAffordable(int treatments, int metrics) {
        var runs = runs(treatments, metrics);
        var comparisons = runs * perRun(treatments, metrics);
        if (comparisons > MOST_COMPARISONS) {
            var fewer = Math.max(1, MOST_COMPARISONS / perRun(treatments, metrics));
            throw new Refused(
                            Reason.LIMIT_EXCEEDED,
                            "%,d runs of %,d looks at %s%s, with and without effect, are %,d comparisons; one call makes at most %,d."
                                    .formatted(
                                            runs,
                                            looks,
                                            treatments == 1
                                                    ? "1 treatment"
                                                    : treatments + " treatments",
                                            metrics == 1 ? "" : " on %d metrics".formatted(metrics),
                                            comparisons,
                                            MOST_COMPARISONS),
                            "Send runs: %d, or fewer looks; add up several calls with different seeds for more."
                                    .formatted(fewer))
                    .field("runs");
        }
    }
}
