package assay.domain.loop;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Experiments;
import assay.domain.experiment.Leased;
import assay.domain.experiment.Work;
import assay.domain.store.Leases;
import assay.domain.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs experiments over datasets: hands out units of work for a time, and takes in what came of
/// them. All it goes by is in the store, so anybody can go on at any time.
public final class Loop {
    /// What ids of leases begin with.
    public static final String LEASE = "lease_";

    private final Desk desk;

    public Loop(Desk desk) {
        this.desk = desk;
    }

    /// Leases units to be run.
    ///
    /// @param options `{n = 1, worker, ttl = '10m'}`
    /// @return `{units: [{lease, item: {id, input, expected?}, variant, repetition, messages,
    ///   model?, parameters?, expiresAt}], left, held, why}`; left are the units that can still be
    ///   leased, held the leases besides these that have not run out, why says what it means that
    ///   there are fewer than were asked for
    public ObjectNode next(StoredObject experiment, JsonNode options) {
        var request = LeaseRequest.of("next", options);
        requireLeasing(experiment, "lease units of");
        if (desk.looks().isOpened(experiment.id())) {
            throw new Refused(
                    Reason.INVALID_REQUEST,
                    "The use of the test split began in this script, which may yet fail and leave no trace of it.",
                    "End the script, and call $.Experiment.next('%s') in the next one."
                            .formatted(experiment.id()));
        }
        desk.scope().objects().prepareToWrite();
        var current = new Dropping(desk).current(experiment, request.n());
        return new Leasing(desk, current, request).answer();
    }

    /// Leases outputs to be judged.
    ///
    /// @param options as for [#next]
    /// @return `{units: [{lease, item, repetition, output?, messages?, model?, parameters?,
    ///   expiresAt}], left, held, why}`; which variant an output is of is not told
    public ObjectNode judge(StoredObject experiment, JsonNode options) {
        var request = LeaseRequest.of("judge", options);
        requireLeasing(experiment, "judge outputs of");
        desk.scope().objects().prepareToWrite();
        return new Judging(desk, experiment, request).answer();
    }

    private void requireLeasing(StoredObject experiment, String doing) {
        var document = experiment.document();
        if (!Leased.is(document)) {
            throw new Refused(
                            Reason.INVALID_REQUEST,
                            "Experiment %s has no dataset; its subjects are assigned, not leased."
                                    .formatted(Quoted.of(experiment.id())),
                            "Call $.Experiment.assign('%s', subject), or create an experiment with a dataset."
                                    .formatted(experiment.id()))
                    .field("dataset");
        }
        var status = document.path("status").asString("");
        switch (status) {
            case "Draft" -> throw Experiments.notStarted(experiment, doing);
            case "Started", "Running" -> {}
            case "Paused" ->
                    throw new Refused(
                                    Reason.ILLEGAL_TRANSITION,
                                    "Experiment %s is paused and leases nothing."
                                            .formatted(Quoted.of(experiment.id())),
                                    "Resume it first; leases that are open can be recorded.")
                            .fix("await $.Experiment.resume('%s')".formatted(experiment.id()));
            default ->
                    throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "Experiment %s is %s and leases nothing any more."
                                    .formatted(Quoted.of(experiment.id()), status),
                            "Read $.Experiment.results('%s'), or create a new experiment."
                                    .formatted(experiment.id()));
        }
        IsoTime.parse(document.path("endAt").asString(""))
                .filter(end -> !desk.scope().now().isBefore(end))
                .ifPresent(end -> {
                    throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "Experiment %s leases nothing after its endAt, %s."
                                    .formatted(Quoted.of(experiment.id()), IsoTime.text(end)),
                            "Conclude it, or move its endAt.");
                });
    }

    /// Records what came of a lease.
    ///
    /// @param lease its id
    /// @param content of a unit that was run `{output, score, metrics: {name: number}, error,
    ///   worker}`, of one that was judged `{answer | score | winner, metrics, error, worker}`
    /// @return `{unit, item, repetition, status, score?, pass?, why?}`
    public ObjectNode record(String lease, JsonNode content) {
        return new Recorder(desk).record(lease, content);
    }

    /// How far the work of an experiment that runs is, and what of it can be leased now. Leases
    /// nothing.
    public Work work(StoredObject experiment) {
        return new Outlook(desk, experiment).work();
    }

    /// What the running iteration of an experiment has used up.
    public Leases.Spent spent(StoredObject experiment) {
        return desk.leases()
                .spent(experiment.id(), experiment.document().path("iteration").asLong(1));
    }

    /// True for what is the id of a lease.
    public static boolean isLease(String id) {
        return id.startsWith(LEASE);
    }
}
