package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A call that nobody waits for is finished or refused before the script is.
class ForgottenAwaitTest extends WithSandbox {
    @Override
    Sandbox open() {
        return new InProcessSandbox();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$.Experiment.start(); 5",
                "const p = $.Experiment.start(); 5",
                "[1, 2].forEach(async () => { await $.Experiment.start() }); 5",
                "[1, 2].map(async () => { await $.Experiment.start() }); 5",
                "new Promise(async settle => { await $.Experiment.start(); settle() }); 5",
                "$.Experiment.start().then(() => 1); 5",
                "$.Experiment.start().finally(() => 1); 5",
                "Promise.resolve().then(() => $.Experiment.start()); 5",
                "(async () => { await null; await null; await $.Experiment.start() })(); 5",
                "const all = Promise.all([$.Experiment.start()]); 5"
            })
    void that_is_refused_ends_the_script(String source) {
        assertThat(run(source))
                .isInstanceOfSatisfying(
                        Outcome.Threw.class,
                        threw -> {
                            assertThat(threw.refusal()).hasValue(World.REFUSAL);
                            assertThat(threw.at())
                                    .hasValueSatisfying(
                                            at -> assertThat(at.text()).isEqualTo(source));
                        });
    }

    @Test
    void is_told_by_the_first_of_several_errors() {
        assertThat(run("[1, 2].forEach(async n => { throw new Error('e' + n) })"))
                .isEqualTo(
                        threw(
                                "e1",
                                1,
                                35,
                                "[1, 2].forEach(async n => { throw new Error('e' + n) })"));
    }

    @Test
    void that_succeeds_is_done_all_the_same() {
        var world = new World();
        assertThat(
                        run(
                                "$.Event.create(1); [2].forEach(async n => { await null; await $.Event.create(n); await $.Event.create(3) }); 5",
                                world))
                .isEqualTo(returned("5"));
        assertThat(world.calls())
                .containsExactly("Event.create[1]", "Event.create[2]", "Event.create[3]");
    }

    @Test
    void is_no_error_when_its_refusal_is_handled_later() {
        assertThat(run("const p = $.Experiment.start(); await null; await p.catch(() => 5)"))
                .isEqualTo(returned("5"));
    }

    @Test
    void on_a_promise_that_nobody_settles_is_said_so() {
        assertThat(run("await new Promise(() => {})"))
                .isInstanceOfSatisfying(
                        Outcome.OverLimit.class,
                        over -> assertThat(over.limit()).isEqualTo(Outcome.Limit.PENDING));
    }
}
