package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestFactory;

/// Scripts that mean harm, each behind what comes of it.
abstract class HostileContract extends WithSandbox {
    private static final String SEPARATOR = " <- ";

    @Nested
    class Never_ending {
        @TestFactory
        Stream<DynamicTest> scripts_run_out_of_time() throws IOException {
            return each("never-ending", LimitsContract.time(Duration.ofMillis(120)));
        }
    }

    @Nested
    class Ever_growing {
        @TestFactory
        Stream<DynamicTest> scripts_run_out_of_memory() throws IOException {
            return each("ever-growing", LimitsContract.memory(40_000_000));
        }
    }

    @Nested
    class Ever_deeper {
        @TestFactory
        Stream<DynamicTest> scripts_run_out_of_stack() throws IOException {
            return each("ever-deeper", LimitsContract.time(Duration.ofSeconds(20)));
        }
    }

    @Nested
    class Ill_meant {
        @TestFactory
        Stream<DynamicTest> scripts_get_nowhere() throws IOException {
            return each("ill-meant", AMPLE);
        }
    }

    /// One test for each script of a section that is due.
    Stream<DynamicTest> each(String section, Limits limits) throws IOException {
        return due(section(section).toList()).stream()
                .map(line -> DynamicTest.dynamicTest(line, () -> assertOutcome(line, limits)));
    }

    /// Those scripts of a section that are to be run.
    List<String> due(List<String> section) {
        return section;
    }

    static List<String> everyOf(List<String> section, int step) {
        return IntStream.range(0, section.size())
                .filter(index -> index % step == 0)
                .mapToObj(section::get)
                .toList();
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
