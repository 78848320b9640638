package assay.scripting;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One script being run: what it has used up, why it was stopped if it was, and what it came to.
///
/// Three threads meet here: the caller, who waits; the script's, which works; and the watchdog's.
/// Every call of the host passes through here, and none begins once the caller has its answer.
///
/// A host may run another script while it answers. That one ends when this one is stopped.
final class Run {
    /// The run that the host answers on this thread.
    static final ScopedValue<Run> ANSWERED = ScopedValue.newInstance();

    private static final long GRACE_NANOS = 90_000_000;

    private final Host host;
    private final Limits limits;
    private final Ending full;
    private final CompletableFuture<Outcome> answer = new CompletableFuture<>();
    private final Log log;

    private @Nullable Runnable killer;
    private @Nullable Run inner;
    private @Nullable Ending stop;
    private @Nullable Throwable failure;
    private @Nullable Allocation allocation;
    private long startedAt;
    private long killedAt;
    private int hostCalls;
    private boolean inHost;
    private boolean isUnbilled;
    private boolean isKilled;
    private volatile boolean hasLeft;

    /// @param full how it ends when it has filled the heap
    Run(Host host, Limits limits, Ending full) {
        this.host = host;
        this.limits = limits;
        this.full = full;
        log = new Log(limits.logCharacters());
    }

    // The caller's side.

    /// Begins to run a script on behalf of the host that answers this one.
    ///
    /// @return false when this one has been stopped, and the other must not begin
    synchronized boolean enclose(Run other) {
        inner = other;
        return stop == null;
    }

    /// Waits for the outcome. An interrupt while waiting stops the script.
    Outcome await() {
        return Waiting.until(answer, () -> stop(Outcome.Cancelled::new));
    }

    // The script's side.

    /// From here on the script uses up its limits.
    ///
    /// @param kill stops it, from whichever thread
    /// @return false when it has been stopped before it began
    synchronized boolean begin(Runnable kill) {
        killer = kill;
        allocation = new Allocation();
        startedAt = System.nanoTime();
        return stop == null;
    }

    /// Calls the host on behalf of the script.
    ///
    /// @return its answer, null when the script must end instead
    Host.@Nullable Answer call(String function, String arguments) {
        var billed = enterHost();
        if (billed == null) {
            return null;
        }
        try {
            var given =
                    arguments.length() > limits.resultCharacters()
                            ? tooLong(function, arguments.length())
                            : ScopedValue.where(ANSWERED, this)
                                    .call(() -> host.call(function, arguments));
            if (given instanceof Host.Answer.Abandon(var why)) {
                stop(logs -> new Outcome.Abandoned(why, logs));
            }
            return leaveHost(billed) ? given : null;
        } catch (RuntimeException | Error thrown) {
            if (thrown instanceof OutOfMemoryError) {
                stopForRoom();
            } else {
                fail(thrown);
            }
            leaveHost(billed);
            return null;
        }
    }

    /// The host would have to build a tree of this, which takes many times as much room.
    private Host.Answer tooLong(String function, int characters) {
        return new Host.Answer.Refusal(
                """
                {"reason":"too_large","message":"The arguments of $.%s are %,d characters of JSON, more than the limit of %,d.","repair":"Send less with one call, and the rest with further calls."}\
                """
                        .formatted(function, characters, limits.resultCharacters()));
    }

    /// Does work of the sandbox's own on the script's thread, for which the script pays neither
    /// time nor memory. It can be killed like the script.
    <T> T unbilled(Supplier<T> work) {
        long began = beginUnbilled();
        try {
            return work.get();
        } finally {
            endUnbilled(began);
        }
    }

    /// Adds a line to the log.
    ///
    /// @return false when the script must end instead
    boolean log(String line) {
        var goesOn = noted(line);
        if (goesOn) {
            host.logged(line);
        }
        return goesOn;
    }

    private synchronized boolean noted(String line) {
        if (stop == null && !log.add(line)) {
            stop(Outcome.Limit.LOGS);
        }
        return stop == null;
    }

