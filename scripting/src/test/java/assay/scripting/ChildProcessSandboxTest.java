package assay.scripting;

import java.util.Optional;

class ChildProcessSandboxTest extends SandboxContract {
    @Override
    Sandbox open() {
        return new ChildProcessSandbox(64L << 20, Optional.empty());
    }
}
