package assay.scripting;

import java.util.concurrent.atomic.AtomicInteger;

/// A process with little memory, in which a script fills the heap while somebody else works.
final class SmallHeap {
    private SmallHeap() {}

    static void main() throws InterruptedException {
        var failures = new AtomicInteger();
        var other = Thread.ofPlatform().daemon().start(() -> work(failures));
        try (var sandbox = new InProcessSandbox()) {
            for (var grown : new String[] {"new Uint8Array(1e6)", "{ i: [] }", "'x'.repeat(1e5)"}) {
                var source = "const all = []; for (;;) all.push(%s)".formatted(grown);
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
