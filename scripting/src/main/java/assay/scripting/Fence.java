package assay.scripting;

import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;

/// The marks that Markdown puts around code. Agents often send them along, and prose with them.
///
/// @param start where the code begins
/// @param end where it ends
record Fence(int start, int end) {
    private static final String MARK = "(?<mark>```|~~~)";
    private static final String SPACE = "[\\s\\uFEFF]*+";
    private static final Pattern OPENING =
            Pattern.compile(
                    SPACE
                            + MARK
                            + "(?:[\\w+-]*+[ \\t]*+(?=\\R)|(?:(?:[jt]sx?|(?:java|type)script)\\s++)?)");

    /// A mark at the beginning of a line, up to the end of what names the language.
    private static final Pattern LINE =
            Pattern.compile("^[ \\t]*+(?:```|~~~)[\\w+-]*+[ \\t]*+(?=\\R|\\z)", Pattern.MULTILINE);

    /// The part of a text that is code: all of it when it does not begin with a mark.
    static Fence around(String text) {
        var opening = OPENING.matcher(text);
        if (!opening.lookingAt()) {
            return new Fence(0, text.length());
        }
        var code = text.stripTrailing();
        var mark = opening.group("mark");
        int end =
                code.endsWith(mark) && code.length() - mark.length() >= opening.end()
                        ? code.length() - mark.length()
                        : text.length();
        return new Fence(opening.end(), end);
    }

    /// The one block of code in a text with prose around it.
    static Optional<Fence> within(String text) {
        var lines = LINE.matcher(text);
        var marks = new ArrayList<Fence>();
        while (lines.find()) {
            marks.add(new Fence(lines.start(), lines.end()));
        }
        return marks.size() == 2
                ? Optional.of(
                        new Fence(/* start= */ marks.get(0).end, /* end= */ marks.get(1).start))
                : Optional.empty();
    }
}
