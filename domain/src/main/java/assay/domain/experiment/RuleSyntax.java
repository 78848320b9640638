package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads a decision rule.
final class RuleSyntax {
    private static final List<String> MEMBERS =
            List.of(
                    "preset",
                    "alpha",
                    "methodology",
                    "plannedSample",
                    "minimumEffect",
                    "maxSample",
                    "burnIn",
                    "correction",
                    "cuped",
                    "looks",
                    "bayesian",
                    "ship",
                    "rollback",
                    "prefer",
                    "programme");

    /// The last two are the engine's.
    private static final List<String> SERIES = List.of("name", "q", "index", "discoveries");

    private static final String USUAL_COST = "costUsd";

    private static final long USUAL_SAMPLE = 5_000;
    private static final long USUAL_LOOKBACK = 14 * Span.DAY;
    private static final int USUAL_LOOKS = 4;
    private static final int MOST_LOOKS = 20;
    private static final int LONGEST_NAME = 200;
    private static final double USUAL_Q = 0.1;

    private final Optional<String> preset;
    private final Declaration json;
    private final OptionalDouble usualSample;

    /// @param json may hold its own text, as results show it
    private RuleSyntax(Optional<String> preset, ObjectNode json, OptionalDouble usualSample) {
        this.preset = preset;
        this.usualSample = usualSample;
        var members = json.deepCopy();
        members.remove("text");
        this.json = new Declaration("rule", "rule", members);
    }

    static Rule read(JsonNode json, OptionalDouble usualSample) {
        if (json.isMissingNode() || json.isNull()) {
            return new RuleSyntax(
                            Optional.empty(), JsonNodeFactory.instance.objectNode(), usualSample)
                    .read();
        }
        if (json.isString()) {
            var name = json.stringValue();
            return new RuleSyntax(Optional.of(name), preset("rule", json), usualSample).read();
        }
        if (!(json instanceof ObjectNode members)) {
            throw notARule(json);
        }
        if (!members.hasNonNull("preset")) {
            return new RuleSyntax(Optional.empty(), members, usualSample).read();
        }
        var whole = preset("rule.preset", members.path("preset")).deepCopy();
        for (var member : members.properties()) {
            if (!member.getValue().isNull()) {
                whole.set(member.getKey(), merged(whole.path(member.getKey()), member.getValue()));
            }
        }
        return new RuleSyntax(Optional.of(members.path("preset").stringValue()), whole, usualSample)
                .read();
    }

    /// What the caller says of a part, over what the preset says of it.
    private static JsonNode merged(JsonNode preset, JsonNode own) {
        if (preset instanceof ObjectNode all && own instanceof ObjectNode some) {
            return all.deepCopy().setAll(some);
        }
        return own;
    }

    private static ObjectNode preset(String field, JsonNode json) {
        var name = json.asString("");
        return Presets.find(name)
                .orElseThrow(() ->
                        field.equals("rule")
                                ? notARule(json)
                                : new Refused(
                                                Reason.INVALID_VALUE,
                                                "There is no rule %s.".formatted(Quoted.of(json)),
                                                Nearest.hint(name, Presets.names())
                                                        + "Use one of: %s."
                                                                .formatted(
                                                                        String.join(
                                                                                ", ",
                                                                                Presets.names())))
                                        .field(field));
    }

