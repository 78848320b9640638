package assay.domain.experiment;

import assay.domain.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A decision rule in words, as it holds for one design.
final class RuleText {
    private static final int MOST_NAMES = 5;

    private final Design design;
    private final Rule rule;
    private final List<String> sentences = new ArrayList<>();

    private RuleText(Design design) {
        this.design = design;
        this.rule = design.rule();
    }

    static String of(Design design) {
        return new RuleText(design).text();
    }

    /// Leaves out the words of a rule that was read somewhere: they are about another design.
    static void forget(JsonNode rule) {
        if (rule instanceof ObjectNode members) {
            members.remove("text");
        }
    }

    private String text() {
        testSplit();
        programme();
        looks();
        if (design.eliminates()) {
            eliminate();
        } else {
            ship();
            rollback();
        }
        prefer();
        giveUp();
        adjust();
        if (rule.methodology().isAnytime() && design.leased().isPresent()) {
            sentences.add(
                    "The variants are compared %s; nothing is decided before %s finished under both."
                            .formatted(
                                    PairedAnalysis.words(design, design.primary()),
                                    PairedAnalysis.burnIn(design) == 1
                                            ? "1 item is"
                                            : PairedAnalysis.burnIn(design) + " items are"));
        } else if (rule.methodology().isAnytime()) {
            sentences.add(
                    "Nothing is decided before %s per arm and %s with an outcome other than 0."
                            .formatted(
                                    Numbers.counted(rule.burnInPerArm()),
                                    Numbers.counted(rule.burnInConversions())));
        }
        return String.join(" ", sentences);
    }

    private void testSplit() {
        design.leased()
                .filter(leased -> leased.isTest() && leased.testUses() > 1)
                .ifPresent(leased ->
                        sentences.add(
                                "The test split may be used %d times, so this use has an alpha of %s, its part of %s."
                                        .formatted(
                                                leased.testUses(),
                                                Numbers.brief(rule.alpha()),
                                                Numbers.brief(rule.alpha() * leased.testUses()))));
    }

    private void programme() {
        rule.programme()
                .filter(series -> series.index() > 0)
                .ifPresent(series ->
                        sentences.add(
                                "Experiment %d of the programme %s, which had %d discoveries before: its alpha is %s, so that of all discoveries of the programme at most a share of %s is false on average (e-LOND)."
                                        .formatted(
                                                series.index(),
                                                Quoted.of(series.name()),
                                                series.discoveries(),
                                                Numbers.brief(rule.alpha()),
                                                Numbers.brief(series.q()))));
    }

    private void eliminate() {
        var metric = Quoted.of(design.primary().name());
        sentences.add(
                "A variant that is shown to be worse on %s than another one is run no more; the best one is ever dropped with chance at most %s, also when variants join. Ship the one that is left, or when all that are left are practically equal and better than %s. If it ends before that, and %s is out, ship the best of those that are left."
                        .formatted(
                                metric,
                                Numbers.brief(rule.alpha()),
                                Quoted.of(design.control().key()),
                                Quoted.of(design.control().key())));
    }

    private void prefer() {
        rule.cheaper()
                .ifPresent(cost ->
                        sentences.add(
                                "Of variants that are worse than the best by no more than %s the one with the lowest %s wins."
                                        .formatted(
                                                rule.negligible().orElseThrow().text(),
                                                Quoted.of(cost))));
    }

    private void looks() {
        var planned = Numbers.whole(rule.plannedSample());
        sentences.add(
                switch (rule.methodology()) {
                    case SEQUENTIAL ->
                            "Every look may decide: p-values and intervals hold over all looks together, and are sharpest near %s units."
                                    .formatted(planned);
                    case BAYESIAN ->
                            "Every look may decide, by a p-value that holds over all looks together and is sharpest near %s units; the Bayesian figures describe."
                                    .formatted(planned);
                    case FIXED ->
                            "The first look from %s units on decides, and no other; until then only counts are shown."
                                    .formatted(planned);
                    case GROUP_SEQUENTIAL ->
                            "The first looks from %s of %s units on decide, with bounds that spend little of alpha early (Lan-DeMets, O'Brien-Fleming); between them only counts are shown."
                                    .formatted(
                                            rule.looks().stream()
                                                    .map(share -> Numbers.brief(100 * share) + " %")
                                                    .collect(Collectors.joining(", ")),
                                            planned);
                });
    }

