package assay.domain.loop;

import assay.domain.JsonTree;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Experiments;
import assay.domain.noun.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What came of running a unit, as its worker tells it.
///
/// @param metrics numbers by name, true and false among them
/// @param error why the run failed
record RunRecord(
        Optional<JsonNode> output,
        OptionalDouble score,
        ObjectNode metrics,
        Optional<String> error,
        String primary) {
    private static final List<String> MEMBERS =
            List.of("output", "score", "metrics", "error", "worker");
    private static final String PREFERENCE = "preference";
    private static final List<String> OURS = List.of("error", PREFERENCE);
    private static final List<String> USAGE =
            List.of("inputTokens", "outputTokens", "costUsd", "latencyMs");
    private static final int LONGEST_OUTPUT = 100_000;
    private static final int LONGEST_ERROR = 2_000;
    private static final int MOST_METRICS = 50;
    private static final int LONGEST_NAME = 100;

    /// @param primary the event of the primary metric
    static RunRecord of(ObjectNode content, String primary) {
        requireMembers(content, MEMBERS);
        var record =
                new RunRecord(
                        output(content.path("output")),
                        score(content.path("score")),
                        metrics(content.path("metrics"), primary),
                        error(content.path("error")),
                        primary);
        if (record.isError() && record.score().isPresent()) {
            throw invalid(
                    "score",
                    "A run that failed has no score.",
                    "Send error or score; a failed run counts as the worst score.");
        }
        if (record.score().isPresent() && record.metrics().has(primary)) {
            throw invalid(
                    "score",
                    "Score and metrics.%s both tell the primary metric.".formatted(primary),
                    "Send one of them.");
        }
        return record;
    }

    static void requireMembers(ObjectNode content, List<String> members) {
        for (var member : content.propertyNames()) {
            if (!members.contains(member)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "A record has no %s.".formatted(Quoted.of(member)),
                                Nearest.hint(member, members)
                                        + "Send {%s}; numbers of your own go into metrics."
                                                .formatted(String.join(", ", members)))
                        .field(member);
            }
        }
    }

    boolean isError() {
        return error.isPresent();
    }

    /// Refuses a record that leaves open how good the output is, or says it twice.
    void requireScore(Optional<Umpire> judge) {
        requireUnjudged(judge);
        if (isError()) {
            return;
        }
        if (judge.isPresent() && output.isEmpty()) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "The judge %s needs the output.".formatted(Quoted.of(judge.get().id())),
                            "Send {output: '…'} with what the model said, or {error: '…'} when it failed.")
                    .field("output");
        }
        var isJudged = judge.filter(one -> !one.isOfPairs()).isPresent();
        if (isJudged && score.isPresent()) {
            throw invalid(
                    "score",
                    "The judge %s scores the outputs of this experiment."
                            .formatted(Quoted.of(judge.get().id())),
                    "Leave score out.");
        }
        if (judge.isEmpty() && score.isEmpty() && !metrics.has(primary)) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "The record has no score, and the experiment names no judge.",
                            "Send {output, score: …} with the number for %s, or {error: '…'} when the run failed."
                                    .formatted(Quoted.of(primary)))
                    .field("score");
        }
    }

    /// Refuses a number for what the judge alone measures.
    private void requireUnjudged(Optional<Umpire> judge) {
        judge.map(one -> one.isOfPairs() ? PREFERENCE : primary)
                .filter(metrics::has)
                .ifPresent(judged -> {
                    throw invalid(
                            "metrics." + judged,
                            "The judge %s measures %s in this experiment."
                                    .formatted(Quoted.of(judge.get().id()), Quoted.of(judged)),
                            "Leave it out of metrics.");
                });
    }

    private static Optional<JsonNode> output(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return Optional.empty();
        }
        var length = json.isString() ? json.stringValue().length() : JsonTree.text(json).length();
        if (length > LONGEST_OUTPUT) {
            throw new Refused(
                            Reason.TOO_LARGE,
                            "The output has %,d characters; %,d is the most."
                                    .formatted(length, LONGEST_OUTPUT),
                            "Bound the answer of the model, such as with max_tokens, or record {error: 'too long'}.")
                    .field("output");
        }
        return Optional.of(json);
    }

    private static OptionalDouble score(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return OptionalDouble.empty();
        }
        if (json.isBoolean()) {
            return OptionalDouble.of(json.booleanValue() ? 1 : 0);
        }
        if (!Experiments.isValue(json)) {
            throw invalid(
                    "score",
                    "%s is not a score.".formatted(Quoted.of(json)),
                    "Send score as a number, true or false.");
        }
        return OptionalDouble.of(json.doubleValue());
    }

    /// @param primary the event of the primary metric
    static ObjectNode metrics(JsonNode json, String primary) {
        var metrics = Json.object();
        if (json.isMissingNode() || json.isNull()) {
            return metrics;
        }
        if (!json.isObject() || json.size() > MOST_METRICS) {
            throw invalid(
                    "metrics",
                    "%s are not metrics of a run.".formatted(Quoted.of(json)),
                    "Send metrics as an object of at most %d numbers, such as {latencyMs: 840, inputTokens: 120, outputTokens: 40, costUsd: 0.0004}."
                            .formatted(MOST_METRICS));
        }
        for (var metric : json.properties()) {
            var name = metric.getKey();
            if (metric.getValue().isNull()) {
                continue;
            }
            if (name.isBlank() || name.length() > LONGEST_NAME || isOurs(name, primary)) {
                throw invalid(
                        "metrics." + name,
                        "%s cannot be a metric of a run.".formatted(Quoted.of(name)),
                        "Name it otherwise, with 1 to %d characters; %s are Assay's own."
                                .formatted(LONGEST_NAME, String.join(" and ", OURS)));
            }
            if (metric.getValue().isNumber() && !Experiments.isValue(metric.getValue())) {
                throw invalid(
                        "metrics." + name,
                        "%s is no size that sums can take, which %s needs."
                                .formatted(Quoted.of(metric.getValue()), Quoted.of(name)),
                        "Send it as a number of a size from 1e-30 to 1e30, or 0.");
            }
            if (!metric.getValue().isBoolean() && !metric.getValue().isNumber()) {
                throw invalid(
                        "metrics." + name,
                        "%s is not a number, which %s needs."
                                .formatted(Quoted.of(metric.getValue()), Quoted.of(name)),
                        "Send it as a number, true or false, or leave it out.");
            }
            if (USAGE.contains(name) && metric.getValue().doubleValue(0) < 0) {
                throw invalid(
                        "metrics." + name,
                        "%s is less than nothing.".formatted(Quoted.of(metric.getValue())),
                        "Send %s as a number from 0 on, or leave it out.".formatted(name));
            }
            metrics.set(name, metric.getValue());
        }
        return metrics;
    }

    private static boolean isOurs(String name, String primary) {
        return OURS.contains(name) && !name.equals(primary);
    }

    /// Why a run failed, cut where it is too long. An empty text is no failure.
    static Optional<String> error(JsonNode json) {
        if (json.isMissingNode() || json.isNull() || (json.isBoolean() && !json.booleanValue())) {
            return Optional.empty();
        }
        var text = json.isString() ? json.stringValue() : JsonTree.text(json);
        if (text.isBlank()) {
            return Optional.empty();
        }
        return Optional.of(text.substring(0, Math.min(LONGEST_ERROR, text.length())));
    }

    private static Refused invalid(String field, String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field(field);
    }
}
