package assay.stats.vectors;

import static assay.stats.vectors.Inputs.alpha;
import static assay.stats.vectors.Inputs.count;
import static assay.stats.vectors.Inputs.text;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Interval;
import assay.stats.factorial.Cell;
import assay.stats.factorial.Factor;
import assay.stats.factorial.FactorialModel;
import assay.stats.factorial.Term;
import assay.stats.fixed.Funnel;
import assay.stats.fixed.Inference;
import assay.stats.fixed.ProportionInterval;
import assay.stats.fixed.TwoProportions;
import assay.stats.multiplicity.Correction;
import assay.stats.preference.BradleyTerry;
import assay.stats.preference.Match;
import assay.stats.preference.Preference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Several questions, items, factors or steps at once.
final class StructureMethods {
    static final Map<String, Function<JsonNode, Fields>> BY_FILE =
            Map.of(
                    "p_adjust", StructureMethods::corrections,
                    "preference_two_arm", StructureMethods::preference,
                    "bradley_terry", StructureMethods::bradleyTerry,
                    "factorial_linear_model", StructureMethods::factorial,
                    "funnel", StructureMethods::funnel);

    private static final Map<String, Correction> CORRECTIONS =
            Map.of(
                    "bonferroni", Correction.BONFERRONI,
                    "holm", Correction.HOLM,
                    "sidak", Correction.SIDAK,
                    "hochberg", Correction.HOCHBERG,
                    "hommel", Correction.HOMMEL,
                    "benjaminiHochberg", Correction.BENJAMINI_HOCHBERG,
                    "benjaminiYekutieli", Correction.BENJAMINI_YEKUTIELI);

    private StructureMethods() {}

    private static Fields corrections(JsonNode input) {
        double[] pValues = Inputs.numbers(input.get("pValues"));
        var fields = new Fields();
        CORRECTIONS.forEach((name, correction) -> {
            double[] adjusted = correction.adjust(pValues);
            String capital = name.substring(0, 1).toUpperCase(Locale.ROOT);
            fields.put(name, Arrays.stream(adjusted).boxed().toList())
                    .put(
                            "reject" + capital + name.substring(1),
                            Arrays.stream(adjusted).mapToObj(p -> p <= alpha(input)).toList());
        });
        return fields;
    }

    private static Fields preference(JsonNode input) {
        var counts =
                new Preference(count(input, "winsA"), count(input, "winsB"), count(input, "ties"));
        var wilson = counts.interval(ProportionInterval.WILSON, alpha(input));
        var exact = counts.interval(ProportionInterval.CLOPPER_PEARSON, alpha(input));
        return new Fields()
                .put("n", counts.decisive())
                .put("winRateB", counts.winRate())
                .put("winRateBTiesHalf", counts.winRateTiesHalf())
                .put("netWinRate", counts.netWinRate())
                .put("pSignExactTwoSided", counts.signTest(Alternative.TWO_SIDED))
                .put("pSignExactGreater", counts.signTest(Alternative.GREATER))
                .put("zSign", counts.z())
                .put("pSignNormal", counts.normalPValue())
                .put("wilsonLow", wilson.map(Interval::lower))
                .put("wilsonHigh", wilson.map(Interval::upper))
                .put("clopperPearsonLow", exact.map(Interval::lower))
                .put("clopperPearsonHigh", exact.map(Interval::upper))
                .put("pPosteriorBBetter", counts.probabilityBetter())
                .put("logOddsStrength", counts.logOdds())
                .put("eloDifference", counts.eloDifference());
    }

    private static Fields bradleyTerry(JsonNode input) {
        var items = input.get("items").valueStream().map(JsonNode::stringValue).toList();
        List<Match> matches = new ArrayList<>();
        for (var match : input.get("matches")) {
            matches.add(
                    new Match(
                            items.indexOf(text(match, "i")),
                            items.indexOf(text(match, "j")),
                            count(match, "winsI"),
                            count(match, "winsJ"),
                            (long) Inputs.number(match, "ties", 0)));
        }
        var fields = new Fields();
        int n = items.size();
        return fields.with(
                BradleyTerry.of(n, matches),
                model ->
                        fields.put(
                                        "logStrengthRefFirst",
                                        each(n, i -> model.difference(i, 0).value()))
                                .put(
                                        "seRefFirst",
                                        each(n, i -> model.difference(i, 0).standardError()))
                                .put("logStrengthCentered", each(n, i -> model.centered(i).value()))
                                .put("seCentered", each(n, i -> model.centered(i).standardError()))
                                .put("elo", each(n, model::elo))
                                .put(
                                        "winProbability",
                                        each(n, i -> each(n, j -> model.winProbability(i, j))))
                                .put("deviance", model.deviance())
                                .put("dfResidual", model.residualDegreesOfFreedom())
                                .put("ranking", model.ranking().stream().map(items::get).toList()));
    }

