package assay.domain;

import tools.jackson.databind.JsonNode;

/// A caller's value as it may stand in a sentence of ours: in quotes, on one line, at most 80
/// characters.
public final class Quoted {
    private static final int LONGEST = 80;

    private Quoted() {}

    /// The text in single quotes, cut where it is too long.
    public static String of(String text) {
        return "'" + bounded(text) + "'";
    }

    /// Text in single quotes, anything else as JSON without quotes.
    public static String of(JsonNode value) {
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