    private void ship() {
        var control = Quoted.of(design.control().key());
        var metric = Quoted.of(design.primary().name());
        var better =
                design.primary().direction() == Metric.Direction.DECREASE
                        ? " (less is better)"
                        : "";
        var what =
                switch (rule.policy().primary()) {
                    case BETTER ->
                            "beats %s on %s%s with a p of at most %s%s"
                                    .formatted(
                                            control,
                                            metric,
                                            better,
                                            Numbers.brief(rule.alpha()),
                                            correction());
                    case NON_INFERIOR ->
                            "is shown to be worse than %s on %s%s by no more than %s"
                                    .formatted(
                                            control,
                                            metric,
                                            better,
                                            design.primary().tolerance().text());
                    case NOT_WORSE ->
                            "is not shown to be worse than %s on %s%s"
                                    .formatted(control, metric, better);
                };
        var from =
                rule.policy().from() == Policy.From.PLANNED_SAMPLE
                        ? " once %s units are there".formatted(Numbers.whole(rule.plannedSample()))
                        : "";
        sentences.add(
                "Ship the best treatment that %s%s%s%s.".formatted(what, kept(), bayes(), from));
    }

    private String correction() {
        var questions =
                design.treatments().size()
                        * (rule.scope() == Rule.Scope.ALL ? 1 + design.secondary().size() : 1);
        if (questions == 1) {
            return "";
        }
        return switch (rule.correction()) {
            case HOLM -> ", adjusted for %d comparisons (Holm)".formatted(questions);
            case BONFERRONI -> ", adjusted for %d comparisons (Bonferroni)".formatted(questions);
            case E_BH ->
                    ", adjusted for %d comparisons by their e-values (e-BH: false discovery rate)"
                            .formatted(questions);
            case NONE -> ", not adjusted for %d comparisons".formatted(questions);
        };
    }

    private String kept() {
        if (design.guardrails().isEmpty()) {
            return "";
        }
        return switch (rule.policy().guardrails()) {
            case NOT_BREACHED ->
                    " and breaches no guardrail (%s)".formatted(guardrails(" by more than "));
            case NON_INFERIOR ->
                    " and is shown to worsen no guardrail by more than its margin (%s)"
                            .formatted(guardrails(": "));
            case IGNORED -> "";
        };
    }

    /// The names of the guardrails, and behind some words the margins they have.
    private String guardrails(String words) {
        var all = design.guardrails();
        var named =
                all.stream()
                        .limit(MOST_NAMES)
                        .map(metric ->
                                Quoted.of(metric.name())
                                        + (metric.margin() == 0
                                                ? ""
                                                : words + metric.tolerance().text()))
                        .collect(Collectors.joining(", "));
        return all.size() > MOST_NAMES ? named + ", …" : named;
    }

    private String bayes() {
        var thresholds = rule.thresholds();
        var asked = new ArrayList<String>();
        if (thresholds.chanceToWin() > 0) {
            asked.add(
                    "a chance to win of at least %s"
                            .formatted(Numbers.brief(thresholds.chanceToWin())));
        }
        if (thresholds.expectedLoss() < Double.POSITIVE_INFINITY) {
            asked.add(
                    "an expected loss of at most %s %% of the control"
                            .formatted(Numbers.brief(100 * thresholds.expectedLoss())));
        }
        return asked.isEmpty() ? "" : " and has " + String.join(" and ", asked);
    }

    private void rollback() {
        var retreat = rule.policy().retreat();
        var signs = new ArrayList<String>();
        if (retreat.onPrimary()) {
            signs.add("is shown to be worse than the control");
        }
        if (retreat.onGuardrails() && !design.guardrails().isEmpty()) {
            signs.add("breaches a guardrail");
        }
        if (!signs.isEmpty()) {
            sentences.add(
                    "Roll back when %s treatment %s."
                            .formatted(
                                    retreat.byEvery() ? "every" : "any",
                                    String.join(" or ", signs)));
        }
    }

    private void adjust() {
        design.primary()
                .lookback()
                .ifPresent(lookback ->
                        sentences.add(
                                "What is compared is adjusted by what the same units did before their exposure (CUPED, %s back)."
                                        .formatted(Span.text(lookback))));
    }

    private void giveUp() {
        rule.negligible()
                .ifPresent(effect ->
                        sentences.add(
                                "Give up when every difference is shown to lie within %s."
                                        .formatted(effect.text())));
        rule.maxSample()
                .ifPresent(
                        most -> sentences.add("Give up at %s.".formatted(Numbers.counted(most))));
    }
}
