package assay.scripting;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestFactory;

/// Every thirtieth script of the corpus; [ChildProcessCorpusTest] runs all of them.
class ChildProcessHostileTest extends HostileContract {
    private static final int STEP = 30;

    @Override
    Sandbox open() {
        // A busy machine must not look like a script that cannot be stopped.
        return new ChildProcessSandbox(64L << 20, Optional.empty(), Duration.ofSeconds(20));
    }

    @Override
    List<String> due(List<String> section) {
        return everyOf(section, STEP);
    }

    /// In a process that has to live on, some of these would hold a thread for ever.
    @Nested
    class Inside_a_built_in {
        @TestFactory
        Stream<DynamicTest> scripts_are_stopped_all_the_same() throws IOException {
            return each("unstoppable", LimitsContract.time(Duration.ofMillis(250)));
        }
    }
}
