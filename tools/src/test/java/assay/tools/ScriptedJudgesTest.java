package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Judges whose word is a function's, which runs in the sandbox.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ScriptedJudgesTest {
    @TempDir Path data;
    private Workspace workspace;

    @BeforeEach
    void open() {
        workspace = new Workspace(data);
    }

    @AfterEach
    void close() {
        workspace.close();
    }

    private static String asking(String source, String what) {
        return "const judge = await $.Judge.create({ name: 'J', kind: 'script', source: %s }); return await $.Judge.score(judge.$id, %s)"
                .formatted(JsonNodeFactory.instance.stringNode(source), what);
    }

    private JsonNode score(String source, String what) {
        return workspace.result(asking(source, what));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    ({ output }) => output.length / 10                          ~ {'score': 0.5, 'pass': true, 'why': 'The function returned 0.5.'}
                    ({ output, expected }) => output === expected               ~ {'score': 0, 'pass': false, 'why': 'The function returned false.'}
                    async ({ input }) => ({ score: 0.2, why: input.question })  ~ {'score': 0.2, 'pass': false, 'why': 'Who?'}
                    function (it) { return { score: 0.2, pass: true } }         ~ {'score': 0.2, 'pass': true, 'why': 'The function returned 0.2.'}
                    """)
    void say_what_the_function_returns(String source, String said) {
        assertThat(
                        score(
                                source,
                                "{ output: 'Emma.', expected: 'Ada', input: { question: 'Who?' } }"))
                .isEqualTo(Workspace.json(said));
    }

    @Test
    void judge_many_outputs_in_their_order() {
        assertThat(
                        score(
                                        "({ output }) => output",
                                        "Array.from({ length: 100 }, (_, i) => ({ output: i / 100 }))")
                                .path(25)
                                .path("score")
                                .doubleValue())
                .isEqualTo(0.25);
    }

    @Test
    void see_nothing_but_what_they_judge() {
        var source =
                "() => { try { return $.Experiment === undefined } catch (none) { return true } }";
        assertThat(score(source, "{ output: 'a' }").path("pass").booleanValue()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    ({ output }) => output.nothing.more ~ script_error
                    () => { for (;;); }                 ~ script_error
                    ({ output ) => 1                    ~ script_error
                    () => 'good'                        ~ invalid_value
                    () => 1.5                           ~ invalid_value
                    """)
    void that_fail_are_refused_with_the_reason(String source, String reason) {
        var error = workspace.error(asking(source, "{ output: 'a' }"));
        assertThat(error.path("reason").stringValue()).isEqualTo(reason);
        assertThat(error.path("field").stringValue()).isEqualTo("source");
    }
}
