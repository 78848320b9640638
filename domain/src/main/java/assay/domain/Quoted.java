package assay.domain;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A caller's value as it may stand in a sentence of ours: in quotes that it cannot end, on one
/// line, at most 80 characters.
public final class Quoted {
    private static final int LONGEST = 80;
    private static final int MOST = 20;

    private Quoted() {}

    /// The text in single quotes, cut where it is too long.
    public static String of(String text) {
        return "'" + bounded(text).replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /// Texts in single quotes, separated by commas; the first 20 of them.
    public static String all(List<String> texts) {
        var quoted = texts.stream().limit(MOST).map(Quoted::of).collect(Collectors.joining(", "));
        return texts.size() > MOST ? quoted + ", …" : quoted;
    }

    /// Text in single quotes, anything else as JSON without quotes; of a missing node, `nothing`.
    public static String of(JsonNode value) {
        if (value.isMissingNode()) {
            return "nothing";
        }
        if (value.isNumber()) {
            return bounded(JsonTree.text(value).replace(".0E", "e").replace("E", "e"));
        }
        return value.isString() ? of(value.stringValue()) : bounded(JsonTree.text(value));
    }

    private static String bounded(String text) {
        var end = Math.min(text.length(), LONGEST);
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        var line = new StringBuilder(end + 1);
        for (var i = 0; i < end; i++) {
            var c = text.charAt(i);
            line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
        return end < text.length() ? line.append('…').toString() : line.toString();
    }
}
