package assay.scripting;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One script that a child runs, as its parent sees it: calls are let through to the host, and what
/// the child says is held against the limits once more, because a child could be lying.
///
/// Three threads meet here: the caller, who waits; the one that reads what the child says, and
/// calls the host; and the one that knows when the time is up. No call of the host begins once the
/// caller has its answer.
final class Errand {
    private final int number;
    private final Script script;
    private final Host host;
    private final @Nullable Errand outer;
    private final CompletableFuture<Outcome> answer = new CompletableFuture<>();

    private @Nullable Errand inner;
    private @Nullable Throwable failure;
    private @Nullable Ending stop;
    private final Log heard;
    private int hostCalls;
    private boolean inHost;

    /// @param outer the script whose host asked for this one
    Errand(int number, Script script, Host host, @Nullable Errand outer) {
        this.number = number;
        this.script = script;
        this.host = host;
        this.outer = outer;
        heard = new Log(script.limits().logCharacters());
        if (outer != null) {
            outer.enclose(this);
        }
    }

    int number() {
        return number;
    }

    Script script() {
        return script;
    }

    @Nullable Errand outer() {
        return outer;
    }

    Limits limits() {
        return script.limits();
    }

    /// No frame that the child sends for this script is longer, in bytes.
    long longestFrame() {
        return (1L << 20) + 2L * limits().resultCharacters() + 10L * limits().logCharacters();
    }

    boolean isDone() {
        return answer.isDone();
    }

    /// Waits for the outcome.
    ///
    /// @param cancel called when the thread is interrupted meanwhile
    Outcome await(Runnable cancel) {
        return Waiting.until(answer, cancel);
    }

    /// The script was cancelled, unless it had to end for another reason before.
    ///
    /// @return whether a call of the host is under way, which is to be waited for
    synchronized boolean cancel() {
        if (stop == null) {
            stop = Outcome.Cancelled::new;
        }
        return inHost;
    }

    /// Calls the host on behalf of the script.
    ///
    /// @return what to tell the child; nothing when it must be ended because it broke its limits
    Host.@Nullable Answer call(String function, String arguments) {
        synchronized (this) {
            if (isDone() || stop != null) {
                return new Host.Answer.Abandon("it was stopped");
            }
            if (hostCalls++ >= limits().hostCalls()) {
                return null;
            }
            inHost = true;
        }
        try {
            return left(host.call(function, arguments));
        } catch (RuntimeException | Error thrown) {
            return failed(thrown);
        }
    }

    /// The script has written a line.
    synchronized void hear(String line) {
        var _ = heard.add(line);
    }

    /// The child says that the script has ended.
    synchronized void end(Outcome told) {
        if (inner != null) {
            inner.giveUp(Outcome.Cancelled::new);
        }
        var log = new Log(limits().logCharacters());
        for (var line : told.logs()) {
            log.add(line);
        }
        if (failure != null) {
            answer.completeExceptionally(failure);
        } else if (stop != null) {
            answer.complete(stop.with(log.lines()));
        } else if (told instanceof Outcome.Returned(var json, _)
                && json.length() > limits().resultCharacters()) {
            answer.complete(Ending.over(Outcome.Limit.RESULT, limits()).with(log.lines()));
        } else {
            answer.complete(told);
        }
    }

    /// Answers the caller now, without waiting for the child, with the lines that were heard so
    /// far.
    ///
    /// @param why unless there was a reason before
    synchronized void giveUp(Ending why) {
        if (inner != null) {
            inner.giveUp(Outcome.Cancelled::new);
        }
        if (failure != null) {
            answer.completeExceptionally(failure);
        } else {
            answer.complete((stop == null ? why : stop).with(heard.lines()));
        }
    }

    private synchronized void enclose(Errand other) {
        inner = other;
        if (isDone() || stop != null) {
            other.giveUp(Outcome.Cancelled::new);
        }
    }

    private synchronized Host.Answer left(Host.Answer given) {
        inHost = false;
        inner = null;
        if (given instanceof Host.Answer.Abandon(var why) && stop == null) {
            stop = logs -> new Outcome.Abandoned(why, logs);
        }
        return given;
    }

    private synchronized Host.Answer failed(Throwable thrown) {
        failure = thrown;
        return left(new Host.Answer.Abandon("its host failed"));
    }
}
