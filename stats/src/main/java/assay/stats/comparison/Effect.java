package assay.stats.comparison;

import assay.stats.Answer;
import assay.stats.Difference;
import assay.stats.Estimate;
import assay.stats.Why;
import assay.stats.fixed.Cuped;
import assay.stats.fixed.Fieller;
import assay.stats.fixed.RatioMetric;
import assay.stats.fixed.Welch;
import java.util.List;

/// What a treatment changes, on both scales, however it was estimated.
///
/// @param n units of both arms together
/// @param value treatment minus control, in the metric's own unit
/// @param absolute the same with its standard error; undefined as long as there is none
/// @param relative the change relative to the size of the control
/// @param lift the same as a pair for Fieller's interval
/// @param degreesOfFreedom of Welch's test of the absolute change
public record Effect(
        long n,
        double value,
        Answer<Estimate> absolute,
        Answer<Estimate> relative,
        Answer<Fieller.Pair> lift,
        Answer<Double> degreesOfFreedom) {
    /// The effect between two arms; undefined as long as one has no units, adjusted ones fewer than
    /// two.
    ///
    /// @throws IllegalArgumentException if the arms have different shapes
    public static Answer<Effect> of(Arm control, Arm treatment) {
        if (control instanceof Arm.Mean(var a) && treatment instanceof Arm.Mean(var b)) {
            return Difference.of(a, b).map(Effect::of);
        }
        if (control instanceof Arm.Ratio(var a) && treatment instanceof Arm.Ratio(var b)) {
            return Answer.both(
                    RatioMetric.sample(a),
                    RatioMetric.sample(b),
                    (x, y) -> Answer.known(of(Difference.of(x, y))));
        }
        if (control instanceof Arm.Adjusted(var a) && treatment instanceof Arm.Adjusted(var b)) {
            return Cuped.of(a, b).map(Effect::of);
        }
        throw new IllegalArgumentException(
                "Cannot compare %s with %s".formatted(control, treatment));
    }

    /// The effect between two samples, of means, ratios or quantiles.
    public static Effect of(Difference difference) {
        return new Effect(
                n(difference),
                difference.value(),
                difference.absolute(),
                difference.relative(),
                Fieller.Pair.ofLift(difference),
                Welch.degreesOfFreedom(difference));
    }

    /// The adjusted effect.
    public static Effect of(Cuped cuped) {
        var adjusted = cuped.adjusted();
        return new Effect(
                n(adjusted),
                adjusted.value(),
                adjusted.absolute(),
                cuped.relativeEstimate(),
                cuped.lift(),
                Welch.degreesOfFreedom(adjusted));
    }

    private static long n(Difference difference) {
        return difference.control().n() + difference.treatment().n();
    }

    /// An effect within a stratum, such as a cohort with its own weights of the arms.
    ///
    /// @param weight positive, in any common unit; usually the units exposed
    public record Stratum(double weight, Effect effect) {}

    /// The weighted mean over strata, which are independent: arms are compared only within strata,
    /// so that a change of their weights cannot look like an effect. Of a single stratum this is
    /// its effect to the last bit; undefined without strata, and where one has no standard error.
    ///
    /// Sources: [Stratified]; for the degrees of freedom F. E. Satterthwaite, Biometrics Bulletin 2
    /// (1946) 110-114.
    public static Answer<Effect> stratified(List<Stratum> strata) {
        if (strata.isEmpty()) {
            return Answer.undefined(Why.NO_UNITS);
        }
        if (strata.size() == 1) {
            return Answer.known(strata.getFirst().effect());
        }
        double total = strata.stream().mapToDouble(Stratum::weight).sum();
        long n = 0;
        double value = 0;
        double variance = 0;
        double spread = 0;
        Answer<Fieller.Pair> lift = Answer.known(new Fieller.Pair(0, 0, 0, 0, 0));
        for (var stratum : strata) {
            double share = stratum.weight() / total;
            var effect = stratum.effect();
            if (effect.absolute() instanceof Answer.Undefined<Estimate>(var why)) {
                return Answer.undefined(why);
            }
            double error = share * effect.absolute().get().standardError();
            n += effect.n();
            value += share * effect.value();
            variance += error * error;
            double freedom = effect.degreesOfFreedom().toOptional().orElse(1.0);
            spread += Math.pow(error, 4) / freedom;
            lift =
                    Answer.both(
                            lift,
                            effect.lift(),
                            (sum, one) -> Answer.known(sum.plus(one.times(share))));
        }
        return Answer.known(
                new Effect(
                        n,
                        value,
                        Answer.known(new Estimate(value, Math.sqrt(variance))),
                        lift.flatMap(Effect::relative),
                        lift,
                        spread == 0
                                ? Answer.undefined(Why.NO_VARIANCE)
                                : Answer.known(variance * variance / spread)));
    }

    /// The quotient of a pair with the standard error of the delta method.
    public static Answer<Estimate> relative(Fieller.Pair pair) {
        double size = Math.abs(pair.denominator());
        if (size == 0) {
            return Answer.undefined(Why.ZERO_BASELINE);
        }
        double quotient = pair.numerator() / pair.denominator();
        double variance =
                pair.numeratorVariance()
                        - quotient
                                * (2 * pair.covariance() - quotient * pair.denominatorVariance());
        return variance <= 0
                ? Answer.undefined(Why.NO_VARIANCE)
                : Answer.known(new Estimate(pair.numerator() / size, Math.sqrt(variance) / size));
    }
}
