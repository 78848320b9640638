package assay.stats.ranks;

import assay.stats.Answer;
import assay.stats.Why;
import java.util.Arrays;

/// Whether paired differences lie symmetrically around 0. Pairs without a difference are left out.
///
/// Source: F. Wilcoxon, Biometrics Bulletin 1 (1945) 80-83; zeros and ties as in R's `wilcox.test`.
///
/// @param n pairs that differ
/// @param statistic sum of the ranks of the positive differences
/// @param normal the test by normal approximation, corrected for ties
/// @param exactPValue two-sided; undefined with ties, with zeros, or from 50 pairs
public record SignedRank(
        int n, double statistic, Answer<NormalTest> normal, Answer<Double> exactPValue) {
    private static final int EXACT_BELOW = 50;

    /// Tests; undefined if no pair differs.
    ///
    /// @param differences treatment minus control, one per pair
    public static Answer<SignedRank> of(double[] differences) {
        double[] decisive = Arrays.stream(differences).filter(d -> d != 0).toArray();
        if (decisive.length == 0) {
            return Answer.undefined(differences.length == 0 ? Why.NO_UNITS : Why.NO_VARIANCE);
        }
        double n = decisive.length;
        var ranking = Ranking.of(Arrays.stream(decisive).map(Math::abs).toArray());
        double statistic = 0;
        for (int i = 0; i < decisive.length; i++) {
            statistic += decisive[i] > 0 ? ranking.rank(i) : 0;
        }
        double variance = n * (n + 1) * (2 * n + 1) / 24 - ranking.tieSum() / 48;
        boolean inexact = ranking.hasTies() || decisive.length < differences.length;
        return Answer.known(
                new SignedRank(
                        decisive.length,
                        statistic,
                        NormalTest.of(statistic, n * (n + 1) / 4, Math.sqrt(variance)),
                        inexact
                                ? Answer.undefined(Why.TIES)
                                : exactPValue(statistic, decisive.length)));
    }

    private static Answer<Double> exactPValue(double statistic, int n) {
        if (n >= EXACT_BELOW) {
            return Answer.undefined(Why.TOO_LARGE);
        }
        int most = n * (n + 1) / 2;
        double[] counts = new double[most + 1];
        counts[0] = 1;
        for (int rank = 1; rank <= n; rank++) {
            for (int sum = most; sum >= rank; sum--) {
                counts[sum] += counts[sum - rank];
            }
        }
        int larger = (int) Math.max(statistic, most - statistic);
        double tail = Arrays.stream(counts, larger, counts.length).sum() / Math.scalb(1.0, n);
        return Answer.known(Math.min(1, 2 * tail));
    }
}
