package assay.scripting;

class InProcessSandboxTest extends SandboxContract {
    @Override
    Sandbox open() {
        return new InProcessSandbox();
    }
}