    private static <T> List<T> each(int n, IntFunction<T> figure) {
        return IntStream.range(0, n).mapToObj(figure).toList();
    }

    private static Fields factorial(JsonNode input) {
        var factors =
                input.get("factors")
                        .valueStream()
                        .map(factor ->
                                new Factor(text(factor, "name"), texts(factor.get("levels"))))
                        .toList();
        var cells =
                input.get("cells")
                        .valueStream()
                        .map(cell -> new Cell(texts(cell.get("levels")), Inputs.sample(cell).get()))
                        .toList();
        var fields = new Fields();
        double alpha = alpha(input);
        return fields.with(
                FactorialModel.of(factors, cells),
                model ->
                        fields.put("residualDf", model.residualDegreesOfFreedom())
                                .put("residualVariance", model.residualVariance())
                                .put("grandMeanUnweighted", model.grandMean())
                                .put(
                                        "termsTypeIII",
                                        model.terms().stream()
                                                .map(term -> typeIII(model, term))
                                                .toList())
                                .put(
                                        "effects",
                                        model.terms().stream()
                                                .map(term ->
                                                        coefficient(
                                                                term.name(),
                                                                model.effect(term, alpha)))
                                                .toList())
                                .put(
                                        "treatmentCoded",
                                        model.treatmentCoefficients(alpha).stream()
                                                .map(each ->
                                                        coefficient(
                                                                each.name(),
                                                                Answer.known(each.inference())))
                                                .toList()));
    }

    private static Fields typeIII(FactorialModel model, Term term) {
        var test = model.test(term);
        return new Fields()
                .put("term", term.name())
                .put("df", test.degreesOfFreedom())
                .put("sumSq", test.sumOfSquares())
                .put("F", test.f())
                .put("pValue", test.pValue());
    }

    private static Fields coefficient(String term, Answer<Inference> answer) {
        var fields = new Fields().put("term", term);
        return fields.with(
                answer,
                test ->
                        fields.put("estimate", test.estimate().value())
                                .put("se", test.estimate().standardError())
                                .put("t", test.statistic())
                                .put("pValue", test.pValue())
                                .put("ciLow", test.interval().lower())
                                .put("ciHigh", test.interval().upper()));
    }

    private static List<String> texts(JsonNode node) {
        return node.valueStream().map(JsonNode::stringValue).toList();
    }

    private static Fields funnel(JsonNode input) {
        var names = texts(input.get("steps"));
        var funnel = Funnel.of(Inputs.counts(input.get("a")), Inputs.counts(input.get("b")));
        List<Fields> steps = new ArrayList<>();
        for (int k = 0; k < names.size(); k++) {
            var step = funnel.steps().get(k);
            var fields =
                    new Fields()
                            .put("step", names.get(k))
                            .put("countA", step.overall().xA())
                            .put("countB", step.overall().xB());
            rates(fields, "overall", step.overall(), alpha(input));
            step.fromPrevious().ifPresent(counts -> rates(fields, "step", counts, alpha(input)));
            steps.add(fields);
        }
        return new Fields()
                .put("steps", steps)
                .put("largestDropOffStepIndexA", funnel.largestDropOfControl())
                .put("largestDropOffStepIndexB", funnel.largestDropOfTreatment());
    }

    private static void rates(Fields fields, String prefix, TwoProportions counts, double alpha) {
        if (counts.nA() > 0) {
            fields.put(prefix + "RateA", (double) counts.xA() / counts.nA());
            fields.put(prefix + "DropOffA", 1 - (double) counts.xA() / counts.nA());
        }
        if (counts.nB() > 0) {
            fields.put(prefix + "RateB", (double) counts.xB() / counts.nB());
            fields.put(prefix + "DropOffB", 1 - (double) counts.xB() / counts.nB());
        }
        fields.with(counts.estimate(), e -> fields.put(prefix + "Diff", e.value()))
                .with(
                        counts.pooled(alpha, Alternative.TWO_SIDED),
                        test ->
                                fields.put(prefix + "ZPooled", test.statistic())
                                        .put(prefix + "PValuePooled", test.pValue()))
                .with(
                        counts.unpooled(alpha, Alternative.TWO_SIDED),
                        test ->
                                fields.put(prefix + "DiffCiLow", test.interval().lower())
                                        .put(prefix + "DiffCiHigh", test.interval().upper()))
                .with(counts.relativeEstimate(), e -> fields.put(prefix + "RelLift", e.value()))
                .with(
                        counts.relative(alpha, Alternative.TWO_SIDED),
                        test ->
                                fields.put(prefix + "RelCiLow", test.interval().lower())
                                        .put(prefix + "RelCiHigh", test.interval().upper()));
    }
}
