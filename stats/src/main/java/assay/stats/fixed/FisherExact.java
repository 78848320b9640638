package assay.stats.fixed;

import assay.stats.Answer;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Hypergeometric;

/// Fisher's exact test of two rates: valid at any count, meant for tables too small for a z test.
///
/// Sources: R. A. Fisher, "Statistical Methods for Research Workers" (1932), section 21.02;
/// conditional odds ratio by J. Cornfield, Proceedings of the Third Berkeley Symposium 4 (1956)
/// 135-148; the two-sided p-value adds the tables that are no more probable than the observed one,
/// as R does.
///
/// @param pTwoSided for "the odds differ"
/// @param pGreater for "the treatment's odds are larger"
/// @param pLess for "the treatment's odds are smaller"
/// @param sampleOddsRatio xB (nA - xA) / (xA (nB - xB)), treatment over control; may be infinite
/// @param conditionalOddsRatio its conditional maximum likelihood estimate; may be 0 or infinite
/// @param interval of the conditional odds ratio, two-sided; may reach 0 or infinity
public record FisherExact(
        double pTwoSided,
        double pGreater,
        double pLess,
        Answer<Double> sampleOddsRatio,
        Answer<Double> conditionalOddsRatio,
        Answer<Interval> interval) {
    /// Tests; undefined as long as an arm has no units. The odds ratios are undefined if nobody or
    /// everybody succeeded.
    public static Answer<FisherExact> of(TwoProportions counts, double alpha) {
        if (counts.nA() == 0 || counts.nB() == 0) {
            return Answer.undefined(Why.NO_UNITS);
        }
        long successes = counts.xA() + counts.xB();
        var table = new Hypergeometric(counts.nB(), counts.nA(), successes);
        long x = counts.xB();
        boolean fixed = table.lowest() == table.highest();
        Answer<Double> nothing = Answer.undefined(Why.NO_VARIANCE);
        return Answer.known(
                new FisherExact(
                        table.asExtremeAs(x),
                        table.upperTail(x),
                        table.cumulative(x),
                        fixed ? nothing : Answer.known(sampleOddsRatio(counts)),
                        fixed ? nothing : Answer.known(table.likeliestOdds(x)),
                        fixed
                                ? Answer.undefined(Why.NO_VARIANCE)
                                : Answer.known(interval(table, x, alpha))));
    }

    private static Interval interval(Hypergeometric table, long x, double alpha) {
        return new Interval(
                table.oddsWithUpperTail(x, alpha / 2), table.oddsWithLowerTail(x, alpha / 2));
    }

    private static double sampleOddsRatio(TwoProportions counts) {
        double up = (double) counts.xB() * (counts.nA() - counts.xA());
        double down = (double) counts.xA() * (counts.nB() - counts.xB());
        return up / down;
    }
}
