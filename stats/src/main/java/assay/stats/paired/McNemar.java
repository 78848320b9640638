package assay.stats.paired;

import assay.stats.Answer;
import assay.stats.Why;
import assay.stats.distribution.Binomial;
import assay.stats.distribution.ChiSquare;

/// Paired yes-or-no outcomes: only pairs in which the arms disagree carry information.
///
/// Sources: Q. McNemar, Psychometrika 12 (1947) 153-157; exact and mid-p forms compared by M. W.
/// Fagerland, S. Lydersen, P. Laake, BMC Medical Research Methodology 13 (2013) 91.
///
/// @param statistic (b - c)^2 / (b + c), chi-square with one degree of freedom
/// @param pValue by that distribution
/// @param exactPValue binomial, two-sided; never above its level
/// @param midPValue the exact one with half the weight on the observed table; close to its level
public record McNemar(double statistic, double pValue, double exactPValue, double midPValue) {
    /// Tests; undefined if the arms never disagreed.
    ///
    /// @param onlyControl pairs in which only the control succeeded
    /// @param onlyTreatment pairs in which only the treatment succeeded
    public static Answer<McNemar> of(long onlyControl, long onlyTreatment) {
        long n = onlyControl + onlyTreatment;
        if (n == 0) {
            return Answer.undefined(Why.NO_EVENTS);
        }
        double gap = onlyTreatment - onlyControl;
        double statistic = gap * gap / n;
        long fewer = Math.min(onlyControl, onlyTreatment);
        double exact = Math.min(1, 2 * Binomial.cumulative(fewer, n, 0.5));
        double mid =
                onlyControl == onlyTreatment
                        ? 1 - Math.exp(Binomial.logProbability(fewer, n, 0.5))
                        : exact - Math.exp(Binomial.logProbability(fewer, n, 0.5));
        return Answer.known(new McNemar(statistic, ChiSquare.upperTail(statistic, 1), exact, mid));
    }
}
