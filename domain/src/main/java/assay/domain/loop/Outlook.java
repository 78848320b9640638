package assay.domain.loop;

import assay.domain.experiment.Design;
import assay.domain.experiment.Work;
import assay.domain.store.Leases.Purpose;
import assay.domain.store.Leases.Status;
import assay.domain.store.StoredObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Looks at what could be leased of one experiment now, as those do who lease, and leases nothing.
record Outlook(Desk desk, StoredObject experiment) {
    Work work() {
        var design = Design.of(experiment.id(), experiment.document());
        var leased = design.leased().orElseThrow();
        var leasing = new Leasing(desk, experiment, LeaseRequest.usual());
        var judging =
                Umpire.of(desk, leased)
                        .filter(judge -> !judge.isOurs())
                        .map(_ -> new Judging(desk, experiment, LeaseRequest.usual()));
        var recorded = new LinkedHashMap<String, Long>();
        var failed = 0L;
        var waiting = 0L;
        for (var arm : design.arms()) {
            var counts =
                    desk.leases().counts(experiment.id(), design.iteration(), List.of(arm.key()));
            var own = 0L;
            for (var status : List.of(Status.RECORDED, Status.FAILED, Status.JUDGING)) {
                own += counts.getOrDefault(status, 0L);
            }
            recorded.put(arm.key(), own);
            failed += counts.getOrDefault(Status.FAILED, 0L);
            waiting += counts.getOrDefault(Status.JUDGING, 0L);
        }
        return new Work(
                recorded,
                failed,
                waiting,
                design.arms().stream()
                        .map(Design.Arm::key)
                        .filter(leased.dropped()::contains)
                        .toList(),
                leasing.isDecided(),
                leasing.purse().live(Purpose.RUN),
                leasing.left(),
                judging.map(Judging::waiting).orElse(0L),
                leasing.purse().others(),
                leasing.isDecided() ? Optional.empty() : leasing.lacking(),
                judging.flatMap(Judging::lacking),
                leasing.purse().left());
    }
}
