package assay.scripting;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A sandbox that runs scripts in processes of their own, which have a hard limit on memory and can
/// be ended whatever they do.
///
/// At most as many scripts run at the same time as there are cores; further ones wait. One process
/// more than are busy is kept ready; all but two are ended when nobody has used them for a minute.
/// A process is ended, and the next one started, when a script could not be stopped in it or has
/// filled its memory.
///
/// The first process is started by the first script, not by the constructor.
public final class ChildProcessSandbox implements Sandbox {
    /// What the engine holds in a process beside the script, in bytes.
    private static final long BASE = 20L << 20;

    /// What the collector needs to work with, in bytes.
    private static final long ROOM = 28L << 20;

    private static final Duration GRACE = Duration.ofMillis(150);

    private static final Duration REST = Duration.ofMinutes(1);

    /// One for the next script, and the spare one, which would else be started with each script.
    private static final int KEPT = 2;

    private static final List<Path> NICE = List.of(Path.of("/usr/bin/nice"), Path.of("/bin/nice"));

    private final long heapBytes;
    private final Optional<Path> cache;
    private final Duration grace;
    private final Duration rest;
    private final Semaphore places =
            new Semaphore(Runtime.getRuntime().availableProcessors(), true);
    private final ScheduledThreadPoolExecutor timer = timer();
    private final Deque<Child> idle = new ArrayDeque<>();
    private final Set<Child> all = new HashSet<>();
    private boolean closed;

    /// @param heapBytes how much memory a script may hold at any one time
    /// @param cache an ahead-of-time cache of the JVM, used if the file is there
    public ChildProcessSandbox(long heapBytes, Optional<Path> cache) {
        this(heapBytes, cache, GRACE);
    }

    /// @param grace how long a process may take to stop a script by itself before it is killed
    ChildProcessSandbox(long heapBytes, Optional<Path> cache, Duration grace) {
        this(heapBytes, cache, grace, REST);
    }

    /// @param rest how long more than [#KEPT] processes are kept for the next scripts
    ChildProcessSandbox(long heapBytes, Optional<Path> cache, Duration grace, Duration rest) {
        this.heapBytes = heapBytes;
        this.cache = cache;
        this.grace = grace;
        this.rest = rest;
    }

    /// How many processes there are.
    synchronized int processes() {
        return all.size();
    }

    /// {@inheritDoc}
    ///
    /// Takes at most the time limit and some 200 ms, and before that as long as it has to wait for
    /// a process. The log of a script whose process had to be ended is lost with it.
    ///
    /// @throws IllegalStateException if the sandbox is closed, if the host threw, or if no process
    ///   can be started
    @Override
    public Outcome run(Script script, Host host) {
        if (Child.ANSWERED.isBound()) {
            return Child.ANSWERED.get().runInside(script, host);
        }
        try {
            places.acquire();
        } catch (InterruptedException interrupted) {
            return new Outcome.Cancelled(List.of());
        }
        try {
            return runInOne(script, host);
        } finally {
            places.release();
        }
    }

    /// Starts a process unless one is ready, and does not wait for it.
    @Override
    public synchronized void warm() {
        keepSpare();
    }

    /// Ends all processes. Scripts that run are cancelled.
    @Override
    public synchronized void close() {
        closed = true;
        all.forEach(Child::close);
        all.clear();
        idle.clear();
    }

    private Outcome runInOne(Script script, Host host) {
        while (true) {
            var child = take();
            try {
                var outcome = child.ready().run(script, host);
                if (outcome != null) {
                    return outcome;
                }
            } catch (InterruptedException interrupted) {
                return new Outcome.Cancelled(List.of());
            } finally {
                giveBack(child);
            }
        }
    }

    private synchronized Child take() {
        if (closed) {
            throw new IllegalStateException("The sandbox is closed.");
        }
        var child = usable();
        if (child == null) {
            return start();
        }
        // Two that start at once would both be late.
        if (child.isReady()) {
            replace();
        }
        return child;
    }

    private synchronized void giveBack(Child child) {
        if (child.isUsable() && !closed) {
            child.rest();
            idle.addFirst(child);
            if (idle.size() > KEPT) {
                var _ = timer.schedule(this::reap, rest.toNanos(), TimeUnit.NANOSECONDS);
            }
        } else {
            discard(child);
            replace();
        }
    }

    /// The outcome of a script is not lost because the next process does not start: the next script
    /// will try again, and say so if that fails too.
    private void replace() {
        try {
            keepSpare();
        } catch (UncheckedIOException problem) {
            System.getLogger("assay.scripting")
                    .log(System.Logger.Level.WARNING, "no spare process for scripts", problem);
        }
    }

    private synchronized void reap() {
        while (idle.size() > KEPT && idle.getLast().hasRested(rest)) {
            discard(idle.removeLast());
        }
    }

    private @Nullable Child usable() {
        for (var child = idle.poll(); child != null; child = idle.poll()) {
            if (child.isUsable()) {
                return child;
            }
            discard(child);
        }
        return null;
    }

    private void discard(Child child) {
        all.remove(child);
        child.close();
    }

    private void keepSpare() {
        if (!closed && idle.isEmpty()) {
            idle.add(start());
        }
    }

    private Child start() {
        try {
            var child = Child.start(command(), heapBytes, grace.toNanos(), timer);
            all.add(child);
            return child;
        } catch (IOException problem) {
            throw new UncheckedIOException("A process for scripts cannot be started.", problem);
        }
    }

    private ProcessBuilder command() {
        var words = new ArrayList<String>();
        // Scripts must not take the time of those who wait for the server.
        NICE.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .ifPresent(nice -> words.addAll(List.of(nice.toString(), "-n", "5")));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(FLAGS);
        words.add("-Xmx" + (heapBytes + BASE + ROOM));
        cache.filter(Files::isRegularFile).ifPresent(file -> words.add("-XX:AOTCache=" + file));
        words.addAll(
                List.of(
                        "-cp",
                        classPath(),
                        SandboxProcess.class.getName(),
                        Long.toString(heapBytes),
                        Long.toString(BASE)));
        var command = new ProcessBuilder(words);
        command.environment().clear();
        // Without a locale Java could not read a class path outside ASCII.
        command.environment().put("LC_ALL", "C.UTF-8");
        return command;
    }

    private static final List<String> FLAGS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xlog:disable",
                    "-Xlog:all=warning:stderr",
                    "-XX:+DisplayVMOutputToStderr",
                    "-XX:+ErrorFileToStderr",
                    "-XX:-CreateCoredumpOnCrash",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:+DisableAttachMechanism",
                    "-XX:-UsePerfData",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private static String classPath() {
        var entries = new ArrayList<String>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                entries.add(Path.of(entry).toAbsolutePath().toString());
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private static ScheduledThreadPoolExecutor timer() {
        var timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("script-deadlines").daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(1, TimeUnit.MINUTES);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }
}
