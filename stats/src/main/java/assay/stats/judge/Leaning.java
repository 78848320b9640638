package assay.stats.judge;

import assay.stats.Answer;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Binomial;
import assay.stats.fixed.ProportionInterval;
import assay.stats.sequential.SignEProcess;

/// Whether a judge leans to one of two sides where it should lean to neither. Of two outputs in
/// random order the one in front wins half of the decisions, whatever the outputs are worth; where
/// a judge errs, it errs for the longer output half of the time, if length is nothing to it.
///
/// @param n decisions
/// @param share of them that went to the first side
/// @param interval Wilson's interval of that share
/// @param pValue of the exact binomial test, two-sided; for one look
/// @param alwaysValid interval that holds at all looks together
/// @param alwaysValidPValue p-value that may be looked at as often as one likes
public record Leaning(
        long n,
        double share,
        Interval interval,
        double pValue,
        Interval alwaysValid,
        double alwaysValidPValue) {
    /// Tests whether either side wins more than half.
    ///
    /// @param first decisions for the first side; those for neither are left out
    /// @param second decisions for the other
    ///
    /// @return undefined without decisions
    public static Answer<Leaning> of(long first, long second, double alpha) {
        long n = first + second;
        if (n == 0) {
            return Answer.undefined(Why.NO_EVENTS);
        }
        double smaller =
                Math.min(Binomial.cumulative(first, n, 0.5), Binomial.upperTail(first, n, 0.5));
        var look = SignEProcess.UNIFORM.at(second, first, alpha).get();
        return Answer.known(
                new Leaning(
                        n,
                        (double) first / n,
                        ProportionInterval.WILSON.of(first, n, alpha).get(),
                        Math.min(1, 2 * smaller),
                        look.interval(),
                        look.pValue()));
    }
}
