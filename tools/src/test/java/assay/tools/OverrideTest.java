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
}
