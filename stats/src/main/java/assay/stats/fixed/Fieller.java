package assay.stats.fixed;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Difference;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Normal;

/// The ratio of the treatment's mean to the control's with Fieller's interval, which is exact for
/// normal means and does not pretend to be bounded when the control's mean may be 0.
///
/// Source: E. C. Fieller, Journal of the Royal Statistical Society B 16 (1954) 175-185.
///
/// @param ratio treatment over control
/// @param g z^2 times the squared relative standard error of the control's mean; from 1 on the
///   interval is unbounded
/// @param interval two-sided, of the ratio; undefined where it is unbounded
public record Fieller(double ratio, double g, Answer<Interval> interval) {
    /// Undefined at a control of 0 and as long as an arm has fewer than two units.
    public static Answer<Fieller> of(Difference difference, double alpha) {
        double control = difference.control().mean();
        double treatment = difference.treatment().mean();
        if (control == 0) {
            return Answer.undefined(Why.ZERO_BASELINE);
        }
        return Answer.both(
                difference.control().varianceOfMean(),
                difference.treatment().varianceOfMean(),
                (a, b) -> Answer.known(of(control, treatment, a, b, alpha)));
    }

    private static Fieller of(double control, double treatment, double a, double b, double alpha) {
        double z = Normal.critical(alpha, Alternative.TWO_SIDED);
        double ratio = treatment / control;
        double g = z * z * a / (control * control);
        if (g >= 1) {
            return new Fieller(ratio, g, Answer.undefined(Why.UNCERTAIN_BASELINE));
        }
        double variance = (b + ratio * ratio * a - g * b) / (control * control);
        double margin = z * Math.sqrt(variance) / (1 - g);
        double center = ratio / (1 - g);
        var interval = new Interval(center - margin, center + margin);
        return new Fieller(ratio, g, Answer.known(interval));
    }

    /// The interval of the lift, (treatment - control) / |control|.
    public Answer<Interval> lift(double controlMean) {
        return interval.map(range ->
                controlMean > 0
                        ? new Interval(range.lower() - 1, range.upper() - 1)
                        : new Interval(1 - range.upper(), 1 - range.lower()));
    }
}
