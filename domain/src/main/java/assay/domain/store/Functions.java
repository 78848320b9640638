package assay.domain.store;

import assay.domain.JsonTree;
import assay.domain.Reason;
import assay.domain.Refused;
import java.sql.Connection;
import java.sql.SQLException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sqlite.Function;

/// What queries need and SQLite does not have: regular expressions under a step limit, and words of
/// a past document.
final class Functions {
    /// Characters a pattern may look at in one value before it is stopped.
    private static final int MOST_STEPS = 1_000_000;

    private static final String TOO_MANY_STEPS = "assay: pattern exceeded its steps";

    private Functions() {}

    static void addTo(Connection connection) throws SQLException {
        Function.create(connection, "assay_matches", new Matches(), 3, Function.FLAG_DETERMINISTIC);
        Function.create(connection, "assay_words", new Words(), 2, Function.FLAG_DETERMINISTIC);
    }

    /// The refusal behind a failed statement when a pattern had to be stopped.
    static Optional<Refused> refusalIn(SQLException failure) {
        var message = failure.getMessage();
        return message != null && message.contains(TOO_MANY_STEPS)
                ? Optional.of(
                        new Refused(
                                        Reason.LIMIT_EXCEEDED,
                                        "The $regex pattern took more than %d steps on one value."
                                                .formatted(MOST_STEPS),
                                        "Write a pattern without nested repetition, or use $text.")
                                .field("$regex"))
                : Optional.empty();
    }

    /// `assay_matches(text, pattern, ignore_case)`.
    private static final class Matches extends Function {
        private final Map<String, Pattern> compiled =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Pattern> eldest) {
                        return size() > 64;
                    }
                };

        @Override
        protected void xFunc() throws SQLException {
            var text = value_text(0);
            if (text == null) {
                result(0);
                return;
            }
            var flags = value_int(2) == 1 ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
            var pattern =
                    compiled.computeIfAbsent(flags + value_text(1), key -> compile(key, flags));
            try {
                result(pattern.matcher(new Stepped(text)).find() ? 1 : 0);
            } catch (TooManySteps | StackOverflowError stopped) {
                error(TOO_MANY_STEPS);
            }
        }

        private static Pattern compile(String key, int flags) {
            return Pattern.compile(key.substring(Integer.toString(flags).length()), flags);
        }
    }

    /// `assay_words(document, words)`: every word begins some word of the document's strings.
    private static final class Words extends Function {
        @Override
        protected void xFunc() throws SQLException {
            var texts = new ArrayList<String>();
            for (var member : JsonTree.read(value_text(0))) {
                if (member.isString()) {
                    texts.add(member.stringValue());
                }
            }
            var known = words(String.join(" ", texts));
            result(
                    words(value_text(1)).stream()
                                    .allMatch(word ->
                                            known.stream().anyMatch(k -> k.startsWith(word)))
                            ? 1
                            : 0);
        }
    }

    /// The words of a text as the search index sees them: letters and digits, lower case, without
    /// accents.
    static List<String> words(String text) {
        var plain = Normalizer.normalize(text, Normalizer.Form.NFD);
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        plain.codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .forEach(c -> {
                    if (Character.isLetterOrDigit(c)) {
                        word.appendCodePoint(c);
                    } else if (!word.isEmpty()) {
                        words.add(word.toString().toLowerCase(Locale.ROOT));
                        word.setLength(0);
                    }
                });
        if (!word.isEmpty()) {
            words.add(word.toString().toLowerCase(Locale.ROOT));
        }
        return words;
    }

    /// A text that counts how often it is looked at. The regular expressions of the JDK backtrack;
    /// this ends them.
    private static final class Stepped implements CharSequence {
        private final CharSequence text;
        private int steps;

        Stepped(CharSequence text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MOST_STEPS) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super(null, null, false, false);
        }
    }
}
