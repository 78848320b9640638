package assay.domain.experiment;

import assay.domain.store.UnitValue;
import assay.stats.Alternative;
import assay.stats.bayes.NormalPosterior;
import assay.stats.comparison.Claim;
import assay.stats.comparison.Method;
import assay.stats.paired.PairedMethod;
import assay.stats.paired.Pairs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// A metric of a leased experiment: the arms have met the same items, so they are compared item by
/// item, and what makes items hard or easy cancels out. Repetitions of an item are averaged first:
/// items are what the data have many of. A pure function of the recorded units.
final class PairedAnalysis {
    private static final long MOST_UNITS = 1_000_000_000;

    private final Design design;
    private final Metric metric;
    private final Inference inference;
    private final double alpha;
    private final ItemMeans items;

    private PairedAnalysis(
            Design design, Metric metric, double alpha, Inference inference, ItemMeans items) {
        this.design = design;
        this.metric = metric;
        this.alpha = alpha;
        this.inference = inference;
        this.items = items;
    }

    /// Compares the arms.
    ///
    /// @param units recorded ones
    /// @param share of alpha that each comparison may use up
    static Analysis of(
            Design design,
            Metric metric,
            List<UnitValue> units,
            double share,
            Inference inference,
            OptionalDouble cap) {
        return new PairedAnalysis(
                        design,
                        metric.plain(),
                        design.rule().alpha() * share,
                        inference,
                        ItemMeans.of(design, metric, units))
                .analysis(cap);
    }

    /// How pairs of a metric are judged: by what was declared of its values, never by what they
    /// turn out to be.
    static PairedMethod method(Design design, Metric metric) {
        return method(design.leased().map(Leased::repetitions).orElse(1), metric);
    }

    static PairedMethod method(int repetitions, Metric metric) {
        if (metric.type() == Metric.Type.PROPORTION || Preferences.are(metric)) {
            return repetitions == 1
                    ? new PairedMethod.Discordant()
                    : new PairedMethod.Bounded(0, 1);
        }
        return metric.bounds()
                .<PairedMethod>map(one -> new PairedMethod.Bounded(one.least(), one.most()))
                .orElseGet(PairedMethod.Asymptotic::new);
    }

    /// The same in words.
    static String words(Design design, Metric metric) {
        if (!design.rule().methodology().isAnytime()) {
            return "paired t by item";
        }
        return switch (method(design, metric)) {
            case PairedMethod.Discordant() when Preferences.are(metric) ->
                    "by judgements between their outputs that are no ties (sign e-process, exact from the first)";
            case PairedMethod.Discordant() ->
                    "by the items on which the variants disagree (e-process, exact from the first item)";
            case PairedMethod.Bounded(var least, var most) ->
                    "item by item, by betting on scores from %s to %s (exact from the first item)"
                            .formatted(Numbers.brief(least), Numbers.brief(most));
            case PairedMethod.Asymptotic() ->
                    "item by item, by an asymptotic confidence sequence (from 30 items on)";
        };
    }

    /// Items under both arms before which nothing is decided.
    static int burnIn(Design design) {
        var least = method(design, design.primary()).burnIn();
        return design.rule().methodology().isAnytime()
                ? Math.max(design.rule().burnInPerArm(), least)
                : design.rule().burnInPerArm();
    }

    /// N* of the sequence, which counts items: the units of two arms that are planned, without
    /// their repetitions.
    static double plannedPairs(Design design) {
        return design.plannedPerComparison() / design.leased().map(Leased::repetitions).orElse(1);
    }

    /// The same for a method: an exact one is tuned to the items that the plan has, half as many as
    /// the units of two arms.
    static double planned(Design design, PairedMethod method) {
        var planned = plannedPairs(design);
        return method instanceof PairedMethod.Asymptotic ? planned : planned / 2;
    }

