package assay.domain.prompt;

import java.text.Normalizer;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// Text without what does not matter when two texts are called the same: case, punctuation, blanks
/// and ways to write one letter.
final class NormalText {
    private NormalText() {}

    /// Of all texts and numbers inside a value, in order.
    static String of(JsonNode json) {
        var text = new StringBuilder();
        collect(json, text);
        return of(text.toString());
    }

    private static void collect(JsonNode json, StringBuilder text) {
        if (json.isContainer()) {
            json.forEach(member -> collect(member, text));
        } else {
            text.append(json.asString("")).append(' ');
        }
    }

    static String of(String text) {
        var normal = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .forEach(c -> {
                    if (Character.isLetterOrDigit(c)
                            || Character.getType(c) == Character.NON_SPACING_MARK) {
                        normal.appendCodePoint(c);
                    } else if (!normal.isEmpty() && normal.charAt(normal.length() - 1) != ' ') {
                        normal.append(' ');
                    }
                });
        return normal.toString().strip();
    }
}
