package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads one condition on attributes. To be used once: it counts the conditions it meets.
final class AudienceSyntax {
    private static final int DEEPEST = 20;
    private static final int MOST_CONDITIONS = 200;

    private static final List<String> FIELDS = List.of("field", "attribute");
    private static final List<String> OPERATORS = List.of("operator", "op");
    private static final List<String> VALUES = List.of("value", "values");
    private static final List<String> LEAF =
            Stream.of(FIELDS, OPERATORS, VALUES).flatMap(List::stream).toList();

    /// With the segment that rules were noted of.
    private static final List<String> RULES =
            List.of("rules", "logicalOperator", "operator", "segment");

    private static final List<String> GROUPS = List.of("all", "any", "not", "and", "or");

    private final String field;
    private final boolean isNew;
    private int conditions;

    /// @param isNew false for what was accepted before and is to mean what it meant then
    AudienceSyntax(String field, boolean isNew) {
        this.field = field;
        this.isNew = isNew;
    }

    Audience parse(JsonNode given) {
        return tree(
                field,
                given.isString() ? Json.container(given.stringValue()).orElse(given) : given,
                0);
    }

    private Audience tree(String path, JsonNode given, int depth) {
        checkSize(depth);
        if (given.isArray()) {
            return new Audience.All(parts(path, given, depth));
        }
        if (!(given instanceof ObjectNode object) || object.isEmpty()) {
            throw refused(path, given);
        }
        if (first(object, FIELDS).isPresent() && first(object, OPERATORS).isPresent()) {
            return leaf(path, object);
        }
        if (isNew) {
            requireNoHalfRule(path, object);
        }
        return group(path, object, depth).orElseGet(() -> filter(path, object, depth));
    }

    /// Refuses what would be taken for a filter by attributes called `field`, `operator` and so on,
    /// and is a rule with a slip of the pen.
    private static void requireNoHalfRule(String path, ObjectNode object) {
        var parts =
                Stream.of(FIELDS, OPERATORS, VALUES)
                        .filter(words ->
                                object.propertyNames().stream()
                                        .anyMatch(member ->
                                                words.contains(member)
                                                        || Nearest.to(member, words).isPresent()))
                        .count();
        if (parts < 2 || object.has("rules")) {
            return;
        }
        var odd =
                object.propertyNames().stream()
                        .filter(member -> !LEAF.contains(member))
                        .findFirst();
        throw new Refused(
                        Reason.INVALID_VALUE,
                        "%s is a rule without %s."
                                .formatted(
                                        Quoted.of(object),
                                        first(object, FIELDS).isEmpty()
                                                ? "a field"
                                                : "an operator"),
                        odd.map(member -> Nearest.hint(member, LEAF)).orElse("")
                                + "Send a rule as {field: 'plan', operator: 'eq', value: 'pro'}, also where the attribute itself is called so.")
                .field(odd.map(member -> path + "." + member).orElse(path));
    }

    private void checkSize(int depth) {
        if (depth > DEEPEST || ++conditions > MOST_CONDITIONS) {
            throw new Refused(
                            Reason.TOO_LARGE,
                            "The rules have more than %d conditions or are nested more than %d levels deep."
                                    .formatted(MOST_CONDITIONS, DEEPEST),
                            "Use the operator in for alternatives of one attribute.")
                    .field(field);
        }
    }

