package assay.scripting;

import java.util.Optional;
import java.util.regex.Pattern;

/// The expression at the end of a script, which is its result.
///
/// It is found by asking the parser, never by pattern alone: the shortest tail that is an
/// expression and whose head is a sequence of statements.
///
/// @param start where it begins
/// @param end where it ends
/// @param alone whether there is nothing else in the script
record TrailingExpression(int start, int end, boolean alone) {
    /// Whether texts are JavaScript.
    interface Parser {
        /// Whether these are statements of an async function, the last of them not ending in a line
        /// comment.
        boolean readsStatements(String text);

        /// Whether this is one expression inside an async function.
        boolean readsExpression(String text);
    }

    /// Tails that are tried before the script counts as one without a result.
    private static final int TRIES = 1_000;

    /// Semicolons that are looked at from the end: some may stand in comments.
    private static final int TRAILING_SEMICOLONS = 20;

    /// A line that begins with one of these goes on with the one before it.
    private static final String CONTINUES = "[(`+-*/.,?:=&|<>%^";

    private static final String CLOSES = ")]}";
    private static final Pattern STATEMENT =
            Pattern.compile(
                    "(?:const|let|var|if|else|for|while|do|switch|case|default|try|catch|finally|return|throw|break|continue|export|class|function|async\\s++function)\\b");
    private static final Pattern CLASS = Pattern.compile("class\\b");

    /// Looks for it between two places of a text.
    static Optional<TrailingExpression> in(String text, int from, int to, Parser parser) {
        int start = Trivia.skip(text, from, to);
        int bare = withoutTrailingTrivia(text, start, to);
        // What looks like a comment at the end may be the end of a string.
        return endingAt(text, start, bare, parser)
                .or(() -> bare == to ? Optional.empty() : endingAt(text, start, to, parser));
    }

    private static Optional<TrailingExpression> endingAt(
            String text, int start, int end, Parser parser) {
        if (start >= end) {
            return Optional.empty();
        }
        if (!begins(CLASS, text, start, end)
                && parser.readsExpression(text.substring(start, end))) {
            return Optional.of(new TrailingExpression(start, end, true));
        }
        int cut = end;
        for (int tries = 0; tries < TRIES; tries++) {
            cut = Math.max(text.lastIndexOf('\n', cut - 1), text.lastIndexOf(';', cut - 1));
            if (cut < start) {
                break;
            }
            int tail = Trivia.skip(text, cut + 1, end);
            if (canBegin(text, cut, tail, end)
                    && parser.readsExpression(text.substring(tail, end))
                    && parser.readsStatements(text.substring(start, tail))) {
                return Optional.of(new TrailingExpression(tail, end, false));
            }
        }
        return Optional.empty();
    }

    private static boolean canBegin(String text, int cut, int tail, int end) {
        if (tail >= end
                || CLOSES.indexOf(text.charAt(tail)) >= 0
                || begins(STATEMENT, text, tail, end)) {
            return false;
        }
        return CONTINUES.indexOf(text.charAt(tail)) < 0
                || text.charAt(lastBefore(text, cut + 1)) == ';';
    }

    private static int lastBefore(String text, int end) {
        int at = end - 1;
        while (at > 0 && Character.isWhitespace(text.charAt(at))) {
            at--;
        }
        return at;
    }

    private static boolean begins(Pattern pattern, String text, int at, int end) {
        return pattern.matcher(text).region(at, Math.min(end, at + 100)).lookingAt();
    }

    /// Semicolons and comments at the end are no part of the last expression.
    private static int withoutTrailingTrivia(String text, int start, int to) {
        int end = to;
        int semicolon = to;
        for (int tries = 0; tries < TRAILING_SEMICOLONS; tries++) {
            semicolon = text.lastIndexOf(';', semicolon - 1);
            if (semicolon < start) {
                break;
            }
            if (Trivia.skip(text, semicolon + 1, end) == end) {
                end = semicolon;
            }
        }
        return end;
    }
}
