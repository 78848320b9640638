package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.stats.multiplicity.Correction;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The decision rule, declared before the data come.
///
/// @param alpha chance, at most, of naming a winner where there is no difference
/// @param plannedSample units of all arms together at which a decision is expected; tunes the
///   sequence
/// @param minimumEffect differences within it, either side, are of no interest; in the metric's
///   unit, or relative
/// @param maxSample units of all arms together after which the experiment is given up
/// @param correction how p-values are adjusted when several treatments are compared
/// @param burnInPerArm units each arm needs before a look can decide
/// @param burnInConversions units with an outcome other than 0 that a comparison needs before a
///   look can decide
public record Rule(
        double alpha,
        double plannedSample,
        OptionalDouble minimumEffect,
        boolean minimumEffectIsRelative,
        OptionalLong maxSample,
        Correction correction,
        int burnInPerArm,
        int burnInConversions) {
    private static final double LARGEST = 1e15;
    private static final long MOST_UNITS = 1_000_000_000;
    private static final List<String> MEMBERS =
            List.of(
                    "alpha",
                    "methodology",
                    "plannedSample",
                    "minimumEffect",
                    "maxSample",
                    "burnIn",
                    "correction");

    /// Reads `{alpha, methodology, plannedSample, minimumEffect, maxSample, burnIn: {perArm,
    /// conversions}, correction}`; what is absent has its default.
    ///
    /// @throws Refused for a member or value that this version has no meaning for
    static Rule of(JsonNode json) {
        if (!json.isObject() && !json.isMissingNode() && !json.isNull()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a rule.".formatted(Quoted.of(json)),
                            "Send rule as an object such as {alpha: 0.05, plannedSample: 5000}.")
                    .field("rule");
        }
        requireMembers("", json, MEMBERS);
        var methodology = json.path("methodology");
        if (isGiven(methodology) && !methodology.asString("").equals("sequential")) {
            throw refused(
                    "methodology",
                    "The methodology %s is not available.".formatted(Quoted.of(methodology)),
                    "Use 'sequential': its answers hold whenever you look.");
        }
        var effect = json.path("minimumEffect");
        var most = json.path("maxSample");
        var burnIn = burnIn(json.path("burnIn"));
        return new Rule(
                share("alpha", json.path("alpha"), 0.05),
                whole("plannedSample", json.path("plannedSample"), 5_000),
                isGiven(effect) ? OptionalDouble.of(effect(effect)) : OptionalDouble.empty(),
                effect.isObject(),
                isGiven(most) ? OptionalLong.of(whole("maxSample", most, 0)) : OptionalLong.empty(),
                correction(json.path("correction")),
                (int) whole("burnIn.perArm", burnIn.path("perArm"), 100),
                (int) whole("burnIn.conversions", burnIn.path("conversions"), 25));
    }

    /// Null is as good as absent.
    private static boolean isGiven(JsonNode json) {
        return !json.isMissingNode() && !json.isNull();
    }

    /// @param prefix the path within the rule, with its dot
    private static void requireMembers(String prefix, JsonNode json, List<String> known) {
        for (var member : json.propertyNames()) {
            if (!known.contains(member)) {
                throw refused(
                        prefix + member,
                        "The rule has the unknown member %s.".formatted(Quoted.of(prefix + member)),
                        Nearest.hint(member, known)
                                + "Use: %s.".formatted(String.join(", ", known)));
            }
        }
    }

    private static JsonNode burnIn(JsonNode json) {
        if (isGiven(json) && !json.isObject()) {
            throw refused(
                    "burnIn",
                    "%s is not valid for rule.burnIn.".formatted(Quoted.of(json)),
                    "Send burnIn as an object such as {perArm: 100, conversions: 25}.");
        }
        requireMembers("burnIn.", json, List.of("perArm", "conversions"));
        return json;
    }

    private static double effect(JsonNode json) {
        requireMembers("minimumEffect.", json, List.of("relative"));
        var effect = json.isObject() ? json.path("relative") : json;
        if (!effect.isNumber() || !(effect.doubleValue() > 0) || effect.doubleValue() > LARGEST) {
            throw refused(
                    "minimumEffect",
                    "%s is not valid for rule.minimumEffect.".formatted(Quoted.of(json)),
                    "Give a number above 0 in the metric's own unit, or {relative: number}, such as {relative: 0.05}.");
        }
        return effect.doubleValue();
    }

    private static Correction correction(JsonNode json) {
        return switch (isGiven(json) ? json.asString("") : "holm") {
            case "holm" -> Correction.HOLM;
            case "bonferroni" -> Correction.BONFERRONI;
            case "none" -> Correction.NONE;
            default -> throw unknownCorrection(json);
        };
    }

    private static Refused unknownCorrection(JsonNode json) {
        return refused(
                "correction",
                "There is no correction %s.".formatted(Quoted.of(json)),
                "Use 'holm', 'bonferroni' or 'none'.");
    }

    private static double share(String name, JsonNode json, double usual) {
        if (!isGiven(json)) {
            return usual;
        }
        if (!json.isNumber() || !(json.doubleValue() > 0 && json.doubleValue() < 1)) {
            throw refused(
                    name,
                    "%s is not valid for rule.%s.".formatted(Quoted.of(json), name),
                    "Give a number between 0 and 1, such as %s.".formatted(usual));
        }
        return json.doubleValue();
    }

    /// A number of units.
    private static long whole(String name, JsonNode json, long usual) {
        if (!isGiven(json)) {
            return usual;
        }
        var value = json.isNumber() ? json.doubleValue() : 0;
        if (!(value > 0) || value > MOST_UNITS || value != Math.rint(value)) {
            throw refused(
                    name,
                    "%s is not valid for rule.%s.".formatted(Quoted.of(json), name),
                    "Give a whole number from 1 to %d.".formatted(MOST_UNITS));
        }
        return (long) value;
    }

    private static Refused refused(String member, String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field("rule." + member);
    }

    /// The rule with every default filled in, as results show it.
    ObjectNode toJson() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("alpha", alpha)
                .put("methodology", "sequential")
                .put("plannedSample", plannedSample);
        minimumEffect.ifPresent(effect -> {
            if (minimumEffectIsRelative) {
                json.putObject("minimumEffect").put("relative", effect);
            } else {
                json.put("minimumEffect", effect);
            }
        });
        maxSample.ifPresent(most -> json.put("maxSample", most));
        json.putObject("burnIn").put("perArm", burnInPerArm).put("conversions", burnInConversions);
        return json.put("correction", correction.name().toLowerCase(Locale.ROOT));
    }
}
