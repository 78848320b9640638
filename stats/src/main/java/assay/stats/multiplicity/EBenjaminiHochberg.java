package assay.stats.multiplicity;

import java.util.Comparator;
import java.util.stream.IntStream;

/// Discoveries from e-values with a controlled false discovery rate, whatever their dependence and
/// whenever one stopped: what takes the place of Benjamini-Hochberg when results are watched.
///
/// Source: R. Wang, A. Ramdas, "False discovery rate control with e-values", Journal of the Royal
/// Statistical Society B 84 (2022) 822-852, arXiv:2009.02824.
public final class EBenjaminiHochberg {
    private EBenjaminiHochberg() {}

    /// The smallest false discovery rate at which each hypothesis is rejected, at most 1, in the
    /// order of the input: with the k-th largest e-value, m / (k e), made monotone from below.
    ///
    /// @param logEValues natural logarithms of the e-values; minus infinity for an e-value of 0
    public static double[] adjust(double... logEValues) {
        int m = logEValues.length;
        int[] order =
                IntStream.range(0, m)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> -logEValues[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double[] adjusted = new double[m];
        double least = 1;
        for (int k = m; k >= 1; k--) {
            double level = Math.exp(Math.log((double) m / k) - logEValues[order[k - 1]]);
            least = Math.min(least, level);
            adjusted[order[k - 1]] = least;
        }
        return adjusted;
    }

    /// Which hypotheses are rejected at false discovery rate q.
    public static boolean[] reject(double q, double... logEValues) {
        double[] adjusted = adjust(logEValues);
        boolean[] rejected = new boolean[adjusted.length];
        for (int i = 0; i < adjusted.length; i++) {
            rejected[i] = adjusted[i] <= q;
        }
        return rejected;
    }
}
