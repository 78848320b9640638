package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.store.Dump;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ForgetTest {
    private static final String ARMS =
            "(await $.Experiment.results('x')).primary.arms.map(arm => [arm.n, arm.sum])";

    @TempDir Path data;
    private Workspace workspace;

    @BeforeEach
    void start() {
        workspace = new Workspace(data);
        workspace.result(
                """
                const { $id } = await $.Experiment.create({ name: 'x', slug: 'x', primaryMetric: 'bought', variants: ['a', 'b'] })
                await $.Experiment.start($id)
                await $.Experiment.assign($id, ['bob', 'eve', 'joe'])
                await $.Experiment.record($id, [{ subject: 'bob', value: 2 }, { subject: 'eve', value: 4 }, { subject: 'joe', value: 8 }])
                """);
    }

    @AfterEach
    void close() {
        workspace.close();
    }

    private void withAda() {
        workspace.result(
                """
                await $.Experiment.assign('x', 'ada')
                await $.Experiment.record('x', { subject: 'ada', value: 16 })
                await $.Event.create({ type: 'bought', userId: 'ada', value: 32 })
                """);
    }

    @Test
    void results_are_as_if_the_subject_had_never_been_there() {
        var before = workspace.result(ARMS);
        withAda();
        assertThat(workspace.result(ARMS)).isNotEqualTo(before);
        var answer = workspace.result("await $.Subject.forget('ada')");
        assertThat(answer.path("events").asInt()).isEqualTo(3);
        assertThat(workspace.result(ARMS)).isEqualTo(before);
        assertThat(workspace.result("await $.Event.count({ userId: 'ada' })").asInt()).isZero();
        assertThat(workspace.result("(await $.Experiment.assign('x', 'ada')).exposed").asBoolean())
                .isTrue();
    }

    @Test
    void what_runs_say_of_it_is_erased_and_they_stay() throws Exception {
        withAda();
        workspace.result("await $.Subject.forget('ada')");
        assertThat(
                        Dump.number(
                                workspace.folder(),
                                "default",
                                "SELECT count(*) FROM run r JOIN script s ON s.hash = r.script"
                                        + " WHERE s.source LIKE '%ada%' OR r.params LIKE '%ada%' OR r.reply LIKE '%ada%'"))
                .isZero();
        assertThat(
                        Dump.number(
                                workspace.folder(),
                                "default",
                                "SELECT count(*) FROM run WHERE params IS NULL"))
                .isEqualTo(2);
        assertThat(
                        Dump.number(
                                workspace.folder(),
                                "default",
                                "SELECT count(*) FROM action WHERE doc LIKE '%ada%' OR detail LIKE '%ada%' OR object LIKE '%ada%'"))
                .isZero();
        assertThat(
                        Dump.number(
                                workspace.folder(),
                                "default",
                                "SELECT count(*) FROM action WHERE verb = 'forget'"))
                .isEqualTo(1);
    }

    @Test
    void nothing_names_it_as_who_somebody_was_before_it_was_known() throws Exception {
        workspace.result(
                """
                await $.Event.createMany([{ type: 'seen', anonymousId: 'anon-7' },
                  { type: 'seen', anonymousId: 'anon-7', userId: 'zoe', properties: { page: 'cart' } }])
                """);
        assertThat(workspace.result("await $.Subject.forget('anon-7')").path("events").asInt())
                .isEqualTo(1);
        assertThat(
                        Dump.number(
                                workspace.folder(),
                                "default",
                                "SELECT count(*) FROM event WHERE subject = 'anon-7' OR doc LIKE '%anon-7%'"))
                .isZero();
        assertThat(
                        workspace
                                .result(
                                        "(await $.Event.findOne({ userId: 'zoe' })).properties.page")
                                .stringValue())
                .isEqualTo("cart");
    }

    @Test
    void a_dry_run_forgets_nobody() {
        withAda();
        var before = workspace.result(ARMS);
        var reply =
                workspace.call(
                        "do",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("script", "await $.Subject.forget('ada')")
                                .put("dryRun", true));
        assertThat(Workspace.done(reply).path("changes").path(0).path("type").asString(""))
                .isEqualTo("Subject");
        assertThat(workspace.result(ARMS)).isEqualTo(before);
    }

    @Test
    void nobody_cannot_be_forgotten() {
        assertThat(workspace.error("await $.Subject.forget()").path("message").asString(""))
                .isEqualTo("Nothing is not a valid subject.");
    }
}
