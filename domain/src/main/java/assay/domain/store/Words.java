package assay.domain.store;

import assay.domain.noun.Base;
import assay.domain.noun.Field;
import assay.domain.noun.Kind;
import assay.domain.noun.Noun;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The words of objects: what `$text` looks at. A search finds an object when each of its words
/// begins some word of the object's text fields.
final class Words {
    private Words() {}

    /// True when the search index knows the words of these objects. It does not know events and
    /// runs, nor any past.
    static boolean areIndexed(Noun noun, Optional<Instant> asOf) {
        return !Sources.isNarrow(noun) && asOf.isEmpty();
    }

    /// The fields whose text is searched.
    static List<String> fields(Noun noun) {
        return noun.fields().values().stream()
                .filter(field ->
                        field instanceof Field.Plain plain
                                && plain.kind() == Kind.TEXT
                                && plain.base() != Base.CODE)
                .map(Field::name)
                .toList();
    }

    /// The text of some fields of a document.
    static String text(JsonNode document, Iterable<String> fields) {
        var text = new StringBuilder();
        for (var field : fields) {
            var value = document.path(field);
            if (value.isString()) {
                text.append(value.stringValue()).append('\n');
            }
            for (var member : value) {
                text.append(member.asString("")).append('\n');
            }
        }
        return text.toString();
    }

    /// A search in the language of the index: all words, each as the beginning of a word.
    static String match(String text) {
        var words = split(text);
        return words.isEmpty()
                ? "\"\""
                : words.stream().map(word -> '"' + word + "\"*").collect(Collectors.joining(" "));
    }

    /// The same without the index.
    static boolean match(String text, String words) {
        var known = split(folded(text));
        var wanted = split(folded(words));
        return !wanted.isEmpty()
                && wanted.stream()
                        .allMatch(word -> known.stream().anyMatch(one -> one.startsWith(word)));
    }

    /// Lower case, without accents.
    private static String folded(String text) {
        var apart = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFD)
                .codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .forEach(apart::appendCodePoint);
        return Normalizer.normalize(apart, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    private static List<String> split(String text) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    if (Character.isLetterOrDigit(c)
                            || Character.getType(c) == Character.NON_SPACING_MARK) {
                        word.appendCodePoint(c);
                    } else if (!word.isEmpty()) {
                        words.add(word.toString());
                        word.setLength(0);
                    }
                });
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }
}
