package assay.stats.ranks;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Why;
import assay.stats.distribution.Normal;

/// A rank statistic compared with its normal approximation.
///
/// @param z without continuity correction
/// @param pValue two-sided, without continuity correction
/// @param pValueCorrected two-sided, with the statistic moved by 1/2 towards its mean
public record NormalTest(double z, double pValue, double pValueCorrected) {
    static Answer<NormalTest> of(double statistic, double mean, double deviation) {
        if (deviation == 0) {
            return Answer.undefined(Why.NO_VARIANCE);
        }
        double gap = statistic - mean;
        double corrected = (gap - Math.signum(gap) / 2) / deviation;
        double z = gap / deviation;
        return Answer.known(new NormalTest(z, pValue(z), Math.min(1, pValue(corrected))));
    }

    private static double pValue(double z) {
        return Normal.pValue(z, Alternative.TWO_SIDED);
    }
}
