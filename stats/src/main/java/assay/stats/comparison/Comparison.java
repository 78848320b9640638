package assay.stats.comparison;

import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.bayes.NormalEffect;
import assay.stats.distribution.Normal;
import assay.stats.distribution.StudentT;
import assay.stats.fixed.Fieller;
import assay.stats.sequential.AsymptoticSequence;
import assay.stats.sequential.MixtureSprt;
import java.util.OptionalDouble;

/// A treatment compared with its control.
///
/// Both claims are one test: the relative interval is Fieller's with the method's own critical
/// value, so it excludes 0 exactly if the absolute one does, and it is undefined where the
/// control's mean is too uncertain to divide by. A sequence of delta-method intervals is not valid
/// there.
///
/// @param effect what is compared: adjusted, if the arms are
/// @param absolute claim about the difference in the metric's own unit
/// @param relative claim about the change relative to the control
/// @param bayes posterior of the relative change; describes, and does not protect against looking
///   often
public record Comparison(
        Effect effect, Answer<Claim> absolute, Answer<Claim> relative, Answer<NormalEffect> bayes) {
    /// Compares; undefined as long as an arm has no units, adjusted ones fewer than two.
    ///
    /// @throws IllegalArgumentException if the arms have different shapes
    public static Answer<Comparison> of(Method method, Arm control, Arm treatment) {
        return Effect.of(control, treatment).map(effect -> of(method, effect));
    }

    /// What the method says of an effect.
    public static Comparison of(Method method, Effect effect) {
        var evidence = effect.absolute().flatMap(estimate -> evidence(method, effect, estimate));
        return new Comparison(
                effect,
                evidence.map(known -> absolute(method, known)),
                Answer.both(
                        evidence,
                        effect.relative(),
                        (known, estimate) -> relative(method, effect, known, estimate)),
                effect.relative()
                        .flatMap(estimate ->
                                NormalEffect.of(
                                        estimate,
                                        method.prior(),
                                        method.alpha(),
                                        method.lessIsBetter())));
    }

    /// What a method says about an estimate, before any interval is drawn.
    ///
    /// @param critical half-width of the interval in standard errors
    private record Evidence(
            Estimate estimate, double critical, double logPValue, OptionalDouble logEValue) {}

    private static Answer<Evidence> evidence(Method method, Effect effect, Estimate estimate) {
        if (estimate.standardError() == 0) {
            return Answer.undefined(Why.NO_VARIANCE);
        }
        double z = estimate.value() / estimate.standardError();
        return switch (method.looking()) {
            case Method.Looking.Once() ->
                    effect.degreesOfFreedom().map(df -> once(method, estimate, z, df));
            case Method.Looking.Always(var plannedSample) ->
                    always(method, plannedSample, effect.n(), estimate);
            case Method.Looking.Mixture(var deviation) -> mixture(method, deviation, estimate);
            case Method.Looking.Planned(var bound) ->
                    Answer.known(
                            new Evidence(
                                    estimate,
                                    bound,
                                    Normal.logPValue(z, method.alternative()),
                                    OptionalDouble.empty()));
        };
    }

    private static Evidence once(Method method, Estimate estimate, double t, double df) {
        return new Evidence(
                estimate,
                StudentT.critical(method.alpha(), df, method.alternative()),
                StudentT.logPValue(t, df, method.alternative()),
                OptionalDouble.empty());
    }

    private static Answer<Evidence> always(
            Method method, double plannedSample, long n, Estimate estimate) {
        var sequence =
                AsymptoticSequence.tunedFor(plannedSample, method.alpha(), method.alternative());
        return sequence.at(n, estimate)
                .map(look ->
                        new Evidence(
                                estimate,
                                sequence.criticalValue(n),
                                look.logPValue(),
                                OptionalDouble.of(look.logEValue())));
    }

    private static Answer<Evidence> mixture(Method method, double deviation, Estimate estimate) {
        return new MixtureSprt(deviation * deviation, 0)
                .at(estimate, method.alpha())
                .map(look ->
                        new Evidence(
                                estimate,
                                look.interval().width() / 2 / estimate.standardError(),
                                Math.min(0, -look.logLikelihoodRatio()),
                                OptionalDouble.of(look.logLikelihoodRatio())));
    }

    private static Claim absolute(Method method, Evidence evidence) {
        var estimate = evidence.estimate();
        double margin = evidence.critical() * estimate.standardError();
        var interval = Interval.around(estimate.value(), margin, method.alternative());
        return new Claim(estimate, interval, evidence.logPValue(), evidence.logEValue());
    }

    private static Answer<Claim> relative(
            Method method, Effect effect, Evidence evidence, Estimate estimate) {
        return effect.lift()
                .flatMap(pair -> lift(method, pair, evidence.critical()))
                .map(interval ->
                        new Claim(estimate, interval, evidence.logPValue(), evidence.logEValue()));
    }

    /// The interval of the difference over the size of the control, which may be negative.
    private static Answer<Interval> lift(Method method, Fieller.Pair pair, double critical) {
        boolean negative = pair.denominator() < 0;
        var alternative = negative ? method.alternative().swapped() : method.alternative();
        return Fieller.of(pair, alternative, critical)
                .flatMap(Fieller::interval)
                .map(interval ->
                        negative ? new Interval(-interval.upper(), -interval.lower()) : interval);
    }
}
