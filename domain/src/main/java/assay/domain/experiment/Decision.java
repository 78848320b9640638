package assay.domain.experiment;

import assay.domain.Quoted;
import assay.stats.comparison.Claim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/// What the declared rule says of the data at one look. A pure function of the data and of the
/// looks before.
///
/// @param winner set by SHIP alone
/// @param family the p-values over all counting looks
/// @param ratio the sample-ratio check over all counting looks; of a leased experiment, the check
///   of lost units
/// @param elimination of a leased experiment, its arms against each other
record Decision(
        Verdict verdict,
        String why,
        Optional<String> winner,
        Family family,
        Exposed.Ratio ratio,
        Stage stage,
        Optional<Elimination> elimination) {
    private static final double MOST_IN_SEVERAL_ARMS = 0.01;

    /// What to do now.
    enum Verdict {
        SHIP,
        ROLLBACK,
        KEEP_RUNNING,
        FUTILE,
        INVALID;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What is decided on.
    ///
    /// @param work the units of a leased experiment
    /// @param costs of each item under each arm, where the rule prefers what is cheaper
    record Grounds(
            Design design,
            Exposed exposed,
            Analysis primary,
            List<Analysis> guardrails,
            List<Analysis> secondary,
            Earlier before,
            Stage stage,
            Optional<WorkUnits> work,
            Optional<ItemMeans> costs) {
        Grounds(
                Design design,
                Exposed exposed,
                Analysis primary,
                List<Analysis> guardrails,
                List<Analysis> secondary,
                Earlier before,
                Stage stage) {
            this(
                    design,
                    exposed,
                    primary,
                    guardrails,
                    secondary,
                    before,
                    stage,
                    Optional.empty(),
                    Optional.empty());
        }

        Rule rule() {
            return design.rule();
        }

        int sign() {
            return primary.metric().direction().sign();
        }

        String control() {
            return Quoted.of(design.control().key());
        }

        String metric() {
            return Quoted.of(primary.metric().name());
        }
    }

    private record Said(Verdict verdict, String why, Optional<String> winner) {
        static Said of(Verdict verdict, String why) {
            return new Said(verdict, why, Optional.empty());
        }
    }

    /// Decides at a look.
    static Decision of(Grounds grounds) {
        return of(grounds, false);
    }

    /// Decides at the look that ends the experiment, whoever ended it.
    static Decision atEnd(Grounds grounds) {
        return of(grounds, true);
    }

    private static Decision of(Grounds grounds, boolean isEnd) {
        var ratio =
                grounds.work()
                        .map(work -> Exposed.Ratio.of(work.pValue()))
                        .orElseGet(
                                () -> grounds.exposed().ratio(grounds.design(), grounds.before()));
        var elimination =
                grounds.primary()
                        .items()
                        .filter(_ ->
                                grounds.stage().isOpen()
                                        && grounds.rule().methodology().isAnytime())
                        .map(items -> new Elimination(grounds.design(), items));
        var family =
                Family.of(grounds.rule(), grounds.primary(), grounds.secondary(), grounds.before());
        var said =
                invalid(grounds, ratio)
                        .or(() -> settled(grounds.stage()))
                        .or(() -> waiting(grounds))
                        .orElseGet(() -> verdict(grounds, family, elimination, isEnd));
        return new Decision(
                said.verdict(),
                said.why(),
                said.winner(),
                family,
                ratio,
                grounds.stage(),
                elimination);
    }

    /// Per treatment, the smallest p-value of all counting looks, adjusted.
    SequencedMap<String, Double> pValues() {
        return family.primary();
    }

    /// The same before the adjustment.
    SequencedMap<String, Double> rawPValues() {
        return family.rawPrimary();
    }

    private static Optional<Said> invalid(Grounds grounds, Exposed.Ratio ratio) {
        var total = grounds.exposed().total();
        var several = grounds.exposed().several();
        if (!ratio.isOk() && grounds.work().isPresent()) {
            return Optional.of(
                    Said.of(
                            Verdict.INVALID,
                            "Of the units that were leased, more are missing under one variant than under another than chance explains (p %s): what is left is a selection of the items."
                                    .formatted(Numbers.brief(ratio.pValue()))));
        }
        if (!ratio.isOk()) {
            return Optional.of(
                    Said.of(
                            Verdict.INVALID,
                            ("The arms did not receive the units that their weights promise (sample-ratio p %s): assignment"
                                            + " or logging is broken.")
                                    .formatted(Numbers.brief(ratio.pValue()))));
        }
        if (total > 0 && several > MOST_IN_SEVERAL_ARMS * total) {
            return Optional.of(
                    Said.of(
                            Verdict.INVALID,
                            "%d of %d subjects were seen in several arms."
                                    .formatted(several, total)));
        }
        return Optional.empty();
    }

    /// What a planned look has decided stands.
    private static Optional<Said> settled(Stage stage) {
        return stage.settled()
                .filter(look -> !look.verdict().equals(Verdict.KEEP_RUNNING.word()))
                .map(look ->
                        new Said(
                                Verdict.valueOf(look.verdict().toUpperCase(Locale.ROOT)),
                                look.numbers().path("why").asString(""),
                                Optional.ofNullable(
                                        look.numbers().path("winner").stringValue(null))));
    }

    private static Optional<Said> waiting(Grounds grounds) {
        var stage = grounds.stage();
        if (stage.isOpen()) {
            return Optional.empty();
        }
        var total = grounds.exposed().total();
        return Optional.of(
                Said.of(
                        Verdict.KEEP_RUNNING,
                        "The rule looks %s at %s, and %s missing; until then only counts are shown."
                                .formatted(
                                        grounds.rule().methodology() == Rule.Methodology.FIXED
                                                ? "once,"
                                                : "next",
                                        Numbers.counted(stage.due()),
                                        stage.due() - total == 1
                                                ? "1 is"
                                                : stage.due() - total + " are")));
    }

    private static Said verdict(
            Grounds grounds, Family family, Optional<Elimination> elimination, boolean isEnd) {
        var judged =
                grounds.primary().comparisons().stream()
                        .map(comparison -> Judgement.of(grounds, comparison, family))
                        .toList();
        if (grounds.design().eliminates() && elimination.isPresent()) {
            return contested(grounds, elimination.get(), isEnd);
        }
        return rollback(grounds, judged)
                .or(() ->
                        elimination
                                .flatMap(arms -> Cheaper.among(grounds, arms, fit(judged)))
                                .map(Decision::said))
                .or(() -> ship(grounds, judged, family))
                .or(() -> futile(grounds))
                .orElseGet(() -> keepRunning(grounds));
    }

    private static Said contested(Grounds grounds, Elimination elimination, boolean isEnd) {
        var decided = Contested.of(grounds, elimination).map(Decision::said);
        if (decided.isPresent()) {
            return decided.get();
        }
        var futile = futile(grounds);
        var end =
                isEnd || futile.isPresent()
                        ? Contested.atEnd(grounds, elimination).map(Decision::said)
                        : Optional.<Said>empty();
        return end.or(() -> futile).orElseGet(() -> keepRunning(grounds));
    }

    private static List<String> fit(List<Judgement> judged) {
        return judged.stream().filter(Judgement::isFit).map(one -> one.comparison().arm()).toList();
    }

    private static Said said(Outcome outcome) {
        return new Said(outcome.verdict(), outcome.why(), outcome.winner());
    }

    /// What arms that are compared with each other come to.
    record Outcome(Verdict verdict, String why, Optional<String> winner) {
        static Outcome ship(String winner, String why) {
            return new Outcome(Verdict.SHIP, why, Optional.of(winner));
        }

        static Outcome without(Verdict verdict, String why) {
            return new Outcome(verdict, why, Optional.empty());
        }
    }

    /// What the data say of one treatment.
    ///
    /// @param isFit true when the policy would ship it
    private record Judgement(
            Analysis.Comparison comparison, boolean isWorse, boolean breaches, boolean isFit) {
        static Judgement of(Grounds grounds, Analysis.Comparison comparison, Family family) {
            var rule = grounds.rule();
            var metric = grounds.primary().metric();
            var worse = Decision.isWorse(grounds, comparison);
            var guardrails = grounds.guardrails();
            var breaches = guardrails.stream().anyMatch(one -> isBreached(one, comparison.arm()));
            var shown =
                    switch (rule.policy().primary()) {
                        case BETTER ->
                                family.good().getOrDefault(comparison.arm(), 1.0) <= rule.alpha()
                                        && grounds.sign() * effect(comparison) > 0;
                        case NON_INFERIOR -> isKept(metric, comparison);
                        case NOT_WORSE -> !worse;
                    };
            var kept =
                    switch (rule.policy().guardrails()) {
                        case NOT_BREACHED -> !breaches;
                        case NON_INFERIOR ->
                                guardrails.stream().allMatch(one -> isKept(one, comparison.arm()));
                        case IGNORED -> true;
                    };
            var enough =
                    rule.policy().from() == Policy.From.BURN_IN
                            || (double) grounds.exposed().total() >= rule.plannedSample();
            return new Judgement(
                    comparison,
                    worse,
                    breaches,
                    comparison.burnedIn()
                            && shown
                            && kept
                            && enough
                            && reaches(rule.thresholds(), comparison));
        }

        private static boolean reaches(Rule.Thresholds thresholds, Analysis.Comparison comparison) {
            return thresholds.equals(Rule.Thresholds.NONE)
                    || comparison
                            .bayes()
                            .map(bayes ->
                                    bayes.chanceToWin() >= thresholds.chanceToWin()
                                            && bayes.lossOfTreatment() <= thresholds.expectedLoss())
                            .orElse(false);
        }

        boolean isBad(Policy.Retreat retreat) {
            return (retreat.onPrimary() && isWorse) || (retreat.onGuardrails() && breaches);
        }
    }

    private static Optional<Said> rollback(Grounds grounds, List<Judgement> judged) {
        var retreat = grounds.rule().policy().retreat();
        var bad = judged.stream().filter(one -> one.isBad(retreat)).toList();
        if (bad.isEmpty() || (retreat.byEvery() && bad.size() < judged.size())) {
            return Optional.empty();
        }
        var who =
                bad.size() == judged.size()
                        ? "Every treatment"
                        : Quoted.all(bad.stream().map(one -> one.comparison().arm()).toList());
        var worse = bad.stream().anyMatch(Judgement::isWorse) && retreat.onPrimary();
        var breaches = bad.stream().anyMatch(Judgement::breaches) && retreat.onGuardrails();
        var what = new ArrayList<String>();
        if (worse) {
            what.add("is worse than %s on %s".formatted(grounds.control(), grounds.metric()));
        }
        if (breaches) {
            what.add("breaches a guardrail");
        }
        return Optional.of(Said.of(Verdict.ROLLBACK, who + " " + String.join(" or ", what) + "."));
    }

    private static Optional<Said> ship(Grounds grounds, List<Judgement> judged, Family family) {
        return judged.stream()
                .filter(Judgement::isFit)
                .map(Judgement::comparison)
                .max(Comparator.comparingDouble(one -> grounds.sign() * effect(one)))
                .map(one ->
                        new Said(
                                Verdict.SHIP, claim(grounds, one, family), Optional.of(one.arm())));
    }

    /// What a verdict to ship claims, and no more.
    private static String claim(Grounds grounds, Analysis.Comparison winner, Family family) {
        var arm = Quoted.of(winner.arm());
        var rule = grounds.rule();
        return switch (rule.policy().primary()) {
            case BETTER ->
                    "%s beats %s on %s (%s %s, alpha %s)."
                            .formatted(
                                    arm,
                                    grounds.control(),
                                    grounds.metric(),
                                    pName(rule),
                                    Numbers.brief(family.good().getOrDefault(winner.arm(), 1.0)),
                                    Numbers.brief(rule.alpha()));
            case NON_INFERIOR ->
                    "%s is worse than %s on %s by no more than the margin of %s, if at all."
                            .formatted(
                                    arm,
                                    grounds.control(),
                                    grounds.metric(),
                                    grounds.primary().metric().tolerance().text());
            case NOT_WORSE ->
                    "No harm of %s on %s is shown after %s; nothing is claimed to be better than %s."
                            .formatted(
                                    arm,
                                    grounds.metric(),
                                    Numbers.counted(grounds.exposed().total()),
                                    grounds.control());
        };
    }

    private static String pName(Rule rule) {
        return switch (rule.methodology()) {
            case SEQUENTIAL, BAYESIAN ->
                    rule.correction() == Rule.Correction.E_BH
                            ? "adjusted 1/e-value"
                            : "always-valid p";
            case FIXED -> "p of the one planned look";
            case GROUP_SEQUENTIAL -> "p over the planned looks";
        };
    }

    private static Optional<Said> futile(Grounds grounds) {
        var rule = grounds.rule();
        var total = grounds.exposed().total();
        if (rule.negligible().isPresent()
                && grounds.primary().comparisons().stream()
                        .allMatch(one -> isNegligible(rule.negligible().get(), one))) {
            return Optional.of(
                    Said.of(
                            Verdict.FUTILE,
                            "Every difference lies within the minimum effect of interest, %s."
                                    .formatted(rule.negligible().get().text())));
        }
        if (rule.maxSample().isPresent() && total >= rule.maxSample().getAsLong()) {
            return Optional.of(
                    Said.of(
                            Verdict.FUTILE,
                            "The declared maximum of %s is reached without a decision."
                                    .formatted(Numbers.counted(rule.maxSample().getAsLong()))));
        }
        if (isUsedUp(grounds)) {
            return Optional.of(
                    Said.of(
                            Verdict.FUTILE,
                            "All units that the dataset and the budget have are run, without a decision."));
        }
        return grounds.stage().isLast()
                ? Optional.of(
                        Said.of(
                                Verdict.FUTILE,
                                "The planned sample of %s is reached without a decision."
                                        .formatted(Numbers.counted((long) rule.plannedSample()))))
                : Optional.empty();
    }

    /// True when no unit is left that could be leased, and none is missing.
    private static boolean isUsedUp(Grounds grounds) {
        if (grounds.work().isEmpty() || grounds.design().work().isEmpty()) {
            return false;
        }
        var arms = grounds.work().get().arms().values();
        var recorded = arms.stream().mapToLong(WorkUnits.Arm::recorded).sum();
        var work = grounds.design().work().get();
        return recorded >= work.planned()
                || arms.stream()
                        .filter(arm -> !arm.isDropped() && arm.leased() > 0)
                        .allMatch(arm -> arm.recorded() >= work.perArm());
    }

    private static String items(int count) {
        return count == 1 ? "an item that is" : "%d items that are".formatted(count);
    }

    private static Said keepRunning(Grounds grounds) {
        var comparisons = grounds.primary().comparisons();
        if (grounds.exposed().total() == 0) {
            return Said.of(
                    Verdict.KEEP_RUNNING,
                    grounds.work().isPresent()
                            ? "No unit has been leased yet."
                            : "Nobody has been exposed yet.");
        }
        if (grounds.design().eliminates() && grounds.work().isPresent()) {
            return Said.of(
                    Verdict.KEEP_RUNNING,
                    "Several variants are still in, and none of them is shown to be the best.");
        }
        if (comparisons.stream().noneMatch(Analysis.Comparison::burnedIn)
                && grounds.work().isPresent()) {
            return Said.of(
                    Verdict.KEEP_RUNNING,
                    "Too little data to decide: the rule waits for %s finished under both variants."
                            .formatted(items(PairedAnalysis.burnIn(grounds.design()))));
        }
        if (comparisons.stream().noneMatch(Analysis.Comparison::burnedIn)) {
            return Said.of(
                    Verdict.KEEP_RUNNING,
                    ("Too little data to decide: the rule waits for %s per arm and %s with an outcome other"
                                    + " than 0.")
                            .formatted(
                                    Numbers.counted(grounds.rule().burnInPerArm()),
                                    Numbers.counted(grounds.rule().burnInConversions())));
        }
        if (comparisons.stream().allMatch(one -> one.absolute().isEmpty())) {
            return Said.of(
                    Verdict.KEEP_RUNNING, "No arm varies at all, so no error bar can be given.");
        }
        var worse =
                comparisons.stream()
                        .filter(one -> isWorse(grounds, one))
                        .map(Analysis.Comparison::arm)
                        .toList();
        if (!worse.isEmpty() && grounds.rule().policy().primary() == Policy.Shown.BETTER) {
            return Said.of(
                    Verdict.KEEP_RUNNING,
                    "Worse than %s: %s. No other treatment differs from it beyond what chance explains."
                            .formatted(grounds.control(), Quoted.all(worse)));
        }
        return Said.of(
                Verdict.KEEP_RUNNING,
                grounds.rule().policy().primary() == Policy.Shown.BETTER
                        ? "No treatment differs from %s beyond what chance explains."
                                .formatted(grounds.control())
                        : "No treatment shows yet what the rule asks for.");
    }

    /// True when a treatment is shown to be on the bad side of the control.
    static boolean isWorse(Grounds grounds, Analysis.Comparison comparison) {
        return comparison.burnedIn() && isBeyond(comparison.absolute(), -grounds.sign(), 0);
    }

    private static boolean isNegligible(EffectSize most, Analysis.Comparison comparison) {
        return comparison.burnedIn()
                && comparison
                        .on(most.isRelative())
                        .map(Claim::interval)
                        .filter(look -> look.lower() > -most.size() && look.upper() < most.size())
                        .isPresent();
    }

    /// True when a guardrail is shown to be worse by more than its margin.
    static boolean isBreached(Analysis guardrail, String arm) {
        var metric = guardrail.metric();
        return guardrail.comparisons().stream()
                .filter(one -> one.arm().equals(arm) && one.burnedIn())
                .anyMatch(one ->
                        isBeyond(
                                one.on(metric.marginIsRelative()),
                                -metric.direction().sign(),
                                metric.margin()));
    }

    private static boolean isKept(Analysis guardrail, String arm) {
        return guardrail.comparisons().stream()
                .filter(one -> one.arm().equals(arm))
                .allMatch(one -> isKept(guardrail.metric(), one));
    }

    /// True when a metric is shown to be worse by less than its margin, if at all.
    private static boolean isKept(Metric metric, Analysis.Comparison comparison) {
        return comparison.burnedIn()
                && isBeyond(
                        comparison.on(metric.marginIsRelative()),
                        metric.direction().sign(),
                        -metric.margin());
    }

    /// True when the whole interval lies further than a margin to one side of 0.
    private static boolean isBeyond(Optional<Claim> claim, int side, double margin) {
        return claim.map(Claim::interval)
                .map(look -> side > 0 ? look.lower() > margin : look.upper() < -margin)
                .orElse(false);
    }

    private static double effect(Analysis.Comparison comparison) {
        return comparison.difference().map(estimate -> estimate.value()).orElse(0.0);
    }
}
