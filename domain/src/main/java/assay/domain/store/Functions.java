package assay.domain.store;

import assay.domain.IsoTime;
import assay.domain.JsonTree;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.SteppedText;
import assay.domain.query.Times;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sqlite.Function;
import tools.jackson.databind.JsonNode;

/// What queries need and SQLite does not have. One set per connection.
final class Functions {
    /// Characters that a pattern may look at in one value before it is stopped.
    private static final int MOST_STEPS = 1_000_000;

    /// The same in all values of one statement together: some tenths of a second.
    private static final int MOST_STEPS_IN_ALL = 50_000_000;

    private static final String TOO_MANY_STEPS = "assay: pattern exceeded its steps";

    private SteppedText.Steps inAll = new SteppedText.Steps(MOST_STEPS_IN_ALL);

    void addTo(Connection connection) throws SQLException {
        Function.create(connection, "assay_matches", new Matches(), 3, Function.FLAG_DETERMINISTIC);
        Function.create(connection, "assay_words", new InWords(), 3, Function.FLAG_DETERMINISTIC);
        Function.create(connection, "assay_same", new Same(), 2, Function.FLAG_DETERMINISTIC);
        Function.create(connection, "assay_time", new Time(), 1, Function.FLAG_DETERMINISTIC);
    }

    /// Gives the patterns of the next statement all their steps.
    void beginStatement() {
        inAll = new SteppedText.Steps(MOST_STEPS_IN_ALL);
    }

    /// The refusal behind a failed statement when a pattern had to be stopped.
    static Optional<Refused> refusalIn(SQLException failure) {
        var message = failure.getMessage();
        return message != null && message.contains(TOO_MANY_STEPS)
                ? Optional.of(
                        new Refused(
                                        Reason.LIMIT_EXCEEDED,
                                        "The $regex pattern took more than %d steps on one value, or %d on all."
                                                .formatted(MOST_STEPS, MOST_STEPS_IN_ALL),
                                        "Write a pattern without nested repetition, add conditions that leave fewer"
                                                + " objects to look at, or use $text.")
                                .field("$regex"))
                : Optional.empty();
    }

    /// `assay_matches(text, pattern, ignore_case)`.
    private final class Matches extends Function {
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
                result();
                return;
            }
            var flags = value_int(2) == 1 ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
            var regex = value_text(1);
            var pattern =
                    compiled.computeIfAbsent(flags + regex, _ -> Pattern.compile(regex, flags));
            try {
                result(pattern.matcher(new SteppedText(text, MOST_STEPS, inAll)).find() ? 1 : 0);
            } catch (SteppedText.TooManySteps | StackOverflowError stopped) {
                error(TOO_MANY_STEPS);
            }
        }
    }

    /// `assay_words(document, fields, words)`, see [Words].
    private static final class InWords extends Function {
        @Override
        protected void xFunc() throws SQLException {
            var text =
                    Words.text(JsonTree.read(value_text(0)), List.of(value_text(1).split(",", -1)));
            result(Words.match(text, value_text(2)) ? 1 : 0);
        }
    }

    /// `assay_same(json, json)`: equal as JSON, whatever the order of members and the spelling of
    /// numbers.
    private static final class Same extends Function {
        private static final Comparator<JsonNode> DEEP =
                (a, b) ->
                        a.equals(b)
                                        || (a.isNumber()
                                                && b.isNumber()
                                                && a.decimalValue().compareTo(b.decimalValue())
                                                        == 0)
                                ? 0
                                : 1;

        @Override
        protected void xFunc() throws SQLException {
            var one = value_text(0);
            if (one == null) {
                result();
                return;
            }
            result(JsonTree.read(one).equals(DEEP, JsonTree.read(value_text(1))) ? 1 : 0);
        }
    }

    /// `assay_time(text)`: the text of a time in the form in which times are stored, else null.
    private static final class Time extends Function {
        @Override
        protected void xFunc() throws SQLException {
            var text = value_text(0);
            var time =
                    text == null
                                    || text.isEmpty()
                                    || !Character.isDigit(text.charAt(0))
                                    || text.endsWith(" ago")
                            ? Optional.<Instant>empty()
                            : Times.read(text, Instant.EPOCH);
            if (time.isPresent()) {
                result(IsoTime.text(time.get()));
            } else {
                result();
            }
        }
    }
}
