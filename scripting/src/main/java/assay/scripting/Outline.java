package assay.scripting;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/// Where the statements of a script may end, found by a quick look at its brackets, strings and
/// comments.
///
/// The look is not a parser: it takes some regular expressions for divisions. It notices when that
/// makes the brackets come out wrong, and then calls every line break and semicolon a possible end.
///
/// @param cuts line breaks and semicolons, from left to right
/// @param end behind the last statement, without semicolons and comments
record Outline(List<Integer> cuts, int end) {
    private static final String BEFORE_REGULAR_EXPRESSION = "(,=:[!&|?{;+-*%<>~^";

    /// Looks at what stands between two places of a text.
    static Outline of(String text, int from, int to) {
        var look = new Look(text, from, to);
        return look.isCertain() ? new Outline(look.cuts, look.end) : everywhere(text, from, to);
    }

    /// The innermost bracket that is opened between two places and not closed there.
    static OptionalInt unclosed(String text, int from, int to) {
        var look = new Look(text, from, to);
        return look.broken || look.open.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(look.open.peek());
    }

    /// How many brackets are open at the same time where most are; 0 when the look is not certain.
    static int depth(String text) {
        var look = new Look(text, 0, text.length());
        return look.isCertain() ? look.deepest : 0;
    }

    private static Outline everywhere(String text, int from, int to) {
        var cuts = new ArrayList<Integer>();
        for (int at = from; at < to; at++) {
            if (isCut(text.charAt(at))) {
                cuts.add(at);
            }
        }
        int end = to;
        while (end > from
                && (text.charAt(end - 1) == ';' || Trivia.isSpace(text.charAt(end - 1)))) {
            end--;
        }
        return new Outline(cuts, end);
    }

    private static boolean isCut(char c) {
        return c == ';' || Trivia.endsLine(c);
    }

    private static final class Look {
        private final String text;
        private final int to;
        private final List<Integer> cuts = new ArrayList<>();

        /// Depths at which a template goes on after the brace that closes its placeholder.
        private final Deque<Integer> templates = new ArrayDeque<>();

        private int at;
        private int end;
        private final Deque<Integer> open = new ArrayDeque<>();
        private int deepest;
        private char previous = ';';
        private boolean broken;

        Look(String text, int from, int to) {
            this.text = text;
            this.to = to;
            at = from;
            end = from;
            while (at < to) {
                next();
            }
        }

        boolean isCertain() {
            return !broken && open.isEmpty() && templates.isEmpty();
        }

        private void next() {
            char c = text.charAt(at);
            if (isCut(c)) {
                if (open.isEmpty()) {
                    cuts.add(at);
                }
                at++;
            } else if (Trivia.begins(text, at)) {
                at = Trivia.skipOne(text, at, to);
            } else {
                token(c);
                previous = c;
                end = Math.min(at, to);
            }
        }

        private void token(char c) {
            at++;
            switch (c) {
                case '\'', '"' -> skipTo(c);
                case '`' -> skipTemplate();
                case '(', '[', '{' -> open(at - 1);
                case ')', ']', '}' -> close();
                case '/' -> {
                    if (BEFORE_REGULAR_EXPRESSION.indexOf(previous) >= 0) {
                        skipTo('/');
                    }
                }
                default -> {}
            }
        }

        private void open(int bracket) {
            open.push(bracket);
            deepest = Math.max(deepest, open.size());
        }

        private void close() {
            broken |= open.poll() == null;
            if (!templates.isEmpty() && templates.peek() == open.size()) {
                templates.pop();
                skipTemplate();
            }
        }

        private void skipTo(char mark) {
            boolean inClass = false;
            while (at < to && text.charAt(at) != '\n') {
                char c = text.charAt(at++);
                if (c == '\\') {
                    at++;
                } else if (c == mark && !inClass) {
                    return;
                } else if (mark == '/') {
                    inClass = c == '[' || (inClass && c != ']');
                }
            }
            broken = true;
        }

        private void skipTemplate() {
            while (at < to) {
                char c = text.charAt(at++);
                if (c == '\\') {
                    at++;
                } else if (c == '`') {
                    return;
                } else if (c == '$' && at < to && text.charAt(at) == '{') {
                    templates.push(open.size());
                    open.push(at++);
                    return;
                }
            }
            broken = true;
        }
    }
}
