package assay.stats.distribution;

import org.apache.commons.numbers.gamma.RegularizedBeta;

/// The upper tail of the F distribution.
///
/// Source: NIST Digital Library of Mathematical Functions, 8.17 (regularised incomplete beta
/// function).
public final class FisherF {
    private FisherF() {}

    /// P(F > f).
    public static double upperTail(double f, double numeratorDf, double denominatorDf) {
        double x = denominatorDf / (denominatorDf + numeratorDf * f);
        return RegularizedBeta.value(x, denominatorDf / 2, numeratorDf / 2);
    }
}
