package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How a bandit shifts traffic to the arms that do well.
///
/// @param floor the least share of an arm, above 0
/// @param every milliseconds between two reallocations, unless units count
/// @param everyUnits new units between two reallocations
/// @param burnIn units that each arm has before the first one
public record Allocation(
        Policy policy, double floor, long every, OptionalLong everyUnits, long burnIn) {
    private static final String HOLDOUT = "holdout";
    private static final String FIXED = "fixed";
    private static final String ELIMINATION = "elimination";
    private static final String HELD_OUT = "heldout";
    private static final String EVERYONE = "everyone";
    private static final List<String> WORDS =
            List.of(FIXED, HOLDOUT, "thompson", "topTwo", ELIMINATION);
    private static final List<String> MEMBERS = List.of("policy", "floor", "every", "burnIn");
    private static final Pattern UNITS = Pattern.compile("(\\d{1,9})\\s*units?");
    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})\\s*(s|m|h|d|w)");

    private static final double USUAL_FLOOR = 0.05;
    private static final long HOUR = 3_600_000;
    private static final long SHORTEST = 1_000;
    private static final long LONGEST = 366 * 24 * HOUR;
    private static final long USUAL_BURN_IN = 100;
    private static final long LARGEST_BURN_IN = 1_000_000_000;

    /// What a reallocation is after.
    public enum Policy {
        /// Each arm with the probability that it is the best: earns most.
        THOMPSON("thompson"),
        /// Half to the best and half to the second best: learns the best one soonest.
        TOP_TWO("topTwo");

        private final String word;

        Policy(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /// Brings an allocation into the one form that is stored: `{design: 'fixed'}`, `{design:
    /// 'holdout', share}` with the percentage that is held out, or `{policy, floor, every,
    /// burnIn}`, or `{policy: 'elimination'}`.
    ///
    /// @param given one of the words `fixed`, `holdout`, `thompson`, `topTwo`, `mab` and
    ///   `elimination`, or an object with the word as `policy` or `design`
    static ObjectNode parse(JsonNode given) {
        var json = object(given);
        var word = word(json);
        json.remove(List.of("policy", "design"));
        return switch (word) {
            case FIXED -> {
                requireMembers(json, List.of());
                yield json.put("design", FIXED);
            }
            case HOLDOUT -> {
                requireMembers(json, List.of("share"));
                var share = number("share", json.path("share"), 5, 0, 100);
                if (share == 0 || share == 100) {
                    throw refused(
                            "share", json.path("share"), "a percentage above 0 and below 100");
                }
                yield json.put("design", HOLDOUT).put("share", share);
            }
            case ELIMINATION -> {
                requireMembers(json, List.of());
                yield json.put("policy", ELIMINATION);
            }
            default -> bandit(word, json);
        };
    }

    private static ObjectNode bandit(String word, ObjectNode json) {
        requireMembers(json, MEMBERS);
        var allocation = JsonNodeFactory.instance.objectNode().put("policy", word);
        allocation.put("floor", number("floor", json.path("floor"), USUAL_FLOOR, 1e-4, 0.5));
        var units = UNITS.matcher(json.path("every").asString(""));
        if (units.matches() && Long.parseLong(units.group(1)) > 0) {
            allocation.put("every", units.group(1) + " units");
        } else {
            allocation.put("every", span(json.path("every")));
        }
        var burnIn = number("burnIn", json.path("burnIn"), USUAL_BURN_IN, 1, LARGEST_BURN_IN);
        return allocation.put("burnIn", (long) burnIn);
    }

    private static ObjectNode object(JsonNode given) {
        if (given.isString()) {
            return JsonNodeFactory.instance.objectNode().set("policy", given);
        }
        if (given instanceof ObjectNode object) {
            return object.deepCopy();
        }
        throw refused("", given, "one of " + String.join(", ", WORDS));
    }

    private static String word(ObjectNode json) {
        var given = json.path(json.has("policy") ? "policy" : "design");
        var word = given.asString("").strip();
        if (word.equals("mab") || word.equals("bandit")) {
            return "thompson";
        }
        if (!WORDS.contains(word)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a way to allocate traffic.".formatted(Quoted.of(given)),
                            Nearest.hint(word, WORDS)
                                    + "Send allocation as one of: %s."
                                            .formatted(String.join(", ", WORDS)))
                    .field("allocation");
        }
        return word;
    }

    private static void requireMembers(ObjectNode json, List<String> known) {
        for (var member : json.propertyNames()) {
            if (!known.contains(member)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "This allocation has no member %s.".formatted(Quoted.of(member)),
                                Nearest.hint(member, known)
                                        + "Use: %s."
                                                .formatted(
                                                        known.isEmpty()
                                                                ? "design alone"
                                                                : String.join(", ", known)))
                        .field("allocation." + member);
            }
        }
    }

    private static double number(
            String member, JsonNode json, double usual, double least, double most) {
        if (json.isMissingNode() || json.isNull()) {
            return usual;
        }
        if (!json.isNumber() || !(json.doubleValue() >= least && json.doubleValue() <= most)) {
            throw refused(
                    member,
                    json,
                    "a number from %s to %s".formatted(Numbers.brief(least), Numbers.brief(most)));
        }
        return json.doubleValue();
    }

    private static long span(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return HOUR;
        }
        var given = json.isIntegralNumber() ? json.longValue(0) : -1;
        var match = SPAN.matcher(json.asString(""));
        if (json.isString() && match.matches()) {
            given = Long.parseLong(match.group(1)) * unit(match.group(2));
        }
        if (given < SHORTEST || given > LONGEST) {
            throw refused(
                    "every",
                    json,
                    "a time such as '1h' or '1d', or milliseconds, from a second to a year, or a number of units such as '500 units'");
        }
        return given;
    }

    private static long unit(String letter) {
        return switch (letter) {
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> HOUR;
            case "d" -> 24 * HOUR;
            default -> 7 * 24 * HOUR;
        };
    }

    private static Refused refused(String member, JsonNode given, String wanted) {
        var path = member.isEmpty() ? "allocation" : "allocation." + member;
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s is not valid for %s.".formatted(Quoted.of(given), path),
                        "Send %s as %s.".formatted(path, wanted))
                .field(path);
    }

    /// Reads the stored form; empty when the weights stay as they are.
    static Optional<Allocation> of(JsonNode stored) {
        var word = stored.path("policy").asString("");
        for (var policy : Policy.values()) {
            if (policy.word().equals(word)) {
                return Optional.of(
                        new Allocation(
                                policy,
                                stored.path("floor").asDouble(USUAL_FLOOR),
                                stored.path("every").asLong(HOUR),
                                units(stored.path("every")),
                                stored.path("burnIn").asLong(USUAL_BURN_IN)));
            }
        }
        return Optional.empty();
    }

    private static OptionalLong units(JsonNode every) {
        var units = UNITS.matcher(every.isString() ? every.stringValue() : "");
        return units.matches()
                ? OptionalLong.of(Long.parseLong(units.group(1)))
                : OptionalLong.empty();
    }

    /// True when the stored form says that arms which have lost are run no more.
    static boolean isElimination(JsonNode stored) {
        return stored.path("policy").asString("").equals(ELIMINATION);
    }

    /// True when the stored form says that the control is kept out of other experiments.
    static boolean isHoldout(JsonNode stored) {
        return stored.path("design").asString("").equals(HOLDOUT);
    }

    /// True when the variants of a document are those of a holdout, or there are none.
    static boolean hasHoldoutVariants(ObjectNode experiment) {
        return experiment
                .path("variants")
                .valueStream()
                .allMatch(variant ->
                        List.of(HELD_OUT, EVERYONE).contains(variant.path("key").asString("")));
    }

    /// The two arms of a holdout: those who are held out, and everyone else.
    static JsonNode holdoutVariants(ObjectNode stored) {
        var share = stored.path("share").decimalValue();
        var variants = JsonNodeFactory.instance.arrayNode();
        variants.addObject().put("key", HELD_OUT).put("weight", share).put("control", true);
        variants.addObject()
                .put("key", EVERYONE)
                .put("weight", BigDecimal.valueOf(100).subtract(share));
        return variants;
    }
}
