package assay.scripting;

/// White space and comments: what may stand between two words of JavaScript.
final class Trivia {
    private Trivia() {}

    /// The first place from `from` on that is neither, `end` when there is none.
    static int skip(String text, int from, int end) {
        int at = from;
        while (at < end) {
            if (isSpace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("//", at)) {
                at = after(text, "\n", at, end);
            } else if (text.startsWith("/*", at)) {
                at = after(text, "*/", at + 2, end);
            } else {
                return at;
            }
        }
        return end;
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF';
    }

    private static int after(String text, String mark, int from, int end) {
        int at = text.indexOf(mark, from);
        return at < 0 ? end : Math.min(end, at + mark.length());
    }
}
