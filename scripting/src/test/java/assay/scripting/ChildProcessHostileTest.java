package assay.scripting;

import java.util.Optional;

class ChildProcessHostileTest extends HostileContract {
    @Override
    Sandbox open() {
        return new ChildProcessSandbox(64L << 20, Optional.empty());
    }
}
