package assay.scripting;

class InProcessLimitsTest extends LimitsContract {
    @Override
    Sandbox open() {
        return new InProcessSandbox();
    }

    @Override
    int instants() {
        return 150;
    }
}
