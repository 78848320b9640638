package assay.scripting;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A process with little memory, in which a script fills the heap while somebody else works.
final class SmallHeap {
    /// None grows faster than a watchdog can see that gets little of a busy machine.
    private static final List<String> GROWING =
            List.of(
                    "if (n % 3000 === 0) all.push(new Uint8Array(1e5))",
                    "all.push({ i: [] })", "if (n % 3000 === 0) all.push('x'.repeat(1e5))");

    private SmallHeap() {}

    static void main() throws InterruptedException {
        var failures = new AtomicInteger();
        var other = Thread.ofPlatform().daemon().start(() -> work(failures));
        try (var sandbox = new InProcessSandbox()) {
            for (var growing : GROWING) {
                var source = "const all = []; for (let n = 0;; n++) " + growing;
                System.out.println(
                        sandbox.run(WithSandbox.script(source, WithSandbox.AMPLE), new World()));
            }
            System.out.println(failures + " failures, " + other.isAlive());
        }
    }

    private static void work(AtomicInteger failures) {
        long sum = 0;
        while (sum >= 0) {
            try {
                sum += new byte[2_000_000].length;
                Thread.sleep(1);
            } catch (OutOfMemoryError full) {
                failures.incrementAndGet();
            } catch (InterruptedException ended) {
                return;
            }
        }
    }
}