    private static Refused notARule(JsonNode json) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s is not a rule.".formatted(Quoted.of(json)),
                        Nearest.hint(json.asString(""), Presets.names())
                                + "Send rule as an object such as {alpha: 0.05, plannedSample: 5000}, or as one of: %s."
                                        .formatted(String.join(", ", Presets.names())))
                .field("rule");
    }

    private Rule read() {
        json.requireMembers(MEMBERS);
        var methodology =
                json.choice("methodology", Rule.Methodology.values())
                        .orElse(Rule.Methodology.SEQUENTIAL);
        var burnIn =
                json.within(
                        "burnIn",
                        List.of("perArm", "conversions"),
                        "{perArm: 100, conversions: 25}");
        var effect =
                json.given("minimumEffect").map(_ -> EffectSize.read(json, "minimumEffect", false));
        return new Rule(
                preset,
                methodology,
                json.between("alpha", 0, 1, "Give a number between 0 and 1, such as 0.05.")
                        .orElse(0.05),
                plannedSample(methodology),
                effect.map(size -> OptionalDouble.of(size.size())).orElse(OptionalDouble.empty()),
                effect.map(EffectSize::isRelative).orElse(false),
                json.units("maxSample"),
                correction("method"),
                scope(),
                (int) units(burnIn, "perArm", methodology.isAnytime() ? 100 : 2),
                (int) units(burnIn, "conversions", methodology.isAnytime() ? 25 : 1),
                cuped(),
                looks(methodology),
                thresholds(),
                Policy.read(json, Policy.CLEAR_SIGNALS),
                cheaper(effect.isPresent()),
                programme());
    }

    /// `'cheaper'`, or `{cheaper: 'tokens'}` with the name of what units cost.
    private Optional<String> cheaper(boolean hasMinimumEffect) {
        var prefer = json.json().path("prefer");
        if (!json.has("prefer")) {
            return Optional.empty();
        }
        if (prefer.isObject()) {
            json.within("prefer", List.of("cheaper"), "{cheaper: 'costUsd'}");
        }
        var cost =
                prefer.isObject()
                        ? prefer.path("cheaper").asString("").strip()
                        : prefer.asString("").equals("cheaper") ? USUAL_COST : "";
        if (cost.isEmpty()) {
            throw json.invalid(
                    "prefer",
                    "Send prefer as 'cheaper', which goes by what is recorded as costUsd, or {cheaper: 'tokens'} with another name.");
        }
        if (!hasMinimumEffect) {
            throw json.refused(
                    "prefer",
                    "The rule prefers the cheaper of practically equal variants, and does not say what is practically equal.",
                    "Declare minimumEffect in the rule, such as 0.02: smaller differences do not matter.");
        }
        return Optional.of(cost);
    }

    private Optional<Rule.Programme> programme() {
        return json.within("programme", SERIES, "{name: 'support prompts', q: 0.1}")
                .map(series -> {
                    var name = series.json().path("name").asString("").strip();
                    if (name.isEmpty() || name.length() > LONGEST_NAME) {
                        throw series.invalid(
                                "name",
                                "Give the series of experiments a name, the same in each of them.");
                    }
                    return new Rule.Programme(
                            name,
                            series.between("q", 0, 1, "Give a number between 0 and 1, such as 0.1.")
                                    .orElse(USUAL_Q),
                            series.json().path("index").asLong(0),
                            series.json().path("discoveries").asLong(0));
                });
    }

    /// A sequence holds from a burn-in on; a planned look waits for its sample anyway.
    private static long units(Optional<Declaration> burnIn, String member, long usual) {
        return burnIn.map(json -> json.units(member).orElse(usual)).orElse(usual);
    }

    private double plannedSample(Rule.Methodology methodology) {
        var planned = json.units("plannedSample");
        if (planned.isEmpty() && usualSample.isEmpty() && !methodology.isAnytime()) {
            throw json.refused(
                    "plannedSample",
                    "The methodology '%s' needs a planned sample: that is where it looks."
                            .formatted(methodology.word()),
                    "Give plannedSample, the units of all arms together, or use 'sequential', which may look any time.");
        }
        return planned.isPresent() ? planned.getAsLong() : usualSample.orElse(USUAL_SAMPLE);
    }

    /// `'holm'`, or `{method: 'holm', scope: 'all'}`.
    private Rule.Correction correction(String member) {
        return within().flatMap(json -> json.choice(member, Rule.Correction.values()))
                .or(() ->
                        json.json().path("correction").isObject()
                                ? Optional.empty()
                                : json.choice("correction", Rule.Correction.values()))
                .orElse(Rule.Correction.HOLM);
    }

    private Rule.Scope scope() {
        return within().flatMap(json -> json.choice("scope", Rule.Scope.values()))
                .orElse(Rule.Scope.PRIMARY);
    }

    private Optional<Declaration> within() {
        return json.json().path("correction").isObject()
                ? json.within("correction", List.of("method", "scope"), "{method: 'holm'}")
                : Optional.empty();
    }

    private OptionalLong cuped() {
        var cuped = json.json().path("cuped");
        if (cuped.isBoolean()) {
            return cuped.booleanValue() ? OptionalLong.of(USUAL_LOOKBACK) : OptionalLong.empty();
        }
        if (json.has("cuped") && !cuped.isObject()) {
            throw json.invalid(
                    "cuped", "Send cuped as true for the 14 days before, or {lookback: '30d'}.");
        }
        return json.within("cuped", List.of("lookback"), "{lookback: '14d'}")
                .map(json -> OptionalLong.of(json.span("lookback").orElse(USUAL_LOOKBACK)))
                .orElse(OptionalLong.empty());
    }

    /// How many looks, evenly spread, or their shares of the planned sample.
    private List<Double> looks(Rule.Methodology methodology) {
        var looks = json.json().path("looks");
        if (methodology != Rule.Methodology.GROUP_SEQUENTIAL) {
            if (json.has("looks")) {
                throw json.refused(
                        "looks",
                        "The methodology '%s' plans no looks.".formatted(methodology.word()),
                        "Leave looks out, or use the methodology 'groupSequential'.");
            }
            return List.of();
        }
        if (looks.isArray()) {
            return shares(looks);
        }
        var count = looks.isNumber() ? looks.doubleValue() : USUAL_LOOKS;
        if ((json.has("looks") && !looks.isNumber())
                || count < 1
                || count > MOST_LOOKS
                || count != Math.rint(count)) {
            throw invalidLooks();
        }
        return IntStream.rangeClosed(1, (int) count).mapToObj(look -> look / count).toList();
    }

    private List<Double> shares(JsonNode looks) {
        var shares = new ArrayList<Double>();
        var before = 0.0;
        for (var look : looks) {
            var share = look.isNumber() ? look.doubleValue() : Double.NaN;
            if (!(share > before && share <= 1) || shares.size() == MOST_LOOKS) {
                throw invalidLooks();
            }
            shares.add(share);
            before = share;
        }
        if (before != 1) {
            throw invalidLooks();
        }
        return shares;
    }

    private Refused invalidLooks() {
        return json.invalid(
                "looks",
                "Give the number of looks, 1 to %d, or their shares of plannedSample, rising to 1, such as [0.5, 0.75, 1]."
                        .formatted(MOST_LOOKS));
    }

    private Rule.Thresholds thresholds() {
        return json.within(
                        "bayesian",
                        List.of("chanceToWin", "expectedLoss", "priorDeviation"),
                        "{chanceToWin: 0.95, expectedLoss: 0.01}")
                .map(json ->
                        new Rule.Thresholds(
                                json.between(
                                                "chanceToWin",
                                                0,
                                                1,
                                                "Give a number between 0 and 1, such as 0.95.")
                                        .orElse(0),
                                json.between(
                                                "expectedLoss",
                                                0,
                                                Double.POSITIVE_INFINITY,
                                                "Give a number above 0, a share of the control, such as 0.01.")
                                        .orElse(Double.POSITIVE_INFINITY),
                                json.between(
                                        "priorDeviation",
                                        0,
                                        1e6,
                                        "Give a number above 0, the spread of relative effects you expect, such as 0.3.")))
                .orElse(Rule.Thresholds.NONE);
    }
}
