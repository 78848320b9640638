package assay.domain.experiment;

import assay.domain.noun.Json;
import assay.domain.store.Calibrations;
import assay.stats.Interval;
import assay.stats.fixed.ProportionInterval;
import assay.stats.judge.CorrectedMean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The differences that people would have found, beside those that the judge found.
///
/// Two ways, the better one first. Where people have labelled outputs of this experiment, under
/// both variants of an item, the judge's differences are moved by how far they are off there: true
/// whatever the judge's bias, if the labelled items were drawn at random. Where they have labelled
/// other outputs only, the judge's difference is divided by what it makes of a true one, and the
/// interval holds if it errs there as it does here, and alike under both variants.
final class JudgeCorrection {
    /// Labels below which nothing is corrected.
    private static final int FEW = 10;

    private final Decision.Grounds grounds;
    private final ItemMeans items;
    private final JudgeReport report;
    private final double alpha;

    private JudgeCorrection(Decision.Grounds grounds, ItemMeans items, JudgeReport report) {
        this.grounds = grounds;
        this.items = items;
        this.report = report;
        this.alpha = grounds.rule().alpha() / grounds.design().treatments().size();
    }

    /// What results say of the judge; empty without anything known of it.
    static Optional<ObjectNode> of(Decision.Grounds grounds, JudgeReport report) {
        return report.rows().isEmpty()
                ? Optional.empty()
                : grounds.primary()
                        .items()
                        .map(items -> new JudgeCorrection(grounds, items, report).json());
    }

    private ObjectNode json() {
        var calibration = report.calibration();
        var json =
                Json.object()
                        .put("rows", report.rows().size())
                        .put("labelled", calibration.path("labelled").asInt(0));
        warnings(json.putArray("warnings"));
        var corrected = Json.array();
        for (var treatment : grounds.design().treatments()) {
            own(treatment.key()).or(() -> transported(treatment.key())).ifPresent(corrected::add);
        }
        if (!corrected.isEmpty()) {
            json.set("corrected", corrected);
        }
        return json;
    }

    private void warnings(ArrayNode warnings) {
        var calibration = report.calibration();
        var position = calibration.path("position");
        if (position.path("biased").asBoolean(false)) {
            warnings.add(
                    "The judge prefers the output shown %s, whichever it is (%s of %d): shuffle the order, or have every pair judged in both."
                            .formatted(
                                    position.path("firstShare").doubleValue() > 0.5
                                            ? "first"
                                            : "second",
                                    Numbers.percent(
                                                    Math.max(
                                                            position.path("firstShare")
                                                                    .doubleValue(),
                                                            1
                                                                    - position.path("firstShare")
                                                                            .doubleValue()))
                                            .substring(1),
                                    position.path("n").asInt(0)));
        }
        var length = calibration.path("length");
        if (length.path("biased").asBoolean(false)) {
            warnings.add(
                    "The judge favours %s outputs: part of the difference may be length. Rely on corrected, or tell the judge that length is no merit."
                            .formatted(
                                    length.path("perDeviation").doubleValue() > 0
                                            ? "long"
                                            : "short"));
        }
    }

    /// From labels of this experiment's own outputs: rows of calibration whose item is
    /// `item/arm/repetition`.
    private Optional<ObjectNode> own(String treatment) {
        var control = grounds.design().control().key();
        var labels = new HashMap<String, Map<String, List<Double>>>();
        for (var row : report.rows()) {
            if (row.human().isPresent()) {
                place(row)
                        .ifPresent(place ->
                                labels.computeIfAbsent(place.arm(), _ -> new TreeMap<>())
                                        .computeIfAbsent(place.item(), _ -> new ArrayList<>())
                                        .add(row.human().getAsDouble()));
            }
        }
        var ofControl = labels.getOrDefault(control, Map.of());
        var ofTreatment = labels.getOrDefault(treatment, Map.of());
        var judge = new ArrayList<Double>();
        var human = new ArrayList<Double>();
        var rest = new ArrayList<Double>();
        items.of(treatment)
                .forEach((item, mean) -> {
                    var before = items.of(control).get(item);
                    if (before == null) {
                        return;
                    }
                    var people = ofTreatment.get(item);
                    var peopleBefore = ofControl.get(item);
                    if (people != null && peopleBefore != null) {
                        judge.add(mean - before);
                        human.add(mean(people) - mean(peopleBefore));
                    } else {
                        rest.add(mean - before);
                    }
                });
        if (judge.size() < FEW || !isWithinOne(judge) || !isWithinOne(rest)) {
            return Optional.empty();
        }
        return new CorrectedMean(-1, 1)
                .of(array(judge), array(human), array(rest), alpha)
                .toOptional()
                .map(corrected -> {
                    var json =
                            Json.object()
                                    .put("arm", treatment)
                                    .put("difference", corrected.estimate());
                    interval(json, corrected.alwaysValid());
                    json.set(
                            "oneLook",
                            Json.array()
                                    .add(corrected.interval().lower())
                                    .add(corrected.interval().upper()));
                    return json.put("raw", corrected.uncorrected())
                            .put("labelledItems", corrected.labelled())
                            .put(
                                    "means",
                                    "what people would have found, by their labels of outputs of this experiment; true whatever the judge's bias, if the labelled items were drawn at random");
                });
    }

