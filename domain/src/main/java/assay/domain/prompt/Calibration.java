package assay.domain.prompt;

import assay.domain.noun.Json;
import assay.domain.store.Calibrations.Row;
import assay.stats.Interval;
import assay.stats.judge.Agreement;
import assay.stats.judge.BiasRegression;
import assay.stats.judge.CorrectedMean;
import assay.stats.judge.Leaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How far a judge can be trusted, computed from rows of calibration.
///
/// @param passAt the score from which on an output passes; empty for a judge of pairs, which says
///   lost, equal or won
record Calibration(List<Row> rows, OptionalDouble passAt, double alpha) {
    private static final String FIRST = "first";
    private static final double HALF = 0.5;

    /// Labels below which nothing is promised.
    private static final int FEW = 30;

    /// `{rows, labelled, selfAgreement?, agreement?, position?, length?, corrected?, advice,
    /// text}`; a part without data is left out.
    ObjectNode json() {
        var json = Json.object().put("rows", rows.size()).put("labelled", labelled().size());
        var text = new StringJoiner(" ");
        var advice = new ArrayList<String>();
        selfAgreement(json, text, advice);
        agreement(json, text, advice);
        position(json, text, advice);
        errors(json, text, advice);
        corrected(json, text);
        if (labelled().size() < FEW) {
            advice.add(
                    "Have people label %d items more, drawn at random, and send them to calibrate."
                            .formatted(FEW - labelled().size()));
        }
        advice.forEach(json.putArray("advice")::add);
        return json.put("text", text.toString());
    }

    private List<Row> labelled() {
        return rows.stream().filter(row -> row.human().isPresent()).toList();
    }

    private int category(double score) {
        if (passAt.isPresent()) {
            return score >= passAt.getAsDouble() ? 1 : 0;
        }
        return score < HALF ? 0 : score > HALF ? 2 : 1;
    }

    private long[][] table(List<Row> some, ToDoubleFunction<Row> other) {
        var size = passAt.isPresent() ? 2 : 3;
        var table = new long[size][size];
        some.forEach(row -> table[category(row.score())][category(other.applyAsDouble(row))]++);
        return table;
    }

    private void selfAgreement(ObjectNode json, StringJoiner text, List<String> advice) {
        var twice = rows.stream().filter(row -> row.again().isPresent()).toList();
        if (twice.isEmpty()) {
            return;
        }
        var same =
                twice.stream()
                        .filter(row -> category(row.score()) == category(row.again().getAsDouble()))
                        .count();
        var part =
                json.putObject("selfAgreement")
                        .put("n", twice.size())
                        .put("share", share(same, twice.size()));
        Agreement.of(table(twice, row -> row.again().getAsDouble()), alpha)
                .toOptional()
                .ifPresent(agreement -> describe(part, agreement));
        text.add(
                "It agrees with itself on %s of %d."
                        .formatted(percent(share(same, twice.size())), twice.size()));
        if (share(same, twice.size()) < 0.9) {
            advice.add(
                    "The judge contradicts itself: lower its temperature, or ask it several times and take the mean.");
        }
    }

    private void agreement(ObjectNode json, StringJoiner text, List<String> advice) {
        var some = labelled();
        if (some.isEmpty()) {
            return;
        }
        var same =
                some.stream()
                        .filter(row -> category(row.score()) == category(row.human().getAsDouble()))
                        .count();
        var part =
                json.putObject("agreement")
                        .put("n", some.size())
                        .put("share", share(same, some.size()));
        var agreement =
                Agreement.of(table(some, row -> row.human().getAsDouble()), alpha).toOptional();
        agreement.ifPresent(known -> describe(part, known));
        text.add(
                "People agree with it on %s of %d%s."
                        .formatted(
                                percent(share(same, some.size())),
                                some.size(),
                                agreement
                                        .map(known -> ", kappa " + two(known.kappa()))
                                        .orElse("")));
        if (agreement.isPresent() && agreement.get().kappaInterval().lower() < 0.4) {
            advice.add(
                    "Do not rely on the judge alone: its agreement with people may be little more than chance. Use corrected, or improve its prompt.");
        }
    }

    private static void describe(ObjectNode part, Agreement agreement) {
        part.set("interval", interval(agreement.observedInterval()));
        part.put("kappa", agreement.kappa());
        part.set("kappaInterval", interval(agreement.kappaInterval()));
    }

    private void position(ObjectNode json, StringJoiner text, List<String> advice) {
        var placed =
                rows.stream()
                        .filter(row -> row.position().isPresent() && row.score() != HALF)
                        .toList();
        var firstWins =
                placed.stream()
                        .filter(row -> (row.score() > HALF) == row.position().get().equals(FIRST))
                        .count();
        Leaning.of(firstWins, placed.size() - firstWins, alpha)
                .toOptional()
                .ifPresent(bias -> {
                    var isBiased = bias.alwaysValidPValue() < alpha;
                    var part =
                            json.putObject("position")
                                    .put("n", (int) bias.n())
                                    .put("firstShare", bias.share());
                    part.set("interval", interval(bias.interval()));
                    part.put("pValue", bias.pValue())
                            .put("alwaysValidPValue", bias.alwaysValidPValue());
                    part.put("biased", isBiased);
                    if (isBiased) {
                        text.add(
                                "The output shown %s wins %s of the time, whichever it is."
                                        .formatted(
                                                bias.share() > HALF ? "first" : "second",
                                                percent(Math.max(bias.share(), 1 - bias.share()))));
                        advice.add(
                                "Judge every pair in both orders, or rely on the shuffled order, which makes this bias noise and not error.");
                    }
                });
    }

