package assay.scripting;

import java.util.Optional;
import java.util.regex.Pattern;

/// The expression at the end of a script, which is its result.
///
/// It is found by asking the parser, never by pattern alone: the shortest tail that is an
/// expression and whose head is a sequence of statements. [Outline] and the patterns here only keep
/// the parser from being asked about every line.
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
    private static final int TRIES = 200;

    /// A line that begins with one of these goes on with the one before it.
    private static final String CONTINUES = "[(`+-*/.,?:=&|<>%^";

    private static final String CLOSES = ")]}";
    private static final Pattern STATEMENT =
            Pattern.compile(
                    "(?:const|let|var|if|else|for|while|do|switch|case|default|try|catch|finally|return|throw|break|continue|export|class)\\b");

    /// An expression when it stands alone, otherwise a declaration.
    private static final Pattern FUNCTION = Pattern.compile("(?:async\\s++)?+function\\b");

    /// Looks for it between two places of a text.
    static Optional<TrailingExpression> in(String text, int from, int to, Parser parser) {
        int start = Trivia.skip(text, from, to);
        var outline = Outline.of(text, start, to);
        int end = outline.end();
        if (start >= end) {
            return Optional.empty();
        }
        if (!begins(STATEMENT, text, start, end)
                && parser.readsExpression(text.substring(start, end))) {
            return Optional.of(new TrailingExpression(start, end, true));
        }
        return outline.cuts().reversed().stream()
                .limit(TRIES)
                .map(cut -> new TrailingExpression(Trivia.skip(text, cut + 1, end), end, false))
                .filter(it -> it.canBegin(text, start))
                .filter(it -> parser.readsExpression(text.substring(it.start, end)))
                .filter(it -> parser.readsStatements(text.substring(start, it.start)))
                .findFirst();
    }

    private boolean canBegin(String text, int first) {
        return start < end
                && !begins(STATEMENT, text, start, end)
                && !begins(FUNCTION, text, start, end)
                && CLOSES.indexOf(text.charAt(start)) < 0
                && (CONTINUES.indexOf(text.charAt(start)) < 0 || isBehindSemicolon(text, first));
    }

    private boolean isBehindSemicolon(String text, int first) {
        int at = start - 1;
        while (at > first && Trivia.isSpace(text.charAt(at))) {
            at--;
        }
        return text.charAt(at) == ';';
    }

    private static boolean begins(Pattern pattern, String text, int at, int end) {
        return pattern.matcher(text).region(at, Math.min(end, at + 100)).lookingAt();
    }
}
