package assay.domain.loop;

import assay.domain.IsoTime;
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
    private final Purse purse;

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
        this.purse = new Purse(desk, experiment.id(), design);
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
    /// left, why}`.
    ObjectNode answer() {
        var json = Json.object();
        var units = json.putArray("units");
        var control =
                umpire.isOfPairs() ? Optional.of(design.control().key()) : Optional.<String>empty();
        var waiting =
                desk.leases()
                        .toJudge(
                                experiment.id(),
                                design.iteration(),
                                control,
                                desk.now(),
                                request.n());
        var all = desk.leases().waiting(experiment.id(), design.iteration(), control, desk.now());
        var lacking = Optional.<String>empty();
        for (var unit : waiting) {
            var item = items.get(leased.dataset(), unit.item()).orElseThrow();
            var question = umpire.question(unit, item, other(unit, control));
            var reservation =
                    Reservation.of(
                            leased.budget(),
                            question.path("parameters"),
                            JsonTree.text(question.path("messages")).length());
            // People take no tokens.
            var needed = umpire.isModel() ? reservation : Reservation.NOTHING;
            lacking = purse.lacks(needed, false);
            if (lacking.isPresent()) {
                break;
            }
            purse.take(needed, false);
            units.add(grant(unit, item, question, needed));
        }
        var left = all - units.size();
        json.set("left", Shown.number(left));
        json.put("why", why(units.size(), lacking));
        if (!units.isEmpty()) {
            desk.log(experiment, "judge", "Judging", "leases", units.size());
        }
        return json;
    }

    private Optional<Leases.Unit> other(Leases.Unit unit, Optional<String> control) {
        return control.flatMap(
                arm -> desk.leases().unit(experiment.id(), design.iteration(), arm, unit.place()));
    }

    private ObjectNode grant(
            Leases.Unit unit, Items.Item item, ObjectNode question, Reservation reservation) {
        var lease = desk.newId().apply("lease");
        var expiresAt = desk.now() + request.ttl();
        desk.leases()
                .grant(
                        new Leases.Lease(
                                lease,
                                unit.seq(),
                                experiment.id(),
                                design.iteration(),
                                Purpose.JUDGE,
                                Leases.State.OPEN,
                                request.worker(),
                                desk.now(),
                                expiresAt,
                                reservation.tokens(),
                                reservation.money(),
                                Optional.empty(),
                                Optional.empty()));
        var json = Json.object().put("lease", lease);
        json.set("item", Shown.item(item, leased));
        json.put("repetition", unit.repetition());
        return json.setAll(question).put("expiresAt", IsoTime.text(expiresAt));
    }

    private String why(int granted, Optional<String> lacking) {
        if (granted == request.n()) {
            return "%,d leased; record each with {%s} before it runs out."
                    .formatted(granted, umpire.says());
        }
        var held =
                desk.leases().held(experiment.id(), design.iteration(), Purpose.JUDGE, desk.now());
        if (lacking.isPresent()) {
            return lacking(lacking.get(), granted);
        }
        if (granted > 0) {
            return "These are all that wait now.";
        }
        if (held.live() > 0) {
            return "Nothing else waits: leases hold %s, the first until %s."
                    .formatted(Shown.count(held.live(), "judgement"), IsoTime.text(held.until()));
        }
        return waiting();
    }

    private String lacking(String bound, int granted) {
        if (granted > 0) {
            return "The budget is reserved with these: %s.".formatted(purse.text(bound));
        }
        var others = purse.others();
        if (others.isPresent()) {
            return "The budget is used up or reserved, %s: %s; what they do not use is free again."
                    .formatted(purse.text(bound), others.get());
        }
        throw new Refused(
                        Reason.BUDGET_EXHAUSTED,
                        "The budget of experiment %s is used up, %s, and outputs wait for their judge."
                                .formatted(Quoted.of(experiment.id()), purse.text(bound)),
                        "Raise it with $.Experiment.update('%s', {budget: {…}}), or conclude with what is judged."
                                .formatted(experiment.id()))
                .field("budget." + bound);
    }

    private String waiting() {
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
