package assay.domain.loop;

import assay.domain.JsonTree;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Design;
import assay.domain.experiment.Leased;
import assay.domain.noun.Json;
import assay.domain.store.Items;
import assay.domain.store.Leases;
import assay.domain.store.Leases.Purpose;
import assay.domain.store.Leases.Status;
import assay.domain.store.StoredObject;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Leases the outputs of one experiment that wait for a judge whom somebody else speaks for: a
/// model, or a person.
final class Judging {
    private final Desk desk;
    private final StoredObject experiment;
    private final LeaseRequest request;
    private final Design design;
    private final Leased leased;
    private final Umpire umpire;
    private final Items items;
    private final Granting granting;

    Judging(Desk desk, StoredObject experiment, LeaseRequest request) {
        this.desk = desk;
        this.experiment = experiment;
        this.request = request;
        this.design = Design.of(experiment.id(), experiment.document());
        this.leased = design.leased().orElseThrow();
        this.umpire =
                Umpire.of(desk, leased)
                        .filter(judge -> !judge.isOurs())
                        .orElseThrow(() -> notNeeded(experiment));
        this.items = new Items(desk.scope().transaction());
        this.granting = new Granting(desk, experiment.id(), design, request, Purpose.JUDGE);
    }

    private static Refused notNeeded(StoredObject experiment) {
        return experiment.document().hasNonNull("judge")
                ? new Refused(
                        Reason.INVALID_REQUEST,
                        "The judge of experiment %s asks nobody: it scores when a lease is recorded."
                                .formatted(Quoted.of(experiment.id())),
                        "Call $.Experiment.record(lease, {output}); nothing waits for a judge.")
                : new Refused(
                                Reason.INVALID_REQUEST,
                                "Experiment %s names no judge."
                                        .formatted(Quoted.of(experiment.id())),
                                "Send the score yourself: $.Experiment.record(lease, {output, score}).")
                        .field("judge");
    }

    /// `{units: [{lease, item, repetition, output?, messages?, model?, parameters?, expiresAt}],
    /// left, held, why}`.
    ObjectNode answer() {
        var all = waiting();
        for (var unit : waiting(request.n())) {
            var question = question(unit);
            var needed = reservation(question);
            if (!granting.affords(needed, false)) {
                break;
            }
            granting.grant(unit.seq(), needed, false, json(unit, question));
        }
        var answer = granting.answer(all - granting.granted(), why());
        if (granting.granted() > 0) {
            desk.log(experiment, "judge", "Judging", "leases", granting.granted());
        }
        return answer;
    }

    /// How many outputs could be leased now.
    long waiting() {
        return desk.leases().waiting(experiment.id(), design.iteration(), control(), desk.now());
    }

    private List<Leases.Unit> waiting(int most) {
        return desk.leases()
                .toJudge(experiment.id(), design.iteration(), control(), desk.now(), most);
    }

    /// What of the budget is not enough for the next judgement, in words.
    Optional<String> lacking() {
        var purse = granting.purse();
        return waiting(1).stream()
                .findFirst()
                .flatMap(unit -> purse.lacks(reservation(question(unit)), false))
                .map(purse::text);
    }

    private Optional<String> control() {
        return umpire.isOfPairs() ? Optional.of(design.control().key()) : Optional.empty();
    }

    private ObjectNode question(Leases.Unit unit) {
        var other =
                control()
                        .flatMap(arm ->
                                desk.leases()
                                        .unit(
                                                experiment.id(),
                                                design.iteration(),
                                                arm,
                                                unit.place()));
        return umpire.question(unit, item(unit), other);
    }

    private Items.Item item(Leases.Unit unit) {
        return items.get(leased.dataset(), unit.item()).orElseThrow();
    }

    /// People take no tokens.
    private Reservation reservation(ObjectNode question) {
        return umpire.isModel()
                ? Reservation.of(
                        leased.budget(),
                        question.path("parameters"),
                        JsonTree.text(question.path("messages")).length())
                : Reservation.NOTHING;
    }

    private ObjectNode json(Leases.Unit unit, ObjectNode question) {
        var json = Json.object();
        json.set("item", Shown.item(item(unit), leased));
        json.put("repetition", unit.repetition());
        return json.setAll(question);
    }

    private String why() {
        if (granting.isFull()) {
            return "%,d leased; record each with {%s} before it runs out."
                    .formatted(granting.granted(), umpire.says());
        }
        return granting.lacking()
                .orElseGet(() ->
                        granting.granted() > 0
                                ? "These are all that wait now."
                                : granting.holders()
                                        .map("Nothing else waits: %s."::formatted)
                                        .orElseGet(this::nothing));
    }

    private String nothing() {
        var judging =
                desk.leases()
                        .counts(
                                experiment.id(),
                                design.iteration(),
                                design.arms().stream().map(Design.Arm::key).toList())
                        .getOrDefault(Status.JUDGING, 0L);
        return judging > 0
                ? "%s to judge, once %s is run on the same items: call $.Experiment.next('%s')."
                        .formatted(
                                Shown.count(judging, "output"),
                                Quoted.of(design.control().key()),
                                experiment.id())
                : "Nothing waits for the judge: call $.Experiment.next('%s') for units to run."
                        .formatted(experiment.id());
    }
}
