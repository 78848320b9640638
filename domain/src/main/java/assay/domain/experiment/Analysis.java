package assay.domain.experiment;

import assay.domain.store.Cell;
import assay.domain.store.UnitValue;
import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.bayes.NormalEffect;
import assay.stats.bayes.NormalPosterior;
import assay.stats.comparison.Claim;
import assay.stats.comparison.Effect;
import assay.stats.comparison.Method;
import assay.stats.sequential.AsymptoticSequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One metric of all arms, and every treatment beside the control. A pure function of the units.
///
/// Arms are shown plain, over all cohorts. A difference is taken within each cohort in which both
/// arms have at least two units, and averaged with the units of the cohort in all arms as weights.
///
/// @param arms in the order of the design
/// @param cap the most that a unit counted, where the metric has a cap
/// @param steps of a funnel: per arm, the units of each step, those measured first; else empty
/// @param items of a leased experiment: what each item came to under each arm
record Analysis(
        Metric metric,
        SequencedMap<String, Side> arms,
        List<Comparison> comparisons,
        OptionalDouble cap,
        SequencedMap<String, List<Long>> steps,
        Optional<ItemMeans> items) {
    /// A treatment beside the control.
    ///
    /// @param difference of the means, as soon as both arms have two units; adjusted, if the metric
    ///   is
    /// @param absolute what this look alone says of the difference, empty as long as nothing can be
    ///   said
    /// @param relative the same of the change over the control, 0.1 for 10 % more
    /// @param bayes describes; it does not protect against looking often
    /// @param ownPValue of this look alone, before the burn-in is asked for
    /// @param plain of an adjusted metric, the same comparison as observed
    /// @param burnedIn true when this comparison has the units and conversions that a decision
    ///   needs
    record Comparison(
            String arm,
            Optional<Estimate> difference,
            Optional<Claim> absolute,
            Optional<Estimate> lift,
            Optional<Claim> relative,
            Optional<NormalEffect> bayes,
            double ownPValue,
            Optional<Comparison> plain,
            boolean burnedIn,
            OptionalLong unitsToDecision) {
        /// The p-value of this look alone, 1 as long as it may not decide.
        double pValue() {
            return burnedIn ? ownPValue : 1;
        }

        /// The logarithm of the evidence of this look, 0 as long as it may not decide.
        double logEValue() {
            return burnedIn ? absolute.map(claim -> claim.logEValue().orElse(0)).orElse(0.0) : 0;
        }

        /// What may be told of it while the rule keeps its estimates to itself.
        Comparison closed() {
            return new Comparison(
                    arm,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    1,
                    Optional.empty(),
                    burnedIn,
                    OptionalLong.empty());
        }

        /// The same as a description, which decides nothing.
        Comparison described() {
            return new Comparison(
                    arm,
                    difference,
                    absolute,
                    lift,
                    relative,
                    bayes,
                    1,
                    plain,
                    burnedIn,
                    unitsToDecision);
        }

        /// The interval on the scale of a size of change, if there is one.
        Optional<Claim> on(boolean isRelative) {
            return isRelative ? relative : absolute;
        }
    }

    /// Compares the arms by the rule of the design, for a look at any time.
    ///
    /// @param share of alpha that each comparison may use up, 1 / their number
    static Analysis of(Design design, Metric metric, List<Cell> cells, double share) {
        return of(design, metric, cells, share, Inference.of(design.rule()));
    }

    /// The same by a test that the rule need not have declared.
    static Analysis of(
            Design design, Metric metric, List<Cell> cells, double share, Inference inference) {
        var sides = new TreeMap<Integer, Map<String, Side>>();
        for (var cell : cells) {
            sides.computeIfAbsent(cell.cohort(), _ -> new LinkedHashMap<>())
                    .put(cell.arm(), Side.Totals.of(metric, cell));
        }
        return of(design, metric, sides, share, inference, fixedCap(metric));
    }

    /// What may be seen of it at a stage of the rule: between planned looks nothing but counts, and
    /// once one has decided, estimates that decide no more.
    Analysis at(Stage stage) {
        if (stage.isOpen() && (stage.isNew() || stage.settled().isEmpty())) {
            return this;
        }
        return new Analysis(
                metric,
                arms,
                comparisons.stream()
                        .map(stage.isOpen() ? Comparison::described : Comparison::closed)
                        .toList(),
                cap,
                steps,
                items);
    }

    private static OptionalDouble fixedCap(Metric metric) {
        return metric.cap()
                .filter(cap -> !cap.isQuantile())
                .map(cap -> OptionalDouble.of(cap.size()))
                .orElse(OptionalDouble.empty());
    }

    /// The same of units one by one, as a quantile, a cap at one and pairs of items need them.
    static Analysis ofUnits(
            Design design, Metric metric, Capped units, double share, Inference inference) {
        if (design.leased().isPresent()) {
            return PairedAnalysis.of(design, metric, units.units(), share, inference, units.cap());
        }
        if (metric.type() != Metric.Type.QUANTILE) {
            var cap = units.cap().isPresent() ? units.cap() : fixedCap(metric);
            return of(design, metric, sums(metric, units.units()), share, inference, cap);
        }
        var sides = new TreeMap<Integer, Map<String, Side>>();
        units.units().stream()
                .collect(
                        Collectors.groupingBy(
                                UnitValue::cohort,
                                Collectors.groupingBy(UnitValue::arm, Collectors.toList())))
                .forEach((cohort, arms) ->
                        arms.forEach((arm, some) ->
                                sides.computeIfAbsent(cohort, _ -> new LinkedHashMap<>())
                                        .put(arm, Side.Values.of(metric, some))));
        return of(design, metric, sides, share, inference, OptionalDouble.empty());
    }

    private static TreeMap<Integer, Map<String, Side>> sums(Metric metric, List<UnitValue> units) {
        var sides = new TreeMap<Integer, Map<String, Side>>();
        for (var cell : Cells.of(units)) {
            sides.computeIfAbsent(cell.cohort(), _ -> new LinkedHashMap<>())
                    .put(cell.arm(), Side.Totals.of(metric, cell));
        }
        return sides;
    }

    private static Analysis of(
            Design design,
            Metric metric,
            TreeMap<Integer, Map<String, Side>> cohorts,
            double share,
            Inference inference,
            OptionalDouble cap) {
        var none = none(metric);
        var arms = new LinkedHashMap<String, Side>();
        for (var arm : design.arms()) {
            var all = none;
            for (var cohort : cohorts.values()) {
                all = cohort.containsKey(arm.key()) ? all.plus(side(cohort, arm.key(), none)) : all;
            }
            arms.put(arm.key(), all);
        }
        var comparisons = new ArrayList<Comparison>();
        for (var treatment : design.treatments()) {
            comparisons.add(
                    compare(design, metric, cohorts, arms, treatment.key(), share, inference));
        }
        return new Analysis(
                metric, arms, comparisons, cap, new LinkedHashMap<>(), Optional.empty());
    }

    private static Side none(Metric metric) {
        return metric.type() == Metric.Type.QUANTILE
                ? Side.Values.of(metric, List.of())
                : new Side.Totals(metric, 0, new assay.stats.JointMoments());
    }

    private static Side side(Map<String, Side> arms, String key, Side none) {
        return arms.getOrDefault(key, none);
    }

    /// The units of each step of a funnel, for the diagnosis.
    ///
    /// @param steps the cells of each step
    Analysis withSteps(List<List<Cell>> steps) {
        var counts = new LinkedHashMap<String, List<Long>>();
        arms.forEach((key, side) -> {
            var reached = new ArrayList<Long>(List.of(side.units()));
            for (var cells : steps) {
                reached.add(
                        cells.stream()
                                .filter(cell -> cell.arm().equals(key))
                                .mapToLong(Cell::nonzero)
                                .sum());
            }
            counts.put(key, List.copyOf(reached));
        });
        return new Analysis(metric, arms, comparisons, cap, counts, items);
    }

    /// Here the design chooses what may be said of its arms: under adaptive allocation another
    /// estimate than this has to take its place.
    private static Comparison compare(
            Design design,
            Metric metric,
            TreeMap<Integer, Map<String, Side>> cohorts,
            SequencedMap<String, Side> arms,
            String treatment,
            double share,
            Inference inference) {
        var control = design.control().key();
        var rule = design.rule();
        var none = none(metric);
        var a = side(arms, control, none);
        var b = side(arms, treatment, none);
        var effect = effect(cohorts, control, treatment);
        var alpha = rule.alpha() * share;
        var method =
                new Method(
                        inference.looking(design, alpha),
                        alpha,
                        Alternative.TWO_SIDED,
                        prior(rule),
                        metric.direction() == Metric.Direction.DECREASE);
        var compared = effect.map(known -> assay.stats.comparison.Comparison.of(method, known));
        var absolute = compared.flatMap(comparison -> comparison.absolute()).toOptional();
        var estimate = effect.flatMap(Effect::absolute).toOptional();
        return new Comparison(
                treatment,
                estimate,
                absolute,
                effect.flatMap(Effect::relative).toOptional(),
                compared.flatMap(comparison -> comparison.relative()).toOptional(),
                compared.flatMap(comparison -> comparison.bayes()).toOptional(),
                absolute.map(claim -> inference.pValue(claim)).orElse(1.0),
                metric.lookback().isPresent()
                        ? Optional.of(
                                unadjusted(
                                        design, metric, cohorts, arms, treatment, share, inference))
                        : Optional.empty(),
                Math.min(a.units(), b.units()) >= rule.burnInPerArm()
                        && a.nonzero() + b.nonzero() >= rule.burnInConversions(),
                inference.isAnytime()
                        ? unitsToDecision(method, design, a.units() + b.units(), estimate)
                        : OptionalLong.empty());
    }

    private static Comparison unadjusted(
            Design design,
            Metric metric,
            TreeMap<Integer, Map<String, Side>> cohorts,
            SequencedMap<String, Side> arms,
            String treatment,
            double share,
            Inference inference) {
        var plain = new TreeMap<Integer, Map<String, Side>>();
        cohorts.forEach((cohort, sides) -> plain.put(cohort, plain(metric, sides)));
        return compare(
                design, metric.plain(), plain, plain(metric, arms), treatment, share, inference);
    }

    private static SequencedMap<String, Side> plain(Metric metric, Map<String, Side> sides) {
        var plain = new LinkedHashMap<String, Side>();
        sides.forEach((key, side) -> {
            var totals = (Side.Totals) side;
            plain.put(key, new Side.Totals(metric.plain(), totals.nonzero(), totals.sums()));
        });
        return plain;
    }

    private static Answer<Effect> effect(
            TreeMap<Integer, Map<String, Side>> cohorts, String control, String treatment) {
        var strata = new ArrayList<Effect.Stratum>();
        for (var sides : cohorts.values()) {
            var a = sides.get(control);
            var b = sides.get(treatment);
            if (a != null && b != null && a.units() > 1 && b.units() > 1) {
                var weight = sides.values().stream().mapToLong(Side::units).sum();
                b.beside(a)
                        .toOptional()
                        .filter(effect -> effect.absolute().isKnown())
                        .ifPresent(
                                effect -> strata.add(new Effect.Stratum((double) weight, effect)));
            }
        }
        return Effect.stratified(strata);
    }

    private static Optional<NormalPosterior> prior(Rule rule) {
        var deviation = rule.thresholds().priorDeviation();
        return deviation.isPresent()
                ? Optional.of(new NormalPosterior(0, deviation.getAsDouble()))
                : Optional.empty();
    }

    /// Units that the two arms still need together if the effect is what it seems to be now, at
    /// most a billion.
    private static OptionalLong unitsToDecision(
            Method method, Design design, long n, Optional<Estimate> now) {
        var sequence =
                AsymptoticSequence.tunedFor(
                        design.plannedPerComparison(), method.alpha(), method.alternative());
        return now.filter(estimate -> estimate.standardError() > 0)
                .flatMap(estimate -> sequence.unitsToExclude(n, estimate).toOptional())
                .filter(units -> units < 1_000_000_000)
                .map(units -> OptionalLong.of(Math.max(0, units - n)))
                .orElse(OptionalLong.empty());
    }
}
