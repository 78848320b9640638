package assay.tools;

import assay.domain.Caller;
import assay.domain.store.DataFolder;
import assay.domain.store.Transaction;
import assay.domain.work.Due;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;

/// Starts and concludes experiments when their time has come: `startAt` of those that were told to
/// start before it, `endAt` of those that run; and moves the traffic of bandits. Each step is a
/// script of the actor `schedule`, so it is logged, has its hooks, and is done once though several
/// processes may try.
///
/// For use by one thread.
public final class Schedule {
    /// Who does it, in the action log.
    public static final String ACTOR = "schedule";

    /// How long a step that was refused waits, unless its experiment changes.
    private static final Duration PATIENCE = Duration.ofHours(1);

    /// A file may change without a change of its time.
    private static final Duration LONGEST_TRUST = Duration.ofMinutes(1);

    /// What was found due may not be so any more when the script has its turn. The traffic of a
    /// bandit moves when it is due and somebody asks for a variant, be it for nobody.
    private static final String SCRIPT =
            """
            const { id, verb, because } = params
            const experiment = await $.Experiment.get(id)
            const live = ['Started', 'Running', 'Paused'].includes(experiment?.status)
            const isDue = verb === 'start' ? experiment?.scheduled : live && experiment.endAt
            if (verb === 'reallocate') {
              if (live) await $.Experiment.assign(id, [])
            } else if (isDue && new Date(experiment[because]) <= new Date()) await $.Experiment[verb](id, { reason: because })
            """;

    private final DataFolder folder;
    private final Tools tools;
    private final InstantSource clock;
    private final Map<String, Seen> seen = new HashMap<>();
    private final Map<Due.Step, Instant> refused = new HashMap<>();
    private final Map<String, String> unreadable = new HashMap<>();

    public Schedule(DataFolder folder, Tools tools, InstantSource clock) {
        this.folder = folder;
        this.tools = tools;
        this.clock = clock;
    }

    /// What was known of a tenant when it was looked at last.
    ///
    /// @param stamp of its files
    /// @param next when something is to be done
    private record Seen(long stamp, Instant at, Optional<Instant> next) {
        boolean isEnough(long stampNow, Instant now) {
            return stamp == stampNow
                    && next.filter(time -> !time.isAfter(now)).isEmpty()
                    && now.isBefore(at.plus(LONGEST_TRUST));
        }
    }

    /// Does what is due in every tenant.
    ///
    /// @return how many steps were done
    public int run() throws InterruptedException {
        var done = 0;
        if (!folder.isReadOnly()) {
            for (var tenant : folder.tenants()) {
                done += tried(tenant);
            }
        }
        return done;
    }

    /// A tenant that cannot be read now may be readable later, and others can be now. What keeps it
    /// from being read is told once.
    private int tried(String tenant) throws InterruptedException {
        try {
            var done = run(tenant);
            unreadable.remove(tenant);
            return done;
        } catch (RuntimeException failure) {
            var why = String.valueOf(failure.getMessage());
            if (!why.equals(unreadable.put(tenant, why))) {
                Incident.note(
                        "the schedule of tenant %s could not be read: %s".formatted(tenant, why));
            }
            return 0;
        }
    }

    private int run(String tenant) throws InterruptedException {
        var now = clock.instant();
        var stamp = folder.stamp(tenant);
        var known = seen.get(tenant);
        if (known != null && known.isEnough(stamp, now)) {
            return 0;
        }
        Due due;
        try (var transaction = folder.begin(tenant, Transaction.Mode.READ)) {
            due = Due.at(folder.nouns(), transaction, now);
        }
        var done = 0;
        for (var step : due.now()) {
            if (refused.getOrDefault(step, Instant.MIN).isAfter(now)) {
                continue;
            }
            if (isDone(tenant, step)) {
                done++;
            } else {
                refused.values().removeIf(until -> !until.isAfter(now));
                refused.put(step, now.plus(PATIENCE));
            }
        }
        // What was done changed the files, so that they are looked at again: a step may ask for the
        // next one.
        seen.put(tenant, new Seen(stamp, now, due.next()));
        return done;
    }

    private boolean isDone(String tenant, Due.Step step) {
        var call = JsonNodeFactory.instance.objectNode().put("script", SCRIPT);
        call.putObject("params")
                .put("id", step.experiment())
                .put("verb", step.verb())
                .put("because", step.because());
        var reply =
                ScopedValue.where(Caller.CURRENT, new Caller(tenant, ACTOR, false))
                        .call(() -> tools.call("do", call));
        if (reply instanceof Reply.Not(var value)) {
            Incident.note(
                    "%s of %s in tenant %s at its %s was refused: %s"
                            .formatted(
                                    step.verb(),
                                    step.experiment(),
                                    tenant,
                                    step.because(),
                                    value.path("error").path("message").asString("")));
            return false;
        }
        return true;
    }
}
