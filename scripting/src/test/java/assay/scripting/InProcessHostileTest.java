package assay.scripting;

import java.util.List;

/// Every fifth script of the corpus; [InProcessCorpusTest] runs all of them.
class InProcessHostileTest extends HostileContract {
    private static final int STEP = 5;

    @Override
    Sandbox open() {
        return new InProcessSandbox();
    }

    @Override
    List<String> due(List<String> section) {
        return everyOf(section, STEP);
    }
}
