package assay.scripting;

import java.io.OutputStream;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.ResourceLimits;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.io.IOAccess;

/// What a script can reach: nothing but its own realm. The settings of the engine and of every
/// context.
///
/// The sandbox policy stays at TRUSTED on purpose. A policy only validates what is asked for, and
/// the stricter ones refuse most of [#OPTIONS]; so every privilege is denied here one by one.
final class Confinement {
    /// Calls of functions that may be under way at the same time. The stack of [Workers] is large
    /// enough that this limit is met before the stack ends.
    static final int FRAMES = 1_000;

    /// Options of a context. The caps on strings and typed arrays keep a single built-in call from
    /// filling the heap before the watchdog looks; BigInt goes because Java's arithmetic on huge
    /// numbers cannot be interrupted.
    static final Map<String, String> OPTIONS =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("js.strict", "true"),
                            Map.entry("js.unhandled-rejections", "throw"),
                            Map.entry("js.ecmascript-version", "latest"),
                            Map.entry("js.stack-trace-limit", "20"),
                            Map.entry("js.locale", "en-US"),
                            Map.entry("js.load", "false"),
                            Map.entry("js.print", "false"),
                            Map.entry("js.console", "false"),
                            Map.entry("js.webassembly", "false"),
                            Map.entry("js.graal-builtin", "false"),
                            Map.entry("js.polyglot-builtin", "false"),
                            Map.entry("js.java-package-globals", "false"),
                            Map.entry("js.bigint", "false"),
                            Map.entry("js.shared-array-buffer", "false"),
                            Map.entry("js.atomics", "false"),
                            Map.entry("js.agent-can-block", "false"),
                            Map.entry("js.string-length-limit", "16000000"),
                            Map.entry("js.max-typed-array-length", "16000000"),
                            Map.entry("sandbox.MaxStackFrames", Integer.toString(FRAMES))));

    /// The engine demands that all its contexts share one and the same predicate.
    @SuppressWarnings("UnnecessaryLambda") // a method reference may be another object each time
    private static final Predicate<Source> COUNTED = source -> !source.isInternal();

    private Confinement() {}

    static Engine engine() {
        return Engine.newBuilder("js")
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .option("engine.WarnInterpreterOnly", "false")
                .build();
    }

    /// A new context.
    ///
    /// @param statements how many it may execute before it is cancelled
    /// @param exceeded told on the script's thread when it is
    static Context context(Engine engine, long statements, Runnable exceeded) {
        return Context.newBuilder("js")
                .engine(engine)
                .allowAllAccess(false)
                .allowHostAccess(HostAccess.CONSTRAINED)
                .allowIO(IOAccess.NONE)
                .allowPolyglotAccess(PolyglotAccess.NONE)
                .allowEnvironmentAccess(EnvironmentAccess.NONE)
                .allowCreateThread(false)
                .allowCreateProcess(false)
                .allowNativeAccess(false)
                .allowHostClassLookup(null)
                .allowHostClassLoading(false)
                .allowValueSharing(false)
                .allowInnerContextOptions(false)
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .timeZone(ZoneOffset.UTC)
                .allowExperimentalOptions(true)
                .options(OPTIONS)
                .resourceLimits(limits(statements, exceeded))
                .build();
    }

    private static ResourceLimits limits(long statements, Runnable exceeded) {
        var limits = ResourceLimits.newBuilder();
        if (statements < Long.MAX_VALUE) {
            limits.statementLimit(statements, COUNTED).onLimit(_ -> exceeded.run());
        }
        return limits.build();
    }
}
