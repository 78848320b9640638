package assay.domain;

/// A text that counts how often it is looked at, and ends the search of a pattern in it when that
/// is too often. The regular expressions of the JDK backtrack; see docs/adr/0004.
public final class SteppedText implements CharSequence {
    private final CharSequence text;
    private final Steps inAll;
    private int left;

    /// @param most looks at characters of this text
    /// @param inAll what is left for this text and others together
    public SteppedText(CharSequence text, int most, Steps inAll) {
        this.text = text;
        this.left = most;
        this.inAll = inAll;
    }

    /// Looks that several texts share. Used by one thread.
    public static final class Steps {
        private int left;

        public Steps(int most) {
            this.left = most;
        }
    }

    /// @throws TooManySteps if no look is left
    @Override
    public char charAt(int index) {
        if (--left < 0 || --inAll.left < 0) {
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

    /// The text was looked at too often.
    public static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private TooManySteps() {
            super(null, null, false, false);
        }
    }
}
