package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.noun.Json;
import assay.domain.store.Events;
import assay.stats.Estimate;
import assay.stats.comparison.Claim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Results as a reader gets them: what decides comes first, and a text that says the same in words
/// comes last.
///
/// @param elsewhere outcomes of metrics that are not looked at, 0 when the primary one has any
/// @param before counting looks before this one
/// @param newest milliseconds since 1970 of the newest event, if there is one
record Readout(
        String id,
        Design design,
        Map<String, Long> units,
        Analysis primary,
        List<Analysis> guardrails,
        List<Analysis> secondary,
        long elsewhere,
        Decision decision,
        List<Events.Look> before,
        Optional<Long> newest,
        long watermark,
        long now) {
    static final String CONFIDENCE_MEANS =
            "100 x (1 - adjusted always-valid p of the leading comparison); not the probability that the variant is"
                    + " better";

    /// @param status the state that the reader finds the experiment in
    /// @param winner the variant that the experiment ended with, if it did
    ObjectNode json(String status, Optional<String> winner) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("verdict", decision.verdict().word()).put("why", decision.why());
        next(json.putArray("next"), status, winner);
        json.put("winner", decision.winner().orElse(null));
        json.put("confidence", confidence()).put("confidenceMeans", CONFIDENCE_MEANS);
        firedAt(json);
        validity(json.putObject("validity"));
        var shown = json.putObject("primary");
        metric(shown, primary, true);
        list(json, "guardrails", guardrails);
        list(json, "secondary", secondary);
        leading()
                .flatMap(c ->
                        c.unitsToDecision().isPresent()
                                ? Optional.of(c.unitsToDecision().getAsLong())
                                : Optional.empty())
                .filter(n -> decision.verdict() == Decision.Verdict.KEEP_RUNNING)
                .ifPresent(n -> json.put("unitsToDecision", n));
        json.set("rule", design.rule().toJson());
        return json.put("iteration", design.iteration()).put("text", text());
    }

    /// What the decision rule of later looks needs of this one.
    ObjectNode numbers() {
        var numbers = JsonNodeFactory.instance.objectNode();
        var p = numbers.putObject("p");
        var good = numbers.putObject("good");
        var sign = primary.metric().direction().sign();
        for (var comparison : primary.comparisons()) {
            p.put(comparison.arm(), comparison.pValue());
            good.put(comparison.arm(), Decision.goodPValue(comparison, sign));
        }
        numbers.put("srm", decision.sampleRatioP());
        var means = numbers.putObject("mean");
        primary.arms()
                .forEach((key, moments) ->
                        moments.mean().toOptional().ifPresent(mean -> means.put(key, mean)));
        return numbers;
    }

    double confidence() {
        return decision.pValues().values().stream().mapToDouble(p -> 100 * (1 - p)).max().orElse(0);
    }

    long sampleSize() {
        return units.values().stream().mapToLong(Long::longValue).sum();
    }

    long conversions() {
        return primary.nonzero().values().stream().mapToLong(Long::longValue).sum();
    }

    /// The comparison with the smallest p-value; among equals the one with the better estimate.
    private Optional<Analysis.Comparison> leading() {
        var sign = primary.metric().direction().sign();
        return primary.comparisons().stream()
                .min(
                        Comparator.comparingDouble(this::pValue)
                                .thenComparingDouble(c ->
                                        -sign * c.difference().map(Estimate::value).orElse(0.0)));
    }

    private double pValue(Analysis.Comparison comparison) {
        return decision.pValues().getOrDefault(comparison.arm(), 1.0);
    }

    private void next(ArrayNode next, String status, Optional<String> winner) {
        switch (status) {
            case "Concluded" ->
                    step(
                            next,
                            "It is concluded, and assign serves %s to everybody; complete it when your code needs it no more."
                                    .formatted(Quoted.of(winner.orElse(design.control().key()))),
                            "await $.Experiment.complete('%s')".formatted(id));
            case "Stopped", "Completed", "Archived" -> {}
            default -> decide(next, status.equals("Paused"));
        }
    }

    private void decide(ArrayNode next, boolean isPaused) {
        switch (decision.verdict()) {
            case SHIP ->
                    step(
                            next,
                            "The rule has fired; ending the experiment names the winner.",
                            "await $.Experiment.conclude('%s')".formatted(id));
            case ROLLBACK, FUTILE ->
                    step(
                            next,
                            "More data will not make a treatment win; end it without a winner.",
                            "await $.Experiment.conclude('%s')".formatted(id));
            case INVALID ->
                    step(
                            next,
                            "Find the fault, end this experiment and begin anew.",
                            "await $.Experiment.stop('%s')".formatted(id));
            case KEEP_RUNNING -> goOn(next, isPaused);
        }
    }

    private void goOn(ArrayNode next, boolean isPaused) {
        if (isPaused) {
            step(
                    next,
                    "It is paused and nobody new enters; resume it to go on.",
                    "await $.Experiment.resume('%s')".formatted(id));
        } else {
            step(
                    next,
                    "Expose more subjects, record what they do, and look again; looking often costs nothing.",
                    "await $.Experiment.assign('%s', subject); await $.Experiment.record('%s', {subject, metric: %s, value})"
                            .formatted(id, id, Json.text(primary.metric().name())));
        }
    }

    private static void step(ArrayNode next, String why, String code) {
        next.addObject().put("why", why).put("code", code);
    }

    private void firedAt(ObjectNode json) {
        for (var i = 0; i < before.size(); i++) {
            if (before.get(i).verdict().equals(Decision.Verdict.SHIP.word())) {
                fired(json, i + 1, before.get(i).at(), before.get(i).watermark());
                return;
            }
        }
        if (decision.verdict() == Decision.Verdict.SHIP) {
            fired(json, before.size() + 1, now, watermark);
        }
    }

    private static void fired(ObjectNode json, int look, long at, long watermark) {
        json.putObject("firedAt")
                .put("look", look)
                .put("at", IsoTime.text(at))
                .put("watermark", watermark);
    }

    private void validity(ObjectNode json) {
        json.putObject("srm")
                .put("pValue", decision.sampleRatioP())
                .put("ok", decision.sampleRatioP() >= Decision.SAMPLE_RATIO_ALARM);
        json.put("multipleExposures", units.getOrDefault("", 0L));
        var burnIn = json.putObject("burnIn");
        var missing = missing();
        burnIn.put("met", missing.isEmpty());
        if (!missing.isEmpty()) {
            burnIn.put("missing", String.join("; ", missing));
        }
        var left = unitsWithoutOutcome();
        if (primary.metric().aggregation() == Metric.Aggregation.MEAN && left > 0) {
            json.put("unitsWithoutOutcome", left);
        }
        if (elsewhere > 0) {
            json.put("outcomesOfOtherMetrics", elsewhere);
        }
        json.put("looks", before.size() + 1).put("alwaysValid", true);
        newest.ifPresent(time -> json.put("dataThrough", IsoTime.text(time)));
    }

    private long unitsWithoutOutcome() {
        var exposed =
                primary.arms().keySet().stream()
                        .mapToLong(key -> units.getOrDefault(key, 0L))
                        .sum();
        return exposed - primary.arms().values().stream().mapToLong(m -> m.n()).sum();
    }

    private List<String> missing() {
        var missing = new ArrayList<String>();
        primary.arms()
                .forEach((key, moments) -> {
                    var units = design.rule().burnInPerArm() - moments.n();
                    if (units > 0) {
                        missing.add("%s needs %d more units".formatted(Quoted.of(key), units));
                    }
                });
        var conversions = design.rule().burnInConversions() - conversions();
        if (conversions > 0) {
            missing.add("%d more units need an outcome other than 0".formatted(conversions));
        }
        return missing;
    }

    private void list(ObjectNode json, String name, List<Analysis> analyses) {
        if (!analyses.isEmpty()) {
            var list = json.putArray(name);
            analyses.forEach(analysis -> show(list.addObject(), analysis));
        }
    }

    private void metric(ObjectNode json, Analysis analysis, boolean decides) {
        show(json, analysis);
        if (decides) {
            json.path("comparisons")
                    .forEach(comparison -> {
                        var arm = comparison.path("arm").stringValue();
                        ((ObjectNode) comparison)
                                .put("pValue", decision.rawPValues().getOrDefault(arm, 1.0))
                                .put("adjustedPValue", decision.pValues().getOrDefault(arm, 1.0));
                    });
        }
    }

    /// One metric's arms and comparisons as JSON.
    private void show(ObjectNode json, Analysis analysis) {
        json.put("metric", analysis.metric().name()).put("control", design.control().key());
        var arms = json.putArray("arms");
        analysis.arms()
                .forEach((key, moments) -> {
                    var arm = arms.addObject().put("key", key).put("n", moments.n());
                    moments.mean().toOptional().ifPresent(mean -> arm.put("mean", mean));
                    moments.variance()
                            .toOptional()
                            .ifPresent(variance -> arm.put("variance", variance));
                    arm.put("sum", moments.sum().value());
                });
        var comparisons = json.putArray("comparisons");
        for (var comparison : analysis.comparisons()) {
            var one = comparisons.addObject().put("arm", comparison.arm());
            comparison.difference().ifPresent(estimate -> one.put("difference", estimate.value()));
            comparison.absolute().ifPresent(look -> interval(one, look));
            comparison
                    .lift()
                    .ifPresent(lift -> {
                        var relative = one.putObject("relative").put("lift", lift.value());
                        comparison.relative().ifPresent(look -> interval(relative, look));
                    });
            comparison
                    .absolute()
                    .ifPresent(claim ->
                            claim.logEValue()
                                    .ifPresent(log ->
                                            one.put(
                                                    "eValue",
                                                    Math.min(Math.exp(log), Double.MAX_VALUE))));
            comparison
                    .bayes()
                    .ifPresent(bayes ->
                            one.putObject("bayes")
                                    .put("chanceToWin", bayes.chanceToWin())
                                    .put("expectedLoss", bayes.lossOfTreatment())
                                    .put("peekProof", false));
        }
    }

    private static void interval(ObjectNode json, Claim look) {
        json.put("lower", look.interval().lower()).put("upper", look.interval().upper());
    }

    /// The verdict, the leading comparison and the state of the data in a few sentences.
    private String text() {
        var text = new StringBuilder(decision.verdict().word()).append(": ").append(decision.why());
        leading().ifPresent(leading -> leading(text, leading));
        if (elsewhere > 0) {
            text.append(" The primary metric ")
                    .append(Quoted.of(primary.metric().name()))
                    .append(" has no outcomes; ")
                    .append(elsewhere)
                    .append(" are of metrics not looked at.");
        }
        text.append(" Units: ");
        var first = true;
        for (var arm : design.arms()) {
            text.append(first ? "" : ", ")
                    .append(Quoted.of(arm.key()))
                    .append(' ')
                    .append(units.getOrDefault(arm.key(), 0L));
            first = false;
        }
        text.append(". Sample ratio ")
                .append(decision.sampleRatioP() >= Decision.SAMPLE_RATIO_ALARM ? "ok" : "broken");
        return text.append(", look ").append(before.size() + 1).append('.').toString();
    }

    private void leading(StringBuilder text, Analysis.Comparison leading) {
        leading.difference()
                .ifPresent(estimate -> {
                    text.append(' ')
                            .append(Quoted.of(leading.arm()))
                            .append(" - ")
                            .append(Quoted.of(design.control().key()))
                            .append(" = ")
                            .append(Numbers.signed(estimate.value()));
                    leading.absolute()
                            .ifPresent(look ->
                                    text.append(" (always-valid interval ")
                                            .append(Numbers.signed(look.interval().lower()))
                                            .append(" to ")
                                            .append(Numbers.signed(look.interval().upper()))
                                            .append(')'));
                    leading.lift()
                            .ifPresent(lift ->
                                    text.append(", lift ").append(Numbers.percent(lift.value())));
                    text.append('.');
                });
    }
}
