package assay.domain.loop;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Design;
import assay.domain.noun.Json;
import assay.domain.store.Leases;
import assay.domain.store.Leases.Purpose;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Grants the leases that one call asks for, all for the same purpose, as long as the budget has
/// enough for them, and says of the budget why there are no more.
final class Granting {
    private final Desk desk;
    private final String experiment;
    private final long iteration;
    private final LeaseRequest request;
    private final Purpose purpose;
    private final Purse purse;
    private final ObjectNode answer = Json.object();
    private Optional<String> lacking = Optional.empty();

    /// @param purpose of all the leases
    Granting(Desk desk, String experiment, Design design, LeaseRequest request, Purpose purpose) {
        this.desk = desk;
        this.experiment = experiment;
        this.iteration = design.iteration();
        this.request = request;
        this.purpose = purpose;
        this.purse = new Purse(desk.leases(), desk.now(), experiment, design);
        answer.putArray("units");
    }

    Purse purse() {
        return purse;
    }

    int granted() {
        return answer.path("units").size();
    }

    /// True when as many are granted as were asked for.
    boolean isFull() {
        return granted() == request.n();
    }

    /// True when the budget has enough for one more lease. If not, it is what keeps the call from
    /// more, see [#lacking].
    ///
    /// @param isNew true for a unit that was never leased before
    boolean affords(Reservation reservation, boolean isNew) {
        lacking = purse.lacks(reservation, isNew);
        return lacking.isEmpty();
    }

    /// Keeps a lease and adds it to the answer.
    ///
    /// @param unit its number
    /// @param what the caller is told beside the lease and when it runs out
    void grant(long unit, Reservation reservation, boolean isNew, ObjectNode what) {
        purse.take(reservation, isNew);
        var lease = desk.newId().apply("lease");
        var expiresAt = desk.now() + request.ttl();
        desk.leases()
                .grant(
                        new Leases.Lease(
                                lease,
                                unit,
                                experiment,
                                iteration,
                                purpose,
                                Leases.State.OPEN,
                                request.worker(),
                                desk.now(),
                                expiresAt,
                                reservation.tokens(),
                                reservation.money(),
                                Optional.empty(),
                                Optional.empty()));
        var json = Json.object().put("lease", lease);
        json.setAll(what);
        answer.withArray("units").add(json.put("expiresAt", IsoTime.text(expiresAt)));
    }

    /// The answer to the call: `{units, left, held, why}`.
    ///
    /// @param left how many can still be leased
    ObjectNode answer(long left, String why) {
        answer.set("left", Shown.number(left));
        answer.set("held", Shown.number(held()));
        return answer.put("why", why);
    }

    /// Leases besides these that have not run out, and whose end may leave something to lease:
    /// those of this purpose, whose units come back, and where tokens or money are short all, for
    /// they draw on the same budget.
    private long held() {
        return lacking.filter(bound -> !bound.equals("units")).isPresent()
                ? purse.live()
                : purse.live(purpose);
    }

    /// What kept the call from more where that is the budget, in words.
    ///
    /// @throws Refused if nothing was granted, and nobody else holds some of the budget
    Optional<String> lacking() {
        return lacking.map(this::lacking);
    }

    private String lacking(String bound) {
        if (granted() > 0) {
            return "The budget is reserved with these: %s.".formatted(purse.text(bound));
        }
        var others = purse.others();
        if (others.isPresent()) {
            // Units that were leased once stay counted.
            return "The budget is used up or reserved, %s: %s%s."
                    .formatted(
                            purse.text(bound),
                            others.get(),
                            bound.equals("units") ? "" : "; what they do not use is free again");
        }
        throw new Refused(
                        Reason.BUDGET_EXHAUSTED,
                        "The budget of experiment %s is used up, %s, and nobody holds a lease%s%s."
                                .formatted(
                                        Quoted.of(experiment),
                                        purse.text(bound),
                                        lapsed(),
                                        purpose == Purpose.RUN
                                                ? ""
                                                : "; outputs wait for their judge"),
                        "Read $.Experiment.results('%s') and conclude, or raise the budget with $.Experiment.update('%s', {budget: {…}})."
                                .formatted(experiment, experiment))
                .field("budget." + bound);
    }

    private String lapsed() {
        return purse.lapsed() == 0
                ? ""
                : " (%s ran out without a record, and may have spent what was reserved)"
                        .formatted(Shown.count(purse.lapsed(), "lease"));
    }

    /// Who has the units that could be leased, such as `leases hold 2 units, the first until …`;
    /// empty when nobody does.
    Optional<String> holders() {
        return purse.holders(purpose);
    }
}
