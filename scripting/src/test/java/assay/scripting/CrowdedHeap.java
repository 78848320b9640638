package assay.scripting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A process with so little memory that several growing scripts at once leave none to anybody: not
/// to the scripts, not to those who watch over them, not to those who wait for them.
final class CrowdedHeap {
    private static final int CLIENTS = 6;

    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(2), 1L << 40, 1L << 40, 100, 1_000, 10_000);

    private static final String[] SCRIPTS = {
        "const all = []; for (;;) all.push(new Array(1000).fill(1))",
        "const all = []; for (;;) all.push(new Uint8Array(1e6))",
        "const all = []; for (;;) all.push('x'.repeat(1000) + all.length)",
        "const m = new Map(); for (let i = 0;; i++) m.set(i, { i })",
        "for (let i = 0;; i++) await $.search(new Array(20000).fill(i))",
        "1 + 1",
    };

    private static final String FAILED = "an exception";

    private CrowdedHeap() {}

    /// @param arguments how many scripts each client sends
    static void main(String[] arguments) throws Exception {
        int each = Integer.parseInt(arguments[0]);
        try (var sandbox = new InProcessSandbox();
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            sandbox.warm();
            var answers = new ArrayList<Future<List<String>>>();
            for (int client = 0; client < CLIENTS; client++) {
                int first = client;
                answers.add(clients.submit(() -> send(sandbox, first, each)));
            }
            var ends = new ArrayList<String>();
            for (var answer : answers) {
                ends.addAll(answer.get());
            }
            System.out.printf(
                    "%d answered, %d of them by an exception%n",
                    ends.size(), ends.stream().filter(FAILED::equals).count());
            System.out.println(run(sandbox, "1 + 1", WithSandbox.AMPLE));
            // Whoever was given up ends a little later.
            while (sandbox.stuck() > 0) {
                Thread.sleep(5);
            }
            System.out.println(sandbox.stuck() + " stuck");
        }
    }

    private static List<String> send(Sandbox sandbox, int first, int each) {
        var ends = new ArrayList<String>();
        for (int i = 0; i < each; i++) {
            ends.add(run(sandbox, SCRIPTS[(first + i) % SCRIPTS.length], LIMITS));
        }
        return ends;
    }

    private static String run(Sandbox sandbox, String source, Limits limits) {
        try {
            return HostileContract.summary(
                    sandbox.run(WithSandbox.script(source, limits), new World()));
        } catch (IllegalStateException | OutOfMemoryError failed) {
            return FAILED;
        }
    }
}
