package assay.domain.prompt;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.SteppedText;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression of an agent. The engine of the JDK backtracks; this one is stopped. Used by
/// one thread.
final class BoundedPattern {
    private static final int LONGEST = 256;

    /// Looks at characters of one text.
    private static final int MOST_STEPS = 1_000_000;

    /// The same of all texts together: some tenths of a second.
    private static final int MOST_STEPS_IN_ALL = 50_000_000;

    private final Pattern pattern;
    private final String field;
    private final SteppedText.Steps inAll = new SteppedText.Steps(MOST_STEPS_IN_ALL);

    private BoundedPattern(Pattern pattern, String field) {
        this.pattern = pattern;
        this.field = field;
    }

    /// Reads an expression.
    ///
    /// @param field where it came from, for the refusal
    /// @throws Refused if the text is no regular expression, or longer than 256 characters
    static BoundedPattern of(String field, String regex) {
        if (regex.isEmpty() || regex.length() > LONGEST) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The pattern has %,d characters; a pattern has 1 to %d."
                                    .formatted(regex.length(), LONGEST),
                            "Write a shorter pattern, or use a judge of the kind script.")
                    .field(field);
        }
        try {
            return new BoundedPattern(Pattern.compile(regex), field);
        } catch (PatternSyntaxException wrong) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is no regular expression: %s."
                                    .formatted(
                                            Quoted.of(regex),
                                            Quoted.of(String.valueOf(wrong.getDescription()))),
                            "Correct it near character %d.".formatted(wrong.getIndex() + 1))
                    .field(field);
        }
    }

    /// True when the expression matches somewhere in the text.
    ///
    /// @throws Refused if that takes too long to find out
    boolean isFoundIn(String text) {
        try {
            return pattern.matcher(new SteppedText(text, MOST_STEPS, inAll)).find();
        } catch (SteppedText.TooManySteps | StackOverflowError stopped) {
            throw new Refused(
                            Reason.LIMIT_EXCEEDED,
                            "The pattern %s took more than %,d steps on one output, or %,d on all."
                                    .formatted(
                                            Quoted.of(pattern.pattern()),
                                            MOST_STEPS,
                                            MOST_STEPS_IN_ALL),
                            "Write a pattern without nested repetition, or give it fewer outputs at once.")
                    .field(field);
        }
    }
}
