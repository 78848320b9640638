package assay.scripting;

import java.util.regex.Pattern;

/// The marks that Markdown puts around code. Agents often send them along.
///
/// @param start where the code begins
/// @param end where it ends
record Fence(int start, int end) {
    private static final Pattern OPENING = Pattern.compile("\\s*+```[\\w+-]*+[ \\t]*+(?=\\R)");

    /// The part of a text that is code: all of it when there are no marks.
    static Fence around(String text) {
        var opening = OPENING.matcher(text);
        if (!opening.lookingAt()) {
            return new Fence(0, text.length());
        }
        var code = text.stripTrailing();
        int end =
                code.endsWith("```") && code.length() > opening.end()
                        ? code.length() - 3
                        : text.length();
        return new Fence(opening.end(), end);
    }
}
