package assay.domain.query;

import static assay.domain.Reason.INVALID_VALUE;
import static assay.domain.Reason.LIMIT_EXCEEDED;
import static assay.domain.Reason.UNKNOWN_FIELD;
import static assay.domain.Reason.UNKNOWN_OPERATOR;

import assay.domain.IsoTime;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Refused;
import assay.domain.noun.Field;
import assay.domain.noun.Kind;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.query.Path.Column;
import assay.domain.query.Path.Column.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Turns the JSON of a question into a [Query], or refuses it with the place and the repair.
public final class QueryParser {
    /// Objects a page may hold, and holds unless told otherwise.
    public static final int LARGEST_PAGE = 100;

    private static final int DEFAULT_PAGE = 25;

    /// Objects a plain `find` returns at most.
    public static final int LARGEST_FIND = 1000;

    private static final int LONGEST_PATTERN = 256;
    private static final int LONGEST_PATH = 3;
    private static final int DEEPEST_FILTER = 20;
    private static final List<String> OPERATORS =
            List.of(
                    "$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists", "$regex",
                    "$not", "$and", "$or", "$text");
    private static final List<String> FIND_OPTIONS =
            List.of("sort", "limit", "offset", "cursor", "include", "populate", "fields", "asOf");

    private final Nouns nouns;
    private final Instant now;

    /// @param now what relative times are relative to
    public QueryParser(Nouns nouns, Instant now) {
        this.nouns = nouns;
        this.now = now;
    }

    /// The question of a page-wise search: `{filter, sort, limit, offset, cursor, include, fields,
    /// asOf}`; other members are not looked at.
    public Query search(Noun noun, ObjectNode request) {
        return query(noun, request.path("filter"), request, DEFAULT_PAGE, LARGEST_PAGE);
    }

    /// The question of `find(filter, options)`.
    public Query find(Noun noun, JsonNode filter, ObjectNode options) {
        for (var name : options.propertyNames()) {
            if (!FIND_OPTIONS.contains(name)) {
                throw unknown(UNKNOWN_FIELD, "option", name, FIND_OPTIONS);
            }
        }
        return query(noun, filter, options, LARGEST_FIND, LARGEST_FIND);
    }

    private Query query(Noun noun, JsonNode filterJson, ObjectNode request, int usual, int most) {
        var filter = filter(noun, filterJson);
        var sort = sort(noun, request.path("sort"));
        var asOf = asOf(request.path("asOf"));
        var question =
                Cursor.question(
                        JsonNodeFactory.instance.stringNode(noun.name()),
                        filterJson,
                        request.path("sort"),
                        request.path("asOf"));
        Optional<Cursor> cursor = text(request, "cursor").map(text -> Cursor.read(text, question));
        var offset = number(request, "offset", 0, 0, Integer.MAX_VALUE);
        if (cursor.isPresent() && offset > 0) {
            throw new Refused(
                            INVALID_VALUE,
                            "offset and cursor exclude each other.",
                            "Send only the cursor of the previous page.")
                    .field("offset");
        }
        return new Query(
                noun,
                filter,
                sort,
                number(request, "limit", usual, 1, most),
                offset,
                cursor,
                include(
                        noun,
                        request.has("include")
                                ? request.path("include")
                                : request.path("populate")),
                fields(noun, request.path("fields")),
                asOf);
    }

    /// The checksum that cursors of this search are bound to.
    public static long question(Noun noun, JsonNode filter, ObjectNode request) {
        return Cursor.question(
                JsonNodeFactory.instance.stringNode(noun.name()),
                filter,
                request.path("sort"),
                request.path("asOf"));
    }

