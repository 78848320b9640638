package assay.server.run;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.server.cli.ModelAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Workers who lease a unit, have it answered, record what came of it, and take the next one.
final class Crew {
    private static final Duration OWN_ARE_OUT = Duration.ofMillis(100);
    private static final Duration OTHERS_ARE_OUT = Duration.ofSeconds(5);
    private static final Duration SHORTEST_LEASE = Duration.ofMinutes(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /// Failures in a row after which it is the endpoint that fails, not the prompts.
    private static final int LONGEST_STREAK = 8;

    /// How often an output is sent to its judge in a run until there is a verdict.
    private static final int MOST_ATTEMPTS = 3;

    private static final Set<String> OF_AN_ANSWER = Set.of("answer", "output", "score");

    private final Loop loop;
    private final Endpoint endpoint;
    private final Pace pace;
    private final Time time;
    private final ModelAccess access;
    private final Progress progress;
    private final boolean judges;
    private final Map<String, Integer> unjudged = new HashMap<>();
    private Tally tally = Tally.NOTHING;
    private long left;
    private String why = "";
    private int busy;
    private int streak;
    private boolean proven;
    private boolean stopping;
    private @Nullable Refused refused;

    /// @param judges whether judgements are leased too
    Crew(
            Loop loop,
            Endpoint endpoint,
            Pace pace,
            Time time,
            ModelAccess access,
            Progress progress,
            boolean judges) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.pace = pace;
        this.time = time;
        this.access = access;
        this.progress = progress;
        this.judges = judges;
    }

    /// What a run came to.
    ///
    /// @param left units that can still be leased
    /// @param why it ended
    record Report(Tally tally, long left, String why, Optional<Refused> refused) {}

