package assay.domain.experiment;

import assay.domain.store.Events;
import assay.domain.store.StoredObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Reads results. Each reading is a look: it is noted, and it may be the one at which the rule
/// fires.
final class Looking {
    private final Scope scope;

    Looking(Scope scope) {
        this.scope = scope;
    }

    /// Reads the results, which is a look: it is logged, and it may be the one at which the rule
    /// fires.
    ObjectNode results(StoredObject experiment) {
        if (experiment.document().path("status").asString("").equals("Draft")) {
            throw Freezing.notStarted(experiment, "read results of");
        }
        var document = experiment.document();
        return look(experiment.id(), document)
                .json(
                        document.path("status").asString(""),
                        Optional.ofNullable(document.path("winner").stringValue(null)));
    }

    Readout look(String id, ObjectNode document) {
        var design = Design.of(id, document);
        var units = units(id, design);
        var before =
                new ArrayList<>(
                        scope.events().looks(id, design.iteration()).stream()
                                .filter(Events.Look::counts)
                                .toList());
        scope.looks().looks().stream()
                .filter(look ->
                        look.experiment().equals(id) && look.iteration() == design.iteration())
                .map(Experiments.PendingLook::look)
                .forEach(before::add);
        var treatments = design.treatments().size();
        var primary = analysis(id, design, design.primary(), 1.0 / treatments);
        var guardrails =
                design.guardrails().stream()
                        .map(metric ->
                                analysis(
                                        id,
                                        design,
                                        metric,
                                        1.0 / (treatments * design.guardrails().size())))
                        .toList();
        var secondary =
                design.secondary().stream()
                        .map(metric -> analysis(id, design, metric, 1.0 / treatments))
                        .toList();
        var decision = Decision.of(design, units, primary, guardrails, before);
        var watermark = scope.events().watermark();
        var readout =
                new Readout(
                        id,
                        design,
                        units,
                        primary,
                        guardrails,
                        secondary,
                        elsewhere(id, design),
                        decision,
                        before,
                        scope.events().newest(id),
                        watermark,
                        scope.now().toEpochMilli());
        scope.looks()
                .add(
                        new Experiments.PendingLook(
                                id,
                                design.iteration(),
                                scope.looks().hasAppended(),
                                false,
                                new Events.Look(
                                        0,
                                        scope.now().toEpochMilli(),
                                        scope.actor(),
                                        watermark,
                                        true,
                                        decision.verdict().word(),
                                        readout.numbers())));
        return readout;
    }

    /// Exposed units per arm, of all cohorts together.
    Map<String, Long> units(String id, Design design) {
        var units = new HashMap<String, Long>();
        scope.events()
                .exposed(id, design.iteration())
                .values()
                .forEach(arms -> arms.forEach((arm, some) -> units.merge(arm, some, Long::sum)));
        return units;
    }

    /// Outcomes of metrics that are not looked at, if the primary one has no outcome at all.
    private long elsewhere(String id, Design design) {
        var counts = scope.events().outcomesByMetric(id, design.iteration());
        if (counts.containsKey(design.primary().name())) {
            return 0;
        }
        counts.keySet().removeAll(design.metricNames());
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    Analysis analysis(String id, Design design, Metric metric, double share) {
        return Analysis.of(
                design,
                metric,
                scope.events().cells(id, design.iteration(), metric.measure()),
                share);
    }
}