    /// Looks at the result.
    ///
    /// @return false when it is too long
    boolean accepts(String json) {
        if (json.length() <= limits.resultCharacters()) {
            return true;
        }
        stop(Outcome.Limit.RESULT);
        return false;
    }

    /// How the script ends when there is no memory left for it.
    Ending full() {
        return full;
    }

    /// The script's thread is done with it.
    ///
    /// @param end what the script came to, unless it was stopped
    void finish(Ending end) {
        synchronized (this) {
            stop = stop == null ? end : stop;
        }
        Scarcity.insist(this::settle);
    }

    /// The script's thread will not come back to this run.
    void leave() {
        hasLeft = true;
    }

    /// True when no thread works on this run any more.
    boolean hasLeft() {
        return hasLeft;
    }

    /// Something of ours broke; the caller is to hear of it.
    synchronized void fail(Throwable thrown) {
        failure = thrown;
        stop(Outcome.Cancelled::new);
    }

    void stop(Outcome.Limit limit) {
        stop(Ending.over(limit, limits));
    }

    /// Ends the script. The first reason counts.
    synchronized void stop(Ending why) {
        if (stop != null) {
            return;
        }
        stop = why;
        kill();
        if (inner != null) {
            inner.stop(Outcome.Cancelled::new);
        }
    }

    // The watchdog's side.

    /// Stops the script when it has used up its time or its memory.
    ///
    /// @return whether it goes on although it was stopped, and its caller should wait no longer
    synchronized boolean isBeyondControl() {
        if (allocation == null || isUnbilled || answer.isDone()) {
            return false;
        }
        long now = System.nanoTime();
        long running = now - startedAt;
        if (stop != null) {
            kill();
            long overdue = running - limits.time().toNanos();
            return Math.max(overdue, inHost ? overdue : now - killedAt) > GRACE_NANOS;
        }
        if (running > limits.time().toNanos()) {
            stop(Outcome.Limit.TIME);
        } else if (allocation.exceeds(limits.allocatedBytes())) {
            stop(Outcome.Limit.MEMORY);
        }
        return false;
    }

    /// Bytes the script has allocated; 0 before it begins and when it has been stopped.
    synchronized long allocated() {
        return allocation == null || stop != null ? 0 : allocation.bytes();
    }

    /// Stops the script because the heap is full.
    void stopForRoom() {
        stop(full);
    }

    /// Answers the caller in place of the script.
    void giveUp() {
        settle();
    }

    private synchronized void settle() {
        if (failure != null) {
            answer.completeExceptionally(failure);
        } else if (stop != null) {
            answer.complete(stop.with(log.lines()));
        }
    }

    private synchronized @Nullable Allocation enterHost() {
        if (stop != null || allocation == null) {
            return null;
        }
        if (hostCalls++ >= limits.hostCalls()) {
            stop(Outcome.Limit.HOST_CALLS);
            return null;
        }
        inHost = true;
        allocation.pause();
        return allocation;
    }

    private synchronized long beginUnbilled() {
        isUnbilled = true;
        if (allocation != null) {
            allocation.pause();
        }
        return System.nanoTime();
    }

    private synchronized void endUnbilled(long began) {
        isUnbilled = false;
        startedAt += System.nanoTime() - began;
        if (allocation != null) {
            allocation.resume();
        }
    }

    private synchronized boolean leaveHost(Allocation billed) {
        inHost = false;
        inner = null;
        billed.resume();
        kill();
        return stop == null;
    }

    private synchronized void kill() {
        // Killing interrupts the script's thread, and the host's files and locks must not see that.
        if (stop == null || killer == null || inHost || isKilled) {
            return;
        }
        killedAt = System.nanoTime();
        try {
            killer.run();
            isKilled = true;
        } catch (OutOfMemoryError full) {
            // There was no room for a thread that does it. The watchdog tries again.
            Thread.onSpinWait();
        }
    }
}