    /// Works until nothing is left, or nothing works. Interrupting the thread ends it at once; what
    /// was leased then returns when its time is over.
    Report work() throws InterruptedException {
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (var i = 0; i < access.concurrency(); i++) {
                running.add(
                        workers.submit(() -> {
                            workOn();
                            return null;
                        }));
            }
            try {
                await(running);
            } catch (InterruptedException ended) {
                stop();
                workers.shutdownNow();
                throw ended;
            }
        }
        synchronized (this) {
            progress.end(tally, left);
            return new Report(tally, left, why, Optional.ofNullable(refused));
        }
    }

    private static void await(List<Future<?>> running) throws InterruptedException {
        for (var one : running) {
            try {
                one.get();
            } catch (ExecutionException failed) {
                throw new IllegalStateException(failed.getCause());
            }
        }
    }

    /// Leases nothing more; what is under way is finished.
    synchronized void stop() {
        stopping = true;
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    private synchronized void stop(Refused because) {
        stopping = true;
        if (refused == null) {
            refused = because;
        }
    }

    private void workOn() throws InterruptedException {
        while (!isStopping()) {
            pace.awaitTurn();
            try {
                var unit = isStopping() ? Optional.<Unit>empty() : take();
                if (unit.isPresent()) {
                    finish(unit.get());
                }
            } catch (Refused because) {
                stop(because);
            } catch (RuntimeException | Error broken) {
                stop();
                throw broken;
            }
        }
    }

    private void finish(Unit unit) throws InterruptedException {
        try {
            answer(unit);
        } finally {
            synchronized (this) {
                busy--;
                progress.show(tally, left);
            }
        }
    }

    /// The next unit; none after waiting a little, or at the end.
    private Optional<Unit> take() throws InterruptedException {
        Duration wait;
        synchronized (this) {
            try {
                var judgements =
                        judges
                                ? loop.lease(Unit.Purpose.JUDGE, 1, lease())
                                : new Loop.Batch(List.of(), 0, 0, "");
                if (!judgements.units().isEmpty()) {
                    return taken(judgements);
                }
                var units = loop.lease(Unit.Purpose.RUN, 1, lease());
                left = units.left();
                why = units.why();
                if (!units.units().isEmpty()) {
                    return taken(units);
                }
                if (busy == 0 && units.open() + judgements.open() == 0) {
                    stopping = true;
                    return Optional.empty();
                }
            } catch (Refused refusal) {
                if (refusal.reason() != Reason.BUDGET_EXHAUSTED) {
                    throw refusal;
                }
                // What is under way may use less than is reserved for it.
                if (busy == 0) {
                    why = refusal.problem();
                    stopping = true;
                    return Optional.empty();
                }
            }
            wait = busy > 0 ? OWN_ARE_OUT : OTHERS_ARE_OUT;
            progress.show(tally, left);
        }
        time.sleep(wait);
        return Optional.empty();
    }

    private Optional<Unit> taken(Loop.Batch batch) {
        busy++;
        return Optional.of(batch.units().getFirst());
    }

    /// Longer than the answer may take, all retries included.
    private Duration lease() {
        var longest = access.requestTime().plus(LONGEST_PAUSE).multipliedBy(access.retries() + 1L);
        return longest.compareTo(SHORTEST_LEASE) < 0 ? SHORTEST_LEASE : longest;
    }

    private void answer(Unit unit) throws InterruptedException {
        var model = unit.model().or(access::model);
        if (model.isEmpty()) {
            throw new Refused(
                    Reason.MISSING_FIELD,
                    "The prompt names no model, and neither does --model (ASSAY_MODEL).",
                    "Run it with --model NAME; the lease comes back when its time is over.");
        }
        var question = new Question(model.get(), unit.messages(), unit.parameters());
        for (var failures = 0; ; ) {
            switch (endpoint.ask(question)) {
                case Reply.Said said -> {
                    proven();
                    record(unit, said);
                    return;
                }
                case Reply.Failed failed -> {
                    proven();
                    recordFailure(unit, failed.why());
                    return;
                }
                case Reply.Rejected rejected -> {
                    if (!isProven()) {
                        throw stopped(
                                rejected.why(),
                                "Nothing was recorded of it. Correct model and parameters of the prompt, or the endpoint.");
                    }
                    recordFailure(unit, rejected.why());
                    return;
                }
                case Reply.Misconfigured wrong ->
                        throw stopped(
                                wrong.why(),
                                "Nothing was recorded of it. Correct --endpoint, --api, the model or ASSAY_API_KEY.");
                case Reply.Unavailable unavailable -> {
                    failures++;
                    if (failures > access.retries()) {
                        giveUp(unit, unavailable);
                        return;
                    }
                    change(Tally::plusRetry);
                    waitFor(unavailable, failures);
                }
            }
        }
    }

    private void waitFor(Reply.Unavailable unavailable, int failures) throws InterruptedException {
        var pause = pace.pause(failures);
        var wait = unavailable.after().filter(after -> after.compareTo(pause) > 0).orElse(pause);
        if (unavailable.isBusy()) {
            pace.close(wait);
        } else {
            time.sleep(wait);
        }
        pace.awaitTurn();
    }

    /// A model that was reached and failed is an outcome of its prompt. An endpoint that takes no
    /// questions, or always fails, is none.
    private void giveUp(Unit unit, Reply.Unavailable unavailable) {
        int failed;
        synchronized (this) {
            failed = ++streak;
        }
        if (unavailable.isBusy() || !unavailable.isReached() || failed > LONGEST_STREAK) {
            throw stopped(
                    unavailable.why(),
                    "Nothing was recorded of it. Run it again when the endpoint answers: it goes on where it stopped.");
        }
        recordFailure(unit, unavailable.why());
    }

    private Refused stopped(String why, String repair) {
        return new Refused(Reason.INVALID_REQUEST, "The endpoint: " + why + ".", repair);
    }

    private synchronized void proven() {
        proven = true;
        streak = 0;
    }

    private synchronized boolean isProven() {
        return proven;
    }

    private void record(Unit unit, Reply.Said said) {
        var outcome = JsonNodeFactory.instance.objectNode();
        var isRun = unit.purpose() == Unit.Purpose.RUN;
        outcome.put(isRun ? "output" : "answer", said.text());
        var metrics = outcome.putObject("metrics").put("latencyMs", said.latency().toMillis());
        said.inputTokens().ifPresent(tokens -> metrics.put(Endpoint.INPUT, tokens));
        said.outputTokens().ifPresent(tokens -> metrics.put(Endpoint.OUTPUT, tokens));
        said.cost().ifPresent(cost -> metrics.put(Endpoint.COST, cost));
        try {
            var _ = keep(unit, outcome, isRun ? Tally::plusRecorded : Tally::plusJudged);
        } catch (Refused refusal) {
            if (!isOfTheAnswer(refusal)) {
                throw refusal;
            }
            // An answer that cannot be taken for one: that is how this prompt, or judge, fared.
            recordFailure(unit, refusal.problem());
        }
    }

    /// Not so where the source of a judge or a metric is wrong: that is no fault of a prompt.
    private static boolean isOfTheAnswer(Refused refusal) {
        return switch (refusal.reason()) {
            case TOO_LARGE -> true;
            case INVALID_VALUE -> refusal.field().filter(OF_AN_ANSWER::contains).isPresent();
            default -> false;
        };
    }

    /// An output that could not be judged goes on waiting, and would be leased again for ever.
    private void recordFailure(Unit unit, String why) {
        var id =
                keep(
                        unit,
                        JsonNodeFactory.instance.objectNode().put("error", why),
                        Tally::plusFailed);
        if (unit.purpose() == Unit.Purpose.JUDGE && id.isPresent() && isUnjudged(id.get())) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "The judge gave no verdict on %s in %d attempts, the last time: %s"
                            .formatted(Quoted.of(id.get()), MOST_ATTEMPTS, why),
                    "Change the template or the model of the judge in a new experiment, or judge that output yourself, before you run this again; the run ended, and nothing more is sent.");
        }
    }

    private synchronized boolean isUnjudged(String id) {
        return unjudged.merge(id, 1, Integer::sum) >= MOST_ATTEMPTS;
    }

    /// @return the id of the unit, unless its lease was lost
    private Optional<String> keep(Unit unit, ObjectNode outcome, UnaryOperator<Tally> counted) {
        try {
            var id = loop.record(unit.lease(), outcome);
            change(counted);
            return Optional.of(id);
        } catch (Refused refusal) {
            if (refusal.reason() != Reason.LEASE_EXPIRED) {
                throw refusal;
            }
            change(Tally::plusLost);
            return Optional.empty();
        }
    }

    private synchronized void change(UnaryOperator<Tally> how) {
        tally = how.apply(tally);
    }
}
