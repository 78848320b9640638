package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What became of many runs of a design, with its effect and without any, as a reader gets it.
///
/// @param effects of the arms, in their order
/// @param guardrails as they are made up
record SimulationReadout(
        Considered of,
        SimulationRequest request,
        Expectation.Baseline baseline,
        List<Double> effects,
        List<Simulation.Guardrail> guardrails,
        long sample) {
    private static final int MOST_NAMED = 5;
    private static final String UNPAIRED =
            "Units are made up and compared one by one, while the experiment compares each item with itself, which takes fewer; plan reckons with that.";

    /// @throws Refused if a baseline or an effect is missing, or it is more than a script may take
    static SimulationReadout of(Considered considered, SimulationRequest request) {
        var design = considered.design();
        if (design.allocation().isPresent()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "simulate makes up units in fixed shares, and a bandit moves them.",
                            "Leave allocation out to see what the fixed design does.")
                    .field("allocation");
        }
        request.requireAffordable(design.treatments().size(), 1 + design.guardrails().size());
        var sign = design.primary().direction().sign();
        // With effects of their own nobody needs to say which one is worth finding.
        var stated =
                request.effect().filter(effect -> !effect.isNumber() || effect.asDouble(0) != 0);
        var expected = considered.expected();
        var baseline = expected.baseline();
        if (request.effect().isEmpty() || baseline.isEmpty()) {
            var plan = Plan.of(design, expected);
            var effects =
                    design.arms().stream()
                            .map(arm -> arm.equals(design.control()) ? 0 : sign * plan.effect())
                            .toList();
            return new SimulationReadout(
                    considered,
                    request,
                    plan.baseline(),
                    effects,
                    MadeUpGuardrails.of(design, plan.baseline(), request.guardrails()),
                    sample(considered, request, Optional.of(plan)));
        }
        var effects =
                stated.map(effect -> effects(design, baseline.get(), effect))
                        .orElseGet(() -> design.arms().stream().map(_ -> 0.0).toList());
        return new SimulationReadout(
                considered,
                request,
                baseline.get(),
                effects,
                MadeUpGuardrails.of(design, baseline.get(), request.guardrails()),
                sample(considered, request, Optional.empty()));
    }

    private static long sample(
            Considered considered, SimulationRequest request, Optional<Plan> plan) {
        if (request.sample().isPresent()) {
            return request.sample().getAsLong();
        }
        var rule = considered.design().rule();
        if (!rule.methodology().isAnytime()) {
            return (long) rule.plannedSample();
        }
        var most = rule.maxSample();
        var named =
                considered
                        .sample()
                        .map(units -> (double) Math.round(units))
                        .orElseGet(() -> most.isPresent() ? (double) most.getAsLong() : 0.0);
        if (named >= 2) {
            return (long) (double) named;
        }
        return plan.flatMap(Plan::alwaysValid)
                .map(need -> (long) Math.ceil(need.total()))
                .orElse((long) rule.plannedSample());
    }

    /// Reads `number`, `{relative}` or `{key: number}`.
    private static List<Double> effects(
            Design design, Expectation.Baseline baseline, JsonNode given) {
        var keys = design.arms().stream().map(Design.Arm::key).toList();
        var effects = new ArrayList<Double>();
        for (var arm : design.arms()) {
            var own =
                    given.isObject() && given.size() == 1 && given.has("relative")
                            ? relative(baseline, given.path("relative"))
                            : given.isObject() ? given.path(arm.key()) : given;
            var isControl = arm.equals(design.control());
            if (own.isNumber() && Double.isFinite(own.doubleValue())) {
                effects.add(isControl && !given.has(arm.key()) ? 0 : own.doubleValue());
            } else if (own.isMissingNode() || isControl) {
                effects.add(0.0);
            } else {
                throw noEffect(given);
            }
        }
        if (given.isObject() && !given.has("relative")) {
            for (var key : given.propertyNames()) {
                if (!keys.contains(key)) {
                    throw new Refused(
                                    Reason.INVALID_VALUE,
                                    "There is no variant %s to have an effect."
                                            .formatted(Quoted.of(key)),
                                    "%sName some of: %s."
                                            .formatted(Nearest.hint(key, keys), Quoted.all(keys)))
                            .field("effect." + key);
                }
            }
        } else if (!given.isNumber() && !given.isObject()) {
            throw noEffect(given);
        }
        for (var effect : effects) {
            var moved = baseline.mean() + effect;
            if (baseline.isRate() && !(moved >= 0 && moved <= 1)) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "An effect of %s moves the rate from %s to %s, which no rate can be."
                                        .formatted(
                                                Numbers.brief(effect),
                                                Numbers.brief(baseline.mean()),
                                                Numbers.brief(moved)),
                                "Give a smaller effect, or the baseline as {mean, sd} if it is not a rate.")
                        .field("effect");
            }
        }
        return effects;
    }

    private static JsonNode relative(Expectation.Baseline baseline, JsonNode share) {
        return share.isNumber()
                ? tools.jackson.databind.node.JsonNodeFactory.instance.numberNode(
                        share.doubleValue() * Math.abs(baseline.mean()))
                : share;
    }

    private static Refused noEffect(JsonNode given) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s is not an effect.".formatted(Quoted.of(given)),
                        "Give a number that is added to the mean of every treatment, {relative: number}, or a number for each variant by its key.")
                .field("effect");
    }

    ObjectNode json() {
        var json = Json.object();
        json.put("runs", runs())
                .put("looks", request.looks())
                .put("sample", sample)
                .put("seed", request.seed());
        var isNull =
                effects.stream().allMatch(effect -> effect == 0)
                        && guardrails.stream().allMatch(guardrail -> guardrail.effect() == 0);
        var with = Optional.<Tally>empty();
        if (!isNull) {
            with = Optional.of(tally(effects, guardrails));
            json.set("withEffect", with.get().json());
        }
        var without =
                tally(
                        effects.stream().map(_ -> 0.0).toList(),
                        guardrails.stream().map(Simulation.Guardrail::unharmed).toList());
        json.set("withoutEffect", without.json());
        json.put("precision", precision());
        var assumes = json.putObject("assumes");
        assumes.put("metric", of.design().primary().name())
                .put("type", baseline.isRate() ? "proportion" : "mean, normally distributed")
                .put("baseline", baseline.mean())
                .put("sd", baseline.sd());
        var shown = assumes.putObject("effect");
        for (var i = 0; i < effects.size(); i++) {
            shown.put(of.design().arms().get(i).key(), effects.get(i));
        }
        assumes.set("rule", of.design().rule().toJson());
        if (!guardrails.isEmpty()) {
            assumed(assumes.putObject("guardrails"));
        }
        assumes.put("leftOut", "secondary metrics");
        if (isLeased()) {
            assumes.put("pairing", UNPAIRED);
        }
        return json.put("text", text(with, without));
    }

    private void assumed(ObjectNode json) {
        for (var guardrail : guardrails) {
            json.putObject(guardrail.metric().name())
                    .put("baseline", guardrail.baseline().mean())
                    .put("sd", guardrail.baseline().sd())
                    .put("effect", guardrail.effect());
        }
    }

    private boolean isLeased() {
        return of.design().leased().isPresent();
    }

    private int runs() {
        return request.runs(of.design().treatments().size(), 1 + of.design().guardrails().size());
    }

    private Tally tally(List<Double> effects, List<Simulation.Guardrail> guardrails) {
        var simulation =
                new Simulation(of.design(), baseline, effects, guardrails, sample, request.looks());
        return Tally.of(simulation, simulation.run(runs(), request.seed()));
    }

    /// Half the width of the 95 % interval of a share of one half, the widest there is.
    private double precision() {
        return Math.round(1.96 * 0.5 / Math.sqrt(runs()) * 1e4) / 1e4;
    }

    private String text(Optional<Tally> with, Tally without) {
        var text = new StringBuilder();
        with.ifPresent(tally -> {
            text.append("With the effect it ships in ")
                    .append(Numbers.share(tally.share(Decision.Verdict.SHIP)))
                    .append(" of ")
                    .append(units(runs()))
                    .append(" runs of at most ")
                    .append(units((double) sample))
                    .append(" units");
            if (tally.decided() > 0) {
                text.append(", and a decision takes ")
                        .append(units(tally.meanUnits()))
                        .append(" on average (median ")
                        .append(units(tally.medianUnits()))
                        .append(')');
            }
            text.append('.');
            if (!tally.breached().isEmpty()) {
                text.append(" It ends with a breach").append(listed(tally)).append('.');
            }
            tally.exaggeration()
                    .ifPresent(times ->
                            text.append(" The winner looks ")
                                    .append(Numbers.brief(times))
                                    .append(" times as good as it is."));
            text.append(' ');
        });
        var claimsMore = of.design().rule().policy().primary() == Policy.Shown.BETTER;
        return text.append("Without an effect it ")
                .append(
                        claimsMore
                                ? ""
                                : "ships in "
                                        + Numbers.share(without.share(Decision.Verdict.SHIP))
                                        + ", and ")
                .append("names a wrong winner in ")
                .append(Numbers.share(without.wrongWinner()))
                .append(" (alpha ")
                .append(Numbers.share(of.design().rule().alpha()))
                .append(")")
                .append(trips(without))
                .append(". Shares are good to about ")
                .append(Numbers.brief(100 * precision()))
                .append(" percentage points.")
                .append(isLeased() ? " " + UNPAIRED : "")
                .toString();
    }

    private static String trips(Tally tally) {
        return tally.breached().isEmpty() ? "" : ", and ends with a breach" + listed(tally);
    }

    private static String listed(Tally tally) {
        return tally.breached().entrySet().stream()
                .limit(MOST_NAMED)
                .map(one ->
                        "%s in %s"
                                .formatted(Quoted.of(one.getKey()), Numbers.share(one.getValue())))
                .collect(Collectors.joining(", ", " of ", ""));
    }

    private static String units(double units) {
        return Numbers.units(Math.floor(units + 0.5));
    }
}
