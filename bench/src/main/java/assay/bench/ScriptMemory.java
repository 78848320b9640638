package assay.bench;

import assay.scripting.Host;
import assay.scripting.InProcessSandbox;
import assay.scripting.Limits;
import assay.scripting.Outcome;
import assay.scripting.Sandbox;
import assay.scripting.Script;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/// What scripts leave behind in a process that runs many: resident memory and live heap after 2,000
/// and after 10,000 scripts, a tenth of which nobody has seen before, and the heap that one realm
/// takes which waits for its script.
public final class ScriptMemory {
    private static final int FIRST = 2_000;
    private static final int LAST = 10_000;

    /// A sandbox keeps this many realms for each of so many kinds of script.
    private static final int SPARE = 4;

    private static final int KINDS = 4;

    private ScriptMemory() {}

    /// Runs and prints all.
    public static void main(String[] words) throws IOException, InterruptedException {
        var out = System.out;
        try (var sandbox = new InProcessSandbox()) {
            for (var script = 1; script <= LAST; script++) {
                run(sandbox, script, 0);
                if (script == FIRST || script == LAST) {
                    print(out, script);
                }
            }
            var one = heapMib();
            for (var kind = 1; kind < KINDS; kind++) {
                run(sandbox, 0, kind);
            }
            Thread.sleep(2_000);
            out.printf(
                    "one realm that waits: %.0f KiB%n",
                    (heapMib() - one) * 1024 / (SPARE * (KINDS - 1)));
        }
    }

    private static void print(PrintStream out, int scripts) throws IOException {
        // Read before the collection, which gives memory back.
        var resident = residentMib();
        out.printf(
                "after %,d scripts: %.1f MiB resident, %.1f MiB of heap live%n",
                scripts, resident, heapMib());
    }

    private static void run(Sandbox sandbox, int number, int kind) {
        var text =
                "const rows = []; for (let i = 0; i < 100; i++) rows.push(await $.echo({ i, name: 'row ' + i })); return rows.length + %d"
                        .formatted(number % 10 == 0 ? number : 0);
        var api = "{\"\": [\"echo\", \"kind%d\"]}".formatted(kind);
        var script = new Script(text, "{\"a\": 1}", api, Instant.EPOCH, number, Limits.DEFAULT);
        var outcome = sandbox.run(script, (_, arguments) -> new Host.Answer.Value(arguments));
        if (!(outcome instanceof Outcome.Returned)) {
            throw new IllegalStateException(outcome.toString());
        }
    }

    /// After a full collection.
    private static double heapMib() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed() / 1048576.0;
    }

    private static double residentMib() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IllegalStateException("this system does not tell how much memory is resident");
    }
}