    private Analysis analysis(OptionalDouble cap) {
        var arms = new LinkedHashMap<String, Side>();
        for (var arm : design.arms()) {
            arms.put(arm.key(), items.side(metric, arm.key()));
        }
        var comparisons = new ArrayList<Analysis.Comparison>();
        for (var treatment : design.treatments()) {
            comparisons.add(comparison(treatment.key()));
        }
        return new Analysis(
                metric, arms, comparisons, cap, new LinkedHashMap<>(), Optional.of(items));
    }

    private Analysis.Comparison comparison(String treatment) {
        var pairs = pairs(treatment);
        var method =
                new Method(
                        inference.isAnytime()
                                ? new Method.Looking.Always(plannedPairs(design))
                                : inference.looking(design, alpha),
                        alpha,
                        Alternative.TWO_SIDED,
                        prior(),
                        metric.direction() == Metric.Direction.DECREASE);
        var effect = pairs.effect();
        var compared = effect.map(known -> assay.stats.comparison.Comparison.of(method, known));
        var own = method(design, metric);
        var absolute =
                inference.isAnytime()
                        ? own.claim(pairs, planned(design, own), alpha).toOptional()
                        : compared.flatMap(one -> one.absolute()).toOptional();
        var isAsymptotic = pairs.n() >= new PairedMethod.Asymptotic().burnIn();
        return new Analysis.Comparison(
                treatment,
                pairs.difference().toOptional(),
                absolute,
                effect.flatMap(one -> one.relative())
                        .toOptional()
                        .filter(_ -> !Preferences.are(metric)),
                compared.flatMap(one -> one.relative())
                        .toOptional()
                        .filter(_ -> isAsymptotic || !inference.isAnytime())
                        .filter(_ -> !Preferences.are(metric)),
                compared.flatMap(one -> one.bayes())
                        .toOptional()
                        .filter(_ -> !Preferences.are(metric)),
                absolute.map(this::pValue).orElse(1.0),
                Optional.empty(),
                isBurnedIn(treatment, own, pairs),
                inference.isAnytime() ? unitsToDecision(own, pairs) : OptionalLong.empty());
    }

    private Pairs pairs(String treatment) {
        return pairs(design, metric, items, treatment);
    }

    /// A treatment beside the control, item by item.
    static Pairs pairs(Design design, Metric metric, ItemMeans items, String treatment) {
        return Preferences.are(metric)
                ? Preferences.pairs(items.of(treatment))
                : items.pairs(design.control().key(), treatment);
    }

    private double pValue(Claim claim) {
        return inference.isAnytime() ? claim.pValue() : inference.pValue(claim);
    }

    private boolean isBurnedIn(String treatment, PairedMethod method, Pairs pairs) {
        var rule = design.rule();
        var least =
                inference.isAnytime()
                        ? Math.max(rule.burnInPerArm(), method.burnIn())
                        : rule.burnInPerArm();
        var nonzero =
                items.side(metric, design.control().key()).nonzero()
                        + items.side(metric, treatment).nonzero();
        return pairs.n() >= least && nonzero >= rule.burnInConversions();
    }

    private Optional<NormalPosterior> prior() {
        var deviation = design.rule().thresholds().priorDeviation();
        return deviation.isPresent()
                ? Optional.of(new NormalPosterior(0, deviation.getAsDouble()))
                : Optional.empty();
    }

    /// Units of all arms that are still leased, until these two are decided if items go on like
    /// those so far.
    private OptionalLong unitsToDecision(PairedMethod method, Pairs pairs) {
        var leased = design.leased().orElseThrow();
        var perItem = (long) design.running().size() * leased.repetitions();
        return pairs.difference()
                .toOptional()
                .filter(estimate -> estimate.standardError() > 0 || pairs.n() > 1)
                .flatMap(_ ->
                        method.pairsToDecide(pairs, planned(design, method), alpha).toOptional())
                .map(enough -> Math.max(0, enough - pairs.n()) * Math.max(1, perItem))
                .filter(units -> units < MOST_UNITS)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }
}
