package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three arms of which one is shown to be worse and one is like the control.
@DisplayNameGeneration(ReplaceUnderscores.class)
class OverrideTest {
    private static final String RUN =
            """
            const {$id: id} = await $.Experiment.create({name: 'Shop', primaryMetric: 'bought', variants: ['c', 'x', 'y']})
            await $.FeatureFlag.create({key: 'shop', name: 'Shop', experiment: id})
            await $.Experiment.start(id)
            const people = Array.from({length: 1800}, (_, i) => 'p' + i)
            const given = await $.Experiment.assign(id, people)
            await $.Experiment.record(id, people.map((subject, i) =>
              ({subject, value: i % 20 < (given[i].key === 'x' ? 5 : 12) ? 1 : 0})))
            """;

    /// Of ten under the control and of ten under the treatment so many buy.
    private static final String SOLD =
            """
            const {$id: id} = await $.Experiment.create({name: 'Shop', primaryMetric: 'bought', variants: ['c', 'x']})
            await $.FeatureFlag.create({key: 'shop', name: 'Shop', experiment: id})
            await $.Experiment.start(id)
            const people = Array.from({length: 600}, (_, i) => 'p' + i)
            const given = await $.Experiment.assign(id, people)
            await $.Experiment.record(id, people.map((subject, i) =>
              ({subject, value: i %% 10 < (given[i].key === 'c' ? %d : %d) ? 1 : 0})))
            """;

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

    @Test
    void results_tell_the_worse_arm_from_the_one_that_is_open() {
        var results = workspace.result(RUN + "await $.Experiment.results(id)");
        assertThat(results.path("verdict").stringValue()).isEqualTo("keep_running");
        assertThat(results.path("why").stringValue())
                .isEqualTo(
                        "Worse than 'c': 'x'. No other treatment differs from it beyond what chance explains.");
        assertThat(results.path("text").stringValue())
                .contains("'y' - 'c'")
                .doesNotContain("'x' - 'c'");
    }

    @Test
    void a_winner_that_the_data_speak_against_has_no_confidence_and_is_not_rolled_out() {
        var ended =
                workspace.result(
                        RUN
                                + """
                                const ended = await $.Experiment.conclude(id, {winner: 'x', reason: 'a wish'})
                                return {confidence: ended.confidence, reason: ended.endedReason, flag: (await $.FeatureFlag.get('shop')).status}
                                """);
        assertThat(ended)
                .isEqualTo(
                        Workspace.json(
                                "{'confidence': 0, 'reason': 'Override: a wish', 'flag': 'Draft'}"));
    }

    @Test
    void the_control_as_the_winner_has_no_confidence_while_a_treatment_does_better() {
        var ended =
                workspace.result(
                        SOLD.formatted(2, 8)
                                + """
                                const ended = await $.Experiment.conclude(id, {winner: 'c', reason: 'a wish'})
                                return {winner: ended.winner, confidence: ended.confidence, flag: (await $.FeatureFlag.get('shop')).status}
                                """);
        assertThat(ended)
                .isEqualTo(Workspace.json("{'winner': 'c', 'confidence': 0, 'flag': 'Draft'}"));
    }

    @Test
    void the_control_as_the_winner_has_the_confidence_that_the_treatments_are_worse() {
        var ended =
                workspace.result(
                        SOLD.formatted(8, 2)
                                + "return (await $.Experiment.conclude(id, {winner: 'c', reason: 'the others are worse'})).confidence");
        assertThat(ended.doubleValue()).isGreaterThan(99);
    }

    @Test
    void a_repair_names_the_winner_that_the_rule_has_named() {
        var error =
                workspace.error(
                        SOLD.formatted(2, 8) + "await $.Experiment.conclude(id, {winner: 'c'})");
        assertThat(error.path("message").stringValue())
                .startsWith("The rule has not named 'c' the winner: 'x' beats 'c' on 'bought'");
        assertThat(error.path("repair").stringValue())
                .isEqualTo(
                        "Leave winner out to end with 'x', or give a reason beside it, {winner, reason}, which is recorded as an override.");
    }

    @Test
    void what_is_no_key_ends_nothing() {
        var error =
                workspace.error(
                        SOLD.formatted(2, 8)
                                + "await $.Experiment.conclude(id, {winner: {key: 'c'}, reason: 'a wish'})");
        assertThat(error.path("message").stringValue())
                .isEqualTo("{\"key\":\"c\"} is not the key of a variant.");
    }
}
