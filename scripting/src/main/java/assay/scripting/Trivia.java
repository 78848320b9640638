package assay.scripting;

/// White space and comments: what may stand between two words of JavaScript.
final class Trivia {
    private Trivia() {}

    /// The first place from `from` on that is neither, `end` when there is none.
    static int skip(String text, int from, int end) {
        int at = from;
        while (at < end && begins(text, at)) {
            at = skipOne(text, at, end);
        }
        return at;
    }

    /// Behind the character of white space or the comment that begins at a place.
    static int skipOne(String text, int at, int end) {
        if (isSpace(text.charAt(at))) {
            return at + 1;
        }
        if (text.startsWith("//", at)) {
            return endOfLine(text, at, end);
        }
        int mark = text.indexOf("*/", at + 2);
        return mark < 0 ? end : Math.min(end, mark + 2);
    }

    private static int endOfLine(String text, int from, int end) {
        int at = from;
        while (at < end && !endsLine(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /// Whether a line of JavaScript ends with a character.
    static boolean endsLine(char c) {
        return c == '\n' || c == '\r' || c == '\u2028' || c == '\u2029';
    }

    /// Whether some of it begins at a place.
    static boolean begins(String text, int at) {
        return isSpace(text.charAt(at)) || text.startsWith("//", at) || text.startsWith("/*", at);
    }

    static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF';
    }
}
