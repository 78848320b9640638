package assay.stats.fixed;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Difference;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Normal;

/// The quotient of two approximately normal estimates with Fieller's interval, which is exact for
/// normal ones and does not pretend to be bounded when the denominator may be 0. It excludes 0
/// exactly if the interval of the numerator does.
///
/// Source: E. C. Fieller, Journal of the Royal Statistical Society B 16 (1954) 175-185.
///
/// @param quotient numerator over denominator
/// @param g squared critical value times the squared relative standard error of the denominator;
///   from 1 on the interval is unbounded
/// @param interval of the quotient; undefined where it is unbounded
public record Fieller(double quotient, double g, Answer<Interval> interval) {
    /// Two estimates with their variances and covariance.
    public record Pair(
            double numerator,
            double denominator,
            double numeratorVariance,
            double denominatorVariance,
            double covariance) {
        /// This stratum with its share of all units; the strata [#plus] each other are stratified.
        public Pair times(double share) {
            double square = share * share;
            return new Pair(
                    share * numerator,
                    share * denominator,
                    square * numeratorVariance,
                    square * denominatorVariance,
                    square * covariance);
        }

        /// The sum with an independent pair.
        public Pair plus(Pair other) {
            return new Pair(
                    numerator + other.numerator,
                    denominator + other.denominator,
                    numeratorVariance + other.numeratorVariance,
                    denominatorVariance + other.denominatorVariance,
                    covariance + other.covariance);
        }

        /// The difference of two independent arms over the control.
        public static Answer<Pair> ofLift(Difference difference) {
            return Answer.both(
                    difference.control().varianceOfMean(),
                    difference.treatment().varianceOfMean(),
                    (a, b) ->
                            Answer.known(
                                    new Pair(
                                            difference.value(),
                                            difference.control().mean(),
                                            a + b,
                                            a,
                                            -a)));
        }
    }

    /// The two-sided interval of (treatment - control) / control, for one look; undefined at a
    /// control of 0 and as long as an arm has fewer than two units.
    public static Answer<Fieller> ofLift(Difference difference, double alpha) {
        double critical = Normal.critical(alpha, Alternative.TWO_SIDED);
        return Pair.ofLift(difference).flatMap(pair -> of(pair, Alternative.TWO_SIDED, critical));
    }

    /// Solves (numerator - q denominator)^2 = critical^2 * variance of that, for q; undefined at a
    /// denominator of 0.
    ///
    /// @param critical half-width of the method's interval in standard errors: of a normal or t
    ///   test, or of a confidence sequence, whose validity then carries over
    public static Answer<Fieller> of(Pair pair, Alternative alternative, double critical) {
        double denominator = pair.denominator();
        if (denominator == 0) {
            return Answer.undefined(Why.ZERO_BASELINE);
        }
        double quotient = pair.numerator() / denominator;
        double scale = critical / denominator;
        double g = scale * scale * pair.denominatorVariance();
        if (g >= 1) {
            return Answer.known(new Fieller(quotient, g, Answer.undefined(Why.UNCERTAIN_BASELINE)));
        }
        double shared = scale * scale * pair.covariance();
        double spread = scale * scale * pair.numeratorVariance();
        double center = (quotient - shared) / (1 - g);
        double inside =
                spread
                        - 2 * quotient * shared
                        + quotient * quotient * g
                        + shared * shared
                        - g * spread;
        double margin = Math.sqrt(Math.max(0, inside)) / (1 - g);
        return Answer.known(
                new Fieller(
                        quotient, g, Answer.known(Interval.around(center, margin, alternative))));
    }
}
