package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Scripts that mean harm, each behind what comes of it.
abstract class HostileContract extends WithSandbox {
    private static final String SEPARATOR = " <- ";

    @Nested
    class Never_ending {
        static Stream<String> scripts() throws IOException {
            return section("never-ending");
        }

        @ParameterizedTest
        @MethodSource("scripts")
        void scripts_run_out_of_time(String line) {
            assertOutcome(line, LimitsContract.time(Duration.ofMillis(250)));
        }
    }

    @Nested
    class Ever_growing {
        static Stream<String> scripts() throws IOException {
            return section("ever-growing");
        }

        @ParameterizedTest
        @MethodSource("scripts")
        void scripts_run_out_of_memory(String line) {
            assertOutcome(line, LimitsContract.memory(40_000_000));
        }
    }

    @Nested
    class Ever_deeper {
        static Stream<String> scripts() throws IOException {
            return section("ever-deeper");
        }

        @ParameterizedTest
        @MethodSource("scripts")
        void scripts_run_out_of_stack(String line) {
            assertOutcome(line, LimitsContract.time(Duration.ofSeconds(20)));
        }
    }

    @Nested
    class Ill_meant {
        static Stream<String> scripts() throws IOException {
            return section("ill-meant");
        }

        @ParameterizedTest
        @MethodSource("scripts")
        void scripts_get_nowhere(String line) {
            assertOutcome(line, AMPLE);
        }
    }

    /// The scripts of one section of the corpus, each behind what comes of it.
    static Stream<String> section(String name) throws IOException {
        try (var text = HostileContract.class.getResourceAsStream("hostile.txt")) {
            var corpus =
                    new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
            var from = corpus.indexOf("## " + name + "\n");
            return corpus.substring(from)
                    .lines()
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("## "))
                    .filter(line -> !line.isEmpty());
        }
    }

    void assertOutcome(String line, Limits limits) {
        var script = line.substring(line.indexOf(SEPARATOR) + SEPARATOR.length());
        assertThat(summary(run(script, limits)) + SEPARATOR + script).isEqualTo(line);
    }

    static String summary(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Returned(var json, _) -> json;
            case Outcome.Threw(var message, _, _, _) -> message;
            case Outcome.Unreadable(var message, _, _, _) -> "SyntaxError: " + message;
            case Outcome.OverLimit(var limit, _, _) -> limit.name();
            case Outcome.Cancelled _ -> "CANCELLED";
            case Outcome.Abandoned _ -> "ABANDONED";
        };
    }
}
