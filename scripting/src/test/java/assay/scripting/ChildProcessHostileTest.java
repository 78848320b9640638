package assay.scripting;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChildProcessHostileTest extends HostileContract {
    @Override
    Sandbox open() {
        // A busy machine must not look like a script that cannot be stopped.
        return new ChildProcessSandbox(64L << 20, Optional.empty(), Duration.ofSeconds(20));
    }

    /// In a process that has to live on, some of these would hold a thread for ever.
    @Nested
    class Inside_a_built_in {
        static Stream<String> scripts() throws IOException {
            return section("unstoppable");
        }

        @ParameterizedTest
        @MethodSource("scripts")
        void scripts_are_stopped_all_the_same(String line) {
            assertOutcome(line, LimitsContract.time(Duration.ofMillis(250)));
        }
    }
}
