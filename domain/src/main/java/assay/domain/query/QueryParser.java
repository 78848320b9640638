package assay.domain.query;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Field;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.query.Path.Column.Meta;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Turns the JSON of a question into a [Query], or refuses it with the place and the repair.
public final class QueryParser {
    /// Objects a page may hold.
    public static final int LARGEST_PAGE = 100;

    /// Objects a page holds unless told otherwise.
    private static final int DEFAULT_PAGE = 25;

    /// Objects a plain `find` returns at most.
    public static final int LARGEST_FIND = 1000;

    private static final List<String> FIND_OPTIONS =
            List.of("sort", "limit", "offset", "cursor", "include", "populate", "fields", "asOf");
    private static final String CONTEXT = "$context";

    private final Nouns nouns;
    private final PathSyntax paths;
    private final Operands operands;

    /// @param now what relative times are relative to
    public QueryParser(Nouns nouns, Instant now) {
        this.nouns = nouns;
        this.paths = new PathSyntax(nouns);
        this.operands = new Operands(now);
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
                throw Unreadable.name(Reason.UNKNOWN_FIELD, "option", name, FIND_OPTIONS);
            }
        }
        return query(noun, filter, options, LARGEST_FIND, LARGEST_FIND);
    }

    private Query query(Noun noun, JsonNode filter, ObjectNode request, int usual, int most) {
        var cursor =
                text(request, "cursor")
                        .map(text -> Cursor.read(text, question(noun, filter, request)));
        var offset = number(request, "offset", 0, 0, Integer.MAX_VALUE);
        if (cursor.isPresent() && offset > 0) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "offset and cursor exclude each other.",
                            "Send only the cursor of the previous page.")
                    .field("offset");
        }
        return new Query(
                noun,
                filter(noun, filter),
                new SortSyntax(paths).sort(noun, request.path("sort")),
                number(request, "limit", usual, 1, most),
                offset,
                cursor,
                include(
                        noun,
                        request.has("include")
                                ? request.path("include")
                                : request.path("populate")),
                fields(noun, request.path("fields")),
                moment("asOf", request.path("asOf")));
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
        return new FilterSyntax(paths, operands).filter(noun, json);
    }

    /// Reads a moment, also a relative one; empty when there is none.
    ///
    /// @param where what a refusal calls it
    public Optional<Instant> moment(String where, JsonNode json) {
        return json.isMissingNode() || json.isNull()
                ? Optional.empty()
                : Optional.of(operands.time(where, json));
    }

    private List<String> include(Noun noun, JsonNode json) {
        var relations = relations(noun);
        var names = names("include", json).toList();
        for (var name : names) {
            if (!relations.contains(name)) {
                throw Unreadable.name(Reason.UNKNOWN_FIELD, "relation", name, relations)
                        .field("include");
            }
        }
        return names;
    }

    private List<String> relations(Noun noun) {
        return Stream.concat(
                        noun.fields().values().stream()
                                .filter(Field.Reference.class::isInstance)
                                .map(Field::name),
                        nouns.reverses(noun).keySet().stream())
                .toList();
    }

    private static List<String> fields(Noun noun, JsonNode json) {
        return names("fields", json)
                .map(name -> {
                    if (name.equals(CONTEXT) || noun.fields().containsKey(name)) {
                        return name;
                    }
                    return PathSyntax.meta(noun, name)
                            .map(Meta::word)
                            .orElseThrow(() ->
                                    Unreadable.name(
                                                    Reason.UNKNOWN_FIELD,
                                                    "field",
                                                    name,
                                                    PathSyntax.known(noun))
                                            .field("fields"));
                })
                .toList();
    }

    private static Stream<String> names(String where, JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return Stream.empty();
        }
        if (json.isString()) {
            return Stream.of(json.stringValue().split(",", -1)).map(String::strip);
        }
        if (!json.isArray() || !json.valueStream().allMatch(JsonNode::isString)) {
            throw Unreadable.value(where, json, "Give %s an array of names.".formatted(where));
        }
        return json.valueStream().map(JsonNode::stringValue);
    }

    private static Optional<String> text(ObjectNode request, String name) {
        var json = request.path(name);
        if (json.isMissingNode() || json.isNull()) {
            return Optional.empty();
        }
        if (!json.isString()) {
            throw Unreadable.value(name, json, "Send %s as a string.".formatted(name));
        }
        return Optional.of(json.stringValue());
    }

    private static int number(ObjectNode request, String name, int usual, int least, int most) {
        var json = request.path(name);
        if (json.isMissingNode() || json.isNull()) {
            return usual;
        }
        if (!json.isIntegralNumber() || json.asLong(-1) < least) {
            throw Unreadable.value(
                    name, json, "Send %s as a whole number from %d on.".formatted(name, least));
        }
        if (json.asLong(0) > most) {
            throw Unreadable.size(
                    name,
                    "%s %s is more than the most, %d.".formatted(name, json, most),
                    "Send at most %d and follow the cursor for the rest.".formatted(most));
        }
        return json.intValue();
    }
}
