package assay.domain.query;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Field;
import assay.domain.noun.Kind;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.query.Path.Column;
import assay.domain.query.Path.Column.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads where a value is found: a field, a meta field with or without `$`, a dotted path over
/// references, or a path into json.
final class PathSyntax {
    private static final int LONGEST_PATH = 3;

    private final Nouns nouns;

    PathSyntax(Nouns nouns) {
        this.nouns = nouns;
    }

    Path path(Noun noun, String text) {
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
                throw Unreadable.name(
                                Reason.UNKNOWN_FIELD, "field of " + at.name(), name, known(at))
                        .field(text);
            }
            if (field instanceof Field.Reverse reverse) {
                throw refused(
                        text,
                        "'%s' is a computed list; it cannot be filtered or sorted by."
                                .formatted(name),
                        "Search %s by its field '%s' instead."
                                .formatted(reverse.target(), reverse.field()));
            }
            if (rest.isEmpty()) {
                return new Path(text, hops, new Column.Stored(field));
            }
            if (field instanceof Field.Reference reference) {
                if (names.size() > LONGEST_PATH) {
                    throw refused(
                            text,
                            "%s has more than %d names.".formatted(Quoted.of(text), LONGEST_PATH),
                            "Follow at most two references in one path.");
                }
                hops.add(reference);
                at = nouns.require(reference.target());
            } else if (field.kind() == Kind.JSON) {
                return new Path(text, hops, new Column.Inside(field, rest));
            } else {
                throw refused(
                        text,
                        "'%s' holds a plain value; nothing is inside it.".formatted(name),
                        "Filter by '%s' itself.".formatted(name));
            }
        }
    }

    private static Refused refused(String path, String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field(path);
    }

    /// The meta field of a name, unless the noun declares that name for itself.
    static Optional<Meta> meta(Noun noun, String name) {
        if (noun.fields().containsKey(name)) {
            return Optional.empty();
        }
        return Stream.of(Meta.values())
                .filter(meta -> meta.word().equals(name) || meta.word().substring(1).equals(name))
                .findFirst();
    }

    /// The names that a filter may begin with.
    static List<String> known(Noun noun) {
        return Stream.concat(
                        noun.fields().values().stream()
                                .filter(field -> !(field instanceof Field.Reverse))
                                .map(Field::name),
                        Stream.of(Meta.values()).map(Meta::word))
                .toList();
    }
}
