package assay.scripting;

import java.util.Optional;

/// A process that has children, and waits to be killed.
final class Orphans {
    private Orphans() {}

    static void main() throws InterruptedException {
        var sandbox = new ChildProcessSandbox(64L << 20, Optional.empty());
        var script = WithSandbox.script("5", WithSandbox.AMPLE);
        if (sandbox.run(script, new World()) instanceof Outcome.Returned(var json, _)) {
            System.out.println(json);
        }
        Thread.sleep(Long.MAX_VALUE);
    }
}
