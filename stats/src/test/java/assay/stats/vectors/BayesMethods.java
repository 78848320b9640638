package assay.stats.vectors;

import static assay.stats.vectors.Inputs.alpha;
import static assay.stats.vectors.Inputs.count;
import static assay.stats.vectors.Inputs.flag;
import static assay.stats.vectors.Inputs.number;

import assay.stats.Answer;
import assay.stats.Difference;
import assay.stats.Estimate;
import assay.stats.Why;
import assay.stats.bandit.Allocation;
import assay.stats.bayes.Arms;
import assay.stats.bayes.BetaPosterior;
import assay.stats.bayes.NormalEffect;
import assay.stats.bayes.NormalPosterior;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Posterior probabilities, losses and the allocations that follow from them.
final class BayesMethods {
    static final Map<String, Function<JsonNode, Fields>> BY_FILE =
            Map.of(
                    "beta_binomial", BayesMethods::betaBinomial,
                    "normal_bayes_growthbook", BayesMethods::normalEffect,
                    "normal_multiarm_pbest", BayesMethods::normalArms,
                    "bandit_allocation", BayesMethods::allocation);

    private BayesMethods() {}

    private static List<BetaPosterior> rates(JsonNode input) {
        var prior =
                new BetaPosterior(number(input, "priorAlpha", 1), number(input, "priorBeta", 1));
        return input.get("arms")
                .valueStream()
                .map(arm -> BetaPosterior.of(count(arm, "x"), count(arm, "n"), prior))
                .toList();
    }

    private static Fields betaBinomial(JsonNode input) {
        var posteriors = rates(input);
        var arms = Arms.ofRates(posteriors);
        int control = (int) number(input, "control", 0);
        double alpha = alpha(input);
        var base = posteriors.get(control);
        return new Fields()
                .put("posteriorAlpha", posteriors.stream().map(BetaPosterior::alpha).toList())
                .put("posteriorBeta", posteriors.stream().map(BetaPosterior::beta).toList())
                .put("posteriorMean", posteriors.stream().map(BetaPosterior::mean).toList())
                .put(
                        "credibleLow",
                        posteriors.stream().map(each -> each.credible(alpha).lower()).toList())
                .put(
                        "credibleHigh",
                        posteriors.stream().map(each -> each.credible(alpha).upper()).toList())
                .put("pBest", list(arms.probabilityBest()))
                .put("expectedLoss", list(arms.expectedLoss()))
                .put(
                        "pBeatControl",
                        against(control, posteriors, i -> arms.probabilityBetter(i, control)))
                .put(
                        "expectedLossVsControl",
                        against(control, posteriors, i -> arms.expectedLoss(i, control)))
                .put(
                        "expectedLossOfControlVs",
                        against(control, posteriors, i -> arms.expectedLoss(control, i)))
                .put(
                        "expectedRelativeUplift",
                        against(
                                control,
                                posteriors,
                                i ->
                                        posteriors
                                                .get(i)
                                                .upliftOver(base)
                                                .toOptional()
                                                .orElse(Double.NaN)));
    }

