package assay.domain.experiment;

import java.util.regex.Pattern;

/// A text that ends the search of a pattern in it when that takes too long. The regular expressions
/// of the JDK backtrack; see docs/adr/0004.
final class Stepped implements CharSequence {
    private static final int MOST_STEPS = 20_000;

    private final CharSequence text;
    private int left = MOST_STEPS;

    private Stepped(CharSequence text) {
        this.text = text;
    }

    /// True when some part of the text matches, and that is found within 20,000 steps.
    static boolean finds(Pattern pattern, String text) {
        try {
            return pattern.matcher(new Stepped(text)).find();
        } catch (TooManySteps | StackOverflowError _) {
            return false;
        }
    }

    @Override
    public char charAt(int index) {
        if (--left < 0) {
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

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super(null, null, false, false);
        }
    }
}
