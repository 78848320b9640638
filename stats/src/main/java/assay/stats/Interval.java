package assay.stats;

/// A range of values that the data leave open, ends included. A one-sided interval has one infinite
/// end.
public record Interval(double lower, double upper) {
    public Interval {
        if (!(lower <= upper)) {
            throw new IllegalArgumentException("Not an interval: %s to %s".formatted(lower, upper));
        }
    }

    /// The interval around an estimate whose half-width is `margin`, open to the side that the
    /// alternative does not ask about.
    public static Interval around(double estimate, double margin, Alternative alternative) {
        return switch (alternative) {
            case TWO_SIDED -> new Interval(estimate - margin, estimate + margin);
            case GREATER -> new Interval(estimate - margin, Double.POSITIVE_INFINITY);
            case LESS -> new Interval(Double.NEGATIVE_INFINITY, estimate + margin);
        };
    }

    public boolean contains(double value) {
        return lower <= value && value <= upper;
    }

    public double width() {
        return upper - lower;
    }
}
