package assay.stats.vectors;

import static assay.stats.vectors.Inputs.count;
import static assay.stats.vectors.Inputs.counts;
import static assay.stats.vectors.Inputs.number;
import static assay.stats.vectors.Inputs.numberList;
import static assay.stats.vectors.Inputs.text;

import assay.stats.Answer;
import assay.stats.Why;
import assay.stats.assignment.Bucketing;
import assay.stats.assignment.SampleRatio;
import assay.stats.assignment.Uniformity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Assignment and its checks.
final class AssignmentMethods {
    static final Map<String, Function<JsonNode, Fields>> BY_FILE =
            Map.of(
                    "hash_growthbook", AssignmentMethods::hash,
                    "hash_bucket_assignment", AssignmentMethods::variation,
                    "hash_uniformity", AssignmentMethods::uniformity,
                    "srm_chi_square", AssignmentMethods::chiSquare,
                    "sequential_srm", AssignmentMethods::sequential);

    private AssignmentMethods() {}

    private static Fields hash(JsonNode input) {
        String seed = text(input, "seed");
        String value = text(input, "value");
        int version = (int) count(input, "version");
        var fields = new Fields();
        fields.put(
                "fnv1a32",
                Integer.toUnsignedLong(
                        Bucketing.fnv1a32(version == 2 ? seed + value : value + seed)));
        if (version == 1 || version == 2) {
            fields.put("hash", Bucketing.hash(seed, value, version));
        }
        return fields;
    }

    private static Fields variation(JsonNode input) {
        int version = (int) count(input, "version");
        double hash = Bucketing.hash(text(input, "seed"), text(input, "value"), version);
        var weights = numberList(input.get("weights"));
        return new Fields()
                .put("hash", hash)
                .put("variation", Bucketing.variation(hash, weights, number(input, "coverage")));
    }

    private static Fields uniformity(JsonNode input) {
        String prefix = text(input, "prefix");
        var subjects = IntStream.range(0, (int) count(input, "n")).mapToObj(i -> prefix + i);
        int buckets = (int) count(input, "buckets");
        int version = (int) count(input, "version");
        var fields = new Fields();
        return fields.with(
                Uniformity.of(text(input, "seed"), subjects, version, buckets),
                result ->
                        fields.put("counts", result.counts())
                                .put("chiSquare", result.test().statistic())
                                .put("df", result.test().degreesOfFreedom())
                                .put("pValue", result.test().pValue())
                                .put("chiSquareCritical0001", result.critical())
                                .put("pass", result.passes()));
    }

    private static Fields chiSquare(JsonNode input) {
        var fields = new Fields();
        double threshold = number(input, "threshold");
        var observed = counts(input.get("observed"));
        var test = SampleRatio.chiSquare(observed, numberList(input.get("weights")));
        if (test instanceof Answer.Undefined<SampleRatio.ChiSquareTest>(var why)
                && why == Why.ZERO_WEIGHT_ARM_HAS_UNITS) {
            fields.put("invalid", why.sentence());
        }
        return fields.with(
                test,
                known ->
                        fields.put("chiSquare", known.statistic())
                                .put("df", known.degreesOfFreedom())
                                .put("pValue", known.pValue())
                                .put("lnPValue", known.logPValue())
                                .put("mismatch", known.pValue() < threshold)
                                .put("expectedCounts", known.expected()));
    }

    private static Fields sequential(JsonNode input) {
        var weights = numberList(input.get("weights"));
        double concentration = number(input, "concentration");
        double threshold = number(input, "threshold");
        double running = 1;
        List<Fields> looks = new ArrayList<>();
        for (var look : input.get("looks")) {
            var observed = counts(look.get("observed"));
            var test = SampleRatio.sequential(observed, weights, concentration).get();
            running = test.runningPValue(running);
            looks.add(
                    new Fields()
                            .put("n", observed.stream().mapToLong(Long::longValue).sum())
                            .put("logBayesFactor", test.logBayesFactor())
                            .put("pInstant", test.pValue())
                            .put("pAlwaysValid", running)
                            .put("mismatch", running < threshold));
        }
        return new Fields().put("looks", looks);
    }
}
