package assay.scripting;

import java.util.Optional;

class ChildProcessLimitsTest extends LimitsContract {
    @Override
    Sandbox open() {
        return new ChildProcessSandbox(64L << 20, Optional.empty());
    }
}
