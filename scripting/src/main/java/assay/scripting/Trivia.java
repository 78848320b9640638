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
        boolean isLine = text.startsWith("//", at);
        int mark = text.indexOf(isLine ? "\n" : "*/", at + 2);
        if (mark < 0) {
            return end;
        }
        return Math.min(end, isLine ? mark : mark + 2);
    }

    /// Whether some of it begins at a place.
    static boolean begins(String text, int at) {
        return isSpace(text.charAt(at)) || text.startsWith("//", at) || text.startsWith("/*", at);
    }

    static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF';
    }
}
