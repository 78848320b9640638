package assay.domain.query;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Kind;
import assay.domain.noun.Noun;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads an order in any of its spellings: `'-startAt'`, `'stage,-value'`, `{startAt: 'desc'}`,
/// `{value: -1}`, or an array of these.
final class SortSyntax {
    private final PathSyntax paths;

    SortSyntax(PathSyntax paths) {
        this.paths = paths;
    }

    List<SortKey> sort(Noun noun, JsonNode json) {
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
        throw Unreadable.value(
                "sort", json, "Write sort as '-startAt', {startAt: 'desc'} or an array of these.");
    }

    private SortKey key(Noun noun, String name, boolean descending) {
        var path = paths.path(noun, name);
        var column = path.column();
        if (!path.hops().isEmpty() || column.array() || column.kind() == Kind.JSON) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "Objects cannot be sorted by %s.".formatted(Quoted.of(name)),
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
                    throw Unreadable.value(
                            "sort." + field,
                            direction,
                            "Give a direction: 'asc', 'desc', 1 or -1.");
        };
    }
}
