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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every spelling of the arguments of a verb.
@DisplayNameGeneration(ReplaceUnderscores.class)
class VerbsTest {
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pause($id)",
                "pause(e)",
                "pause('shop')",
                "pause($id, { description: 'why' })",
                "pause({ $id, description: 'why' })",
                "pause({ id: $id, description: 'why' })",
                "pause({ slug: 'shop', description: 'why' })",
                "pause($id, { reason: 'why' })",
                "pause($id, null)"
            })
    void an_experiment_is_named_by(String call) {
        assertThat(
                        workspace.result(
                                """
                                let e = await $.Experiment.create({
                                  name: 'Shop', slug: 'shop', primaryMetric: 'bought', variants: ['a', 'b'] })
                                const { $id } = e
                                e = await $.Experiment.start($id)
                                const paused = await $.Experiment.%s
                                return [paused.status, paused.$id === $id, paused.slug, paused.id ?? null]
                                """
                                        .formatted(call)))
                .isEqualTo(Workspace.list("['Paused', true, 'shop', null]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"enable('dark')", "enable({ key: 'dark' })", "enable({ $id: flag.$id })"})
    void a_flag_is_named_by(String call) {
        assertThat(
                        workspace.result(
                                """
                                const flag = await $.FeatureFlag.create({ name: 'Dark', key: 'dark' })
                                return (await $.FeatureFlag.%s).status
                                """
                                        .formatted(call)))
                .hasToString("\"Enabled\"");
    }

    @Test
    void a_metric_is_recorded_by_its_name_and_the_newest_is_meant() {
        assertThat(
                        workspace.result(
                                """
                                await $.Metric.create({ name: 'mrr', type: 'Gauge', value: 1 })
                                const metric = await $.Metric.record({ name: 'mrr', value: 5 })
                                return [metric.name, metric.value]
                                """))
                .isEqualTo(Workspace.list("['mrr', 5]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update($id, { name: 'New' })",
                "update({ $id, name: 'New' })",
                "update({ id: $id, name: 'New' })",
                "update({ ...e, name: 'New' })",
                "update($id, { name: 'New' }, { ifVersion: 1 })"
            })
    void an_update_is_spelled(String call) {
        assertThat(
                        workspace.result(
                                """
                                const e = await $.Experiment.create({ name: 'Old' })
                                const { $id } = e
                                return (await $.Experiment.%s).name
                                """
                                        .formatted(call)))
                .hasToString("\"New\"");
    }

    @Test
    void a_verb_whose_state_is_reached_already_changes_nothing() {
        var changes =
                workspace.changes(
                        """
                        const { $id } = await $.Experiment.create({
                          name: 'Shop', primaryMetric: 'bought', variants: ['a', 'b'] })
                        await $.Experiment.start($id)
                        await $.Experiment.start($id)
                        await $.Experiment.pause($id)
                        await $.Experiment.pause($id)
                        await $.Experiment.resume($id)
                        await $.Experiment.resume($id)
                        """);
        assertThat(changes.valueStream().map(change -> change.path("action").stringValue()))
                .containsExactly("create", "start", "pause", "resume");
    }

    @Test
    void deleting_answers_whether_there_was_anything() {
        assertThat(
                        workspace.result(
                                """
                                const { $id } = await $.Contact.create({ name: 'Ada' })
                                return [await $.Contact.delete($id), await $.Contact.delete($id)]
                                """))
                .isEqualTo(Workspace.list("[true, false]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "{ version: 1 }", "{ asOf: new Date() }"})
    void an_old_version_is_named_by(String to) {
        var id = workspace.result("(await $.Contact.create({ name: 'Ada' })).$id").stringValue();
        workspace.later(Duration.ofMinutes(1));
        var rolledBack =
                workspace.result(
                        """
                        const before = await $.Contact.update('%s', { name: 'Bob' })
                        return (await $.Contact.rollback('%s', %s)).name
                        """
                                .formatted(
                                        id,
                                        id,
                                        to.replace("new Date()", "'2026-11-20T10:00:30Z'")));
        assertThat(rolledBack).hasToString("\"Ada\"");
    }

    @Test
    void one_object_is_read_in_several_ways() {
        assertThat(
                        workspace.result(
                                """
                                const { $id } = await $.Contact.create({ name: 'Ada' })
                                return [
                                  (await $.Contact.get($id)).name,
                                  (await $.Contact.get({ $id })).name,
                                  await $.Contact.get('contact_nobody99'),
                                  (await $.Contact.findOne({ name: 'Ada' })).name,
                                  await $.Contact.findOne({ name: 'Bob' }),
                                  await $.Contact.count({ name: 'Ada' }),
                                  (await $.Contact.find({ name: 'Ada' }, { fields: ['name'], limit: 1 })).length,
                                  (await $.fetch({ id: $id })).title,
                                  (await $.search({ type: 'Contact' })).total,
                                  (await $.history($id)).length,
                                  (await $.Contact.history($id)).length,
                                  (await $.status()).objects.Contact,
                                ]
                                """))
                .isEqualTo(
                        Workspace.list(
                                "['Ada', 'Ada', null, 'Ada', null, 1, 1, 'Ada', 1, 1, 1, 1]"));
    }
}
