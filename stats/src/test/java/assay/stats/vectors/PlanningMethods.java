package assay.stats.vectors;

import static assay.stats.vectors.Inputs.alpha;
import static assay.stats.vectors.Inputs.alternative;
import static assay.stats.vectors.Inputs.number;
import static assay.stats.vectors.Inputs.text;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.power.MeansPower;
import assay.stats.power.MeansSampleSize;
import assay.stats.power.ProportionsPower;
import assay.stats.power.ProportionsPower.Formula;
import assay.stats.sequential.Boundary;
import assay.stats.sequential.GroupSequential;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Sample sizes, power and planned looks.
final class PlanningMethods {
    static final Map<String, Function<JsonNode, Fields>> BY_FILE =
            Map.of(
                    "power_proportions", PlanningMethods::proportions,
                    "power_means", PlanningMethods::means,
                    "sample_size_proportion_formula", PlanningMethods::proportionFormula,
                    "sample_size_mean_formula", PlanningMethods::meanFormula,
                    "group_sequential", PlanningMethods::groupSequential);

    private PlanningMethods() {}

    private static Fields proportions(JsonNode input) {
        var power = new ProportionsPower(alpha(input), alternative(input), Formula.POOLED);
        double p1 = number(input, "p1");
        return switch (text(input, "solve")) {
            case "n" ->
                    units(power.unitsPerArm(p1, number(input, "p2"), number(input, "power")), "n");
            case "power" ->
                    new Fields()
                            .put("power", power.power(p1, number(input, "p2"), number(input, "n")));
            case "p2" -> {
                var fields = new Fields();
                yield fields.with(
                        power.detectable(p1, number(input, "n"), number(input, "power")),
                        p2 ->
                                fields.put("p2Up", p2)
                                        .put("mdeAbsolute", p2 - p1)
                                        .put("mdeRelative", (p2 - p1) / p1));
            }
            default -> throw new IllegalArgumentException(text(input, "solve"));
        };
    }

    private static Fields units(Answer<Double> units, String name) {
        return new Fields()
                .put(name, units)
                .put(name + "Ceil", units.map(Math::ceil))
                .put("nRounded", units.map(n -> (double) Math.round(n)));
    }

    private static Fields means(JsonNode input) {
        var power = new MeansPower(number(input, "sd", 1), alpha(input), alternative(input));
        return switch (text(input, "solve")) {
            case "n" ->
                    units(power.unitsPerArm(number(input, "delta"), number(input, "power")), "n");
            case "power" ->
                    new Fields()
                            .put("power", power.power(number(input, "n"), number(input, "delta")))
                            .put(
                                    "powerStrict",
                                    power.strictPower(number(input, "n"), number(input, "delta")));
            case "delta" ->
                    new Fields()
                            .put(
                                    "delta",
                                    power.detectable(number(input, "n"), number(input, "power")));
            default -> throw new IllegalArgumentException(text(input, "solve"));
        };
    }

    private static Fields proportionFormula(JsonNode input) {
        double p1 = number(input, "baseline");
        double mde = number(input, "mde");
        double p2 = text(input, "mdeType").equals("relative") ? p1 * (1 + mde) : p1 + mde;
        var formula =
                switch (text(input, "formula")) {
                    case "evanMiller" -> Formula.EVAN_MILLER;
                    case "pooled" -> Formula.POOLED;
                    case "unpooled" -> Formula.UNPOOLED;
                    default -> throw new IllegalArgumentException(text(input, "formula"));
                };
        var alternative = bySides(input);
        var power = new ProportionsPower(alpha(input), alternative, formula);
        return units(power.unitsPerArm(p1, p2, number(input, "power")), "n").put("p2", p2);
    }

    private static Fields meanFormula(JsonNode input) {
        double sd = number(input, "sd");
        double power = number(input, "power");
        double ratio = number(input, "ratio", 1);
        if (input.has("nA")) {
            return new Fields()
                    .put(
                            "mde",
                            MeansSampleSize.detectable(
                                    number(input, "nA"),
                                    sd,
                                    alpha(input),
                                    power,
                                    ratio,
                                    bySides(input)));
        }
        var size =
                MeansSampleSize.of(
                        number(input, "delta"), sd, alpha(input), power, ratio, bySides(input));
        return new Fields()
                .put("nA", size.unitsA())
                .put("nB", size.unitsB())
                .put("nACeil", Math.ceil(size.unitsA()));
    }

    private static Alternative bySides(JsonNode input) {
        return number(input, "sides", 2) == 1 ? Alternative.GREATER : alternative(input);
    }

    private static Fields groupSequential(JsonNode input) {
        var boundary =
                switch (text(input, "type")) {
                    case "obrienFleming" -> new Boundary.ObrienFleming();
                    case "pocock" -> new Boundary.Pocock();
                    case "wangTsiatis" -> new Boundary.WangTsiatis(number(input, "delta"));
                    case "lanDeMetsOBF" -> new Boundary.LanDeMetsObrienFleming();
                    case "lanDeMetsPocock" -> new Boundary.LanDeMetsPocock();
                    case "kimDeMets" -> new Boundary.KimDeMets(number(input, "rho"));
                    default -> throw new IllegalArgumentException(text(input, "type"));
                };
        var alternative = bySides(input);
        var design =
                GroupSequential.of(
                        boundary,
                        Inputs.numberList(input.get("timing")),
                        alpha(input),
                        alternative);
        var fields =
                new Fields()
                        .put("zBounds", design.bounds())
                        .put("nominalP", design.nominalPValues(alternative))
                        .put("cumulativeAlpha", design.cumulativeAlpha())
                        .put("finalCumulativeAlpha", design.cumulativeAlpha().getLast());
        design.constant().ifPresent(constant -> fields.put("constant", constant));
        return fields;
    }
}
