package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.store.StoredObject;
import assay.stats.assignment.SeededHash;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// A switch as it stands: who gets which of its values.
///
/// @param key its own
/// @param isOn false while everybody gets the default
/// @param only who gets anything but the default; empty for everybody
/// @param rules asked in order; the first whose audience a subject belongs to decides
/// @param rollout the buckets that are in, of 10,000
/// @param values of its variants, by their keys
/// @param weights of its variants, in the order of the values
record Flag(
        String key,
        String type,
        boolean isOn,
        String status,
        JsonNode otherwise,
        Optional<Audience> only,
        List<Rule> rules,
        int rollout,
        Map<String, JsonNode> values,
        List<BigDecimal> weights) {
    private static final Set<String> ON = Set.of("Active", "Enabled", "RolledOut");
    private static final List<String> MEMBERS =
            List.of("name", "audience", "when", "variant", "value", "percentage");

    /// A rule that decides for its audience.
    ///
    /// @param variant key of the variant that it serves, if it names one
    /// @param value what it serves, if it brings that itself
    /// @param buckets how many of 10,000 are in
    record Rule(
            String name,
            Audience audience,
            Optional<String> variant,
            Optional<JsonNode> value,
            int buckets) {}

    static Flag of(StoredObject stored) {
        var flag = stored.document();
        var key = flag.path("key").asString(stored.id());
        var type = flag.path("type").asString("");
        var status = flag.path("status").asString("Draft");
        var rules = flag.path("targetingRules");
        var values = new LinkedHashMap<String, JsonNode>();
        var weights = new ArrayList<BigDecimal>();
        readVariants(flag.path("variants"), values, weights);
        return new Flag(
                key,
                type,
                ON.contains(status),
                status,
                otherwise(type, flag.path("defaultValue")),
                isOrdered(rules) || isEmpty(rules)
                        ? Optional.empty()
                        : Optional.of(Audience.parse("targetingRules", rules)),
                isOrdered(rules) ? ordered(rules) : List.of(),
                buckets(flag.path("rolloutPercentage")),
                values,
                weights);
    }

    private static int buckets(JsonNode percent) {
        return percent.isNumber()
                ? (int) Math.round(percent.doubleValue() * Range.BUCKETS / 100)
                : Range.BUCKETS;
    }

    /// Checks what evaluations rely on.
    ///
    /// @param data what the caller sent
    /// @param next the document about to be stored
    /// @throws Refused if rules or variants cannot be read
    static void require(ObjectNode data, ObjectNode next) {
        var isTyped = data.hasNonNull("type");
        var values = new LinkedHashMap<String, JsonNode>();
        if (data.hasNonNull("variants") || data.hasNonNull("targetingRules") || isTyped) {
            readVariants(next.path("variants"), values, new ArrayList<>());
            values.forEach((key, value) ->
                    requireType(next, "variants", "Variant %s".formatted(Quoted.of(key)), value));
        }
        if (data.hasNonNull("defaultValue") || isTyped) {
            requireDefault(next.path("type").asString(""), next.path("defaultValue"));
        }
        var rules = next.path("targetingRules");
        if ((data.hasNonNull("targetingRules") || isTyped) && !isEmpty(rules)) {
            if (isOrdered(rules)) {
                requireShares(rules);
                ordered(rules).forEach(rule -> requireServed(rule, next, values.keySet()));
            } else {
                var _ = Audience.parse("targetingRules", rules);
            }
        }
    }

    /// A share that is no number would let everybody in.
    private static void requireShares(JsonNode rules) {
        for (var rule : rules.isArray() ? rules : Json.array().add(rules)) {
            var percent = rule.path("percentage");
            if (!percent.isMissingNode() && !percent.isNull() && !percent.isNumber()) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "%s is not a percentage.".formatted(Quoted.of(percent)),
                                "Send percentage as a number from 0 to 100.")
                        .field("targetingRules");
            }
        }
    }

    /// What a rule serves must be there. A flag of an experiment may name the variants of that.
    private static void requireServed(Rule rule, ObjectNode flag, Set<String> variants) {
        rule.value().ifPresent(value -> requireType(flag, "targetingRules", rule.name(), value));
        var named = rule.variant().filter(key -> !variants.contains(key));
        if (named.isPresent() && !flag.hasNonNull("experiment")) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s names the variant %s, which the flag does not have."
                                    .formatted(rule.name(), Quoted.of(named.get())),
                            variants.isEmpty()
                                    ? "Send a value in place of the variant, or give the flag variants."
                                    : "%sName one of: %s."
                                            .formatted(
                                                    Nearest.hint(
                                                            named.get(), List.copyOf(variants)),
                                                    Quoted.all(List.copyOf(variants))))
                    .field("targetingRules");
        }
    }

    /// Whoever asks for a flag relies on its type.
    private static void requireType(ObjectNode flag, String field, String what, JsonNode value) {
        var type = flag.path("type").asString("");
        if (!value.isMissingNode() && !value.isNull() && !takes(type, value)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s has the value %s, and the flag is of the type %s."
                                    .formatted(what, Quoted.of(value), type),
                            "Send a value of that type, or another type.")
                    .field(field);
        }
    }

    private static void requireDefault(String type, JsonNode given) {
        if (given.isMissingNode() || given.isNull()) {
            return;
        }
        var text = given.asString("");
        var read = Json.value(text);
        var repair =
                switch (type) {
                    case "Number" ->
                            read.filter(JsonNode::isNumber).isPresent()
                                    ? ""
                                    : "a number, such as '5'";
                    case "JSON" -> read.isPresent() ? "" : "JSON text, such as '{\"size\": 5}'";
                    case "Boolean" ->
                            Set.of("true", "false").contains(text) ? "" : "'true' or 'false'";
                    default -> "";
                };
        if (!repair.isEmpty()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a default for a flag of the type %s."
                                    .formatted(Quoted.of(given), type),
                            "Send defaultValue as %s, or type as 'String'.".formatted(repair))
                    .field("defaultValue");
        }
    }

    /// Variants as an experiment has them, or `{key: value}`.
    private static void readVariants(
            JsonNode given, Map<String, JsonNode> values, List<BigDecimal> weights) {
        if (given.isObject()) {
            given.properties()
                    .forEach(one -> {
                        values.put(one.getKey(), one.getValue());
                        weights.add(BigDecimal.ONE);
                    });
        } else if (!given.isMissingNode() && !given.isNull()) {
            for (var variant : Variants.parse(given).all()) {
                values.put(variant.key(), variant.rest().path("value"));
                weights.add(variant.weight());
            }
        }
    }

    /// True for rules that decide, each for an audience of its own; otherwise they say together who
    /// is in at all.
    private static boolean isOrdered(JsonNode rules) {
        return isDeciding(rules)
                || (rules.isArray() && rules.valueStream().anyMatch(Flag::isDeciding));
    }

    private static boolean isEmpty(JsonNode rules) {
        return rules.isMissingNode() || rules.isNull() || (rules.isContainer() && rules.isEmpty());
    }

    private static boolean isDeciding(JsonNode rule) {
        return rule.isObject() && (rule.has("audience") || rule.has("when"));
    }

    private static List<Rule> ordered(JsonNode rules) {
        var all = new ArrayList<Rule>();
        for (var rule : rules.isArray() ? rules : Json.array().add(rules)) {
            var path = "targetingRules[%d]".formatted(all.size());
            for (var member : rule.propertyNames()) {
                if (!MEMBERS.contains(member)) {
                    throw new Refused(
                                    Reason.UNKNOWN_FIELD,
                                    "A targeting rule has no member %s."
                                            .formatted(Quoted.of(member)),
                                    Nearest.hint(member, MEMBERS)
                                            + "Send {audience, variant or value, percentage}.")
                            .field(path + "." + member);
                }
            }
            var percent = rule.path("percentage");
            if (percent.isNumber() && (percent.doubleValue() < 0 || percent.doubleValue() > 100)) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "%s is not a percentage.".formatted(Quoted.of(percent)),
                                "Send percentage as a number from 0 to 100.")
                        .field(path + ".percentage");
            }
            all.add(
                    new Rule(
                            rule.path("name")
                                    .asString("targeting rule %d".formatted(all.size() + 1)),
                            Audience.parse(
                                    path + ".audience",
                                    rule.path(rule.has("audience") ? "audience" : "when")),
                            Optional.ofNullable(rule.path("variant").stringValue(null)),
                            Optional.ofNullable(rule.get("value")),
                            buckets(percent)));
        }
        return all;
    }

    /// The default in the type of the flag.
    private static JsonNode otherwise(String type, JsonNode given) {
        var text = given.asString("");
        return switch (type) {
            case "String" -> given.isMissingNode() ? NullNode.getInstance() : given;
            case "Number", "JSON" -> Json.value(text).orElse(NullNode.getInstance());
            default ->
                    type.isEmpty() && !text.isEmpty() && !Set.of("true", "false").contains(text)
                            ? given
                            : BooleanNode.valueOf(text.equals("true"));
        };
    }

    /// True for a flag that is on or off, and needs no variants to say so.
    boolean isSwitch() {
        return type.isEmpty() || type.equals("Boolean");
    }

    /// True for a value of the flag's type; a flag that names none takes any.
    boolean takes(JsonNode value) {
        return takes(type, value);
    }

    private static boolean takes(String type, JsonNode value) {
        return switch (type) {
            case "Boolean" -> value.isBoolean();
            case "Number" -> value.isNumber();
            case "String" -> value.isString();
            default -> true;
        };
    }

    /// The bucket by which a subject is in a rollout: the same for all percentages, so that a
    /// larger one keeps those who are in.
    int bucket(String subject) {
        return new SeededHash("flag/" + key).bucket(subject);
    }

    /// The variant of a flag without an experiment; empty when it has none.
    Optional<String> variant(String subject) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        var ranges = Cohort.of(1, weights, BigDecimal.ONE, Instant.EPOCH).ranges();
        var bucket = new SeededHash("flag/" + key + "/variants").bucket(subject);
        var index = 0;
        for (var variant : values.keySet()) {
            if (ranges.get(index++).has(bucket)) {
                return Optional.of(variant);
            }
        }
        return Optional.empty();
    }
}