    /// One figure per arm, without one for the control.
    private static List<Double> against(int control, List<?> arms, IntToDoubleFunction figure) {
        List<Double> result = new ArrayList<>();
        for (int i = 0; i < arms.size(); i++) {
            result.add(i == control ? Double.NaN : figure.applyAsDouble(i));
        }
        return result;
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static Fields normalEffect(JsonNode input) {
        var difference = Inputs.difference(input.get("a"), input.get("b"));
        boolean relative = Inputs.text(input, "differenceType").equals("relative");
        var estimate = difference.flatMap(known -> estimate(known, relative));
        var fields = new Fields();
        return fields.with(
                Answer.both(
                        difference,
                        estimate,
                        (known, e) ->
                                NormalEffect.of(
                                        e,
                                        prior(input, known, relative),
                                        alpha(input),
                                        flag(input, "inverse"))),
                result -> {
                    estimate.map(e ->
                            fields.put("effect", e.value()).put("effectSe", e.standardError()));
                    fields.put("posteriorMean", result.posterior().mean())
                            .put("posteriorSd", result.posterior().sd())
                            .put("chanceToWin", result.chanceToWin())
                            .put("ciLow", result.credible().lower())
                            .put("ciHigh", result.credible().upper())
                            .put("riskControl", result.lossOfControl())
                            .put("riskTreatment", result.lossOfTreatment());
                });
    }

    /// GrowthBook wants variance in both arms.
    private static Answer<Estimate> estimate(Difference difference, boolean relative) {
        return Answer.both(
                difference.control().variance(),
                difference.treatment().variance(),
                (a, b) -> {
                    if (a == 0 || b == 0) {
                        return Answer.undefined(Why.NO_VARIANCE);
                    }
                    return relative ? difference.relative() : difference.absolute();
                });
    }

    private static Optional<NormalPosterior> prior(
            JsonNode input, Difference difference, boolean relative) {
        var prior = input.get("prior");
        if (prior == null || !flag(prior, "proper")) {
            return Optional.empty();
        }
        var known =
                new NormalPosterior(number(prior, "mean"), Math.sqrt(number(prior, "variance")));
        String type =
                Inputs.optional(input, "priorType").map(JsonNode::stringValue).orElse("relative");
        double base = Math.abs(difference.control().mean());
        boolean priorIsRelative = type.equals("relative");
        if (priorIsRelative == relative) {
            return Optional.of(known);
        }
        return Optional.of(known.scaled(priorIsRelative ? base : 1 / base));
    }

    private static Fields normalArms(JsonNode input) {
        var posteriors =
                input.get("arms")
                        .valueStream()
                        .map(arm -> new NormalPosterior(number(arm, "mean"), number(arm, "sd")))
                        .toList();
        var arms = Arms.ofMeans(flag(input, "inverse") ? Arms.negated(posteriors) : posteriors);
        int control = (int) number(input, "control", 0);
        return new Fields()
                .put("pBest", list(arms.probabilityBest()))
                .put("expectedLoss", list(arms.expectedLoss()))
                .put(
                        "pBeatControl",
                        against(control, posteriors, i -> arms.probabilityBetter(i, control)));
    }

    private static Fields allocation(JsonNode input) {
        var arms =
                Inputs.text(input, "family").equals("beta")
                        ? Arms.ofRates(rates(input))
                        : Arms.ofMeans(means(input));
        double floor = number(input, "floor");
        return new Fields()
                .put("pBest", list(arms.probabilityBest()))
                .put("pSecond", list(arms.probabilitySecond()))
                .put(
                        "thompsonWeights",
                        list(Allocation.withFloor(Allocation.thompson(arms), floor)))
                .put(
                        "topTwoShareWeights",
                        list(Allocation.withFloor(Allocation.topTwoShares(arms), floor)))
                .put("ttts", list(Allocation.topTwoSampling(arms, number(input, "ttBeta", 0.5))))
                .put("expectedLoss", list(arms.expectedLoss()))
                .put("recommended", Allocation.recommended(arms));
    }

    private static List<NormalPosterior> means(JsonNode input) {
        var posteriors =
                input.get("arms").valueStream().map(arm -> mean(arm, input.get("prior"))).toList();
        return flag(input, "inverse") ? Arms.negated(posteriors) : posteriors;
    }

    private static NormalPosterior mean(JsonNode arm, @Nullable JsonNode prior) {
        double error = Math.sqrt(number(arm, "variance") / count(arm, "n"));
        double mean = number(arm, "mean");
        return prior != null && flag(prior, "proper")
                ? NormalPosterior.of(
                        mean,
                        error,
                        new NormalPosterior(
                                number(prior, "mean"), Math.sqrt(number(prior, "variance"))))
                : new NormalPosterior(mean, error);
    }
}
