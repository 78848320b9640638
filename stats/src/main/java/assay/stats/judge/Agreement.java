package assay.stats.judge;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Normal;
import assay.stats.fixed.ProportionInterval;

/// How often two raters put the same thing into the same category, and how much of that is more
/// than chance.
///
/// @param n things that both rated
/// @param observed share of things on which they agree
/// @param expected the share on which they would by chance, each keeping to how often it uses each
///   category
/// @param observedInterval Wilson's interval of `observed`
/// @param kappa Cohen's kappa, (observed - expected) / (1 - expected): 1 is perfect agreement, 0
///   what chance gives
/// @param kappaInterval asymptotic interval of kappa, within -1 to 1
public record Agreement(
        long n,
        double observed,
        double expected,
        Interval observedInterval,
        double kappa,
        Interval kappaInterval) {
    /// Compares two raters.
    ///
    /// Sources: J. Cohen, Educational and Psychological Measurement 20 (1960) 37-46; its standard
    /// error by J. L. Fleiss, J. Cohen, B. S. Everitt, Psychological Bulletin 72 (1969) 323-327.
    ///
    /// @param counts a square table: things that the first put into the category of the row and the
    ///   second into that of the column
    /// @return undefined without things, and when both put everything into one category
    public static Answer<Agreement> of(long[][] counts, double alpha) {
        long n = 0;
        for (long[] row : counts) {
            if (row.length != counts.length) {
                throw new IllegalArgumentException("The table is not square");
            }
            for (long count : row) {
                n += count;
            }
        }
        if (n == 0) {
            return Answer.undefined(Why.NO_UNITS);
        }
        double[] first = new double[counts.length];
        double[] second = new double[counts.length];
        long same = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int j = 0; j < counts.length; j++) {
                first[i] += (double) counts[i][j] / n;
                second[j] += (double) counts[i][j] / n;
            }
            same += counts[i][i];
        }
        double expected = 0;
        for (int i = 0; i < counts.length; i++) {
            expected += first[i] * second[i];
        }
        if (expected >= 1 - 1e-12) {
            return Answer.undefined(Why.NO_VARIANCE);
        }
        double observed = (double) same / n;
        double kappa = (observed - expected) / (1 - expected);
        double error = Math.sqrt(variance(counts, n, first, second, expected, kappa));
        double margin = Normal.critical(alpha, Alternative.TWO_SIDED) * error;
        return Answer.known(
                new Agreement(
                        n,
                        observed,
                        expected,
                        ProportionInterval.WILSON.of(same, n, alpha).get(),
                        kappa,
                        new Interval(Math.max(-1, kappa - margin), Math.min(1, kappa + margin))));
    }

    private static double variance(
            long[][] counts,
            long n,
            double[] first,
            double[] second,
            double expected,
            double kappa) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int j = 0; j < counts.length; j++) {
                double share = (double) counts[i][j] / n;
                double weight =
                        i == j
                                ? 1 - (first[i] + second[i]) * (1 - kappa)
                                : (1 - kappa) * (second[i] + first[j]);
                sum += share * weight * weight;
            }
        }
        double center = kappa - expected * (1 - kappa);
        return Math.max(0, sum - center * center) / (n * (1 - expected) * (1 - expected));
    }
}
