package assay.domain.loop;

import assay.domain.IsoTime;
import assay.domain.JsonTree;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Design;
import assay.domain.experiment.Experiments;
import assay.domain.experiment.Leased;
import assay.domain.noun.Json;
import assay.domain.prompt.Canonical;
import assay.domain.store.Events;
import assay.domain.store.Items;
import assay.domain.store.Leases;
import assay.domain.store.Leases.Purpose;
import assay.domain.store.Leases.State;
import assay.domain.store.Leases.Status;
import assay.domain.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Takes in what came of leases: once each, however often it is sent.
final class Recorder {
    /// The event of every unit that was run: 1 when the run failed, else 0.
    private static final String ERROR = "error";

    /// The event of a pair of outputs that were judged against each other: 1 when that of the
    /// treatment was preferred, 0 when that of the control was, half when neither.
    private static final String PREFERENCE = "preference";

    private static final double HALF = 0.5;

    private final Desk desk;
    private final List<Events.Outcome> outcomes = new ArrayList<>();

    Recorder(Desk desk) {
        this.desk = desk;
    }

    /// See [Loop#record].
    ObjectNode record(String id, JsonNode given) {
        if (!(given instanceof ObjectNode content)) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "%s cannot be recorded.".formatted(Quoted.of(given)),
                    "Send {output, score, metrics}, or {error} when the run failed.");
        }
        desk.scope().objects().prepareToWrite();
        var lease = desk.leases().find(id).orElseThrow(() -> unknown(id));
        var worker = LeaseRequest.worker(content.path("worker"));
        requireOwn(lease, worker);
        var fingerprint = fingerprint(content);
        if (lease.state() == State.RECORDED) {
            return again(lease, fingerprint);
        }
        var experiment = desk.scope().objects().get(lease.experiment()).orElseThrow();
        requireHeld(lease);
        Experiments.requireOpen(experiment);
        var design = Design.of(experiment.id(), experiment.document());
        if (design.iteration() != lease.iteration()) {
            throw new Refused(
                            Reason.LEASE_EXPIRED,
                            "Lease %s is of iteration %d, which has ended; experiment %s is in iteration %d."
                                    .formatted(
                                            Quoted.of(id),
                                            lease.iteration(),
                                            Quoted.of(experiment.id()),
                                            design.iteration()),
                            "Throw the output away, and call $.Experiment.next('%s')."
                                    .formatted(experiment.id()))
                    .field("lease");
        }
        var entry = new Entry(experiment, design, lease, desk.leases().unit(lease.unit()));
        var answer =
                lease.purpose() == Purpose.RUN
                        ? run(entry, RunRecord.of(content, design.primary().usualEvent()))
                        : judgement(entry, content);
        var cost = Cost.of(content.path("metrics"), lease, design.leased().orElseThrow().budget());
        desk.leases().close(lease, cost.tokens(), cost.money(), fingerprint, answer);
        keep(entry);
        return answer;
    }

    /// What is recorded, and where.
    private record Entry(
            StoredObject experiment, Design design, Leases.Lease lease, Leases.Unit unit) {
        Leased leased() {
            return design.leased().orElseThrow();
        }
    }

    private static Refused unknown(String id) {
        return new Refused(
                        Reason.UNKNOWN_ID,
                        "There is no lease %s.".formatted(Quoted.of(id)),
                        "Record the lease of a unit as $.Experiment.next(id) gave it.")
                .field("lease");
    }

    private static void requireOwn(Leases.Lease lease, Optional<String> worker) {
        if (worker.isPresent() && lease.worker().isPresent() && !worker.equals(lease.worker())) {
            throw new Refused(
                            Reason.FORBIDDEN,
                            "Lease %s is of worker %s, not of %s."
                                    .formatted(
                                            Quoted.of(lease.id()),
                                            Quoted.of(lease.worker().get()),
                                            Quoted.of(worker.get())),
                            "Record the leases that next gave to you; leave worker out to record for another worker.")
                    .field("worker");
        }
    }

    private static String fingerprint(ObjectNode content) {
        var what = content.deepCopy();
        what.remove("worker");
        return Canonical.hash(what);
    }

    private static ObjectNode again(Leases.Lease lease, String fingerprint) {
        if (!lease.fingerprint().equals(Optional.of(fingerprint))) {
            throw new Refused(
                            Reason.NOT_UNIQUE,
                            "Lease %s is recorded already, with something else."
                                    .formatted(Quoted.of(lease.id())),
                            "Leave it: the first record counts. Lease further units with $.Experiment.next('%s')."
                                    .formatted(lease.experiment()))
                    .field("lease");
        }
        return lease.answer().orElseThrow();
    }

    private static void requireHeld(Leases.Lease lease) {
        if (lease.state() == State.LOST) {
            throw new Refused(
                            Reason.LEASE_EXPIRED,
                            "Lease %s ran out at %s, and its unit was given to somebody else or erased."
                                    .formatted(
                                            Quoted.of(lease.id()), IsoTime.text(lease.expiresAt())),
                            "Throw the output away, lease further units with $.Experiment.next('%s'), and ask for a longer ttl."
                                    .formatted(lease.experiment()))
                    .field("lease");
        }
    }

    private ObjectNode run(Entry entry, RunRecord run) {
        var unit = entry.unit();
        var judge = Umpire.of(desk, entry.leased());
        var primary = entry.design().primary().usualEvent();
        run.requireScore(judge);
        requirePossible(entry.design(), run);
        run.metrics().properties().forEach(one -> outcome(entry, one.getKey(), one.getValue()));
        outcome(entry, ERROR, run.isError() ? 1 : 0);
        var json = answer(unit);
        var score = OptionalDouble.empty();
        var status = Status.RECORDED;
        if (run.isError()) {
            status = Status.FAILED;
            if (!run.metrics().has(primary) && !isOfPairs(judge, primary)) {
                score = OptionalDouble.of(worst(entry));
            }
        } else if (judge.filter(Umpire::isOurs).isPresent()) {
            var verdict = judge.get().score(run.output().orElseThrow(), item(entry));
            score = OptionalDouble.of(verdict.path("score").doubleValue());
            json.set("pass", verdict.path("pass"));
            json.set("why", verdict.path("why"));
        } else if (run.score().isPresent()) {
            score = run.score();
        }
        if (!run.isError() && judge.filter(one -> waits(one, entry)).isPresent()) {
            status = Status.JUDGING;
        }
        score.ifPresent(value -> {
            outcome(entry, primary, value);
            json.put("score", value);
        });
        json.put("status", word(status));
        desk.leases()
                .record(
                        unit,
                        new Leases.Outcome(
                                status,
                                run.output().map(JsonTree::text),
                                score,
                                run.metrics(),
                                run.error()),
                        desk.now());
        if (judge.filter(Umpire::isOfPairs).isPresent()) {
            settle(entry);
        }
        return json;
    }

    /// Refuses numbers beyond the bounds that a metric declares: its intervals rest on them.
    private static void requirePossible(Design design, RunRecord run) {
        run.score()
                .ifPresent(score ->
                        design.requirePossible(design.primary().usualEvent(), "score", score));
        run.metrics()
                .properties()
                .forEach(one ->
                        design.requirePossible(
                                one.getKey(),
                                "metrics." + one.getKey(),
                                one.getValue().doubleValue(0)));
    }

    /// True where what is measured is what a judge prefers, which takes two outputs.
    private static boolean isOfPairs(Optional<Umpire> judge, String primary) {
        return primary.equals(PREFERENCE) && judge.filter(Umpire::isOfPairs).isPresent();
    }

    /// Of a pair it is the treatment's unit that waits.
    private static boolean waits(Umpire judge, Entry entry) {
        return !judge.isOurs()
                && !(judge.isOfPairs()
                        && entry.unit().arm().equals(entry.design().control().key()));
    }

    private static String word(Status status) {
        return switch (status) {
            case JUDGING -> "waits for the judge";
            case FAILED -> "failed";
            default -> "recorded";
        };
    }

    private static ObjectNode answer(Leases.Unit unit) {
        return Json.object()
                .put("unit", unit.id())
                .put("item", unit.item())
                .put("repetition", unit.repetition());
    }

    private Items.Item item(Entry entry) {
        return new Items(desk.scope().transaction())
                .get(entry.leased().dataset(), entry.unit().item())
                .orElseThrow();
    }

    /// What a failed run scores: the bad end of the metric's range, if it declares one, else 0.
    private static double worst(Entry entry) {
        var primary = entry.design().primary();
        var end = primary.direction().sign() > 0 ? "min" : "max";
        return entry.experiment()
                .document()
                .path("metrics")
                .valueStream()
                .filter(metric -> metric.path("name").asString("").equals(primary.name()))
                .mapToDouble(metric -> metric.path(end).doubleValue(0))
                .findFirst()
                .orElse(0);
    }

    /// Pairs of which one output is missing for good need no judge: who has one is preferred.
    private void settle(Entry entry) {
        var control = entry.design().control().key();
        var place = entry.unit().place();
        var against = unit(entry, control, place).filter(Leases.Unit::isRun);
        if (against.isEmpty()) {
            return;
        }
        for (var arm : entry.design().treatments()) {
            if (!arm.key().equals(entry.unit().arm()) && !entry.unit().arm().equals(control)) {
                continue;
            }
            unit(entry, arm.key(), place)
                    .filter(Leases.Unit::isRun)
                    .ifPresent(treatment -> settle(treatment, against.get()));
        }
    }

    private void settle(Leases.Unit treatment, Leases.Unit control) {
        var isMissing = treatment.status() == Status.FAILED;
        var isOtherMissing = control.status() == Status.FAILED;
        if (isMissing || isOtherMissing) {
            prefer(treatment, isMissing && isOtherMissing ? HALF : isMissing ? 0 : 1);
        }
    }

    private Optional<Leases.Unit> unit(Entry entry, String arm, long place) {
        return desk.leases().unit(entry.experiment().id(), entry.design().iteration(), arm, place);
    }

    private void prefer(Leases.Unit treatment, double preference) {
        outcomes.add(outcome(treatment, PREFERENCE, preference));
        desk.leases().judged(treatment, preference);
    }

    private ObjectNode judgement(Entry entry, ObjectNode content) {
        RunRecord.requireMembers(
                content, List.of("answer", "score", "winner", "metrics", "error", "worker"));
        var _ = RunRecord.metrics(content.path("metrics"), "");
        var judge = Umpire.of(desk, entry.leased()).orElseThrow();
        var unit = entry.unit();
        var json = answer(unit);
        if (RunRecord.error(content.path("error")).isPresent()) {
            return json.put("status", "waits for the judge");
        }
        var other =
                judge.isOfPairs()
                        ? unit(entry, entry.design().control().key(), unit.place())
                        : Optional.<Leases.Unit>empty();
        var verdict = judge.verdict(content, unit, item(entry), other);
        var score = verdict.path("score").doubleValue();
        if (judge.isOfPairs()) {
            prefer(unit, score);
        } else {
            outcome(entry, entry.design().primary().usualEvent(), score);
            desk.leases().judged(unit, score);
            json.set("pass", verdict.path("pass"));
        }
        json.put("score", score);
        return json.put("status", "recorded");
    }

    private void outcome(Entry entry, String metric, JsonNode value) {
        outcome(
                entry,
                metric,
                value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.doubleValue());
    }

    private void outcome(Entry entry, String metric, double value) {
        outcomes.add(outcome(entry.unit(), metric, value));
    }

    /// An outcome under an id of its own, so that it can be there once only.
    private Events.Outcome outcome(Leases.Unit unit, String metric, double value) {
        return new Events.Outcome(
                "event_%s/%s".formatted(unit.id(), metric.replace("%", "%25").replace("/", "%2F")),
                unit.subject(),
                unit.arm(),
                metric,
                value,
                desk.now(),
                Optional.empty());
    }

    private void keep(Entry entry) {
        desk.looks().appended();
        var _ =
                desk.events()
                        .record(
                                entry.experiment().id(),
                                entry.design().iteration(),
                                outcomes,
                                desk.now(),
                                desk.scope().actor());
        desk.log(entry.experiment(), "record", "Recorded", "outcomes", outcomes.size());
    }
}
