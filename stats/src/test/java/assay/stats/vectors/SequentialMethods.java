package assay.stats.vectors;

import static assay.stats.vectors.Inputs.alpha;
import static assay.stats.vectors.Inputs.alternative;
import static assay.stats.vectors.Inputs.count;
import static assay.stats.vectors.Inputs.number;

import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Why;
import assay.stats.fixed.TwoProportions;
import assay.stats.sequential.AsymptoticSequence;
import assay.stats.sequential.MixtureSprt;
import assay.stats.sequential.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Methods for many looks.
final class SequentialMethods {
    static final Map<String, Function<JsonNode, Fields>> BY_FILE =
            Map.of(
                    "asymptotic_confidence_sequence", SequentialMethods::asymptotic,
                    "msprt", SequentialMethods::mixture,
                    "msprt_bernoulli", SequentialMethods::bernoulli,
                    "msprt_statsig", SequentialMethods::statsig);

    private SequentialMethods() {}

    private static Fields asymptotic(JsonNode input) {
        var sequence =
                input.has("rho")
                        ? new AsymptoticSequence(
                                alpha(input), number(input, "rho"), alternative(input))
                        : AsymptoticSequence.tunedFor(
                                number(input, "tuning"), alpha(input), alternative(input));
        var running = Running.START;
        List<Fields> looks = new ArrayList<>();
        for (var look : input.get("looks")) {
            var fields = new Fields();
            if (estimate(look).flatMap(e -> sequence.at(count(look, "n"), e))
                    instanceof Answer.Known<AsymptoticSequence.Look>(var known)) {
                running = running.after(known.pValue(), known.interval());
                fields.put("halfWidth", known.halfWidth())
                        .put("ciLow", known.interval().lower())
                        .put("ciHigh", known.interval().upper())
                        .put("pValue", known.pValue())
                        .put("lnPValue", known.logPValue());
            }
            fields.put("runningPValue", running.pValue())
                    .put("runningCiLow", running.lower())
                    .put("runningCiHigh", running.upper());
            looks.add(fields);
        }
        return new Fields().put("rho", sequence.rho()).put("looks", looks);
    }

    private static Answer<Estimate> estimate(JsonNode look) {
        var value = Inputs.optionalNumber(look, "estimate");
        var error = Inputs.optionalNumber(look, "se");
        return value.isPresent() && error.isPresent()
                ? Answer.known(new Estimate(value.getAsDouble(), error.getAsDouble()))
                : Answer.undefined(Why.TOO_FEW_UNITS);
    }

    private static Fields mixture(JsonNode input) {
        var test = new MixtureSprt(number(input, "tau2"), number(input, "theta0", 0));
        List<Fields> looks = new ArrayList<>();
        var running = Running.START;
        int firstReject = 0;
        for (var look : input.get("looks")) {
            var fields = new Fields();
            if (estimate(look).flatMap(e -> test.at(e, alpha(input)))
                    instanceof Answer.Known<MixtureSprt.Look>(var known)) {
                running = running.after(known.pValue(), known.interval());
                fields.put("logLambda", known.logLikelihoodRatio())
                        .put("pInstant", known.pValue())
                        .put("ciLow", known.interval().lower())
                        .put("ciHigh", known.interval().upper());
            }
            boolean reject = running.pValue() <= alpha(input);
            looks.add(
                    fields.put("pAlwaysValid", running.pValue())
                            .put("runningCiLow", running.lower())
                            .put("runningCiHigh", running.upper())
                            .put("reject", reject));
            firstReject = firstReject == 0 && reject ? looks.size() : firstReject;
        }
        var fields = new Fields().put("looks", looks);
        return firstReject == 0 ? fields : fields.put("firstRejectLook", firstReject);
    }

    private static Fields bernoulli(JsonNode input) {
        var test = new MixtureSprt(number(input, "tau2"), 0);
        List<Fields> looks = new ArrayList<>();
        var running = Running.START;
        for (var look : input.get("looks")) {
            long n = count(look, "n");
            var counts = new TwoProportions(count(look, "xA"), n, count(look, "xB"), n);
            var fields = new Fields();
            if (counts.estimate().flatMap(e -> test.at(e, alpha(input)))
                    instanceof Answer.Known<MixtureSprt.Look>(var known)) {
                running = running.after(known.pValue(), known.interval());
                fields.put("logLambda", known.logLikelihoodRatio()).put("pInstant", known.pValue());
            }
            looks.add(fields.put("pAlwaysValid", running.pValue()));
        }
        return new Fields().put("looks", looks);
    }

    private static Fields statsig(JsonNode input) {
        var fields = new Fields();
        return fields.with(
                Inputs.difference(input.get("a"), input.get("b"))
                        .flatMap(difference -> MixtureSprt.statsig(difference, alpha(input))),
                known ->
                        fields.put("tau", known.tau2())
                                .put("criticalZ", known.criticalValue())
                                .put("ciLow", known.interval().lower())
                                .put("ciHigh", known.interval().upper())
                                .put("reject", !known.interval().contains(0)));
    }
}
