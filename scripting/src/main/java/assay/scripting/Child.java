package assay.scripting;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A process that runs scripts, one at a time. A script whose host asks for another one waits while
/// that one runs in the same process, so that a pool of them cannot lock itself.
final class Child implements AutoCloseable {
    /// The child whose script's call the host answers on this thread.
    static final ScopedValue<Child> ANSWERED = ScopedValue.newInstance();

    private final Process process;
    private final long heapBytes;
    private final long graceNanos;
    private final ScheduledExecutorService timer;
    private final Pipe pipe;
    private final Tail errors;
    private final CompletableFuture<Child> ready = new CompletableFuture<>();

    private @Nullable Errand current;
    private @Nullable Ending killed;
    private int errands;
    private boolean ended;
    private boolean spent;
    private long idleSince = System.nanoTime();

    private Child(
            Process process, long heapBytes, long graceNanos, ScheduledExecutorService timer) {
        this.graceNanos = graceNanos;
        this.process = process;
        this.heapBytes = heapBytes;
        this.timer = timer;
        pipe = new Pipe(process.getInputStream(), process.getOutputStream());
        errors = Tail.of(process.getErrorStream());
    }

    /// Starts a process, which is of use as soon as it is [#ready].
    ///
    /// @param heapBytes what a script may hold
    /// @param graceNanos how long it may take to stop a script by itself, and to say so
    /// @param timer for deadlines
    static Child start(
            ProcessBuilder command, long heapBytes, long graceNanos, ScheduledExecutorService timer)
            throws IOException {
        var child = new Child(command.start(), heapBytes, graceNanos, timer);
        Thread.ofPlatform().name("script-child").daemon().start(child::listen);
        return child;
    }

    /// Waits until the engine is warm.
    ///
    /// @throws IllegalStateException if the process ended instead
    Child ready() throws InterruptedException {
        try {
            return ready.get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        }
    }

    boolean isReady() {
        return ready.isDone();
    }

    /// False when the process should be ended and not be used again.
    synchronized boolean isUsable() {
        return !ended && !spent && killed == null && process.isAlive();
    }

    /// Nobody will use it for a while.
    synchronized void rest() {
        idleSince = System.nanoTime();
    }

    /// True when nobody has used it for so long.
    synchronized boolean hasRested(Duration time) {
        return System.nanoTime() - idleSince >= time.toNanos();
    }

    /// Runs a script while no other one runs here.
    ///
    /// @return nothing when the process had ended before
    @Nullable Outcome run(Script script, Host host) {
        var errand = begin(script, host);
        if (errand == null) {
            return null;
        }
        var deadline = send(errand);
        try {
            return errand.await(() -> cancel(errand));
        } finally {
            deadline.run();
        }
    }

    /// Runs a script for the host that answers a call of another one here, on the thread on which
    /// it does so.
    Outcome runInside(Script script, Host host) {
        var errand = begin(script, host);
        if (errand == null) {
            return new Outcome.Cancelled(List.of());
        }
        var deadline = send(errand);
        try {
            while (!errand.isDone()) {
                handle(pipe.read());
            }
        } catch (IOException gone) {
            lost();
        } finally {
            deadline.run();
            leave(errand);
        }
        return errand.await(() -> cancel(errand));
    }

    /// Ends the process, and what it runs with it.
    @Override
    public void close() {
        kill(Outcome.Cancelled::new);
    }

    private synchronized @Nullable Errand begin(Script script, Host host) {
        if (!isUsable()) {
            return null;
        }
        current = new Errand(++errands, script, host, current);
        long longest = 0;
        for (var one = current; one != null; one = one.outer()) {
            longest = Math.max(longest, one.longestFrame());
        }
        pipe.accept(longest);
        return current;
    }

    private synchronized void leave(Errand errand) {
        current = errand.outer();
    }

    /// @return ends the watch over its time
    private Runnable send(Errand errand) {
        // The script outside bounds the one inside of it, whose end must not be the end of both.
        long grace = errand.outer() == null ? graceNanos : 5 * graceNanos;
        long patience = errand.limits().time().toNanos() + grace;
        var deadline = timer.schedule(() -> expire(errand), patience, TimeUnit.NANOSECONDS);
        write(new Frame.Run(errand.number(), errand.script()));
        return () -> deadline.cancel(false);
    }

    /// What cannot be sent was meant for a process that has ended, which the listener learns too.
    private void write(Frame frame) {
        try {
            pipe.write(frame);
        } catch (IOException gone) {
            process.destroyForcibly();
        }
    }

    private void cancel(Errand errand) {
        errand.cancel();
        write(new Frame.Cancel(errand.number()));
        insist(errand);
    }

