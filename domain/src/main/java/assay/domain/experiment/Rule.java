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
        for (var member : json.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw refused(
                        member,
                        "The rule has the unknown member %s.".formatted(Quoted.of(member)),
                        Nearest.hint(member, MEMBERS)
                                + "Use: %s.".formatted(String.join(", ", MEMBERS)));
            }
        }
        var methodology = json.path("methodology").asString("sequential");
        if (!methodology.equals("sequential")) {
            throw refused(
                    "methodology",
                    "The methodology %s is not available.".formatted(Quoted.of(methodology)),
                    "Use 'sequential': its answers hold whenever you look.");
        }
        var effect = json.path("minimumEffect");
        var relative = effect.isObject();
        return new Rule(
                share("alpha", json, 0.05),
                positive("plannedSample", json.path("plannedSample"), 5_000),
                effect.isMissingNode() || effect.isNull()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(
                                positive(
                                        "minimumEffect",
                                        relative ? effect.path("relative") : effect,
                                        -1)),
                relative,
                json.has("maxSample")
                        ? OptionalLong.of((long) positive("maxSample", json.path("maxSample"), -1))
                        : OptionalLong.empty(),
                correction(json.path("correction").asString("holm")),
                (int) positive("burnIn.perArm", json.path("burnIn").path("perArm"), 100),
                (int) positive("burnIn.conversions", json.path("burnIn").path("conversions"), 25));
    }

    private static Correction correction(String word) {
        return switch (word) {
            case "holm" -> Correction.HOLM;
            case "bonferroni" -> Correction.BONFERRONI;
            case "none" -> Correction.NONE;
            default -> throw unknownCorrection(word);
        };
    }

    private static Refused unknownCorrection(String word) {
        return refused(
                "correction",
                "There is no correction %s.".formatted(Quoted.of(word)),
                "Use 'holm', 'bonferroni' or 'none'.");
    }

    private static double share(String name, JsonNode json, double usual) {
        var value = json.path(name).isMissingNode() ? usual : json.path(name).asDouble(-1);
        if (!(value > 0 && value < 1)) {
            throw refused(
                    name,
                    "%s is not valid for rule.%s.".formatted(Quoted.of(json.path(name)), name),
                    "Give a number between 0 and 1, such as %s.".formatted(usual));
        }
        return value;
    }

    private static double positive(String name, JsonNode value, double usual) {
        if ((value.isMissingNode() || value.isNull()) && usual > 0) {
            return usual;
        }
        if (!value.isNumber() || !(value.doubleValue() > 0) || value.doubleValue() > 1e15) {
            throw refused(
                    name,
                    "%s is not valid for rule.%s.".formatted(Quoted.of(value), name),
                    "Give a number above 0.");
        }
        return value.doubleValue();
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
