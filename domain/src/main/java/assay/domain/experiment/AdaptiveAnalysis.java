package assay.domain.experiment;

import assay.domain.store.UnitValue;
import assay.stats.Alternative;
import assay.stats.Estimate;
import assay.stats.Moments;
import assay.stats.Sample;
import assay.stats.bandit.AdaptiveDifference;
import assay.stats.bandit.PerArmSequences;
import assay.stats.comparison.Claim;
import assay.stats.sequential.AsymptoticSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// The arms of a bandit beside the control. Since the traffic follows the data, plain means are
/// biased and a sequence of their difference is not valid; what stands here is.
///
/// With a floor of 0.05 or more: augmented inverse propensity weighting of the units in the order
/// of their exposure, by the shares of their cohorts. With a lower one, where single units would
/// weigh too much: a sequence for each arm by itself.
final class AdaptiveAnalysis {
    /// The least share of an arm that weighting by it can bear.
    static final double LEAST_SHARE = 0.05;

    private static final int CONVERSIONS = 25;
    private static final long MOST_UNITS = 1_000_000_000;

    private final Analysis plain;
    private final Design design;
    private final List<UnitValue> units;
    private final double alpha;

    private AdaptiveAnalysis(Analysis plain, Design design, List<UnitValue> units, double alpha) {
        this.plain = plain;
        this.design = design;
        this.units = units;
        this.alpha = alpha;
    }

    /// Puts comparisons that are valid under adaptive allocation in the place of plain ones. Of
    /// ratios and quantiles there are none.
    ///
    /// @param units in order of their exposure
    /// @param share of alpha that each comparison may use up
    static Analysis of(Analysis plain, Design design, List<UnitValue> units, double share) {
        return new AdaptiveAnalysis(plain, design, units, design.rule().alpha() * share).analysis();
    }

    /// True when units are weighted by the shares of their cohorts.
    private static boolean isWeighted(Design design) {
        return design.allocation().filter(known -> known.floor() >= LEAST_SHARE).isPresent();
    }

    /// How it is done, in words.
    static String method(Design design) {
        return isWeighted(design)
                ? "differences are weighted by inverse propensity (AIPW), which is valid although the plain means of the arms are biased"
                : "each arm has a confidence sequence by itself, which is valid although the plain means of the arms are biased";
    }

    private Analysis analysis() {
        var type = plain.metric().type();
        var isOfMeans = type != Metric.Type.RATIO && type != Metric.Type.QUANTILE;
        var comparisons = new ArrayList<Analysis.Comparison>();
        for (var comparison : plain.comparisons()) {
            comparisons.add(
                    !isOfMeans
                            ? comparison.closed()
                            : isWeighted(design)
                                    ? weighted(comparison.arm())
                                    : perArm(comparison.arm()));
        }
        return new Analysis(
                plain.metric(),
                plain.arms(),
                comparisons,
                plain.cap(),
                plain.steps(),
                plain.items());
    }

    private Analysis.Comparison weighted(String treatment) {
        var control = design.control().key();
        var difference = new AdaptiveDifference();
        var first = index(control);
        var second = index(treatment);
        for (var unit : units) {
            var shares = design.cohorts().get(unit.cohort() - 1).shares();
            var ofControl = shares.get(first);
            var ofTreatment = shares.get(second);
            // A cohort that only one of the two is in says nothing of their difference.
            if (ofControl > 0 && ofTreatment > 0) {
                if (unit.arm().equals(control)) {
                    difference.addControl(unit.value(), ofControl, ofTreatment);
                } else if (unit.arm().equals(treatment)) {
                    difference.addTreatment(unit.value(), ofControl, ofTreatment);
                } else {
                    difference.addOther(ofControl, ofTreatment);
                }
            }
        }
        var sequence =
                AsymptoticSequence.tunedFor(
                        design.rule().plannedSample(), alpha, Alternative.TWO_SIDED);
        var estimate = difference.estimate().toOptional();
        var n = difference.n();
        var claim =
                estimate.flatMap(known ->
                        sequence.at(n, known)
                                .map(look ->
                                        new Claim(
                                                known,
                                                look.interval(),
                                                look.logPValue(),
                                                OptionalDouble.of(look.logEValue())))
                                .toOptional());
        return comparison(treatment, estimate, claim, unitsToDecision(sequence, n, estimate));
    }

    /// Units of all arms that are still needed if the effect stays as it is.
    private static OptionalLong unitsToDecision(
            AsymptoticSequence sequence, long n, Optional<Estimate> estimate) {
        return estimate.filter(known -> known.standardError() > 0)
                .flatMap(known -> sequence.unitsToExclude(n, known).toOptional())
                .filter(enough -> enough < MOST_UNITS)
                .map(enough -> OptionalLong.of(Math.max(0, enough - n)))
                .orElse(OptionalLong.empty());
    }

    private Analysis.Comparison perArm(String treatment) {
        var a = sample(design.control().key());
        var b = sample(treatment);
        if (a.isEmpty() || b.isEmpty()) {
            return comparison(treatment, Optional.empty(), Optional.empty(), OptionalLong.empty());
        }
        var sequences =
                new PerArmSequences(alpha, design.rule().plannedSample() / design.arms().size());
        var interval = sequences.interval(a.get(), b.get()).toOptional();
        var pValue = sequences.pValue(a.get(), b.get()).toOptional();
        var value = b.get().mean() - a.get().mean();
        var error =
                Math.hypot(
                        a.get().estimate().map(Estimate::standardError).toOptional().orElse(0.0),
                        b.get().estimate().map(Estimate::standardError).toOptional().orElse(0.0));
        var estimate = interval.map(_ -> new Estimate(value, error));
        var claim =
                estimate.map(known ->
                        new Claim(
                                known,
                                interval.orElseThrow(),
                                Math.log(pValue.orElse(1.0)),
                                OptionalDouble.empty()));
        return comparison(treatment, estimate, claim, OptionalLong.empty());
    }

    private Analysis.Comparison comparison(
            String treatment,
            Optional<Estimate> estimate,
            Optional<Claim> claim,
            OptionalLong unitsToDecision) {
        var a = side(design.control().key());
        var b = side(treatment);
        var rule = design.rule();
        return new Analysis.Comparison(
                treatment,
                estimate,
                claim,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                claim.map(Claim::pValue).orElse(1.0),
                Optional.empty(),
                Math.min(a.units(), b.units()) >= rule.burnInPerArm()
                        && Math.min(a.nonzero(), b.nonzero()) >= CONVERSIONS
                        && a.nonzero() + b.nonzero() >= rule.burnInConversions(),
                unitsToDecision);
    }

    private int index(String arm) {
        return design.arms().stream().map(Design.Arm::key).toList().indexOf(arm);
    }

    private Side side(String arm) {
        return Objects.requireNonNull(plain.arms().get(arm));
    }

    private Optional<Sample> sample(String arm) {
        var moments = new Moments();
        for (var unit : units) {
            if (unit.arm().equals(arm)) {
                moments.add(unit.value());
            }
        }
        return moments.sample().toOptional();
    }
}
