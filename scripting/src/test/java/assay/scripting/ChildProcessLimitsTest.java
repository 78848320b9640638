package assay.scripting;

import java.time.Duration;
import java.util.Optional;

class ChildProcessLimitsTest extends LimitsContract {
    @Override
    Sandbox open() {
        // A busy machine must not look like a script that cannot be stopped.
        return new ChildProcessSandbox(64L << 20, Optional.empty(), Duration.ofSeconds(5));
    }

    @Override
    int instants() {
        return 20;
    }
}
