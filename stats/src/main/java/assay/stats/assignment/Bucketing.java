package assay.stats.assignment;

import java.util.List;

/// Which variation a subject falls into: a pure function of seed, subject, weights and coverage,
/// equal to GrowthBook's SDKs, so that an assignment can be recomputed anywhere.
///
/// Source: GrowthBook, "Build your own SDK" (docs.growthbook.io/lib/build-your-own) and the
/// JavaScript SDK's `hash`, `getBucketRanges` and `chooseVariation`.
public final class Bucketing {
    static final int FNV_OFFSET = 0x811c9dc5;
    static final int FNV_PRIME = 0x01000193;

    /// How far the weights may be from a sum of 1, as in GrowthBook.
    private static final double WEIGHT_SLACK = 0.01;

    private Bucketing() {}

    /// Places a subject between 0 (included) and 1 (excluded).
    ///
    /// Version 1 hashes value then seed into 1,000 steps; it is biased when one subject is in
    /// several experiments. Version 2 hashes seed then value, hashes the decimal text of that
    /// again, and has 10,000 steps.
    ///
    /// @throws IllegalArgumentException for any other version
    public static double hash(String seed, String value, int version) {
        return switch (version) {
            case 1 -> Integer.remainderUnsigned(fnv1a32(value + seed), 1_000) / 1_000.0;
            case 2 -> {
                String inner = Integer.toUnsignedString(fnv1a32(seed + value));
                yield Integer.remainderUnsigned(fnv1a32(inner), 10_000) / 10_000.0;
            }
            default -> throw new IllegalArgumentException("There is no hash version " + version);
        };
    }

    /// The index of the variation whose range contains `hash`, -1 if the subject is left out.
    ///
    /// Variation k owns from the sum of the weights before it up to that plus `coverage` times its
    /// own weight: lowering the coverage never moves a subject to another variation.
    ///
    /// @param hash from [#hash]
    /// @param weights one per variation, not negative, summing to 1 within 0.01
    /// @param coverage share of subjects that take part, 0 to 1
    /// @throws IllegalArgumentException if weights or coverage are not like that
    public static int variation(double hash, List<Double> weights, double coverage) {
        requireShares(weights, coverage);
        double start = 0;
        for (int k = 0; k < weights.size(); k++) {
            double weight = weights.get(k);
            if (hash >= start && hash < start + coverage * weight) {
                return k;
            }
            start += weight;
        }
        return -1;
    }

    private static void requireShares(List<Double> weights, double coverage) {
        double sum = 0;
        for (double weight : weights) {
            if (!(weight >= 0)) {
                throw new IllegalArgumentException("Not a weight: " + weight);
            }
            sum += weight;
        }
        if (!(Math.abs(sum - 1) <= WEIGHT_SLACK)) {
            throw new IllegalArgumentException("The weights sum to %s, not to 1".formatted(sum));
        }
        if (!(coverage >= 0 && coverage <= 1)) {
            throw new IllegalArgumentException("Not a share of subjects: " + coverage);
        }
    }

    /// The 32-bit FNV-1a hash, as an unsigned number in an int, over UTF-16 code units and not over
    /// UTF-8 bytes: that is what the JavaScript SDK hashes, so subjects outside ASCII agree with it
    /// (and differ from SDKs that hash bytes).
    ///
    /// Source: G. Fowler, L. C. Noll, K.-P. Vo, isthe.com/chongo/tech/comp/fnv.
    public static int fnv1a32(String text) {
        int hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }
}
