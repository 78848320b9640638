package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.noun.Json;
import assay.domain.store.Events;
import assay.stats.Estimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Results as a reader gets them: what decides comes first, and a text that says the same in words
/// comes last.
///
/// @param elsewhere outcomes of metrics that are not looked at, 0 when the primary one has any
/// @param asked what the reader has asked for besides, by name
/// @param newest milliseconds since 1970 of the newest event, if there is one
record Readout(
        String id,
        Decision.Grounds grounds,
        Decision decision,
        long elsewhere,
        Map<String, JsonNode> asked,
        Optional<Long> newest,
        long watermark,
        long now) {
    static final String CONFIDENCE_MEANS =
            "100 x (1 - adjusted always-valid p of the leading comparison); not the probability that the variant is"
                    + " better";

    private static final double LEAST_CONFIDENCE = 1e-11;

    private static final String PLANNED_CONFIDENCE_MEANS =
            "100 x (1 - adjusted p of the leading comparison at the planned looks); not the probability that the variant"
                    + " is better";

    Design design() {
        return grounds.design();
    }

    private Analysis primary() {
        return grounds.primary();
    }

    /// The same with what a reader has asked for besides.
    Readout with(Map<String, JsonNode> more) {
        return new Readout(
                id,
                grounds,
                decision,
                elsewhere,
                new LinkedHashMap<>(more),
                newest,
                watermark,
                now);
    }

    /// @param status the state that the reader finds the experiment in
    /// @param winner the variant that the experiment ended with, if it did
    ObjectNode json(String status, Optional<String> winner) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("verdict", decision.verdict().word()).put("why", decision.why());
        next(json.putArray("next"), status, winner);
        json.put("winner", decision.winner().orElse(null));
        json.put("confidence", confidence()).put("confidenceMeans", confidenceMeans());
        firedAt(json);
        validity(json.putObject("validity"));
        var figures = new Figures(grounds, decision);
        json.set("primary", figures.primary());
        list(json, "guardrails", figures.guardrails());
        list(json, "secondary", figures.secondary());
        asked.forEach(json::set);
        unitsToDecision().ifPresent(n -> json.put("unitsToDecision", n));
        decision.elimination().ifPresent(_ -> itemsToDecision(json));
        Prospect.of(this).ifPresent(prospect -> json.set("prospect", prospect.json()));
        json.set("rule", design().rule().toJson().put("text", RuleText.of(design())));
        return json.put("iteration", design().iteration())
                .put("text", new ReadoutText(this).text());
    }

    private String confidenceMeans() {
        return design().rule().methodology().isAnytime()
                ? CONFIDENCE_MEANS
                : PLANNED_CONFIDENCE_MEANS;
    }

    /// The same in items, each of which takes a unit of every arm that is in.
    private void itemsToDecision(ObjectNode json) {
        unitsToDecision()
                .ifPresent(n -> json.put("itemsToDecision", Math.ceilDiv(n, unitsPerItem())));
    }

    /// Units that one more item takes, of a leased experiment.
    long unitsPerItem() {
        var leased = design().leased().orElseThrow();
        var arms = design().running().size();
        return Math.max(1, (long) arms * leased.repetitions());
    }

    private static void list(ObjectNode json, String name, List<ObjectNode> metrics) {
        if (!metrics.isEmpty()) {
            json.putArray(name).addAll(metrics);
        }
    }

    /// What the decision rule of later looks needs of this one.
    ObjectNode numbers() {
        var numbers = JsonNodeFactory.instance.objectNode();
        if (decision.stage().isOpen()) {
            figures(numbers);
        }
        numbers.set("srm", decision.ratio().numbers());
        numbers.put("units", sampleSize());
        if (decision.stage().isNew()) {
            numbers.put("stage", decision.stage().timing().getLast())
                    .put("why", decision.why())
                    .put("winner", decision.winner().orElse(null));
        }
        return numbers;
    }

    private void figures(ObjectNode numbers) {
        var p = numbers.putObject("p");
        var good = numbers.putObject("good");
        var difference = numbers.putObject("difference");
        var sign = grounds.sign();
        for (var comparison : primary().comparisons()) {
            p.put(comparison.arm(), comparison.pValue());
            good.put(comparison.arm(), Family.goodPValue(comparison, sign));
            comparison
                    .absolute()
                    .ifPresent(claim ->
                            difference
                                    .putArray(comparison.arm())
                                    .add(claim.estimate().value())
                                    .add(claim.interval().lower())
                                    .add(claim.interval().upper()));
        }
        var means = numbers.putObject("mean");
        primary()
                .arms()
                .forEach(
                        (key, side) -> side.shown().mean().ifPresent(mean -> means.put(key, mean)));
        if (!grounds.secondary().isEmpty()) {
            var secondary = numbers.putObject("secondary");
            for (var analysis : grounds.secondary()) {
                var one = secondary.putObject(analysis.metric().name());
                analysis.comparisons()
                        .forEach(comparison -> one.put(comparison.arm(), comparison.pValue()));
            }
        }
    }

    /// That of the leading comparison.
    double confidence() {
        return leading().map(this::confidence).orElse(0.0);
    }

    /// What is left by rounding of a p-value of 1 is no confidence.
    private double confidence(Analysis.Comparison one) {
        var left = 1 - pValue(one);
        return left < LEAST_CONFIDENCE ? 0 : 100 * left;
    }

    /// That of a variant which somebody names the winner: 0 where the data speak against it. The
    /// control has that of the treatment which is least clearly worse.
    double confidence(String winner) {
        var sign = grounds.sign();
        return primary().comparisons().stream()
                .filter(one -> one.arm().equals(winner))
                .findFirst()
                .map(one ->
                        sign * one.difference().map(Estimate::value).orElse(0.0) > 0
                                ? confidence(one)
                                : 0)
                .orElseGet(this::confidenceOfControl);
    }

    private double confidenceOfControl() {
        var sign = grounds.sign();
        var all = primary().comparisons();
        var areAllWorse =
                all.stream()
                        .allMatch(one ->
                                sign * one.difference().map(Estimate::value).orElse(0.0) < 0);
        return areAllWorse ? 100 * (1 - all.stream().mapToDouble(this::pValue).max().orElse(1)) : 0;
    }

    /// Units that came in: of a leased experiment those that are recorded.
    long sampleSize() {
        return grounds.work()
                .map(work -> work.arms().values().stream().mapToLong(WorkUnits.Arm::recorded).sum())
                .orElseGet(grounds.exposed()::total);
    }

    long conversions() {
        return primary().arms().values().stream().mapToLong(Side::nonzero).sum();
    }

    /// Which look this is, counted from 1.
    int look() {
        return grounds.before().looks() + 1;
    }

    /// That of the winner; without one, the comparison with the smallest p-value, among equals the
    /// one with the better estimate. As long as it runs, a treatment that is shown to be worse
    /// leads only where all are.
    Optional<Analysis.Comparison> leading() {
        var sign = grounds.sign();
        var all = primary().comparisons();
        var winner =
                all.stream()
                        .filter(one -> decision.winner().equals(Optional.of(one.arm())))
                        .findFirst();
        if (winner.isPresent()) {
            return winner;
        }
        var open = all.stream().filter(one -> !Decision.isWorse(grounds, one)).toList();
        return (open.isEmpty() ? all : open)
                .stream()
                        .min(
                                Comparator.comparingDouble(this::pValue)
                                        .thenComparingDouble(c ->
                                                -sign
                                                        * c.difference()
                                                                .map(one -> one.value())
                                                                .orElse(0.0)));
    }

    private double pValue(Analysis.Comparison comparison) {
        return decision.pValues().getOrDefault(comparison.arm(), 1.0);
    }

    /// Units that are missing until the rule can be expected to decide, while it goes on: at the
    /// effect so far, and no fewer than its burn-in lacks.
    OptionalLong unitsToDecision() {
        if (decision.verdict() != Decision.Verdict.KEEP_RUNNING) {
            return OptionalLong.empty();
        }
        var due = decision.stage().due();
        if (due == 0 && design().eliminates() && decision.elimination().isPresent()) {
            return decision.elimination().get().unitsToDecision();
        }
        if (due > 0) {
            return OptionalLong.of(Math.max(0, due - sampleSize()));
        }
        var atThisEffect =
                leading().map(Analysis.Comparison::unitsToDecision).orElse(OptionalLong.empty());
        return atThisEffect.isPresent()
                ? OptionalLong.of(Math.max(atThisEffect.getAsLong(), unitsOfBurnIn()))
                : atThisEffect;
    }

    /// Units that enter one after the other until each arm has what the burn-in asks for.
    private long unitsOfBurnIn() {
        return grounds.work().isPresent()
                ? 0
                : primary().arms().values().stream()
                        .mapToLong(
                                side -> Math.max(0, design().rule().burnInPerArm() - side.units()))
                        .sum();
    }

    private void next(ArrayNode next, String status, Optional<String> winner) {
        switch (status) {
            case "Concluded" ->
                    step(
                            next,
                            "It is concluded, and assign serves %s to everybody; complete it when your code needs it no more."
                                    .formatted(Quoted.of(winner.orElse(design().control().key()))),
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
        } else if (design().leased().isPresent()) {
            step(
                    next,
                    "Lease more units, run them and record what comes of them; looking often costs nothing.",
                    "const {units} = await $.Experiment.next('%s', {n: 10}); await $.Experiment.record(units[0].lease, {%s})"
                            .formatted(
                                    id,
                                    design().leased().get().judge().isPresent()
                                            ? "output, metrics"
                                            : "output, score, metrics"));
        } else {
            step(
                    next,
                    decision.stage().due() > 0
                            ? "Expose more subjects and record what they do; the rule looks at %s."
                                    .formatted(Numbers.counted(decision.stage().due()))
                            : "Expose more subjects, record what they do, and look again; looking often costs nothing.",
                    "await $.Experiment.assign('%s', subject); await $.Experiment.record('%s', {subject, metric: %s, value})"
                            .formatted(id, id, Json.text(primary().metric().usualEvent())));
        }
    }

    private static void step(ArrayNode next, String why, String code) {
        next.addObject().put("why", why).put("code", code);
    }

    private void firedAt(ObjectNode json) {
        grounds.before()
                .fired()
                .or(() ->
                        decision.verdict() == Decision.Verdict.SHIP
                                ? Optional.of(new Earlier.Fired(look(), now, watermark))
                                : Optional.empty())
                .ifPresent(fired ->
                        json.putObject("firedAt")
                                .put("look", fired.look())
                                .put("at", IsoTime.text(fired.at()))
                                .put("watermark", fired.watermark()));
    }

    private void validity(ObjectNode json) {
        var ratio = decision.ratio();
        var srm = json.putObject("srm").put("pValue", ratio.pValue()).put("ok", ratio.isOk());
        if (ratio.byCohort().size() > 1) {
            srm.set("cohorts", ratio.numbers());
        }
        grounds.work()
                .ifPresentOrElse(
                        work -> {
                            srm.put("means", WORK_MEANS);
                            work(json.putArray("work"), work);
                        },
                        () -> json.put("multipleExposures", grounds.exposed().several()));
        dropped(json);
        var burnIn = json.putObject("burnIn");
        var missing = missing();
        burnIn.put("met", missing.isEmpty());
        if (!missing.isEmpty()) {
            burnIn.put("missing", String.join("; ", missing));
        }
        var left = unitsWithoutOutcome();
        if (primary().metric().unit() == assay.domain.store.Measure.Kind.MEAN && left > 0) {
            json.put("unitsWithoutOutcome", left);
        }
        if (elsewhere > 0) {
            json.put("outcomesOfOtherMetrics", elsewhere);
        }
        json.put("looks", look()).put("alwaysValid", design().rule().methodology().isAnytime());
        design().allocation()
                .ifPresent(allocation -> adaptive(json.putObject("adaptive"), allocation));
        newest.ifPresent(time -> json.put("dataThrough", IsoTime.text(time)));
    }

    private static final String WORK_MEANS =
            "whether units of all variants are recorded as often as they are leased";

    private static void work(ArrayNode json, WorkUnits work) {
        work.arms()
                .forEach((key, arm) ->
                        json.addObject()
                                .put("key", key)
                                .put("leased", arm.leased())
                                .put("recorded", arm.recorded())
                                .put("failed", arm.failed())
                                .put("missing", arm.missing()));
    }

    /// The arms that are run no more, and those that have lost since.
    private void dropped(ObjectNode json) {
        var elimination = decision.elimination().filter(_ -> design().eliminates());
        if (elimination.isEmpty()) {
            return;
        }
        design().leased().orElseThrow().dropped().stream()
                .sorted()
                .forEach(json.withArray("dropped")::add);
        for (var lost : elimination.get().now()) {
            json.withArray("losing").addObject().put("arm", lost.arm()).put("why", lost.why());
        }
    }

    /// How the traffic follows the data, and why the estimates are valid all the same.
    private void adaptive(ObjectNode json, Allocation allocation) {
        json.put("policy", allocation.policy().word())
                .put("reallocations", design().cohorts().size() - 1);
        var shares = json.putObject("shares");
        for (var i = 0; i < design().arms().size(); i++) {
            shares.put(design().arms().get(i).key(), design().shares().get(i));
        }
        json.put("method", AdaptiveAnalysis.method(design()));
    }

    private long unitsWithoutOutcome() {
        var exposed = primary().arms().keySet().stream().mapToLong(grounds.exposed()::of).sum();
        return exposed - primary().arms().values().stream().mapToLong(Side::units).sum();
    }

    private List<String> missing() {
        var missing = new ArrayList<String>();
        primary()
                .arms()
                .forEach((key, side) -> {
                    var isLeased = grounds.work().isPresent();
                    var least =
                            isLeased
                                    ? PairedAnalysis.burnIn(design())
                                    : design().rule().burnInPerArm();
                    var units = least - side.units();
                    if (units > 0) {
                        missing.add(
                                "%s needs %d more %s"
                                        .formatted(
                                                Quoted.of(key),
                                                units,
                                                (isLeased ? "finished item" : "unit")
                                                        + (units == 1 ? "" : "s")));
                    }
                });
        var conversions = design().rule().burnInConversions() - conversions();
        if (conversions > 0) {
            missing.add(
                    "%d more %s an outcome other than 0"
                            .formatted(
                                    conversions, conversions == 1 ? "unit needs" : "units need"));
        }
        return missing;
    }

    /// The looks so far as a series, oldest first.
    ///
    /// @param earlier looks before these
    static ArrayNode series(List<Events.Look> looks, int earlier) {
        var series = JsonNodeFactory.instance.arrayNode();
        for (var i = 0; i < looks.size(); i++) {
            var look = looks.get(i);
            var one =
                    series.addObject()
                            .put("look", earlier + i + 1)
                            .put("at", IsoTime.text(look.at()))
                            .put("by", look.actor())
                            .put("verdict", look.verdict());
            for (var member : List.of("units", "mean", "difference", "p")) {
                var number = look.numbers().path(member);
                if (!number.isMissingNode()) {
                    one.set(member, number.deepCopy());
                }
            }
        }
        return series;
    }
}
