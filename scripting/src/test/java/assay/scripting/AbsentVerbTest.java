package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Verbs that are null in `$`.
class AbsentVerbTest extends WithSandbox {
    private static final String API =
            """
            {"Event": ["create", "find", "creating:hook", "update:null", "delete:null"],
             "Seat": ["create", "update:null", "delete"]}\
            """;

    @Override
    Sandbox open() {
        return new InProcessSandbox();
    }

    @Override
    Outcome run(String source) {
        return sandbox.run(new Script(source, "null", API, NOW, 1, AMPLE), new World());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "await $.Event.update('a')",
                "const { Event } = $; Event.update('a')",
                "const { update } = $.Event; update('a')",
                "$.Seat.update; (async () => { await null; $.Event.update('a') })()"
            })
    void that_is_called_is_refused_with_those_there_are(String source) {
        assertThat(run(source))
                .isInstanceOfSatisfying(
                        Outcome.Threw.class,
                        threw ->
                                assertThat(threw.refusal())
                                        .hasValue(
                                                """
                                                {"reason":"unknown_verb","message":"'update' is not a verb of Event: what is in it is never changed or removed.",\
                                                "repair":"Use one of these members of $.Event: create, find."}\
                                                """));
    }

    @Test
    void is_placed_at_the_call() {
        assertThat(run("const a = 1\nawait $.Seat.update('a')"))
                .isEqualTo(
                        refused(
                                "'update' is not a verb of Seat: it is switched off there.",
                                """
                                {"reason":"unknown_verb","message":"'update' is not a verb of Seat: it is switched off there.",\
                                "repair":"Use one of these members of $.Seat: create, delete."}\
                                """,
                                2,
                                7,
                                "await $.Seat.update('a')"));
    }

    @Test
    void is_null_to_those_who_look() {
        assertThat(run("[$.Event.update, $.Event.update?.('a')]"))
                .isEqualTo(returned("[null,null]"));
    }

    @Test
    void is_told_from_another_thing_that_is_no_function() {
        assertThat(run("const list = { update: 5 }; list.update()"))
                .isEqualTo(
                        threw(
                                "TypeError: list.update is not a function",
                                1,
                                29,
                                "const list = { update: 5 }; list.update()"));
    }
}
