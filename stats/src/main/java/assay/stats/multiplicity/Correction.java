package assay.stats.multiplicity;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/// Corrections of p-values. Adjusted values are compared with alpha (or q) directly, keep the order
/// of the p-values, and come in the order of the input.
///
/// Sources: R's `p.adjust`; S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70; Y.
/// Hochberg, Biometrika 75 (1988) 800-802; G. Hommel, Biometrika 75 (1988) 383-386; Y. Benjamini,
/// Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289-300; Y. Benjamini, D.
/// Yekutieli, Annals of Statistics 29 (2001) 1165-1188; Z. Sidak, Journal of the American
/// Statistical Association 62 (1967) 626-633.
public enum Correction {
    /// None: the p-values as they are.
    NONE,
    /// Family error under any dependence; the plainest.
    BONFERRONI,
    /// Family error under any dependence; never worse than Bonferroni. The default for decisions.
    HOLM,
    /// Family error, if the tests are independent.
    SIDAK,
    /// Family error under positive dependence.
    HOCHBERG,
    /// Family error under positive dependence; the most powerful of these.
    HOMMEL,
    /// False discovery rate under positive dependence; for scorecards.
    BENJAMINI_HOCHBERG,
    /// False discovery rate under any dependence.
    BENJAMINI_YEKUTIELI;

    /// Adjusts.
    ///
    /// @param pValues each 0 to 1, in any order; may be none
    public double[] adjust(double... pValues) {
        for (double p : pValues) {
            if (!(p >= 0 && p <= 1)) {
                throw new IllegalArgumentException("Not a p-value: " + p);
            }
        }
        int m = pValues.length;
        return switch (this) {
            case NONE -> pValues.clone();
            case BONFERRONI -> each(pValues, p -> m * p);
            case SIDAK -> each(pValues, p -> -Math.expm1(m * Math.log1p(-p)));
            case HOLM -> stepDown(pValues, rank -> m - rank);
            case HOCHBERG -> stepUp(pValues, rank -> m - rank);
            case BENJAMINI_HOCHBERG -> stepUp(pValues, rank -> m / (rank + 1.0));
            case BENJAMINI_YEKUTIELI -> stepUp(pValues, rank -> harmonic(m) * m / (rank + 1.0));
            case HOMMEL -> hommel(pValues);
        };
    }

    private interface Factor {
        /// What the p-value of a rank, 0 for the smallest, is multiplied with.
        double of(int rank);
    }

    private static double[] each(double[] pValues, DoubleUnaryOperator change) {
        return Arrays.stream(pValues).map(change).map(p -> Math.min(1, p)).toArray();
    }

    private static double[] stepDown(double[] pValues, Factor factor) {
        int[] order = order(pValues);
        double[] adjusted = new double[pValues.length];
        double most = 0;
        for (int rank = 0; rank < order.length; rank++) {
            most = Math.max(most, factor.of(rank) * pValues[order[rank]]);
            adjusted[order[rank]] = Math.min(1, most);
        }
        return adjusted;
    }

    private static double[] stepUp(double[] pValues, Factor factor) {
        int[] order = order(pValues);
        double[] adjusted = new double[pValues.length];
        double least = 1;
        for (int rank = order.length - 1; rank >= 0; rank--) {
            least = Math.min(least, factor.of(rank) * pValues[order[rank]]);
            adjusted[order[rank]] = least;
        }
        return adjusted;
    }

    /// Indices of the values from the smallest on.
    private static int[] order(double[] pValues) {
        return IntStream.range(0, pValues.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> pValues[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static double harmonic(int m) {
        return IntStream.rangeClosed(1, m).mapToDouble(k -> 1.0 / k).sum();
    }

    /// The closed test with Simes' test of every subset. Source of the algorithm: S. P. Wright,
    /// Biometrics 48 (1992) 1005-1013.
    private static double[] hommel(double[] pValues) {
        int n = pValues.length;
        int[] order = order(pValues);
        double[] sorted = Arrays.stream(order).mapToDouble(i -> pValues[i]).toArray();
        double[] adjusted = sorted.clone();
        for (int m = n; m > 1; m--) {
            int firstOfLast = n - m + 1;
            double least = Double.POSITIVE_INFINITY;
            for (int k = firstOfLast; k < n; k++) {
                least = Math.min(least, m * sorted[k] / (m - n + k + 1.0));
            }
            for (int k = firstOfLast; k < n; k++) {
                adjusted[k] = Math.max(adjusted[k], least);
            }
            for (int k = 0; k < firstOfLast; k++) {
                adjusted[k] = Math.max(adjusted[k], Math.min(least, m * sorted[k]));
            }
        }
        double[] result = new double[n];
        for (int k = 0; k < n; k++) {
            result[order[k]] = Math.min(1, adjusted[k]);
        }
        return result;
    }
}
