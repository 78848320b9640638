package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.Measure;
import assay.domain.store.UnitValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The effect on the primary metric by the time since the exposure, of units that were exposed long
/// enough ago; and whether the same units show another effect late than early, as they do when the
/// new wears off. Looks at every unit. Describes.
///
/// @param now milliseconds since 1970
record Trend(Decision.Grounds grounds, Measured measured, long now) {
    private static final long[] EDGES = {0, 1, 3, 7, 14, 28};

    private record Bin(Measure.Window window, List<UnitValue> units) {
        long to() {
            return window.to().orElseThrow();
        }

        double days() {
            return (double) (to() - window.from()) / Span.DAY;
        }
    }

    ObjectNode json() {
        var metric = grounds.primary().metric();
        if (!metric.type().canAdjust() || metric.cap().map(Metric.Cap::isQuantile).orElse(false)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The primary metric %s is a %s, of which no trend can be shown."
                                    .formatted(
                                            Quoted.of(metric.name()),
                                            metric.needsUnits()
                                                    ? "metric of all units together"
                                                    : metric.type().word()),
                            "Leave trend out; it is there for proportions, counts, means and sums.")
                    .field("trend");
        }
        var bins = bins(metric.plain());
        var json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put(
                                "note",
                                "Effects by days since the exposure, per unit and bin, of units exposed that long ago; they describe and do not decide.");
        var list = json.putArray("bins");
        for (var bin : bins) {
            var one =
                    list.addObject()
                            .put("from", days(bin.window().from()))
                            .put("to", days(bin.to()))
                            .put("units", bin.units().size());
            one.set("comparisons", comparisons(metric, bin.units(), bins.size()));
        }
        if (bins.isEmpty()) {
            json.put("why", nothing(metric));
        }
        if (bins.size() > 1) {
            json.set("change", change(metric, bins.getFirst(), bins.getLast()));
        }
        return json;
    }

    private static String nothing(Metric metric) {
        var first = metric.window().from() + EDGES[1] * Span.DAY;
        return metric.window().to().orElse(Long.MAX_VALUE) < first
                ? "The window of the metric is shorter than the first bin, a day."
                : "Nobody was exposed %s ago or earlier: the first bin needs that much time."
                        .formatted(Span.text(first));
    }

    private static long days(long millis) {
        return millis / Span.DAY;
    }

    private List<Bin> bins(Metric metric) {
        var bins = new ArrayList<Bin>();
        var end = metric.window().to().orElse(Long.MAX_VALUE);
        for (var i = 1; i < EDGES.length; i++) {
            var from = metric.window().from() + EDGES[i - 1] * Span.DAY;
            var to = metric.window().from() + EDGES[i] * Span.DAY;
            if (to <= end) {
                var window = new Measure.Window(from, OptionalLong.of(to));
                var whole = metric.measure();
                var units =
                        measured
                                .units(
                                        new Measure(
                                                whole.kind(),
                                                whole.terms(),
                                                window,
                                                whole.cap(),
                                                OptionalLong.empty()))
                                .stream()
                                .filter(unit -> unit.exposedAt() <= now - to)
                                .toList();
                if (!units.isEmpty()) {
                    bins.add(new Bin(window, units));
                }
            }
        }
        return bins;
    }

    private JsonNode comparisons(Metric metric, List<UnitValue> units, int shares) {
        var design = grounds.design();
        var analysis =
                Analysis.ofUnits(
                        design,
                        metric.plain(),
                        new Capped(units, OptionalDouble.empty()),
                        1.0 / (design.treatments().size() * shares),
                        grounds.stage().inference(design.rule()));
        return Figures.metric(design, analysis, true).path("comparisons");
    }

    /// The effect late less the effect early of units that are in both bins, sums and counts per
    /// day.
    private ObjectNode change(Metric metric, Bin early, Bin late) {
        var perDay = metric.unit() == Measure.Kind.SUM || metric.unit() == Measure.Kind.COUNT;
        var before = new HashMap<String, UnitValue>();
        early.units().forEach(unit -> before.put(unit.subject(), unit));
        var changes = new ArrayList<UnitValue>();
        for (var unit : late.units()) {
            var first = before.get(unit.subject());
            if (first != null) {
                var change =
                        unit.value() / (perDay ? late.days() : 1)
                                - first.value() / (perDay ? early.days() : 1);
                changes.add(
                        new UnitValue(
                                unit.subject(),
                                unit.cohort(),
                                unit.arm(),
                                unit.exposedAt(),
                                unit.attributes(),
                                change,
                                0));
            }
        }
        var json = JsonNodeFactory.instance.objectNode();
        json.put("early", "day %d to %d".formatted(days(early.window().from()), days(early.to())));
        json.put("late", "day %d to %d".formatted(days(late.window().from()), days(late.to())));
        json.put("units", changes.size());
        var list = json.putArray("comparisons");
        for (var one : comparisons(metric, changes, 1)) {
            var shown = list.addObject().put("arm", one.path("arm").stringValue());
            for (var member : List.of("difference", "lower", "upper")) {
                if (one.has(member)) {
                    shown.set(member, one.get(member));
                }
            }
            shown.put("reading", reading(one));
        }
        return json;
    }

    private static String reading(JsonNode change) {
        if (change.path("lower").doubleValue(0) > 0) {
            return "the difference to the control rises with time";
        }
        return change.path("upper").doubleValue(0) < 0
                ? "the difference to the control falls with time"
                : "no change with time is shown";
    }
}
