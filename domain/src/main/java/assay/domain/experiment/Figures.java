package assay.domain.experiment;

import assay.stats.comparison.Claim;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The numbers of metrics as results show them.
record Figures(Decision.Grounds grounds, Decision decision) {
    /// The primary metric, with the p-values that decide.
    ObjectNode primary() {
        var json = metric(grounds.primary());
        var index = 0;
        for (var comparison : grounds.primary().comparisons()) {
            var arm = comparison.arm();
            var one = (ObjectNode) json.path("comparisons").path(index++);
            pValues(
                    one,
                    decision.rawPValues().getOrDefault(arm, 1.0),
                    decision.pValues().getOrDefault(arm, 1.0));
            if (decision.winner().equals(Optional.of(arm))) {
                Shrunk.of(grounds, comparison)
                        .ifPresent(shrunk -> one.set("shrunk", shrunk.json()));
            }
        }
        return json;
    }

    /// The secondary metrics; their p-values are adjusted where they belong to the family.
    List<ObjectNode> secondary() {
        return grounds.secondary().stream().map(this::secondary).toList();
    }

    private ObjectNode secondary(Analysis analysis) {
        var json = metric(analysis);
        var name = analysis.metric().name();
        var all = grounds.rule().scope() == Rule.Scope.ALL;
        var index = 0;
        for (var comparison : analysis.comparisons()) {
            var one = (ObjectNode) json.path("comparisons").path(index++);
            var arm = comparison.arm();
            var raw = decision.family().rawPValue(name, arm);
            if (all) {
                pValues(one, raw, decision.family().adjustedPValue(name, arm));
            } else {
                one.put("pValue", raw);
            }
        }
        return json;
    }

    private static void pValues(ObjectNode comparison, double raw, double adjusted) {
        comparison.put("pValue", raw).put("adjustedPValue", adjusted);
    }

    /// The guardrails, each with what it found.
    List<ObjectNode> guardrails() {
        return grounds.guardrails().stream().map(this::guardrail).toList();
    }

    private ObjectNode guardrail(Analysis analysis) {
        var json = metric(analysis);
        var margin = analysis.metric().tolerance();
        if (margin.size() > 0) {
            if (margin.isRelative()) {
                json.putObject("margin").put("relative", margin.size());
            } else {
                json.put("margin", margin.size());
            }
        }
        json.path("comparisons")
                .forEach(one ->
                        ((ObjectNode) one)
                                .put(
                                        "breached",
                                        Decision.isBreached(
                                                analysis, one.path("arm").stringValue())));
        return json;
    }

    private ObjectNode metric(Analysis analysis) {
        var json = metric(grounds.design(), analysis, grounds.stage().isOpen());
        grounds.work()
                .ifPresent(work ->
                        analysis.items().ifPresent(items -> pairs(json, analysis, items, work)));
        return json;
    }

    /// How many items each comparison rests on, and how many were leased and are not finished under
    /// both arms.
    private void pairs(ObjectNode json, Analysis analysis, ItemMeans items, WorkUnits work) {
        if (Preferences.are(analysis.metric())) {
            json.set("strengths", Preferences.strengths(grounds.design(), items));
        }
        json.put("method", PairedAnalysis.words(grounds.design(), analysis.metric()));
        var control = grounds.design().control().key();
        for (var one : json.path("comparisons")) {
            var arm = one.path("arm").stringValue();
            var pairs = PairedAnalysis.pairs(grounds.design(), analysis.metric(), items, arm).n();
            ((ObjectNode) one)
                    .put("pairs", pairs)
                    .put("unfinishedItems", work.items(control, arm) - pairs);
        }
    }

    /// One metric's arms and comparisons.
    ///
    /// @param isOpen false to show nothing but counts
    static ObjectNode metric(Design design, Analysis analysis, boolean isOpen) {
        var json = JsonNodeFactory.instance.objectNode();
        var metric = analysis.metric();
        json.put("metric", metric.name());
        MetricText.unusual(metric, analysis.cap()).ifPresent(text -> json.put("measures", text));
        json.put("control", design.control().key());
        var arms = json.putArray("arms");
        analysis.arms().forEach((key, side) -> arm(arms.addObject().put("key", key), side, isOpen));
        if (isOpen && !analysis.steps().isEmpty()) {
            json.set("steps", Steps.json(design, analysis));
        }
        var comparisons = json.putArray("comparisons");
        for (var comparison : analysis.comparisons()) {
            var one = comparisons.addObject().put("arm", comparison.arm());
            comparison(one, comparison);
            comparison.plain().ifPresent(plain -> cuped(one, comparison, plain));
        }
        return json;
    }

    private static void arm(ObjectNode json, Side side, boolean isOpen) {
        json.put("n", side.units());
        if (isOpen) {
            var shown = side.shown();
            shown.mean().ifPresent(mean -> json.put("mean", mean));
            shown.variance().ifPresent(variance -> json.put("variance", variance));
            shown.sum().ifPresent(sum -> json.put("sum", sum));
            shown.denominator().ifPresent(sum -> json.put("denominator", sum));
        }
    }

    private static void comparison(ObjectNode json, Analysis.Comparison comparison) {
        comparison.difference().ifPresent(estimate -> json.put("difference", estimate.value()));
        comparison.absolute().ifPresent(look -> interval(json, look));
        comparison
                .lift()
                .ifPresent(lift -> {
                    var relative = json.putObject("relative").put("lift", lift.value());
                    comparison.relative().ifPresent(look -> interval(relative, look));
                });
        comparison
                .absolute()
                .ifPresent(claim ->
                        claim.logEValue()
                                .ifPresent(log ->
                                        json.put(
                                                "eValue",
                                                Math.min(Math.exp(log), Double.MAX_VALUE))));
        comparison
                .bayes()
                .ifPresent(bayes ->
                        json.putObject("bayes")
                                .put("chanceToWin", bayes.chanceToWin())
                                .put("expectedLoss", bayes.lossOfTreatment())
                                .put("peekProof", false));
    }

    private static void cuped(
            ObjectNode json, Analysis.Comparison adjusted, Analysis.Comparison plain) {
        var cuped = json.putObject("cuped");
        adjusted.difference()
                .flatMap(after ->
                        plain.difference()
                                .filter(before -> before.standardError() > 0)
                                .map(before -> after.standardError() / before.standardError()))
                .ifPresent(ratio -> cuped.put("varianceReduction", 1 - ratio * ratio));
        var unadjusted = cuped.putObject("unadjusted");
        plain.difference().ifPresent(estimate -> unadjusted.put("difference", estimate.value()));
        plain.absolute()
                .ifPresent(look -> {
                    interval(unadjusted, look);
                    unadjusted.put("pValue", look.pValue());
                });
    }

    private static void interval(ObjectNode json, Claim look) {
        json.put("lower", look.interval().lower()).put("upper", look.interval().upper());
    }
}
