package assay.domain.experiment;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.stats.Alternative;
import assay.stats.distribution.Normal;
import assay.stats.power.MeansPower;
import assay.stats.power.MeansSampleSize;
import assay.stats.power.ProportionsPower;
import assay.stats.sequential.AsymptoticSequence;
import assay.stats.sequential.Boundary;
import assay.stats.sequential.GroupSequential;
import assay.stats.sequential.GroupSequentialPower;
import assay.stats.sequential.SequencePower;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// How many units a design needs to find an effect: looked at as often as one likes, beside it with
/// one look at the end, and with the looks that its rule plans, if it does. All numbers are of the
/// treatment with the smallest share, at the error that each comparison may use up.
///
/// @param effect in the metric's unit, positive
/// @param control share of the participants that the control gets
/// @param treatment share of the participants that the smallest treatment gets
/// @param alpha error of one comparison
/// @param pairing how items are compared, where units are leased
record Plan(
        Design design,
        Expectation.Baseline baseline,
        double effect,
        double power,
        double control,
        double treatment,
        double alpha,
        Optional<Pairing> pairing) {
    /// How often one is expected to look, evenly spaced. More looks decide a little sooner.
    static final int LOOKS = 20;

    private static final double MOST_UNITS = 1e12;

    /// Units of all arms together.
    ///
    /// @param expected mean number at the look that decides, if the effect is there
    record Need(double total, double expected) {}

    /// @throws Refused if the baseline or the effect is missing or impossible
    static Plan of(Design design, Expectation expected) {
        var baseline =
                expected.baseline()
                        .orElseThrow(() ->
                                missing(
                                        "baseline",
                                        "A plan needs to know what the control comes to.",
                                        "Give baseline as a rate, such as 0.1, or as {mean, sd}."));
        var effect =
                expected.effect()
                        .or(() -> ofRule(design.rule()))
                        .orElseThrow(() ->
                                missing(
                                        "minimumEffect",
                                        "A plan needs to know which change is worth finding.",
                                        "Give minimumEffect in the metric's unit, or as {relative: 0.1} for 10 %."))
                        .of(baseline);
        var moved = baseline.mean() + design.primary().direction().sign() * effect;
        if (effect == 0 || (baseline.isRate() && !(moved > 0 && moved < 1))) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "An effect of %s moves the rate from %s to %s, which no rate can be."
                                    .formatted(
                                            Numbers.brief(effect),
                                            Numbers.brief(baseline.mean()),
                                            Numbers.brief(moved)),
                            "Give a smaller minimumEffect, or the baseline as {mean, sd} if it is not a rate.")
                    .field("minimumEffect");
        }
        if (expected.correlation().isPresent() && design.leased().isEmpty()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "A correlation is that of two runs of the same item, and this design has no dataset.",
                            "Leave correlation out, or name the dataset.")
                    .field("correlation");
        }
        var shares = shares(design);
        var control = shares.get(design.arms().indexOf(design.control()));
        var treatment =
                design.treatments().stream()
                        .map(arm -> shares.get(design.arms().indexOf(arm)))
                        .filter(share -> share > 0)
                        .min(Comparator.naturalOrder());
        if (treatment.isEmpty() || !(control > 0) || !(design.coverage() > 0)) {
            throw missing(
                    "variants",
                    "Nobody enters the arms that are to be compared.",
                    "Give every variant a weight above 0, and a trafficAllocation above 0.");
        }
        var rule = design.rule();
        var comparisons =
                rule.correction() == Rule.Correction.NONE ? 1 : design.treatments().size();
        return new Plan(
                design,
                baseline,
                effect,
                expected.power().orElse(Expectation.USUAL_POWER),
                control,
                treatment.get(),
                rule.alpha() / comparisons,
                Pairing.of(design, expected));
    }

    /// What each arm gets: of the items of a dataset, all arms that are in get the same.
    private static List<Double> shares(Design design) {
        if (design.leased().isEmpty()) {
            return design.shares();
        }
        var in = (double) design.weighted().size();
        return design.arms().stream().map(arm -> arm.weight() > 0 ? 1 / in : 0).toList();
    }

    private static Optional<Expectation.Effect> ofRule(Rule rule) {
        return rule.minimumEffect().isPresent()
                ? Optional.of(
                        new Expectation.Effect(
                                rule.minimumEffect().getAsDouble(), rule.minimumEffectIsRelative()))
                : Optional.empty();
    }

    private static Refused missing(String field, String problem, String repair) {
        return new Refused(Reason.MISSING_FIELD, problem, repair).field(field);
    }

    /// Share of the participants that the two compared arms have together.
    private double pair() {
        return control + treatment;
    }

    private double signed(double size) {
        return design.primary().direction().sign() * size;
    }

    /// What a unit of all arms counts in the comparison: as a unit of the pair, or as its part of
    /// an item that is run under both arms.
    private double scale() {
        return pairing.map(items -> pair() / (2 * items.repetitions())).orElse(pair());
    }

    private int repetitions() {
        return pairing.map(Pairing::repetitions).orElse(1);
    }

    /// The standard deviation that the estimated difference has per unit of the pair, or per item.
    private double deviation(double size) {
        if (pairing.isPresent()) {
            return pairing.get().deviation(baseline.variance(0) + baseline.variance(signed(size)));
        }
        return Math.sqrt(
                pair()
                        * (baseline.variance(0) / control
                                + baseline.variance(signed(size)) / treatment));
    }

    private SequencePower sequence() {
        return new SequencePower(
                planned -> AsymptoticSequence.tunedFor(planned, alpha, Alternative.TWO_SIDED),
                LOOKS,
                burnIn());
    }

    /// Units of the pair, or items, before which no look decides.
    private double burnIn() {
        var rule = design.rule();
        if (pairing.isPresent()) {
            return baseline.isRate()
                    ? Math.max(
                            pairing.get().burnIn(),
                            rule.burnInConversions() / (2 * baseline.mean()))
                    : pairing.get().burnIn();
        }
        var perArm = rule.burnInPerArm() * pair() / Math.min(control, treatment);
        return baseline.isRate()
                ? Math.max(perArm, rule.burnInConversions() / baseline.mean())
                : perArm;
    }

    /// What it takes with looks at will, when the rule's `plannedSample` is set to it; empty if no
    /// number is enough.
    Optional<Need> alwaysValid() {
        var units = sequence().unitsWhenTuned(drift(), power).toOptional();
        return units.flatMap(pairs -> need(pairs, pairs));
    }

    /// The same under the rule as it is.
    Optional<Need> asDeclared() {
        var planned =
                pairing.map(items -> PairedAnalysis.planned(design, items.method()))
                        .orElseGet(design::plannedPerComparison);
        var units = sequence().units(drift(), planned, power).toOptional();
        return units.flatMap(pairs -> need(pairs, planned));
    }

    private double drift() {
        return effect / deviation(effect);
    }

    private Optional<Need> need(double units, double planned) {
        return units >= MOST_UNITS
                ? Optional.empty()
                : Optional.of(
                        new Need(
                                whole(units / scale()),
                                sequence().course(units, planned, drift()).units() / scale()));
    }

    /// The `plannedSample` that tunes the sequence of each comparison to this many units in all, or
    /// at which the last planned look is taken.
    long plannedSample(double total) {
        if (!design.rule().methodology().isAnytime()) {
            return (long) Math.ceil(total);
        }
        var perComparison =
                pairing.map(items -> total * scale() * items.unitsPerPlannedItem())
                        .orElse(total * pair());
        return Math.max(1, (long) Math.ceil(perComparison * design.arms().size() / 2));
    }

    /// What it takes with one look at the end; empty if no number is enough.
    Optional<Double> fixedTotal() {
        if (pairing.isPresent()) {
            return means().unitsPerArm(effect, power)
                    .toOptional()
                    .filter(items -> items < MOST_UNITS)
                    .map(items -> whole(Math.ceil(items) / scale()));
        }
        var perArm =
                baseline.isRate()
                        ? ProportionsPower.of(alpha)
                                .unitsPerArm(
                                        baseline.mean(), baseline.mean() + signed(effect), power)
                        : means().unitsPerArm(effect, power);
        return perArm.toOptional()
                .filter(units -> units < MOST_UNITS)
                .map(units -> whole(2 * Math.ceil(units) * imbalance() / pair()));
    }

    /// What it takes with the looks that the rule plans, and what it takes on average; empty where
    /// it plans none, and if no number is enough.
    Optional<Need> groupSequential() {
        return planned()
                .flatMap(test -> {
                    var mean = test.mean(power);
                    var once =
                            Normal.critical(alpha, Alternative.TWO_SIDED) + Normal.quantile(power);
                    var inflation = mean * mean / (once * once);
                    return fixedTotal()
                            .map(total -> whole(total * inflation))
                            .filter(total -> total < MOST_UNITS)
                            .map(total -> new Need(total, total * test.course(mean).information()));
                });
    }

    /// The looks that the rule plans, and the bounds at which they decide.
    private Optional<GroupSequentialPower> planned() {
        if (design.rule().methodology() != Rule.Methodology.GROUP_SEQUENTIAL) {
            return Optional.empty();
        }
        var timing = design.rule().looks();
        return Optional.of(
                new GroupSequentialPower(
                        timing,
                        GroupSequential.of(
                                        new Boundary.LanDeMetsObrienFleming(),
                                        timing,
                                        alpha,
                                        Alternative.TWO_SIDED)
                                .bounds()));
    }

    /// The chance to find the effect within this many units by the looks that the rule plans.
    OptionalDouble powerGroupSequential(double total) {
        return planned()
                .map(test ->
                        OptionalDouble.of(
                                test.course(drift() * Math.sqrt(total * scale())).power()))
                .orElse(OptionalDouble.empty());
    }

    /// The smallest effect found with the power by the looks that the rule plans.
    Optional<Double> detectableGroupSequential(double total) {
        return planned().map(test -> sized(test.mean(power) / Math.sqrt(total * scale())));
    }

    /// What it takes by the rule's methodology; empty if no number is enough.
    Optional<Double> needed() {
        return switch (design.rule().methodology()) {
            case SEQUENTIAL, BAYESIAN -> alwaysValid().map(Need::total);
            case FIXED -> fixedTotal();
            case GROUP_SEQUENTIAL -> groupSequential().map(Need::total);
        };
    }

    /// The chance to find the effect within this many units by the rule's methodology.
    double powerByRule(double total) {
        return design.rule().methodology().isAnytime()
                ? powerAlwaysValid(total)
                : powerGroupSequential(total).orElseGet(() -> powerFixed(total));
    }

    /// The smallest effect found with the power within this many units by the rule's methodology;
    /// empty within the burn-in.
    Optional<Double> detectableByRule(double total) {
        return design.rule().methodology().isAnytime()
                ? detectableAlwaysValid(total)
                : detectableGroupSequential(total).or(() -> Optional.of(detectableFixed(total)));
    }

    /// Of items it is that of two arms which differ by as much as two runs of an item do.
    private MeansPower means() {
        var sd = pairing.isPresent() ? deviation(possible(effect)) / Math.sqrt(2) : baseline.sd();
        return new MeansPower(sd, alpha, Alternative.TWO_SIDED);
    }

    /// By how much a comparison of unequal arms needs more units than one of equal arms; 1 for
    /// equal ones.
    private double imbalance() {
        return pair() * pair() / (4 * control * treatment);
    }

    /// Units per arm of a balanced comparison that is worth as much as this one.
    private double balanced(double total) {
        return total * pair() / imbalance() / 2;
    }

    /// The chance to find the effect within this many units, looked at at will.
    double powerAlwaysValid(double total) {
        var units = total * scale();
        return sequence().course(units, units, drift()).power();
    }

    /// The same with one look at the end.
    double powerFixed(double total) {
        if (pairing.isPresent()) {
            return means().power(Math.max(2, total * scale()), effect);
        }
        var perArm = Math.max(2, balanced(total));
        return baseline.isRate()
                ? ProportionsPower.of(alpha)
                        .power(baseline.mean(), baseline.mean() + signed(effect), perArm)
                        .toOptional()
                        .orElse(0.0)
                : means().power(perArm, effect);
    }

    /// The smallest effect found with the power within this many units, looked at at will; empty
    /// within the burn-in.
    Optional<Double> detectableAlwaysValid(double total) {
        var units = total * scale();
        return sequence().detectable(units, units, power).toOptional().map(this::sized);
    }

    /// The effect that has this drift. The variance of a rate moves with it.
    private double sized(double drift) {
        var size = drift * deviation(0);
        for (var i = 0; i < 20 && Double.isFinite(size); i++) {
            size = drift * deviation(possible(size));
        }
        return size;
    }

    private double possible(double size) {
        if (!baseline.isRate()) {
            return size;
        }
        var room = signed(1) > 0 ? 1 - baseline.mean() : baseline.mean();
        return Math.min(size, room * 0.999);
    }

    /// The same with one look at the end, by the normal approximation.
    double detectableFixed(double total) {
        if (pairing.isPresent()) {
            return MeansSampleSize.detectable(
                    total * scale(), means().sd(), alpha, power, 1, Alternative.TWO_SIDED);
        }
        return MeansSampleSize.detectable(
                balanced(total),
                deviation(possible(effect)) / (2 * Math.sqrt(imbalance())),
                alpha,
                power,
                1,
                Alternative.TWO_SIDED);
    }

    /// Days until this many units of all arms have come.
    double days(double total, double perDay) {
        return total / (perDay * design.coverage());
    }

    /// Units of all arms that come within these days.
    double unitsWithin(double days, double perDay) {
        return days * perDay * design.coverage();
    }

    /// Units that the smallest arm has then.
    long perArm(double total) {
        return up(total * Math.min(control, treatment));
    }

    /// Items that are run with so many units, where units are leased.
    Optional<Long> items(double total) {
        return pairing.map(_ -> up(total * scale()));
    }

    /// Whole units for each arm, at least as many as its share of the total, all together.
    double whole(double total) {
        return shares(design).stream()
                .mapToLong(share -> up(total * share / repetitions()) * repetitions())
                .sum();
    }

    /// Up to the next whole number, but not from what is one but for rounding.
    private static long up(double units) {
        return (long) Math.ceil(units - 1e-9 * Math.max(1, units));
    }
}
