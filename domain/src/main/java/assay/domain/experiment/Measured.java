package assay.domain.experiment;

import assay.domain.store.Cell;
import assay.domain.store.Events;
import assay.domain.store.Measure;
import assay.domain.store.UnitValue;
import java.util.List;

/// What the units of one iteration have come to, as the store knows it.
record Measured(Events events, String experiment, Design design) {
    List<Cell> cells(Measure measure) {
        return events.cells(experiment, design.iteration(), measure);
    }

    List<UnitValue> units(Measure measure) {
        return events.unitValues(experiment, design.iteration(), measure);
    }

    /// The units of a metric, under its cap.
    Capped capped(Metric metric) {
        return Capped.of(metric, units(metric.measure()));
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
        if (metric.needsUnits()) {
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
