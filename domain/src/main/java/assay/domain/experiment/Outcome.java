package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.noun.Json;
import assay.domain.store.Events;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an experiment has come to: its conclusion, or else its last look. To read it is no look, as
/// nothing is computed.
///
/// @param winner only of a conclusion
/// @param effect of the winner, else of the treatment with the smallest p-value; empty as long as
///   there is nothing to compare, or nothing may be shown
/// @param confidence only of a conclusion
/// @param at when it was concluded or looked at
/// @param looks how many looks there were, 0 when that is not told any more
record Outcome(
        String verdict,
        Optional<String> winner,
        Optional<Effect> effect,
        OptionalDouble confidence,
        long units,
        String at,
        int looks) {
    /// A treatment minus the control, with its interval.
    record Effect(String arm, double difference, double lower, double upper, double pValue) {}

    /// The outcome of the document of an experiment; nothing before the first look.
    static Optional<Outcome> of(Events events, String id, ObjectNode experiment) {
        var isOfThisIteration =
                experiment.path("results").path("iteration").asLong(1)
                        == experiment.path("iteration").asLong(1);
        return experiment.path("results").path("verdict").isString() && isOfThisIteration
                ? Optional.of(concluded(experiment))
                : lastLook(events, id, experiment.path("iteration").asLong(1));
    }

    private static Outcome concluded(ObjectNode experiment) {
        var results = experiment.path("results");
        var winner = Optional.ofNullable(experiment.path("winner").stringValue(null));
        var comparisons = results.path("primary").path("comparisons").valueStream().toList();
        var effect =
                comparisons.stream()
                        .filter(one ->
                                one.has("difference") && one.has("lower") && one.has("upper"))
                        .min(
                                Comparator.<JsonNode, Boolean>comparing(one ->
                                                !winner.equals(
                                                        Optional.of(one.path("arm").asString(""))))
                                        .thenComparingDouble(one -> one.path("pValue").asDouble(1)))
                        .map(one ->
                                new Effect(
                                        one.path("arm").asString(""),
                                        one.path("difference").asDouble(0),
                                        one.path("lower").asDouble(0),
                                        one.path("upper").asDouble(0),
                                        one.path("pValue").asDouble(1)));
        return new Outcome(
                results.path("verdict").asString(""),
                winner,
                effect,
                OptionalDouble.of(experiment.path("confidence").asDouble(0)),
                experiment.path("sampleSize").asLong(0),
                experiment.path("endAt").asString(""),
                results.path("validity").path("looks").asInt(0));
    }

    private static Optional<Outcome> lastLook(Events events, String id, long iteration) {
        var counting = events.lastCounting(id, iteration, 1);
        if (counting.isEmpty()) {
            return Optional.empty();
        }
        var last = counting.getLast();
        var numbers = last.numbers();
        var effect =
                numbers.path("difference")
                        .propertyStream()
                        .map(one ->
                                new Effect(
                                        one.getKey(),
                                        one.getValue().path(0).asDouble(0),
                                        one.getValue().path(1).asDouble(0),
                                        one.getValue().path(2).asDouble(0),
                                        numbers.path("p").path(one.getKey()).asDouble(1)))
                        .min(Comparator.comparingDouble(Effect::pValue));
        return Optional.of(
                new Outcome(
                        last.verdict(),
                        Optional.empty(),
                        effect,
                        OptionalDouble.empty(),
                        numbers.path("units").asLong(0),
                        IsoTime.text(last.at()),
                        Earlier.read(events, id, iteration).looks()));
    }

    /// `{verdict, winner, arm?, difference?, lower?, upper?, pValue?, confidence?, units, looks,
    /// at}`.
    ObjectNode toJson() {
        var json = Json.object().put("verdict", verdict).put("winner", winner.orElse(null));
        effect.ifPresent(one ->
                json.put("arm", one.arm())
                        .put("difference", one.difference())
                        .put("lower", one.lower())
                        .put("upper", one.upper())
                        .put("pValue", one.pValue()));
        confidence.ifPresent(value -> json.put("confidence", value));
        return json.put("units", units).put("looks", looks).put("at", at);
    }

    /// Such as `'short' - 'control' = +0.04 (-0.01 to +0.09), p 0.2`.
    Optional<String> effectText(String control) {
        return effect.map(one ->
                "%s - %s = %s (%s to %s), p %s"
                        .formatted(
                                Named.brief(one.arm()),
                                Named.brief(control),
                                Numbers.signed(one.difference()),
                                Numbers.signed(one.lower()),
                                Numbers.signed(one.upper()),
                                Numbers.brief(one.pValue())));
    }
}
