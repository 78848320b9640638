package assay.stats.assignment;

/// The hash of [Bucketing], version 2, with one seed: it has hashed the seed already and makes no
/// text of the number in between. Safe for use by several threads.
public final class SeededHash {
    /// How many buckets subjects are spread over.
    public static final int BUCKETS = 10_000;

    private final int seeded;

    public SeededHash(String seed) {
        this.seeded = Bucketing.fnv1a32(seed);
    }

    /// The bucket of a subject, 0 to 9,999: 10,000 times its place by [Bucketing#hash].
    public int bucket(String subject) {
        int hash = seeded;
        for (int i = 0; i < subject.length(); i++) {
            hash = (hash ^ subject.charAt(i)) * Bucketing.FNV_PRIME;
        }
        return Integer.remainderUnsigned(ofDigits(Integer.toUnsignedLong(hash)), BUCKETS);
    }

    /// The hash of a number's decimal text.
    private static int ofDigits(long number) {
        long power = 1;
        while (power * 10 <= number) {
            power *= 10;
        }
        int hash = Bucketing.FNV_OFFSET;
        for (long rest = number; power > 0; power /= 10) {
            hash = (hash ^ (int) ('0' + rest / power)) * Bucketing.FNV_PRIME;
            rest %= power;
        }
        return hash;
    }
}
