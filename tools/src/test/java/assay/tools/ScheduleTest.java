package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Experiments that start and end by themselves.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ScheduleTest {
    private static final String MAKE =
            "await $.Experiment.create({ name: 'x', slug: 'x', primaryMetric: 'bought', variants: ['a', 'b'], %s });";

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

    private String status() {
        return workspace.result("(await $.Experiment.get('x')).status").stringValue();
    }

    private String log(String verb) {
        return workspace
                .result(
                        "(await $.history('x')).filter(row => row.verb === '%s').map(row => row.actor + ': ' + row.reason)"
                                .formatted(verb))
                .toString();
    }

    @Test
    void start_at_the_time_that_a_start_was_set_for() throws Exception {
        workspace.run(
                MAKE.formatted("startAt: '2026-11-20T11:00:00Z'")
                        + "await $.Experiment.start('x')");
        var schedule = workspace.schedule();
        assertThat(schedule.run()).isZero();
        workspace.later(Duration.ofHours(1));
        assertThat(schedule.run()).isEqualTo(1);
        assertThat(status()).isEqualTo("Started");
        assertThat(log("start")).isEqualTo("[\"tester: undefined\",\"schedule: startAt\"]");
        assertThat(schedule.run()).isZero();
    }

    @Test
    void wait_when_nobody_told_them_to_start() throws Exception {
        workspace.run(MAKE.formatted("startAt: '2026-11-20T11:00:00Z'"));
        workspace.later(Duration.ofHours(2));
        assertThat(workspace.schedule().run()).isZero();
        assertThat(status()).isEqualTo("Draft");
    }

    @Test
    void are_concluded_at_their_end() throws Exception {
        workspace.run(
                MAKE.formatted("endAt: '2026-11-20T12:00:00Z'") + "await $.Experiment.start('x')");
        var schedule = workspace.schedule();
        assertThat(schedule.run()).isZero();
        workspace.later(Duration.ofHours(2));
        assertThat(schedule.run()).isEqualTo(1);
        assertThat(status()).isEqualTo("Concluded");
        assertThat(log("conclude")).isEqualTo("[\"schedule: endAt\"]");
    }

    @Test
    void are_concluded_soon_after_they_were_started() throws Exception {
        workspace.run(
                MAKE.formatted("startAt: '2026-11-20T11:00:00Z', endAt: '2026-11-20T11:00:05Z'")
                        + "await $.Experiment.start('x')");
        workspace.later(Duration.ofHours(1));
        var schedule = workspace.schedule();
        assertThat(schedule.run()).isEqualTo(1);
        workspace.later(Duration.ofSeconds(5));
        assertThat(schedule.run()).isEqualTo(1);
        assertThat(status()).isEqualTo("Concluded");
    }

    @Test
    void stay_drafts_when_nobody_ran_them_before_their_end() throws Exception {
        workspace.run(
                MAKE.formatted("startAt: '2026-11-20T11:00:00Z', endAt: '2026-11-20T12:00:00Z'")
                        + "await $.Experiment.start('x')");
        workspace.later(Duration.ofHours(3));
        assertThat(workspace.schedule().run()).isZero();
        assertThat(status()).isEqualTo("Draft");
        assertThat(workspace.error("await $.Experiment.start('x')").path("message").stringValue())
                .isEqualTo(
                        "The experiment was to end at '2026-11-20T12:00:00.000Z', which is past; nobody could enter it.");
    }

    @Test
    void say_when_they_will_start_and_how_to_start_them_now() {
        var warning =
                workspace
                        .run(
                                MAKE.formatted("startAt: '2026-11-20T11:00:00Z'")
                                        + "await $.Experiment.start('x')")
                        .value()
                        .path("warnings")
                        .path(0);
        assertThat(warning.path("why").stringValue())
                .isEqualTo(
                        "It starts at 2026-11-20T11:00:00.000Z, if a server (assay stdio or assay http) runs then; until then nobody enters.");
        workspace.run(warning.path("next").path(0).path("code").stringValue());
        assertThat(status()).isEqualTo("Started");
    }

    @Test
    void cannot_be_given_a_design_that_could_not_start() {
        workspace.run(
                MAKE.formatted("startAt: '2026-11-20T11:00:00Z'")
                        + "await $.Experiment.start('x')");
        assertThat(
                        workspace
                                .error("await $.Experiment.update('x', { primaryMetric: null })")
                                .path("message")
                                .stringValue())
                .isEqualTo("The experiment has no primaryMetric to decide by.");
    }

    @Test
    void are_concluded_once_by_two_processes() throws Exception {
        workspace.run(
                MAKE.formatted("endAt: '2026-11-20T10:00:01Z'") + "await $.Experiment.start('x')");
        workspace.later(Duration.ofSeconds(1));
        try (var other = Workspace.beside(data)) {
            other.later(Duration.ofSeconds(1));
            assertThat(workspace.schedule().run()).isEqualTo(1);
            assertThat(other.schedule().run()).isZero();
        }
        assertThat(log("conclude")).isEqualTo("[\"schedule: endAt\"]");
    }

    @Test
    void move_the_traffic_of_a_bandit_when_it_is_due() throws Exception {
        workspace.run(
                MAKE.formatted("allocation: { policy: 'thompson', every: '1h', burnIn: 20 }")
                        + """
                        await $.Experiment.start('x');
                        const names = Array.from({ length: 100 }, (_, i) => 'u' + i);
                        const answers = await $.Experiment.assign('x', names);
                        const buyers = names.filter((name, i) => answers[i].key === 'b' && i % 3);
                        await $.Experiment.record('x', buyers.map(subject => ({ subject })));
                        """);
        var schedule = workspace.schedule();
        assertThat(schedule.run()).isZero();
        workspace.later(Duration.ofHours(1));
        assertThat(schedule.run()).isEqualTo(1);
        assertThat(log("reallocate")).isEqualTo("[\"schedule: thompson\"]");
        assertThat(
                        workspace
                                .result("(await $.Experiment.get('x')).cohorts[1].weights.b")
                                .doubleValue())
                .isGreaterThan(0.9);
        assertThat(schedule.run()).isZero();
    }

    @Test
    void wait_an_hour_after_a_refusal_unless_they_change() throws Exception {
        workspace.run(
                """
                await $.Experiment.concluding(experiment => { if (!experiment.description) throw new Error('Say what it was for') });
                """
                        + MAKE.formatted("endAt: '2026-11-20T10:00:01Z'")
                        + "await $.Experiment.start('x')");
        workspace.later(Duration.ofSeconds(1));
        var schedule = workspace.schedule();
        assertThat(schedule.run()).isZero();
        assertThat(status()).isEqualTo("Started");
        workspace.run("await $.Experiment.update('x', { description: 'Sells more' })");
        assertThat(schedule.run()).isEqualTo(1);
        assertThat(status()).isEqualTo("Concluded");
    }
}
