package assay.domain.prompt;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.stats.assignment.Bucketing;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// How items that name no split are dealt out: by a hash of their input, so that the same input is
/// in the same split wherever and whenever it is added.
///
/// @param weights of train, validation and test, summing to 1
record Shares(List<Double> weights) {
    /// What a dataset does that says nothing.
    static final Shares ALL_VALIDATION = new Shares(List.of(0.0, 1.0, 0.0));

    private static final String SEED = "assay.split";
    private static final double SLACK = 0.001;

    /// Reads `{train, validation, test}`, as shares of 1 or of 100; nothing is all validation.
    ///
    /// @throws Refused if they are no shares
    static Shares of(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return ALL_VALIDATION;
        }
        for (var name : json.propertyNames()) {
            var _ = Split.of("shares." + name, Json.text(name));
        }
        var given =
                Arrays.stream(Split.values())
                        .map(split -> json.path(split.word()).doubleValue(0))
                        .toList();
        var sum = given.stream().mapToDouble(Double::doubleValue).sum();
        var whole = sum > 2 ? 100 : 1;
        var areNumbers = json.isObject() && json.valueStream().allMatch(JsonNode::isNumber);
        if (!areNumbers
                || given.stream().anyMatch(share -> share < 0)
                || Math.abs(sum / whole - 1) > SLACK) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s are no shares that sum to 1.".formatted(Quoted.of(json)),
                            "Send shares like {train: 0.6, validation: 0.2, test: 0.2}.")
                    .field("shares");
        }
        return new Shares(given.stream().map(share -> share / sum).toList());
    }

    /// The split of an item.
    ///
    /// @param input its text as [NormalText] has it
    Split of(String input) {
        var index = Bucketing.variation(Bucketing.hash(SEED, input, 2), weights, 1);
        return List.of(Split.values()).get(index < 0 ? last() : index);
    }

    /// Where rounding leaves a gap at the end.
    private int last() {
        var last = weights.size() - 1;
        while (weights.get(last) == 0) {
            last--;
        }
        return last;
    }
}