    /// Reads a filter object.
    public Filter filter(Noun noun, JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return Filter.EVERYTHING;
        }
        return filter(noun, json, 0);
    }

    private Filter filter(Noun noun, JsonNode json, int depth) {
        if (!(json instanceof ObjectNode conditions)) {
            throw new Refused(
                            INVALID_VALUE,
                            "A filter is an object, not %s.".formatted(Quoted.of(json)),
                            "Write the filter as {field: value} or {field: {$operator: value}}.")
                    .field("filter");
        }
        if (depth > DEEPEST_FILTER) {
            throw new Refused(
                            LIMIT_EXCEEDED,
                            "The filter is nested more than %d levels deep."
                                    .formatted(DEEPEST_FILTER),
                            "Flatten the filter.")
                    .field("filter");
        }
        var all = new ArrayList<Filter>();
        for (var condition : conditions.properties()) {
            var name = condition.getKey();
            var value = condition.getValue();
            switch (name) {
                case "$and" -> all.add(new Filter.And(branches(noun, name, value, depth)));
                case "$or" -> all.add(new Filter.Or(branches(noun, name, value, depth)));
                case "$not" -> all.add(new Filter.Not(filter(noun, value, depth + 1)));
                case "$text" -> all.add(words(name, value));
                default -> {
                    if (name.startsWith("$") && meta(noun, name).isEmpty()) {
                        throw unknown(UNKNOWN_OPERATOR, "operator", name, OPERATORS);
                    }
                    all.add(condition(path(noun, name), value));
                }
            }
        }
        return all.size() == 1 ? all.getFirst() : new Filter.And(all);
    }

    private List<Filter> branches(Noun noun, String operator, JsonNode list, int depth) {
        if (!list.isArray()) {
            throw invalid(operator, list, "Give %s an array of filters.".formatted(operator));
        }
        return list.valueStream().map(branch -> filter(noun, branch, depth + 1)).toList();
    }

    private static Filter words(String name, JsonNode value) {
        if (!value.isString() || value.stringValue().isBlank()) {
            throw invalid(name, value, "Give $text the words to look for, as one string.");
        }
        return new Filter.Text(value.stringValue());
    }

    private Filter condition(Path path, JsonNode value) {
        if (!(value instanceof ObjectNode operators)) {
            return equal(path, value);
        }
        if (operators.propertyStream().noneMatch(member -> member.getKey().startsWith("$"))) {
            return equal(path, value);
        }
        var all = new ArrayList<Filter>();
        for (var operator : operators.properties()) {
            if (!operator.getKey().equals("$options")) {
                all.add(operation(path, operator.getKey(), operator.getValue(), operators));
            }
        }
        return all.size() == 1 ? all.getFirst() : new Filter.And(all);
    }

    private Filter operation(Path path, String operator, JsonNode operand, ObjectNode siblings) {
        return switch (operator) {
            case "$eq" -> equal(path, operand);
            case "$ne" -> new Filter.Not(equal(path, operand));
            case "$gt" -> compare(path, Filter.Comparison.GREATER, operator, operand);
            case "$gte" -> compare(path, Filter.Comparison.AT_LEAST, operator, operand);
            case "$lt" -> compare(path, Filter.Comparison.LESS, operator, operand);
            case "$lte" -> compare(path, Filter.Comparison.AT_MOST, operator, operand);
            case "$in" -> oneOf(path, operator, operand);
            case "$nin" -> new Filter.Not(oneOf(path, operator, operand));
            case "$exists" -> {
                if (!operand.isBoolean()) {
                    throw invalid(path.text(), operand, "Give $exists true or false.");
                }
                yield operand.booleanValue()
                        ? new Filter.Exists(path)
                        : new Filter.Not(new Filter.Exists(path));
            }
            case "$regex" -> matches(path, operand, siblings.path("$options"));
            case "$not" -> new Filter.Not(condition(path, operand));
            case "$text" -> words(operator, operand);
            default ->
                    throw unknown(UNKNOWN_OPERATOR, "operator", operator, OPERATORS)
                            .field(path.text());
        };
    }

    private Filter equal(Path path, JsonNode value) {
        return value.isNull()
                ? new Filter.Not(new Filter.Exists(path))
                : new Filter.Compare(path, Filter.Comparison.EQUAL, stored(path, value));
    }

    private Filter compare(
            Path path, Filter.Comparison comparison, String operator, JsonNode value) {
        if (value.isNull() || value.isContainer()) {
            throw invalid(path.text(), value, "Give %s a single value.".formatted(operator));
        }
        return new Filter.Compare(path, comparison, stored(path, value));
    }

    private Filter oneOf(Path path, String operator, JsonNode list) {
        if (!list.isArray()) {
            throw invalid(path.text(), list, "Give %s an array of values.".formatted(operator));
        }
        var values = new ArrayList<JsonNode>();
        var orAbsent = false;
        for (var value : list) {
            if (value.isNull()) {
                orAbsent = true;
            } else {
                values.add(stored(path, value));
            }
        }
        var oneOf = new Filter.OneOf(path, values);
        return orAbsent
                ? new Filter.Or(List.of(oneOf, new Filter.Not(new Filter.Exists(path))))
                : oneOf;
    }

    private static Filter matches(Path path, JsonNode pattern, JsonNode options) {
        if (path.column().kind() != Kind.TEXT || !pattern.isString()) {
            throw invalid(
                    path.text(),
                    pattern,
                    "Use $regex on a text field, with the pattern as a string.");
        }
        var text = pattern.stringValue();
        if (text.length() > LONGEST_PATTERN) {
            throw new Refused(
                            LIMIT_EXCEEDED,
                            "The pattern has %d characters; the most is %d."
                                    .formatted(text.length(), LONGEST_PATTERN),
                            "Shorten the pattern or use $text for words.")
                    .field(path.text());
        }
        var ignoreCase = options.isString() && options.stringValue().contains("i");
        if (!options.isMissingNode() && !(ignoreCase && options.stringValue().equals("i"))) {
            throw invalid(path.text(), options, "The only $options is 'i'.");
        }
        try {
            Pattern.compile(text);
        } catch (PatternSyntaxException bad) {
            throw invalid(
                    path.text(),
                    pattern,
                    "Correct the pattern: %s.".formatted(bad.getDescription()));
        }
        return new Filter.Matches(path, text, ignoreCase);
    }

    /// The operand in the form in which values of the path are stored.
    private JsonNode stored(Path path, JsonNode value) {
        return switch (path.column().kind()) {
            case TIME ->
                    JsonNodeFactory.instance.stringNode(IsoTime.text(time(path.text(), value)));
            case DATE ->
                    JsonNodeFactory.instance.stringNode(
                            IsoTime.text(time(path.text(), value)).substring(0, 10));
            case NUMBER, DECIMAL -> {
                if (!value.isNumber()) {
                    throw invalid(
                            path.text(),
                            value,
                            "Compare '%s' with a number.".formatted(path.text()));
                }
                yield value;
            }
            case BOOLEAN -> {
                if (!value.isBoolean()) {
                    throw invalid(
                            path.text(),
                            value,
                            "Compare '%s' with true or false.".formatted(path.text()));
                }
                yield value;
            }
            case TEXT -> {
                if (!value.isString()) {
                    throw invalid(
                            path.text(),
                            value,
                            "Compare '%s' with a string.".formatted(path.text()));
                }
                yield member(path, value);
            }
            case JSON -> value;
        };
    }

    /// Refuses a word that the enum of the field does not have: such a filter could never match.
    private static JsonNode member(Path path, JsonNode value) {
        if (path.column() instanceof Column.Stored(Field.Choice choice)
                && !choice.members().contains(value.stringValue())) {
            var near = Nearest.hint(value.stringValue(), choice.members());
            throw invalid(
                    path.text(),
                    value,
                    near + "Use one of: %s.".formatted(String.join(", ", choice.members())));
        }
        return value;
    }

    private Instant time(String where, JsonNode value) {
        Optional<Instant> time =
                value.isString() ? Times.read(value.stringValue(), now) : Optional.empty();
        return time.orElseThrow(() ->
                invalid(
                        where,
                        value,
                        "Write a time as ISO 8601 with zone (2026-11-20T10:00:00Z), as a date, or as '7d"
                                + " ago'."));
    }

    private Optional<Instant> asOf(JsonNode json) {
        return json.isMissingNode() || json.isNull()
                ? Optional.empty()
                : Optional.of(time("asOf", json));
    }

    /// Reads a sort in any of its spellings: `'-startAt'`, `'stage,-value'`, `{startAt: 'desc'}`,
    /// `{value: -1}`, or an array of these.
    public List<SortKey> sort(Noun noun, JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return List.of();
        }
        if (json.isString()) {
            return Stream.of(json.stringValue().split(",", -1))
                    .map(String::strip)
                    .map(word ->
                            word.startsWith("-")
                                    ? key(noun, word.substring(1), true)
                                    : key(noun, word, false))
                    .toList();
        }
        if (json instanceof ObjectNode object) {
            return object.propertyStream()
                    .map(entry ->
                            key(noun, entry.getKey(), descending(entry.getKey(), entry.getValue())))
                    .toList();
        }
        if (json.isArray()) {
            return json.valueStream().flatMap(part -> sort(noun, part).stream()).toList();
        }
        throw invalid(
                "sort", json, "Write sort as '-startAt', {startAt: 'desc'} or an array of these.");
    }

    private SortKey key(Noun noun, String name, boolean descending) {
        var path = path(noun, name);
        if (!path.hops().isEmpty() || path.column().kind() == Kind.JSON) {
            throw new Refused(
                            INVALID_VALUE,
                            "Objects cannot be sorted by '%s'.".formatted(name),
                            "Sort by a plain field of %s itself.".formatted(noun.name()))
                    .field("sort");
        }
        return new SortKey(path, descending);
    }

    private static boolean descending(String field, JsonNode direction) {
        return switch (direction.asString("")) {
            case "desc", "descending", "-1" -> true;
            case "asc", "ascending", "1" -> false;
            default ->
                    throw invalid(
                            "sort." + field,
                            direction,
                            "Give a direction: 'asc', 'desc', 1 or -1.");
        };
    }

    private List<String> include(Noun noun, JsonNode json) {
        return names("include", json)
                .map(name -> {
                    var relation =
                            nouns.relation(noun, name)
                                    .filter(field ->
                                            field instanceof Field.Reference
                                                    || field instanceof Field.Reverse);
                    if (relation.isEmpty()) {
                        throw unknown(UNKNOWN_FIELD, "relation", name, relations(noun))
                                .field("include");
                    }
                    return name;
                })
                .toList();
    }

    private List<String> relations(Noun noun) {
        return Stream.concat(
                        noun.fields().values().stream()
                                .filter(Field.Reference.class::isInstance)
                                .map(Field::name),
                        nouns.reverses(noun).keySet().stream())
                .toList();
    }

    private List<String> fields(Noun noun, JsonNode json) {
        return names("fields", json)
                .map(name -> {
                    if (meta(noun, name).isEmpty() && !noun.fields().containsKey(name)) {
                        throw unknown(UNKNOWN_FIELD, "field", name, known(noun)).field("fields");
                    }
                    return meta(noun, name).map(Meta::word).orElse(name);
                })
                .toList();
    }

    private static Stream<String> names(String where, JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return Stream.empty();
        }
        if (json.isString()) {
            return Stream.of(json.stringValue().split(",")).map(String::strip);
        }
        if (!json.isArray() || !json.valueStream().allMatch(JsonNode::isString)) {
            throw invalid(where, json, "Give %s an array of names.".formatted(where));
        }
        return json.valueStream().map(JsonNode::stringValue);
    }

    /// Reads a name: a field, a meta field with or without `$`, a dotted path over references, or a
    /// path into json.
    public Path path(Noun noun, String text) {
        var names = List.of(text.split("\\.", -1));
        var hops = new ArrayList<Field.Reference>();
        var at = noun;
        for (var i = 0; ; i++) {
            var name = names.get(i);
            var rest = names.subList(i + 1, names.size());
            var meta = meta(at, name);
            if (meta.isPresent() && rest.isEmpty()) {
                return new Path(text, hops, meta.get());
            }
            var field = at.fields().get(name);
            if (field == null) {
                throw unknown(UNKNOWN_FIELD, "field of " + at.name(), name, known(at)).field(text);
            }
            if (field instanceof Field.Reverse reverse) {
                throw new Refused(
                                INVALID_VALUE,
                                "'%s' is a computed list; it cannot be filtered or sorted by."
                                        .formatted(name),
                                "Search %s by its field '%s' instead."
                                        .formatted(reverse.target(), reverse.field()))
                        .field(text);
            }
            if (rest.isEmpty()) {
                return new Path(text, hops, new Column.Stored(field));
            }
            if (field instanceof Field.Reference reference) {
                if (names.size() > LONGEST_PATH) {
                    throw new Refused(
                                    INVALID_VALUE,
                                    "'%s' has more than %d names.".formatted(text, LONGEST_PATH),
                                    "Follow at most two references in one path.")
                            .field(text);
                }
                hops.add(reference);
                at = nouns.require(reference.target());
            } else if (field.kind() == Kind.JSON) {
                return new Path(text, hops, new Column.Inside(field, rest));
            } else {
                throw new Refused(
                                INVALID_VALUE,
                                "'%s' holds a plain value; nothing is inside it."
                                        .formatted(field.name()),
                                "Filter by '%s' itself.".formatted(field.name()))
                        .field(text);
            }
        }
    }

    private static Optional<Meta> meta(Noun noun, String name) {
        if (noun.fields().containsKey(name)) {
            return Optional.empty();
        }
        return Stream.of(Meta.values())
                .filter(meta -> meta.word().equals(name) || meta.word().substring(1).equals(name))
                .findFirst();
    }

    private static List<String> known(Noun noun) {
        return Stream.concat(
                        noun.fields().values().stream()
                                .filter(field -> !(field instanceof Field.Reverse))
                                .map(Field::name),
                        Stream.of(Meta.values()).map(Meta::word))
                .toList();
    }

    private static Optional<String> text(ObjectNode request, String name) {
        var json = request.path(name);
        if (json.isMissingNode() || json.isNull()) {
            return Optional.empty();
        }
        if (!json.isString()) {
            throw invalid(name, json, "Send %s as a string.".formatted(name));
        }
        return Optional.of(json.stringValue());
    }

    private static int number(ObjectNode request, String name, int usual, int least, int most) {
        var json = request.path(name);
        if (json.isMissingNode() || json.isNull()) {
            return usual;
        }
        if (!json.isIntegralNumber() || json.asLong(-1) < least) {
            throw invalid(
                    name, json, "Send %s as a whole number from %d on.".formatted(name, least));
        }
        if (json.asLong(0) > most) {
            throw new Refused(
                            LIMIT_EXCEEDED,
                            "%s %s is more than the most, %d.".formatted(name, json, most),
                            "Send at most %d and follow the cursor for the rest.".formatted(most))
                    .field(name);
        }
        return json.intValue();
    }

    private static Refused unknown(
            assay.domain.Reason reason, String what, String name, List<String> known) {
        var near = Nearest.hint(name, known);
        return new Refused(
                        reason,
                        "There is no %s %s.".formatted(what, Quoted.of(name)),
                        near + "Use one of: %s.".formatted(String.join(", ", known)))
                .field(name);
    }

    private static Refused invalid(String where, JsonNode value, String repair) {
        return new Refused(
                        INVALID_VALUE,
                        "%s is not valid for '%s'.".formatted(Quoted.of(value), where),
                        repair)
                .field(where);
    }
}
