package assay.scripting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.PolyglotException.StackFrame;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/// A world for one script, with `$` in it. Only strings and numbers cross its border, and the one
/// object that does, a thrown error, is looked at and dropped.
final class Realm implements AutoCloseable {
    /// What a realm is made for, before its script is known.
    ///
    /// @param api what `$` holds, as in [Script#api]
    /// @param statements how many its script may execute
    record Shape(String api, long statements) {}

    private static final Source PRELUDE = Program.source(prelude(), "prelude.js", true, true);
    private static final int LONGEST_MESSAGE = 600;

    private final Context context;
    private final Parsers parsers;
    private final Value start;
    private final Value explain;
    private @Nullable Run run;
    private @Nullable Program program;
    private @Nullable Ending end;
    private boolean failed;

    Realm(Engine engine, Shape shape) {
        context =
                Confinement.context(
                        engine, shape.statements(), () -> run().stop(Outcome.Limit.STATEMENTS));
        parsers = new Parsers(context, loading -> () -> run().unbilled(loading));
        var functions =
                context.eval(PRELUDE)
                        .execute(
                                (ProxyExecutable) this::call,
                                (ProxyExecutable) this::write,
                                (ProxyExecutable) this::returned,
                                (ProxyExecutable) this::threw,
                                (ProxyExecutable) this::outside,
                                shape.api());
        start = functions.getArrayElement(0);
        explain = functions.getArrayElement(1);
    }

    /// Runs a script. To be called once, on a thread with a large stack.
    ///
    /// @return what it came to, unless the run was stopped meanwhile
    Ending run(Script script, Run run, Programs programs) {
        this.run = run;
        try {
            program = programs.of(script.source(), parsers);
            execute(script, program);
        } catch (UnreadableScript unreadable) {
            end =
                    logs ->
                            new Outcome.Unreadable(
                                    cut(unreadable.problem()),
                                    Optional.of(unreadable.at()),
                                    unreadable.repair(),
                                    logs);
        } catch (PolyglotException thrown) {
            end = endedBy(thrown, script.limits());
        } catch (OutOfMemoryError full) {
            end = run.full();
        }
        return end == null ? Ending.over(Outcome.Limit.PENDING, script.limits()) : end;
    }

    /// True when something failed for want of memory.
    static boolean isFull(Throwable failed) {
        return failed instanceof OutOfMemoryError
                || (failed instanceof PolyglotException thrown
                        && thrown.isResourceExhausted()
                        && !thrown.isCancelled());
    }

    /// Ends whatever runs here. Any thread may call this; it waits until the script's thread is
    /// out.
    @Override
    public void close() {
        try {
            context.close(true);
        } catch (RuntimeException ended) {
            // Whoever still runs here is told so by an exception of his own.
        }
    }

    private void execute(Script script, Program program) {
        var chance = new SplittableRandom(script.seed());
        start.executeVoid(
                parsers.parse(program.source()).execute(),
                program.callable(),
                script.params(),
                (double) script.now().toEpochMilli(),
                chance.nextInt(),
                chance.nextInt(),
                chance.nextInt());
    }

    private Ending endedBy(PolyglotException thrown, Limits limits) {
        // A script over its limit is cancelled as well.
        if (thrown.isResourceExhausted()) {
            return thrown.isCancelled() ? Ending.over(Outcome.Limit.STACK, limits) : run().full();
        }
        if (thrown.isCancelled()) {
            return Outcome.Cancelled::new;
        }
        var error = thrown.getGuestObject();
        if (error == null || thrown.isInternalError()) {
            return threw("The script engine failed on this script.", thrown, Optional.empty());
        }
        return explained(error, thrown, limits);
    }

    /// A rejection that nobody handled comes past the prelude, which alone knows what was refused.
    private Ending explained(Value error, PolyglotException thrown, Limits limits) {
        if (!failed) {
            try {
                explain.executeVoid(error);
            } catch (PolyglotException again) {
                return again.isGuestException() && !again.isCancelled()
                        ? threw(
                                "The script threw what cannot be printed.",
                                thrown,
                                Optional.empty())
                        : endedBy(again, limits);
            }
        }
        return Objects.requireNonNull(end);
    }

    private Run run() {
        return Objects.requireNonNull(run, "the prelude calls nobody");
    }

    // What the prelude calls. Null tells it that the script has ended.

    private @Nullable Object call(Value... arguments) {
        return switch (run().call(arguments[0].asString(), arguments[1].asString())) {
            case Host.Answer.Value(var json) -> json;
            case Host.Answer.Refusal(var json) -> "!" + json;
            case Host.Answer.Abandon _ -> null;
            case null -> null;
        };
    }

    private @Nullable Object write(Value... arguments) {
        return run().log(arguments[0].asString()) ? true : null;
    }

    private @Nullable Object returned(Value... arguments) {
        var json = arguments[0].asString();
        end = logs -> new Outcome.Returned(json, logs);
        return run().accepts(json) ? true : null;
    }

    private Object threw(Value... arguments) {
        if (!failed) {
            failed = true;
            var refusal = arguments[2];
            end =
                    threw(
                            arguments[0].asString(),
                            exception(arguments[1]),
                            refusal.isNull() ? Optional.empty() : Optional.of(refusal.asString()));
        }
        return true;
    }

    /// The variables that a function needs and does not have; null when it cannot be read.
    private @Nullable Object outside(Value... arguments) {
        return parsers.whole()
                .outside(arguments[0].asString(), arguments[1].asString())
                .orElse(null);
    }

    private Ending threw(
            String message, @Nullable PolyglotException thrown, Optional<String> refusal) {
        var at = thrown == null ? Optional.<Outcome.Position>empty() : position(thrown);
        return logs -> new Outcome.Threw(cut(message), at, refusal, logs);
    }

    private static @Nullable PolyglotException exception(Value error) {
        if (error.isException()) {
            try {
                error.throwException();
            } catch (PolyglotException thrown) {
                return thrown;
            }
        }
        return null;
    }

    /// The innermost place in the agent's own text: a refusal is made in the prelude, below it.
    private Optional<Outcome.Position> position(PolyglotException thrown) {
        var frames =
                StreamSupport.stream(thrown.getPolyglotStackTrace().spliterator(), false)
                        .filter(StackFrame::isGuestFrame)
                        .map(StackFrame::getSourceLocation);
        return program == null
                ? Optional.empty()
                : Stream.concat(
                                Stream.of(Optional.ofNullable(thrown.getSourceLocation())),
                                frames.map(Optional::ofNullable))
                        .flatMap(Optional::stream)
                        .flatMap(section -> program.position(section).stream())
                        .findFirst();
    }

    private static String cut(String message) {
        return message.length() <= LONGEST_MESSAGE
                ? message
                : message.substring(0, LONGEST_MESSAGE - 1) + "…";
    }

    private static String prelude() {
        try (var text = Realm.class.getResourceAsStream("prelude.js")) {
            return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