    /// Ends the process if it does not stop the script that was cancelled. A call of the host that
    /// is under way is waited for.
    private void insist(Errand errand) {
        var _ =
                timer.schedule(
                        () -> {
                            if (errand.isDone()) {
                                return;
                            }
                            if (errand.cancel()) {
                                insist(errand);
                            } else {
                                expire(errand);
                            }
                        },
                        graceNanos,
                        TimeUnit.NANOSECONDS);
    }

    private void expire(Errand errand) {
        if (errand.isDone()) {
            return;
        }
        var over = Ending.over(Outcome.Limit.TIME, errand.limits());
        doom(logs -> endedWith(over.with(logs)));
        process.destroyForcibly();
        Scarcity.insist(() -> errand.giveUp(over));
    }

    private void kill(Ending why) {
        doom(why);
        process.destroyForcibly();
    }

    private synchronized void doom(Ending why) {
        if (killed == null) {
            killed = why;
        }
    }

    private static Outcome endedWith(Outcome other) {
        return other instanceof Outcome.OverLimit(var limit, var detail, var logs)
                ? new Outcome.OverLimit(
                        limit,
                        "A script that ran inside of this one, for instance a hook, could not be stopped otherwise than with it. "
                                + detail,
                        logs)
                : other;
    }

    private void listen() {
        try {
            while (true) {
                handle(pipe.read());
            }
        } catch (IOException gone) {
            lost();
        } catch (RuntimeException | Error broken) {
            kill(Child::broken);
            lost();
            throw broken;
        }
    }

    private void handle(Frame frame) throws IOException {
        switch (frame) {
            case Frame.Ready _ -> ready.complete(this);
            case Frame.Logged(var line) -> running().hear(line);
            case Frame.Call(var function, var arguments) -> answer(function, arguments);
            case Frame.Ended(int number, var outcome, boolean isSpent) ->
                    end(number, outcome, isSpent);
            case Frame.Run _, Frame.Cancel _, Frame.Answer _ ->
                    throw new IOException("a frame that only a parent sends");
        }
    }

    private void answer(String function, String arguments) throws IOException {
        var errand = running();
        var answer = ScopedValue.where(ANSWERED, this).call(() -> errand.call(function, arguments));
        // Whoever interrupted the host did not mean the thread that it was given.
        Thread.interrupted();
        if (answer == null) {
            kill(Ending.over(Outcome.Limit.HOST_CALLS, errand.limits()));
            throw new IOException("more calls than allowed");
        }
        pipe.write(new Frame.Answer(answer));
    }

    private void end(int number, Outcome outcome, boolean isSpent) throws IOException {
        var errand = running();
        if (errand.number() != number) {
            endEarly(errand, number, outcome);
        }
        synchronized (this) {
            spent |= isSpent;
            if (errand.outer() == null) {
                current = null;
            }
        }
        errand.end(outcome);
    }

    /// A script was given up while it waited for another one: both end, and their process.
    private void endEarly(Errand innermost, int number, Outcome outcome) throws IOException {
        doom(Outcome.Cancelled::new);
        for (var errand = innermost.outer(); errand != null; errand = errand.outer()) {
            if (errand.number() == number) {
                errand.end(outcome);
            }
        }
        throw new IOException("a script was given up while it waited");
    }

    private synchronized Errand running() throws IOException {
        if (current == null) {
            throw new IOException("a frame of no script");
        }
        return current;
    }

    /// The process has ended, or what it says makes no sense any more.
    private void lost() {
        process.destroyForcibly();
        var ending = lostBy();
        Errand innermost;
        synchronized (this) {
            ended = true;
            innermost = current;
        }
        if (innermost != null) {
            // The others wait for their hosts, and learn of it when those have answered.
            var left = innermost;
            Scarcity.insist(() -> left.giveUp(ending));
        }
        ready.completeExceptionally(
                new IllegalStateException(
                        "The process that runs scripts did not start: " + errors.text()));
    }

    private Ending lostBy() {
        synchronized (this) {
            if (killed != null) {
                return killed;
            }
        }
        int code = exitCode();
        return code == SandboxProcess.HEAP_FULL
                ? logs ->
                        new Outcome.OverLimit(Outcome.Limit.MEMORY, HeapGuard.held(heapBytes), logs)
                : Child::broken;
    }

    private static Outcome broken(List<String> logs) {
        var message = "The process that ran the script ended before the script did.";
        var refusal =
                """
                {"reason":"internal","message":"%s","repair":"Send the script again: nothing of this run was kept."}\
                """
                        .formatted(message);
        return new Outcome.Threw(message, Optional.empty(), Optional.of(refusal), logs);
    }

    private int exitCode() {
        try {
            return process.waitFor(1, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }
}
