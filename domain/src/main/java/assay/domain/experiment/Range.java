package assay.domain.experiment;

/// Some of the 10,000 buckets that the hash spreads subjects over, from one to before another.
public record Range(int from, int to) {
    /// How many buckets there are.
    public static final int BUCKETS = 10_000;

    boolean has(int bucket) {
        return bucket >= from && bucket < to;
    }

    int size() {
        return to - from;
    }
}
