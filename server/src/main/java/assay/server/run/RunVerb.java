package assay.server.run;

import assay.domain.Caller;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.server.cli.ModelAccess;
import assay.tools.Tools;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// The verb `run`: has a leased experiment answered by a model that the user named.
public final class RunVerb {
    /// How long answers under way may still take once the process is told to end.
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final int BYTES_OF_NAME = 4;

    private final Tools tools;
    private final Caller caller;
    private final ModelAccess access;
    private final PrintStream err;
    private final boolean isTerminal;

    /// @param err where the progress goes
    public RunVerb(
            Tools tools, Caller caller, ModelAccess access, PrintStream err, boolean isTerminal) {
        this.tools = tools;
        this.caller = caller;
        this.access = access;
        this.err = err;
        this.isTerminal = isTerminal;
    }

    /// Runs an experiment until all its units are recorded, its budget is used up, or the process
    /// is told to end. Called again it goes on.
    ///
    /// @param idOrSlug of the experiment
    /// @param closing to be done before a process that was told to end is gone
    /// @return `{experiment, recorded, failed, judged, retries, lost, left, why, brief}`
    /// @throws Refused if no endpoint is configured, the experiment cannot be run, or the endpoint
    ///   answers nothing
    public ObjectNode run(String idOrSlug, Runnable closing) throws InterruptedException {
        if (access.endpoint().isEmpty()) {
            throw new Refused(
                    Reason.INVALID_REQUEST,
                    "No endpoint is configured, and nothing is sent anywhere without one.",
                    "Set ASSAY_ENDPOINT to the base address of your model's API, such as http://127.0.0.1:11434/v1, %s to its key, and ASSAY_API to openai or anthropic."
                            .formatted(ModelAccess.KEY));
        }
        var random = new SecureRandom();
        var name = new byte[BYTES_OF_NAME];
        random.nextBytes(name);
        var loop = new ToolLoop(tools, caller, idOrSlug, "run-" + HexFormat.of().formatHex(name));
        try (var endpoint = new Endpoint(access, Time.REAL)) {
            var crew =
                    new Crew(
                            loop,
                            endpoint,
                            new Pace(Time.REAL, random, access.perMinute()),
                            Time.REAL,
                            access,
                            new Progress(err, isTerminal, Time.REAL),
                            access.judges() && loop.hasModelAsJudge());
            return report(loop, work(crew, closing));
        }
    }

    /// The end of the process is told to the crew, which finishes what is under way.
    private static Crew.Report work(Crew crew, Runnable closing) throws InterruptedException {
        var ended = new CountDownLatch(1);
        var worker = Thread.currentThread();
        var ending =
                new Thread(
                        () -> {
                            crew.stop();
                            try {
                                if (!ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                                    worker.interrupt();
                                    ended.await(1, TimeUnit.SECONDS);
                                }
                            } catch (InterruptedException now) {
                                Thread.currentThread().interrupt();
                            }
                            closing.run();
                        },
                        "assay-end");
        Runtime.getRuntime().addShutdownHook(ending);
        try {
            return crew.work();
        } finally {
            ended.countDown();
            forget(ending);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook is what ended the work.
        }
    }

    private static ObjectNode report(ToolLoop loop, Crew.Report report) {
        if (report.refused().isPresent()) {
            throw report.refused().get().with("run", report.tally().toJson());
        }
        return report.tally()
                .toJson()
                .put("left", report.left())
                .put("why", report.why())
                .put("experiment", loop.id())
                .put("brief", loop.brief());
    }
}
