package assay.domain.loop;

import assay.domain.Change;
import assay.domain.IsoTime;
import assay.domain.experiment.Design;
import assay.domain.experiment.Elimination;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Takes the variants of an experiment with `allocation: 'elimination'` out that have lost against
/// another one: no more of their units are leased.
record Dropping(Desk desk) {
    /// Items between two looks at who has lost: each looks at every unit.
    private static final long EVERY = 5;

    /// The experiment as it is to be leased now.
    ///
    /// @param n units that are asked for
    StoredObject current(StoredObject experiment, int n) {
        var design = Design.of(experiment.id(), experiment.document());
        if (!design.eliminates() || !isDue(design, experiment, n)) {
            return experiment;
        }
        var lost = desk.engine().eliminated(experiment);
        return lost.isEmpty() ? experiment : without(experiment, lost);
    }

    private boolean isDue(Design design, StoredObject experiment, int n) {
        var leased = design.leased().orElseThrow();
        var arms = design.running().size();
        var step = EVERY * Math.max(1, arms) * leased.repetitions();
        var units = desk.leases().spent(experiment.id(), design.iteration()).units();
        return units / step != (units + n) / step;
    }

    private StoredObject without(StoredObject experiment, List<Elimination.Dropped> lost) {
        var document = experiment.document().deepCopy();
        for (var one : lost) {
            document.withArray("dropped")
                    .addObject()
                    .put("arm", one.arm())
                    .put("at", IsoTime.text(desk.scope().now()))
                    .put("why", one.why());
        }
        var next = experiment.next(document, desk.now());
        desk.scope()
                .objects()
                .update(
                        desk.noun(),
                        next,
                        new Objects.Entry(
                                "drop",
                                "Dropped",
                                desk.scope().actor(),
                                Optional.of(
                                        lost.stream()
                                                .map(Elimination.Dropped::why)
                                                .collect(Collectors.joining(" ")))));
        desk.scope()
                .changes()
                .accept(
                        Change.between(
                                "drop",
                                experiment.type(),
                                experiment.id(),
                                experiment.document(),
                                document));
        return next;
    }
}
