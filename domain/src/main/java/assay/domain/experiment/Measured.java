package assay.domain.experiment;

import assay.domain.store.Cell;
import assay.domain.store.Events;
import assay.domain.store.Measure;
import assay.domain.store.UnitValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// What the units of one iteration have come to, as the store knows it.
///
/// @param work of a leased experiment: which of its units were recorded
record Measured(Events events, String experiment, Design design, Optional<WorkUnits> work) {
    Measured(Events events, String experiment, Design design) {
        this(
                events,
                experiment,
                design,
                design.leased().map(_ -> WorkUnits.of(events, experiment, design)));
    }

    List<Cell> cells(Measure measure) {
        return events.cells(experiment, design.iteration(), measure);
    }

    /// The units that are measured; of a leased experiment, of those whose run was recorded.
    List<UnitValue> units(Measure measure) {
        var units = events.unitValues(experiment, design.iteration(), measure);
        return work.isEmpty() ? units : units.stream().filter(work.get()::isRecorded).toList();
    }

    /// The units of a metric, under its cap.
    Capped capped(Metric metric) {
        return Capped.of(
                metric,
                switch (metric.type()) {
                    case UTILITY -> utilities(metric);
                    case PROPORTION, SUM -> scored(metric);
                    default -> units(metric.measure());
                });
    }

    /// Of a leased experiment the units that have a value: a run that waits for its judge has none,
    /// and has not failed.
    private List<UnitValue> scored(Metric metric) {
        var units = units(metric.measure());
        if (work.isEmpty()) {
            return units;
        }
        var scored = new HashSet<String>();
        units(Measure.of(Measure.Kind.MEAN, metric.usualEvent()))
                .forEach(unit -> scored.add(unit.subject()));
        return units.stream().filter(unit -> scored.contains(unit.subject())).toList();
    }

    /// What the items of a leased experiment came to under what is recorded by that name.
    Optional<ItemMeans> items(String event) {
        return work.map(_ ->
                ItemMeans.of(
                        design,
                        Metric.named(event, true),
                        units(Measure.of(Measure.Kind.MEAN, event))));
    }

    /// Units of which everything is known that a utility weighs; of a run that failed, what is not
    /// known counts with 0.
    private List<UnitValue> utilities(Metric metric) {
        var parts = metric.parts();
        var units = new LinkedHashMap<String, UnitValue>();
        units(parts.getFirst()).forEach(unit -> units.put(unit.subject(), times(metric, 0, unit)));
        for (var part = 1; part < parts.size(); part++) {
            var more = new HashMap<String, UnitValue>();
            units(parts.get(part)).forEach(unit -> more.put(unit.subject(), unit));
            units.keySet()
                    .removeIf(unit ->
                            !more.containsKey(unit)
                                    && work.filter(one -> one.failed().contains(unit)).isEmpty());
            for (var unit : units.entrySet()) {
                var own = more.get(unit.getKey());
                if (own != null) {
                    unit.setValue(plus(unit.getValue(), times(metric, part, own).value()));
                }
            }
        }
        return List.copyOf(units.values());
    }

    private static UnitValue times(Metric metric, int part, UnitValue unit) {
        return plus(unit, (metric.weights().get(part) - 1) * unit.value());
    }

    private static UnitValue plus(UnitValue unit, double more) {
        return new UnitValue(
                unit.subject(),
                unit.cohort(),
                unit.arm(),
                unit.exposedAt(),
                unit.attributes(),
                unit.value() + more,
                unit.other());
    }

    /// A metric of all arms.
    ///
    /// @param share of alpha that each comparison may use up
    Analysis analysis(Metric metric, double share, Inference inference) {
        var plain = plain(metric, share, inference);
        return design.allocation().isPresent()
                ? AdaptiveAnalysis.of(plain, design, capped(metric).units(), share)
                : plain;
    }

    /// The same as if the units had been shared out without regard to the data.
    private Analysis plain(Metric metric, double share, Inference inference) {
        if (metric.needsUnits() || design.leased().isPresent()) {
            return Analysis.ofUnits(design, metric, capped(metric), share, inference);
        }
        var measures = metric.measures();
        var cells = cells(measures.getLast());
        var analysis = Analysis.of(design, metric, cells, share, inference);
        if (metric.type() != Metric.Type.FUNNEL) {
            return analysis;
        }
        return analysis.withSteps(
                measures.stream()
                        .map(measure -> measure.equals(measures.getLast()) ? cells : cells(measure))
                        .toList());
    }

    List<Analysis> all(List<Metric> metrics, double share, Inference inference, Stage stage) {
        return metrics.stream()
                .map(metric -> analysis(metric, share, inference).at(stage))
                .toList();
    }
}
