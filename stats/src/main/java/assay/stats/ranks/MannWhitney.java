package assay.stats.ranks;

import assay.stats.Answer;
import assay.stats.Why;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/// Whether values of the treatment tend to be larger than values of the control. For ordinal
/// scores; the estimand is P(B > A) + P(B = A) / 2.
///
/// Sources: H. B. Mann, D. R. Whitney, Annals of Mathematical Statistics 18 (1947) 50-60;
/// correction for ties by E. L. Lehmann, "Nonparametrics" (1975), section 1.4; shift by J. L.
/// Hodges, E. L. Lehmann, Annals of Mathematical Statistics 34 (1963) 598-611.
///
/// @param uA pairs in which the control's value is the larger, ties half
/// @param uB pairs in which the treatment's value is the larger, ties half
/// @param probabilityOfSuperiority uB over all pairs
/// @param rankBiserial the same from -1 to 1
/// @param standardDeviation of uB under no effect, corrected for ties
/// @param normal the test by normal approximation; undefined if all values are equal
/// @param exactPValue two-sided; undefined with ties or from 50 values in an arm
/// @param shift median of the differences of all pairs; undefined above 10 million pairs
public record MannWhitney(
        double uA,
        double uB,
        double probabilityOfSuperiority,
        double rankBiserial,
        double standardDeviation,
        boolean hasTies,
        Answer<NormalTest> normal,
        Answer<Double> exactPValue,
        Answer<Double> shift) {
    private static final int EXACT_BELOW = 50;
    private static final double MOST_PAIRS = 1e7;

    /// Compares; undefined as long as an arm has no values.
    public static Answer<MannWhitney> of(double[] control, double[] treatment) {
        double nA = control.length;
        double nB = treatment.length;
        if (nA == 0 || nB == 0) {
            return Answer.undefined(Why.NO_UNITS);
        }
        double n = nA + nB;
        double[] together =
                DoubleStream.concat(Arrays.stream(treatment), Arrays.stream(control)).toArray();
        var ranking = Ranking.of(together);
        double pairs = nA * nB;
        double uB = ranking.sum(0, treatment.length) - nB * (nB + 1) / 2;
        double ties = ranking.tieSum() / (n * (n - 1));
        double deviation = Math.sqrt(pairs / 12 * (n + 1 - ties));
        return Answer.known(
                new MannWhitney(
                        pairs - uB,
                        uB,
                        uB / pairs,
                        2 * uB / pairs - 1,
                        deviation,
                        ranking.hasTies(),
                        NormalTest.of(uB, pairs / 2, deviation),
                        exactPValue(uB, control.length, treatment.length, ranking.hasTies()),
                        shift(control, treatment)));
    }

    private static Answer<Double> exactPValue(double u, int nA, int nB, boolean ties) {
        if (ties) {
            return Answer.undefined(Why.TIES);
        }
        if (nA >= EXACT_BELOW || nB >= EXACT_BELOW) {
            return Answer.undefined(Why.TOO_LARGE);
        }
        int larger = (int) Math.max(u, nA * nB - u);
        double[] counts = counts(nA, nB);
        double all = Arrays.stream(counts).sum();
        double tail = Arrays.stream(counts, larger, counts.length).sum() / all;
        return Answer.known(Math.min(1, 2 * tail));
    }

    /// In how many orders of the values each U occurs: coefficients of the Gaussian binomial, built
    /// up by multiplying with 1 - q^(nA + i) and dividing by 1 - q^i.
    private static double[] counts(int nA, int nB) {
        double[] counts = new double[nA * nB + 1];
        counts[0] = 1;
        for (int i = 1; i <= nB; i++) {
            for (int u = counts.length - 1; u >= nA + i; u--) {
                counts[u] -= counts[u - nA - i];
            }
            for (int u = i; u < counts.length; u++) {
                counts[u] += counts[u - i];
            }
        }
        return counts;
    }

    private static Answer<Double> shift(double[] control, double[] treatment) {
        if ((double) control.length * treatment.length > MOST_PAIRS) {
            return Answer.undefined(Why.TOO_LARGE);
        }
        double[] differences =
                Arrays.stream(treatment)
                        .flatMap(b -> Arrays.stream(control).map(a -> b - a))
                        .sorted()
                        .toArray();
        int middle = differences.length / 2;
        return Answer.known(
                differences.length % 2 == 1
                        ? differences[middle]
                        : (differences[middle - 1] + differences[middle]) / 2);
    }
}
