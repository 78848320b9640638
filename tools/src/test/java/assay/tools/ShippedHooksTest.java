package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens when an experiment is concluded, unless somebody takes it away.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ShippedHooksTest {
    /// An experiment with an owner and a flag, whose treatment wins by far.
    private static final String WON =
            """
            const owner = await $.Contact.create({ name: 'Ada' })
            const { $id: id } = await $.Experiment.create({ name: 'Cart', slug: 'cart', primaryMetric: 'bought', variants: ['control', 'treatment'], owner: owner.$id })
            await $.FeatureFlag.create({ key: 'cart', name: 'Cart', experiment: id, status: 'Enabled' })
            await $.FeatureFlag.create({ key: 'off', name: 'Off', experiment: id, status: 'Disabled' })
            await $.Experiment.start(id)
            const all = Array.from({ length: 1200 }, (_, i) => 'user' + i)
            const keys = await $.Experiment.assign(id, all)
            await $.Experiment.record(id, all.flatMap((subject, i) => i % 10 < (keys[i].key === 'treatment' ? 7 : 2) ? [{ subject }] : []))
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

    private String flags() {
        return workspace
                .result(
                        "(await $.FeatureFlag.find({}, { sort: 'key' })).map(flag => [flag.key, flag.status, flag.rolloutPercentage])")
                .toString();
    }

    @Test
    void a_winner_is_rolled_out_and_served() {
        workspace.result(WON + "await $.Experiment.conclude(id)");
        assertThat(flags()).isEqualTo("[[\"cart\",\"RolledOut\",100],[\"off\",\"Disabled\",null]]");
        assertThat(
                        workspace
                                .result("await $.FeatureFlag.evaluate('cart', 'eve')")
                                .path("value")
                                .booleanValue())
                .isTrue();
        assertThat(
                        workspace
                                .result(
                                        "(await $.history((await $.FeatureFlag.get('cart')).$id)).at(-1).reason")
                                .stringValue())
                .isEqualTo("hook hook_rollOutWin1 on Experiment.concluded");
    }

    @Test
    void what_it_came_to_is_kept_and_its_owner_told() {
        workspace.result(WON + "await $.Experiment.conclude(id)");
        var metric =
                workspace.result("await $.fetch({ type: 'Metric', id: 'experiment.confidence' })");
        assertThat(metric.path("value").doubleValue()).isGreaterThan(99);
        assertThat(metric.path("dimensions").stringValue())
                .contains("\"winner\":\"treatment\",\"sampleSize\":1200");
        var activity = workspace.result("await $.Activity.findOne({}, { include: ['assignee'] })");
        assertThat(activity.path("subject").stringValue()).isEqualTo("Concluded: Cart");
        assertThat(activity.path("description").stringValue())
                .startsWith("The winner is treatment. 'treatment' beats 'control' on 'bought'");
        assertThat(activity.path("assignee").path("name").stringValue()).isEqualTo("Ada");
    }

    @Test
    void nothing_is_rolled_out_without_confidence() {
        workspace.result(
                """
                const { $id: id } = await $.Experiment.create({ name: 'Cart', primaryMetric: 'bought', variants: ['control', 'treatment'] })
                await $.FeatureFlag.create({ key: 'cart', name: 'Cart', experiment: id, status: 'Enabled' })
                await $.Experiment.start(id)
                await $.Experiment.conclude(id, { winner: 'treatment', reason: 'cheaper' })
                """);
        assertThat(flags()).isEqualTo("[[\"cart\",\"Enabled\",null]]");
        assertThat(workspace.result("await $.Activity.count()").intValue()).isZero();
    }

    @Test
    void they_are_hooks_like_others_and_can_be_taken_away() {
        assertThat(
                        workspace
                                .result(
                                        "(await $.Hook.find({}, { sort: '$id' })).map(hook => [hook.$id, hook.name, hook.registrant])")
                                .toString())
                .isEqualTo(
                        "[[\"hook_reportEnd1\",\"Experiment.concluded\",\"assay\"],[\"hook_rollOutWin1\",\"Experiment.concluded\",\"assay\"]]");
        workspace.result("for (const hook of await $.Hook.find()) await $.Hook.delete(hook.$id)");
        workspace.result(WON + "await $.Experiment.conclude(id)");
        assertThat(flags()).isEqualTo("[[\"cart\",\"Enabled\",null],[\"off\",\"Disabled\",null]]");
        assertThat(workspace.result("await $.Metric.count()").intValue()).isZero();
    }

    @Test
    void each_does_its_work_without_the_other() {
        workspace.result("await $.Hook.delete('hook_rollOutWin1')");
        workspace.result(WON + "await $.Experiment.conclude(id)");
        assertThat(flags()).isEqualTo("[[\"cart\",\"Enabled\",null],[\"off\",\"Disabled\",null]]");
        assertThat(workspace.result("await $.Metric.count()").intValue()).isEqualTo(1);
        assertThat(workspace.result("await $.Activity.count()").intValue()).isEqualTo(1);
    }

    @Test
    void a_winner_is_rolled_out_when_nobody_is_to_be_told() {
        workspace.result("await $.Hook.disable('hook_reportEnd1')");
        workspace.result(WON + "await $.Experiment.conclude(id)");
        assertThat(flags()).isEqualTo("[[\"cart\",\"RolledOut\",100],[\"off\",\"Disabled\",null]]");
        assertThat(workspace.result("await $.Metric.count()").intValue()).isZero();
        assertThat(workspace.result("await $.Activity.count()").intValue()).isZero();
    }

    @Test
    void an_experiment_without_flags_and_without_an_owner_ends_without_complaint() {
        var reply =
                workspace.run(
                        """
                        const { $id: id } = await $.Experiment.create({ name: 'Cart', primaryMetric: 'bought', variants: ['control', 'treatment'] })
                        await $.FeatureFlag.create({ key: 'gone', name: 'Gone', experiment: id, status: 'Archived' })
                        await $.FeatureFlag.create({ key: 'none', name: 'None', experiment: id, status: 'Enabled' })
                        await $.FeatureFlag.delete('none')
                        await $.Experiment.start(id)
                        const all = Array.from({ length: 1200 }, (_, i) => 'user' + i)
                        const keys = await $.Experiment.assign(id, all)
                        await $.Experiment.record(id, all.flatMap((subject, i) => i % 10 < (keys[i].key === 'treatment' ? 7 : 2) ? [{ subject }] : []))
                        return (await $.Experiment.conclude(id)).winner
                        """);
        assertThat(reply.value().path("result").stringValue()).isEqualTo("treatment");
        assertThat(reply.value().has("hookErrors")).isFalse();
        assertThat(flags()).isEqualTo("[[\"gone\",\"Archived\",null]]");
    }

    @Test
    void two_conclusions_at_once_are_one() throws Exception {
        workspace.result(WON);
        try (var other = Workspace.beside(data);
                var both = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = both.submit(() -> workspace.run(concluded("control")));
            var second = both.submit(() -> other.run(concluded("treatment")));
            var replies = List.of(first.get(), second.get());
            var refused = replies.stream().filter(Reply.Not.class::isInstance).toList();
            assertThat(refused).hasSize(1);
            assertThat(Workspace.error(refused.getFirst()).path("message").stringValue())
                    .contains(" is concluded already, with the winner '");
        }
        assertThat(
                        workspace
                                .result(
                                        "(await $.history('cart')).filter(row => row.verb === 'conclude').length")
                                .intValue())
                .isEqualTo(1);
        assertThat(workspace.result("await $.Metric.count()").intValue()).isEqualTo(1);
    }

    private static String concluded(String winner) {
        return "await $.Experiment.conclude('cart', { winner: '%s', reason: 'a wish' })"
                .formatted(winner);
    }

    @Test
    void none_run_where_hooks_are_off() {
        workspace.close();
        workspace = Workspace.withoutHooks(data);
        workspace.result(WON + "await $.Experiment.conclude(id)");
        assertThat(flags()).isEqualTo("[[\"cart\",\"Enabled\",null],[\"off\",\"Disabled\",null]]");
    }
}