    private record Place(String item, String arm) {}

    /// Which unit of this experiment a row is about.
    private Optional<Place> place(Calibrations.Row row) {
        var text = row.item();
        var last = text.lastIndexOf('/');
        var middle = last < 0 ? -1 : text.lastIndexOf('/', last - 1);
        if (middle < 1) {
            return Optional.empty();
        }
        var arm = plain(text.substring(middle + 1, last));
        var isArm = grounds.design().arms().stream().anyMatch(one -> one.key().equals(arm));
        return isArm
                ? Optional.of(new Place(plain(text.substring(0, middle)), arm))
                : Optional.empty();
    }

    /// As it was before it became a part of a unit's id.
    private static String plain(String escaped) {
        return escaped.replace("%2F", "/").replace("%25", "%");
    }

    /// From labels of other outputs, where the score is pass or fail: the judge's difference of
    /// pass rates over sensitivity + specificity - 1. Half of alpha is for its own interval, which
    /// holds at all looks, and a quarter for each of the two rates.
    ///
    /// Sources: W. J. Rogan, B. Gladen, American Journal of Epidemiology 107 (1978) 71-76; the
    /// union of the errors by Bonferroni.
    private Optional<ObjectNode> transported(String treatment) {
        var isPass = grounds.primary().metric().type() == Metric.Type.PROPORTION;
        long[][] table = new long[2][2];
        for (var row : report.rows()) {
            if (row.human().isPresent()) {
                table[row.human().getAsDouble() >= report.passAt() ? 1 : 0][
                        row.score() >= report.passAt() ? 1 : 0]++;
            }
        }
        long good = table[1][0] + table[1][1];
        long bad = table[0][0] + table[0][1];
        if (!isPass || good < FEW || bad < FEW) {
            return Optional.empty();
        }
        var sensitivity = ProportionInterval.CLOPPER_PEARSON.of(table[1][1], good, alpha / 4).get();
        var specificity = ProportionInterval.CLOPPER_PEARSON.of(table[0][0], bad, alpha / 4).get();
        var least = sensitivity.lower() + specificity.lower() - 1;
        var most = sensitivity.upper() + specificity.upper() - 1;
        var design = grounds.design();
        var pairs = items.pairs(design.control().key(), treatment);
        var method = PairedAnalysis.method(design, grounds.primary().metric());
        var claim =
                method.claim(pairs, PairedAnalysis.planned(design, method), alpha / 2).toOptional();
        if (!(least > 0) || claim.isEmpty()) {
            return Optional.empty();
        }
        var youden = (double) table[1][1] / good + (double) table[0][0] / bad - 1;
        var raw = claim.get().estimate().value();
        var json =
                Json.object()
                        .put("arm", treatment)
                        .put("difference", Math.clamp(raw / youden, -1, 1));
        interval(
                json,
                new Interval(
                        lower(claim.get().interval().lower(), least, most),
                        -lower(-claim.get().interval().upper(), least, most)));
        return Optional.of(
                json.put("raw", raw)
                        .put("labelledOutputs", good + bad)
                        .put(
                                "means",
                                "what people would have found, if the judge errs here as on the labelled outputs, and alike under both variants"));
    }

    private static double lower(double end, double least, double most) {
        return Math.max(-1, end < 0 ? end / least : end / most);
    }

    private static void interval(ObjectNode json, Interval interval) {
        json.put("lower", interval.lower()).put("upper", interval.upper());
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).average().orElseThrow();
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(value -> value).toArray();
    }

    private static boolean isWithinOne(List<Double> values) {
        return values.stream().allMatch(value -> value >= -1 && value <= 1);
    }
}
