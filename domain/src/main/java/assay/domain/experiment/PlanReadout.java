package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.noun.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A plan as a reader gets it: whether it can be done comes first, a text that says the same in
/// words last.
///
/// @param always what it takes with looks at will
/// @param planned what it takes with the looks that the rule plans, if it does
/// @param needed units of all arms that a decision takes by the rule's methodology
record PlanReadout(
        Plan plan,
        Considered of,
        Optional<Plan.Need> always,
        Optional<Plan.Need> planned,
        Optional<Double> needed) {
    private static final double NEARLY = 0.02;
    private static final List<Double> CURVE = List.of(0.25, 0.5, 0.75, 1.0, 1.5, 2.0);

    static PlanReadout of(Considered considered) {
        var plan = Plan.of(considered.design(), considered.expected());
        return new PlanReadout(
                plan, considered, plan.alwaysValid(), plan.groupSequential(), plan.needed());
    }

    ObjectNode json() {
        var fixed = plan.fixedTotal();
        var json = Json.object();
        var budget = budget();
        if (budget.isPresent()) {
            json.put("feasible", isFeasible());
        }
        json.put("why", why());
        next(json.putArray("next"));
        needed.ifPresent(total -> json.put("plannedSample", plan.plannedSample(total)));
        var shown = json.putObject("alwaysValid");
        always.ifPresent(need -> looks(shown, need, Plan.LOOKS));
        var once = json.putObject("fixed");
        fixed.ifPresent(total -> size(once, total));
        planned.ifPresent(need ->
                looks(
                        json.putObject("groupSequential"),
                        need,
                        plan.design().rule().looks().size()));
        if (of.isDeclared()) {
            declared(json);
        }
        budget.ifPresent(total -> detectable(json.putObject("detectable"), total));
        always.ifPresent(need -> curve(json.putArray("curve"), need.total()));
        of.soFar().ifPresent(seen -> json.set("soFar", seen));
        assumes(json.putObject("assumes"));
        return json.put("text", text(fixed));
    }

    private void looks(ObjectNode json, Plan.Need need, int looks) {
        size(json, need.total());
        json.put("meanTotal", (long) Math.ceil(need.expected()));
        perDay().ifPresent(rate -> json.put("meanDays", rounded(plan.days(need.expected(), rate))));
        json.put("looks", looks);
    }

    /// What becomes of the rule as it is: the units it takes, or the chance of its planned looks.
    private void declared(ObjectNode json) {
        var sample = plan.design().rule().plannedSample();
        if (!looksAtWill()) {
            json.putObject("asDeclared")
                    .put("plannedSample", sample)
                    .put("power", thousandths(plan.powerByRule(sample)));
            return;
        }
        plan.asDeclared()
                .ifPresent(need ->
                        size(
                                json.putObject("asDeclared").put("plannedSample", sample),
                                need.total()));
    }

    private Optional<Double> budget() {
        return of.sample();
    }

    private OptionalDouble perDay() {
        return of.perDay();
    }

    /// True when the plan comes to a decision with the units that there will be, or when nobody
    /// said how many that are.
    boolean isFeasible() {
        return budget().map(units -> needed.filter(total -> total <= units).isPresent())
                .orElse(true);
    }

    private boolean looksAtWill() {
        return plan.design().rule().methodology().isAnytime();
    }

    String why() {
        if (needed.isEmpty()) {
            return "No number of units finds an effect this small.";
        }
        var total = needed.get();
        var takes =
                "A decision takes %s units in all%s%s"
                        .formatted(units(total), inItems(total), inDays(total));
        if (budget().isEmpty()) {
            return takes + ".";
        }
        var there = budget().get();
        var power = plan.powerByRule(there);
        return isFeasible()
                ? "%s, and there will be %s.".formatted(takes, units(there))
                : "%s, and %s: the chance to find the effect is %s."
                        .formatted(
                                takes,
                                of.isBoundByRule()
                                        ? "the rule gives up at " + units(there)
                                        : "there will be only " + units(there),
                                Numbers.share(power));
    }

    /// Why the rule as it is does not come to a decision, although one with another planned sample
    /// does; empty if it does, and if none does.
    Optional<Warning> shortfall(String verb) {
        if (of.id().isEmpty() || needed.isEmpty() || !isFeasible()) {
            return Optional.empty();
        }
        var sample = plan.design().rule().plannedSample();
        var takes = units(needed.get());
        if (!looksAtWill()) {
            var power = plan.powerByRule(sample);
            return power > plan.power() - NEARLY
                    ? Optional.empty()
                    : Optional.of(
                            shortfall(
                                    verb,
                                    "The rule looks for the last time at %s, where the chance to find the effect is %s; for %s it takes %s."
                                            .formatted(
                                                    Numbers.counted((long) sample),
                                                    Numbers.share(power),
                                                    Numbers.share(plan.power()),
                                                    takes)));
        }
        var declared = plan.asDeclared().map(Plan.Need::total);
        if (budget().isEmpty() || declared.filter(total -> total <= budget().get()).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                shortfall(
                        verb,
                        "With a plannedSample of %s the rule takes %s to decide, and there will be only %s; with %s it takes %s."
                                .formatted(
                                        units(sample),
                                        declared.map(total -> units(total) + " units in all")
                                                .orElse("more units than can be"),
                                        units(budget().get()),
                                        Numbers.units((double) plan.plannedSample(needed.get())),
                                        takes)));
    }

    private Warning shortfall(String verb, String why) {
        var id = of.id().orElseThrow();
        var rule = rule().put("plannedSample", plan.plannedSample(needed.orElseThrow()));
        return new Warning(
                verb,
                id,
                why,
                List.of(
                        new Warning.Step(
                                "Begin anew with a planned sample that fits.",
                                "await $.Experiment.iterate('%s', {rule: %s}, {reason: 'planned anew'})"
                                        .formatted(id, rule))));
    }

    /// The rule as it was declared, without its words.
    private ObjectNode rule() {
        var declared = of.given().path("rule");
        var rule =
                declared instanceof ObjectNode members
                        ? members.deepCopy()
                        : declared.isString()
                                ? Json.object().put("preset", declared.stringValue())
                                : Json.object();
        RuleText.forget(rule);
        return rule;
    }

    /// What would help, the cheapest first.
    List<Warning.Step> steps() {
        var steps = new ArrayList<Warning.Step>();
        if (isFeasible()) {
            needed.ifPresent(total -> steps.add(declare(total)));
            return steps;
        }
        var budget = budget().orElse(0.0);
        if (of.isBoundByRule() && needed.isPresent()) {
            var total = Math.ceil(needed.get());
            steps.add(
                    new Warning.Step(
                            "Let the rule go on until %s units.".formatted(units(total)),
                            again("rule", rule().put("maxSample", (long) total))));
        }
        if (plan.design().coverage() < 1 && !of.isBoundByRule()) {
            steps.add(
                    new Warning.Step(
                            "Let everybody take part: %s %% of the traffic does now."
                                    .formatted(Numbers.brief(100 * plan.design().coverage())),
                            again("trafficAllocation", number(100))));
        }
        if (needed.isPresent() && perDay().isPresent() && !of.isBoundByRule()) {
            var total = needed.get();
            var time = Math.ceil(plan.days(total, perDay().getAsDouble()));
            steps.add(
                    new Warning.Step(
                            "Let it run for %s days, or bring %s units a day."
                                    .formatted(
                                            units(time),
                                            units(perDay().getAsDouble() * total / budget)),
                            again("days", number(time))));
        }
        plan.detectableByRule(budget)
                .map(PlanReadout::roundedUp)
                .ifPresent(effect ->
                        steps.add(
                                new Warning.Step(
                                        "Look for an effect of %s or more, which these units find."
                                                .formatted(Numbers.brief(effect)),
                                        again("minimumEffect", number(effect)))));
        if (plan.design().treatments().size() > 1) {
            steps.add(
                    new Warning.Step(
                            "Compare fewer variants: each of them needs its share of the units and of alpha.",
                            again(
                                    "variants",
                                    Json.array()
                                            .add(plan.design().control().key())
                                            .add(plan.design().treatments().getFirst().key()))));
        }
        return steps;
    }

    private void next(ArrayNode next) {
        steps().forEach(step -> next.addObject().put("why", step.why()).put("code", step.code()));
    }

    private Warning.Step declare(double total) {
        var rule = rule();
        if (of.given().hasNonNull("alpha")) {
            rule.set("alpha", of.given().get("alpha"));
        }
        rule.put("plannedSample", plan.plannedSample(total));
        if (of.id().isPresent()) {
            return of.given().path("status").asString("").equals("Draft")
                    ? new Warning.Step(
                            "Declare it, then start: " + whatItIs(),
                            "await $.Experiment.update('%s', {rule: %s})"
                                    .formatted(of.id().get(), rule))
                    : new Warning.Step(
                            "It is running under the rule it was started with; look at what it says.",
                            "await $.Experiment.results('%s')".formatted(of.id().get()));
        }
        var experiment = Json.object();
        experiment.put("name", of.given().path("name").asString("New experiment"));
        experiment.put("primaryMetric", plan.design().primary().name());
        if (of.given().hasNonNull("variants")) {
            experiment.set("variants", of.given().get("variants"));
        } else if (!of.given().hasNonNull("factors")) {
            plan.design().arms().forEach(arm -> experiment.withArray("variants").add(arm.key()));
        }
        for (var field : DraftDesign.OF_EXPERIMENT) {
            if (of.given().hasNonNull(field) && !experiment.has(field)) {
                experiment.set(field, of.given().get(field));
            }
        }
        experiment.set("rule", rule);
        return new Warning.Step(
                "Create it with this rule: " + whatItIs(),
                "await $.Experiment.create(%s)".formatted(experiment));
    }

    private String whatItIs() {
        return looksAtWill()
                ? "the sequence is narrowest at the planned sample."
                : "the last planned look is at the planned sample.";
    }

    /// Code that asks for the same plan with one member changed.
    private String again(String member, JsonNode value) {
        if (of.id().isPresent()) {
            return "await $.Experiment.plan('%s', {%s: %s})"
                    .formatted(of.id().get(), member, value);
        }
        var changed = of.given().deepCopy();
        changed.set(member, value);
        return "await $.Experiment.plan(%s)".formatted(changed);
    }

    private void size(ObjectNode json, double total) {
        json.put("perArm", plan.perArm(total)).put("total", (long) Math.ceil(total));
        plan.items(total).ifPresent(items -> json.put("items", items));
        perDay().ifPresent(rate -> json.put("days", rounded(plan.days(total, rate))));
    }

    private void detectable(ObjectNode json, double total) {
        json.put("sample", (long) total);
        plan.detectableAlwaysValid(total)
                .ifPresent(effect -> json.set("alwaysValid", effect(effect)));
        json.set("fixed", effect(plan.detectableFixed(total)));
        plan.detectableGroupSequential(total)
                .ifPresent(effect -> json.set("groupSequential", effect(effect)));
    }

    private ObjectNode effect(double size) {
        var json = Json.object().put("absolute", size);
        if (plan.baseline().mean() != 0) {
            json.put("relative", size / Math.abs(plan.baseline().mean()));
        }
        return json;
    }

    private void curve(ArrayNode curve, double total) {
        for (var share : CURVE) {
            var at = plan.whole(total * share);
            var point = curve.addObject().put("total", (long) at).put("perArm", plan.perArm(at));
            perDay().ifPresent(rate -> point.put("days", rounded(plan.days(at, rate))));
            point.put("alwaysValid", thousandths(plan.powerAlwaysValid(at)))
                    .put("fixed", thousandths(plan.powerFixed(at)));
            plan.powerGroupSequential(at)
                    .ifPresent(power -> point.put("groupSequential", thousandths(power)));
        }
    }

    private void assumes(ObjectNode json) {
        json.put("metric", plan.design().primary().name())
                .put("type", plan.baseline().isRate() ? "proportion" : "mean")
                .put("baseline", plan.baseline().mean())
                .put("sd", plan.baseline().sd());
        json.set("effect", effect(plan.effect()));
        json.put("power", plan.power())
                .put("alpha", plan.design().rule().alpha())
                .put("alphaPerComparison", plan.alpha())
                .put("arms", plan.design().arms().size())
                .put("trafficAllocation", 100 * plan.design().coverage());
        perDay().ifPresent(rate -> json.put("perDay", rate));
        of.days().ifPresent(time -> json.put("days", time));
        plan.pairing()
                .ifPresent(items ->
                        json.putObject("pairing")
                                .put("repetitions", items.repetitions())
                                .put("correlation", items.correlation()));
        var notes = notes();
        if (!notes.isEmpty()) {
            notes.forEach(json.putArray("notes")::add);
        }
    }

    /// What the plan does not reckon with as the experiment does.
    private List<String> notes() {
        var design = plan.design();
        var notes = new ArrayList<String>();
        plan.pairing().map(Pairing::text).ifPresent(notes::add);
        design.allocation()
                .ifPresent(_ ->
                        notes.add(
                                "The shares are taken to stay as they are; a bandit moves them, and its comparisons take more units."));
        if (design.primary().lookback().isPresent()) {
            notes.add(
                    "What CUPED takes from the variance is not known before, so this is reckoned without.");
        }
        if (design.rule().policy().primary() != Policy.Shown.BETTER) {
            notes.add(
                    "This is what it takes to show a change; the rule ships what %s."
                            .formatted(
                                    design.rule().policy().primary() == Policy.Shown.NON_INFERIOR
                                            ? "is shown to be worse by no more than its margin: for no true change, take the margin as minimumEffect"
                                            : "is not shown to be worse at its planned sample"));
        }
        var type = design.primary().type();
        if (plan.baseline().isRate()
                && (type == Metric.Type.RATIO
                        || type == Metric.Type.QUANTILE
                        || type == Metric.Type.COUNT)) {
            notes.add(
                    "The baseline is taken for a rate of units that come to 0 or 1, and %s is a %s: give {mean, sd} of its units."
                            .formatted(Quoted.of(design.primary().name()), type.word()));
        }
        return notes;
    }

    private String text(Optional<Double> fixed) {
        var text = new StringBuilder();
        text.append("To find a change of ")
                .append(Numbers.signed(plan.design().primary().direction().sign() * plan.effect()));
        if (plan.baseline().mean() != 0) {
            text.append(" (")
                    .append(
                            Numbers.percent(
                                    plan.design().primary().direction().sign()
                                            * plan.effect()
                                            / Math.abs(plan.baseline().mean())))
                    .append(')');
        }
        text.append(" from ")
                .append(Numbers.brief(plan.baseline().mean()))
                .append(" with a chance of ")
                .append(Numbers.share(plan.power()))
                .append(" at alpha ")
                .append(Numbers.brief(plan.design().rule().alpha()))
                .append(": ");
        always.ifPresentOrElse(
                need ->
                        text.append(units(need.total()))
                                .append(" units in all")
                                .append(inItems(need.total()))
                                .append(inDays(need.total()))
                                .append(" if you look as often as you like, ")
                                .append(units(need.expected()))
                                .append(" on average"),
                () -> text.append("no number of units is enough if you look often"));
        fixed.ifPresent(total ->
                text.append("; ")
                        .append(units(total))
                        .append(inDays(total))
                        .append(" with a single look at the end"));
        planned.ifPresent(need ->
                text.append("; ")
                        .append(units(need.total()))
                        .append(inDays(need.total()))
                        .append(" at most and ")
                        .append(units(need.expected()))
                        .append(" on average with ")
                        .append(plan.design().rule().looks().size())
                        .append(" planned looks"));
        text.append('.');
        notes().forEach(note -> text.append(' ').append(note));
        if (budget().isPresent()) {
            text.append(' ').append(why());
        }
        shortfall("plan").ifPresent(warning -> text.append(' ').append(warning.why()));
        var steps = steps();
        if (!isFeasible() && !steps.isEmpty()) {
            text.append(" What would help: ").append(steps.getFirst().why());
        }
        return text.toString();
    }

    private String inItems(double total) {
        return plan.items(total)
                .map(items -> items == 1 ? " (1 item)" : " (%,d items)".formatted(items))
                .orElse("");
    }

    private String inDays(double total) {
        return perDay().isPresent()
                ? " (%s days)".formatted(brief(plan.days(total, perDay().getAsDouble())))
                : "";
    }

    private static String brief(double days) {
        return days < 10 ? Numbers.brief(Math.ceil(days * 10) / 10) : units(days);
    }

    private static JsonNode number(double value) {
        var rounded = Math.rint(value);
        return rounded == value && Math.abs(value) < 1e12
                ? JsonNodeFactory.instance.numberNode((long) rounded)
                : JsonNodeFactory.instance.numberNode(value);
    }

    private static String units(double units) {
        return Numbers.units(Math.ceil(units));
    }

    /// Three digits that are not too few.
    private static double roundedUp(double effect) {
        return new BigDecimal(effect).round(new MathContext(3, RoundingMode.CEILING)).doubleValue();
    }

    private static double rounded(double days) {
        return Math.round(days * 100) / 100.0;
    }

    private static double thousandths(double power) {
        return Math.round(power * 1000) / 1000.0;
    }
}
