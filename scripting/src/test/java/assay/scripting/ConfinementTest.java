package assay.scripting;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.stream.Stream;
import org.graalvm.polyglot.Context;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Most of the options are experimental: a release of the engine may rename them, or drop them.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfinementTest {
    static Stream<Map.Entry<String, String>> options() {
        return Confinement.OPTIONS.entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("options")
    void every_option_exists_in_this_engine(Map.Entry<String, String> option) {
        assertThatCode(() -> start(option.getKey(), option.getValue())).doesNotThrowAnyException();
    }

    @Test
    void an_option_that_does_not_exist_is_an_error() {
        assertThatIllegalArgumentException().isThrownBy(() -> start("js.no-such-option", "true"));
    }

    private static void start(String option, String value) {
        try (var context =
                Context.newBuilder("js")
                        .allowExperimentalOptions(true)
                        .option("engine.WarnInterpreterOnly", "false")
                        .option(option, value)
                        .build()) {
            context.initialize("js");
        }
    }
}