    /// What the judge's errors depend on.
    private void errors(ObjectNode json, StringJoiner text, List<String> advice) {
        var some = labelled().stream().filter(row -> row.length().isPresent()).toList();
        var deviation = deviation(some);
        if (!(deviation > 0)) {
            return;
        }
        var mean = some.stream().mapToDouble(row -> row.length().getAsDouble()).average().orElse(0);
        var isPlaced = some.stream().allMatch(row -> row.position().isPresent());
        var errors = new double[some.size()];
        var properties = new double[some.size()][];
        for (var i = 0; i < errors.length; i++) {
            var row = some.get(i);
            errors[i] = row.score() - row.human().getAsDouble();
            var length = (row.length().getAsDouble() - mean) / deviation;
            properties[i] =
                    isPlaced
                            ? new double[] {
                                length, row.position().get().equals(FIRST) ? HALF : -HALF
                            }
                            : new double[] {length};
        }
        BiasRegression.of(errors, properties, alpha)
                .toOptional()
                .map(influences -> influences.get(1))
                .ifPresent(length -> {
                    var isBiased = length.pValue() < alpha;
                    var part =
                            json.putObject("length")
                                    .put("n", errors.length)
                                    .put("perDeviation", length.estimate().value());
                    part.set("interval", interval(length.interval()));
                    part.put("deviation", deviation).put("pValue", length.pValue());
                    leaningToLonger(some, mean)
                            .ifPresent(leaning ->
                                    part.put("errorsForLonger", leaning.share())
                                            .put("alwaysValidPValue", leaning.alwaysValidPValue()));
                    part.put("biased", isBiased);
                    if (isBiased) {
                        text.add(
                                "It favours %s outputs: %s of a score for each %s characters."
                                        .formatted(
                                                length.estimate().value() > 0 ? "long" : "short",
                                                two(Math.abs(length.estimate().value())),
                                                Math.round(deviation)));
                        advice.add(
                                "Tell the judge that length is no merit, compare outputs of like length, or use corrected.");
                    }
                });
    }

    /// How many of the judge's errors are for the longer output; of pairs for the longer of the
    /// two.
    private Optional<Leaning> leaningToLonger(List<Row> some, double mean) {
        var middle = passAt.isPresent() ? mean : 0;
        var errors =
                some.stream()
                        .filter(row ->
                                row.score() != row.human().getAsDouble()
                                        && row.length().getAsDouble() != middle)
                        .toList();
        var forLonger =
                errors.stream()
                        .filter(row ->
                                (row.score() > row.human().getAsDouble())
                                        == (row.length().getAsDouble() > middle))
                        .count();
        return Leaning.of(forLonger, errors.size() - forLonger, alpha).toOptional();
    }

    private static double deviation(List<Row> some) {
        var mean = some.stream().mapToDouble(row -> row.length().getAsDouble()).average().orElse(0);
        var squares =
                some.stream()
                        .mapToDouble(row -> row.length().getAsDouble() - mean)
                        .map(d -> d * d)
                        .sum();
        return some.size() < 2 ? 0 : Math.sqrt(squares / (some.size() - 1));
    }

    private void corrected(ObjectNode json, StringJoiner text) {
        var some = labelled();
        var rest =
                rows.stream()
                        .filter(row -> row.human().isEmpty())
                        .mapToDouble(Row::score)
                        .toArray();
        CorrectedMean.OF_SCORES
                .of(
                        some.stream().mapToDouble(Row::score).toArray(),
                        some.stream().mapToDouble(row -> row.human().getAsDouble()).toArray(),
                        rest,
                        alpha)
                .toOptional()
                .ifPresent(corrected -> {
                    var part = json.putObject("corrected").put("estimate", corrected.estimate());
                    part.set("interval", interval(corrected.interval()));
                    part.set("alwaysValid", interval(corrected.alwaysValid()));
                    part.put("uncorrected", corrected.uncorrected())
                            .put("weight", corrected.weight())
                            .put("labelled", (int) corrected.labelled())
                            .put("all", (int) corrected.all());
                    text.add(
                            "Its mean is %s; people's would be %s (%s to %s), if the labelled items were drawn at random."
                                    .formatted(
                                            two(corrected.uncorrected()),
                                            two(corrected.estimate()),
                                            two(corrected.interval().lower()),
                                            two(corrected.interval().upper())));
                });
    }

    private static ArrayNode interval(Interval interval) {
        return Json.array().add(interval.lower()).add(interval.upper());
    }

    private static double share(long part, long whole) {
        return (double) part / whole;
    }

    private static String percent(double share) {
        return Math.round(share * 100) + " %";
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
