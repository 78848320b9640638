package assay.domain.query;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Kind;
import assay.domain.noun.Noun;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads one filter object. To be used once: it counts the conditions it meets.
final class FilterSyntax {
    private static final int LONGEST_PATTERN = 256;
    private static final int LONGEST_LIST = 1000;
    private static final int DEEPEST = 20;

    /// SQLite gives up on expressions more than a thousand levels deep, and a list of conditions is
    /// such an expression.
    private static final int MOST_CONDITIONS = 200;

    private static final List<String> OPERATORS =
            List.of(
                    "$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists", "$regex",
                    "$not", "$and", "$or", "$text");

    private final PathSyntax paths;
    private final Operands operands;
    private int conditions;

    FilterSyntax(PathSyntax paths, Operands operands) {
        this.paths = paths;
        this.operands = operands;
    }

    Filter filter(Noun noun, JsonNode json) {
        return json.isMissingNode() || json.isNull() ? Filter.EVERYTHING : filter(noun, json, 0);
    }

    private Filter filter(Noun noun, JsonNode json, int depth) {
        if (!(json instanceof ObjectNode members)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "A filter is an object, not %s.".formatted(Quoted.of(json)),
                            "Write the filter as {field: value} or {field: {$operator: value}}.")
                    .field("filter");
        }
        checkSize(depth);
        var all = new ArrayList<Filter>();
        for (var member : members.properties()) {
            var name = member.getKey();
            var value = member.getValue();
            all.add(
                    switch (name) {
                        case "$and" -> new Filter.And(branches(noun, name, value, depth));
                        case "$or" -> new Filter.Or(branches(noun, name, value, depth));
                        case "$not" -> new Filter.Not(filter(noun, value, depth + 1));
                        case "$text" -> words(value);
                        default -> named(noun, name, value, depth);
                    });
        }
        return and(all);
    }

    private void checkSize(int depth) {
        if (depth > DEEPEST) {
            throw Unreadable.size(
                    "filter",
                    "The filter is nested more than %d levels deep.".formatted(DEEPEST),
                    "Flatten the filter.");
        }
        if (++conditions > MOST_CONDITIONS) {
            throw Unreadable.size(
                    "filter",
                    "The filter has more than %d conditions.".formatted(MOST_CONDITIONS),
                    "Use $in for alternatives of one field, or ask several times.");
        }
    }

    private static Filter and(List<Filter> all) {
        return all.size() == 1 ? all.getFirst() : new Filter.And(all);
    }

    private List<Filter> branches(Noun noun, String operator, JsonNode list, int depth) {
        if (!list.isArray()) {
            throw Unreadable.value(
                    operator, list, "Give %s an array of filters.".formatted(operator));
        }
        return list.valueStream().map(branch -> filter(noun, branch, depth + 1)).toList();
    }

    private static Filter words(JsonNode value) {
        if (!value.isString() || value.stringValue().isBlank()) {
            throw Unreadable.value(
                    "$text", value, "Give $text the words to look for, as one string.");
        }
        return new Filter.Text(value.stringValue());
    }

    private Filter named(Noun noun, String name, JsonNode value, int depth) {
        if (name.startsWith("$") && PathSyntax.meta(noun, name).isEmpty()) {
            throw Unreadable.name(Reason.UNKNOWN_OPERATOR, "operator", name, OPERATORS);
        }
        return condition(paths.path(noun, name), value, depth);
    }

    private Filter condition(Path path, JsonNode value, int depth) {
        checkSize(depth);
        if (!(value instanceof ObjectNode members)
                || members.propertyStream().noneMatch(member -> member.getKey().startsWith("$"))) {
            return equal(path, value);
        }
        var all = new ArrayList<Filter>();
        for (var member : members.properties()) {
            if (!member.getKey().equals("$options")) {
                all.add(operation(path, member.getKey(), member.getValue(), members, depth));
            }
        }
        if (all.isEmpty()) {
            throw Unreadable.value(path.text(), value, "Send $options beside $regex.");
        }
        return and(all);
    }

    private Filter operation(
            Path path, String operator, JsonNode operand, ObjectNode siblings, int depth) {
        return switch (operator) {
            case "$eq" -> equal(path, operand);
            case "$ne" -> new Filter.Not(equal(path, operand));
            case "$gt" -> order(path, Filter.Comparison.GREATER, operator, operand);
            case "$gte" -> order(path, Filter.Comparison.AT_LEAST, operator, operand);
            case "$lt" -> order(path, Filter.Comparison.LESS, operator, operand);
            case "$lte" -> order(path, Filter.Comparison.AT_MOST, operator, operand);
            case "$in" -> oneOf(path, operator, operand);
            case "$nin" -> new Filter.Not(oneOf(path, operator, operand));
            case "$exists" -> exists(path, operand);
            case "$regex" -> matches(path, operand, siblings.path("$options"));
            case "$not" -> new Filter.Not(condition(path, operand, depth + 1));
            case "$text" ->
                    throw Unreadable.value(
                            path.text(),
                            operand,
                            "Write {$text: 'words'} beside the fields; it looks at all text of an"
                                    + " object.");
            default ->
                    throw Unreadable.name(Reason.UNKNOWN_OPERATOR, "operator", operator, OPERATORS)
                            .field(path.text());
        };
    }

    private Filter equal(Path path, JsonNode value) {
        return value.isNull()
                ? new Filter.Not(new Filter.Exists(path))
                : operands.compare(path, Filter.Comparison.EQUAL, value);
    }

    private Filter order(Path path, Filter.Comparison comparison, String operator, JsonNode value) {
        if (value.isNull() || value.isContainer()) {
            throw Unreadable.value(
                    path.text(), value, "Give %s a single value.".formatted(operator));
        }
        return operands.compare(path, comparison, value);
    }

    private static Filter exists(Path path, JsonNode operand) {
        if (!operand.isBoolean()) {
            throw Unreadable.value(path.text(), operand, "Give $exists true or false.");
        }
        var exists = new Filter.Exists(path);
        return operand.booleanValue() ? exists : new Filter.Not(exists);
    }

    private Filter oneOf(Path path, String operator, JsonNode list) {
        if (!list.isArray()) {
            throw Unreadable.value(
                    path.text(), list, "Give %s an array of values.".formatted(operator));
        }
        if (list.size() > LONGEST_LIST) {
            throw Unreadable.size(
                    path.text(),
                    "%s has %d values; the most is %d."
                            .formatted(operator, list.size(), LONGEST_LIST),
                    "Ask several times with parts of the list.");
        }
        var any = new ArrayList<Filter>();
        var values = new ArrayList<JsonNode>();
        for (var value : list) {
            if (value.isNull() || value.isArray() || path.column().kind() == Kind.JSON) {
                checkSize(0);
                any.add(equal(path, value));
            } else {
                values.add(operands.stored(path, value));
            }
        }
        if (!values.isEmpty()) {
            any.add(new Filter.OneOf(path, values));
        }
        return any.size() == 1 ? any.getFirst() : new Filter.Or(any);
    }

    private static Filter matches(Path path, JsonNode pattern, JsonNode options) {
        var kind = path.column().kind();
        if ((kind != Kind.TEXT && kind != Kind.JSON) || !pattern.isString()) {
            throw Unreadable.value(
                    path.text(),
                    pattern,
                    "Use $regex on a text field, with the pattern as a string.");
        }
        var text = pattern.stringValue();
        if (text.length() > LONGEST_PATTERN) {
            throw Unreadable.size(
                    path.text(),
                    "The pattern has %d characters; the most is %d."
                            .formatted(text.length(), LONGEST_PATTERN),
                    "Shorten the pattern or use $text for words.");
        }
        if (!options.isMissingNode() && !options.asString("").equals("i")) {
            throw Unreadable.value(path.text(), options, "The only $options is 'i'.");
        }
        try {
            var _ = Pattern.compile(text);
        } catch (PatternSyntaxException bad) {
            throw Unreadable.value(
                    path.text(),
                    pattern,
                    "Correct the pattern: %s.".formatted(bad.getDescription()));
        }
        return new Filter.Matches(path, text, !options.isMissingNode());
    }
}
