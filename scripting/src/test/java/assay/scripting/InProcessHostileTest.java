package assay.scripting;

class InProcessHostileTest extends HostileContract {
    @Override
    Sandbox open() {
        return new InProcessSandbox();
    }
}