    /// A group with `rules`, or of one of the members `all`, `any` and `not`; empty for anything
    /// else.
    private Optional<Audience> group(String path, ObjectNode object, int depth) {
        if (object.path("rules").isArray()) {
            if (isNew) {
                requireMembers(path, object, RULES);
            }
            var word =
                    object.path("logicalOperator")
                            .asString(object.path("operator").asString("AND"))
                            .toUpperCase(Locale.ROOT);
            var parts = parts(path + ".rules", object.get("rules"), depth);
            return switch (word) {
                case "AND", "ALL" -> Optional.of(new Audience.All(parts));
                case "OR", "ANY" -> Optional.of(new Audience.Any(parts));
                default ->
                        throw new Refused(
                                        Reason.UNKNOWN_OPERATOR,
                                        "%s is not a logical operator.".formatted(Quoted.of(word)),
                                        "Send logicalOperator as AND or OR.")
                                .field(path + ".logicalOperator");
            };
        }
        requireGroupsAlone(path, object);
        if (object.size() != 1) {
            return Optional.empty();
        }
        var member = object.propertyNames().iterator().next();
        var inner = object.get(member);
        return switch (lower(member)) {
            case "all", "and" ->
                    inner.isArray()
                            ? Optional.of(
                                    new Audience.All(parts(path + "." + member, inner, depth)))
                            : Optional.empty();
            case "any", "or" ->
                    inner.isArray()
                            ? Optional.of(
                                    new Audience.Any(parts(path + "." + member, inner, depth)))
                            : Optional.empty();
            case "not" ->
                    inner.isContainer()
                            ? Optional.of(
                                    new Audience.Not(tree(path + "." + member, inner, depth + 1)))
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    /// Refuses a group beside other members, and a list that is none.
    private static void requireGroupsAlone(String path, ObjectNode object) {
        for (var member : object.properties()) {
            var name = member.getKey();
            var isGroup = GROUPS.contains(lower(name)) && member.getValue().isContainer();
            if (isGroup && object.size() > 1) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "%s is a group of rules, and other conditions stand beside it."
                                        .formatted(Quoted.of(name)),
                                "Send {all: [{%s: …}, {…}]}: a group is alone in its object."
                                        .formatted(name))
                        .field(path + "." + name);
            }
            if (!isGroup && member.getValue().isArray() && !name.startsWith("$")) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "%s holds a list, and is not a group of rules."
                                        .formatted(Quoted.of(name)),
                                Nearest.hint(name, GROUPS.subList(0, 3))
                                        + "Send a group as {all: [rules]} or {any: [rules]}, and the alternatives of an attribute as {%s: {$in: […]}}."
                                                .formatted(bounded(name)))
                        .field(path + "." + name);
            }
        }
    }

    private List<Audience> parts(String path, JsonNode list, int depth) {
        if (!list.isArray() || list.isEmpty()) {
            throw refused(path, list);
        }
        var parts = new ArrayList<Audience>();
        for (var part : list) {
            parts.add(tree("%s[%d]".formatted(path, parts.size()), part, depth + 1));
        }
        return parts;
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    private static void requireMembers(String path, ObjectNode object, List<String> known) {
        for (var member : object.propertyNames()) {
            if (!known.contains(member)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                known.equals(RULES)
                                        ? "A group of rules has no member %s."
                                                .formatted(Quoted.of(member))
                                        : "A rule has no member %s.".formatted(Quoted.of(member)),
                                Nearest.hint(member, known)
                                        + (known.equals(RULES)
                                                ? "Send a group as {logicalOperator: 'AND', rules: […]}."
                                                : "Send a rule as {field, operator, value}."))
                        .field(path + "." + member);
            }
        }
    }

    private Audience leaf(String path, ObjectNode object) {
        requireMembers(path, object, LEAF);
        var name = first(object, FIELDS).orElseThrow();
        if (!name.isString() || name.stringValue().isBlank()) {
            throw refused(path + ".field", name);
        }
        var operator = first(object, OPERATORS).orElseThrow();
        var value = first(object, VALUES).orElse(object.path("value"));
        if (isNew && value.isBoolean() && !value.booleanValue()) {
            requireValue(path, operator.asString(""));
        }
        return rule(
                path + ".operator",
                path + ".value",
                name.stringValue(),
                operator.asString(""),
                value);
    }

    /// Refuses `exists: false` in the words of a rule, whose value nobody would look at.
    private static void requireValue(String path, String operator) {
        if (AttributeTest.find(operator).filter(test -> !test.takesValue()).isPresent()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The operator %s takes no value, so false is not its opposite."
                                    .formatted(Quoted.of(operator)),
                            "Use exists or not_exists, and leave value out.")
                    .field(path + ".operator");
        }
    }

    private static Optional<JsonNode> first(ObjectNode object, List<String> members) {
        return members.stream().filter(object::has).findFirst().map(object::get);
    }

    /// One comparison.
    ///
    /// @param operatorPath where the operator stands
    /// @param path where the value stands
    private static Audience rule(
            String operatorPath, String path, String name, String operator, JsonNode value) {
        var known = AttributeTest.find(operator);
        if (known.isEmpty()) {
            throw new Refused(
                            Reason.UNKNOWN_OPERATOR,
                            "There is no operator %s for attributes."
                                    .formatted(Quoted.of(operator)),
                            Nearest.hint(
                                            operator.startsWith("$")
                                                    ? operator.substring(1)
                                                    : operator,
                                            AttributeTest.words())
                                    + "Use one of: %s."
                                            .formatted(String.join(", ", AttributeTest.words())))
                    .field(operatorPath);
        }
        var test = known.get().with(path, value);
        var why =
                known.get().takesValue()
                        ? "%s %s %s does not hold"
                                .formatted(bounded(name), known.get().word(), Quoted.of(value))
                        : "%s %s does not hold".formatted(bounded(name), known.get().word());
        return new Audience.Rule(new Audience.Attribute(name), test, why);
    }

    private static String bounded(String name) {
        var quoted = Quoted.of(name);
        return quoted.substring(1, quoted.length() - 1);
    }

    // ---- the filter language of queries

    private Audience filter(String path, ObjectNode object, int depth) {
        var parts = new ArrayList<Audience>();
        for (var member : object.properties()) {
            var name = member.getKey();
            var value = member.getValue();
            var at = path + "." + name;
            parts.add(
                    switch (name) {
                        case "$and" -> new Audience.All(parts(at, value, depth));
                        case "$or" -> new Audience.Any(parts(at, value, depth));
                        case "$not" -> new Audience.Not(tree(at, value, depth + 1));
                        default -> condition(at, name, value, depth);
                    });
        }
        return parts.size() == 1 ? parts.getFirst() : new Audience.All(parts);
    }

    private Audience condition(String path, String name, JsonNode value, int depth) {
        checkSize(depth);
        if (name.startsWith("$")) {
            throw new Refused(
                            Reason.UNKNOWN_OPERATOR,
                            "There is no operator %s for rules.".formatted(Quoted.of(name)),
                            "Use $and, $or and $not around conditions on attributes, or {all: [rules]} and {any: [rules]}.")
                    .field(path);
        }
        if (!(value instanceof ObjectNode tests)
                || tests.propertyStream().noneMatch(test -> test.getKey().startsWith("$"))) {
            return value.isNull()
                    ? rule(path, path, name, "not_exists", value)
                    : rule(path, path, name, "eq", value);
        }
        var parts = new ArrayList<Audience>();
        for (var test : tests.properties()) {
            var at = path + "." + test.getKey();
            parts.add(
                    switch (test.getKey()) {
                        case "$not" ->
                                new Audience.Not(condition(at, name, test.getValue(), depth + 1));
                        case "$exists" ->
                                rule(
                                        at,
                                        at,
                                        name,
                                        test.getValue().asBoolean(true) ? "exists" : "not_exists",
                                        test.getValue());
                        default -> rule(at, at, name, test.getKey(), test.getValue());
                    });
        }
        return parts.size() == 1 ? parts.getFirst() : new Audience.All(parts);
    }

    private static Refused refused(String path, JsonNode given) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s is not a condition on attributes.".formatted(Quoted.of(given)),
                        "Send rules such as {all: [{field: 'plan', operator: 'in', value: ['pro', 'team']}]}, or a filter such as {plan: 'pro', age: {$gte: 18}}.")
                .field(path);
    }
}
