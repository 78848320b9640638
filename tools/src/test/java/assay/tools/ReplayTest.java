package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.domain.Refused;
import assay.domain.store.Dump;
import assay.scripting.InProcessSandbox;
import assay.scripting.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReplayTest {
    private static final InProcessSandbox SANDBOX = new InProcessSandbox();

    /// What is made of the other tables when it is needed, of the looks with the next one.
    private static final Set<String> DERIVED = Set.of("looked");

    @TempDir Path data;
    private Path target;
    private Workspace workspace;

    @BeforeEach
    void open() {
        workspace = new Workspace(data.resolve("source"));
        target = data.resolve("target");
    }

    @AfterEach
    void close() {
        workspace.close();
    }

    @AfterAll
    static void end() {
        SANDBOX.close();
    }

    private Replay.Report replay() throws InterruptedException {
        return new Replay(workspace.folder(), SANDBOX, Limits.DEFAULT, true).run("default", target);
    }

    private String run(String script) {
        workspace.result(script);
        return workspace
                .result("(await $.history((await $.Contact.findOne({})).$id)).at(-1).run")
                .stringValue();
    }

    private void change(String sql) throws InterruptedException {
        Dump.change(workspace.folder(), "default", sql);
    }

    @Test
    void of_many_scripts_gives_every_row_of_every_table_again() throws Exception {
        workspace.result(RandomScripts.WORLD);
        var steps = new RandomScripts(5);
        for (var i = 0; i < 40; i++) {
            workspace.later(Duration.ofMinutes(7));
            workspace.result(RandomScripts.script(steps.steps(8)));
            workspace.error("await $.Contact.create({ name: 'lost' + Math.random() }); throw 1");
            // A look of a script that writes nothing changes what conclude sees later.
            workspace.run("await $.Experiment.results('e%d')".formatted(i % 6));
        }
        workspace.done("do", "{'script': 'params', 'params': [1], 'idempotencyKey': 'only read'}");
        var runs = Dump.number(workspace.folder(), "default", "SELECT count(*) FROM run");
        assertThat(runs).isGreaterThan(20);
        assertThat(replay()).isEqualTo(new Replay.Report(runs, Optional.empty()));
        try (var again = new Workspace(target)) {
            assertThat(Dump.of(again.folder(), "default", DERIVED))
                    .isEqualTo(Dump.of(workspace.folder(), "default", DERIVED));
        }
    }

    @Nested
    class The_first_run_that_differs_is_named {
        @Test
        void when_its_log_is_another() throws Exception {
            run("await $.Contact.create({ name: 'Ada' })");
            var second =
                    run(
                            "await $.Contact.update((await $.Contact.findOne({})).$id, { title: 'Dr' })");
            run("await $.Contact.update((await $.Contact.findOne({})).$id, { title: 'Prof' })");
            change("UPDATE action SET doc = replace(doc, 'Dr', 'Sir')");
            assertThat(replay().toJson().toString())
                    .isEqualTo(
                            "{\"runs\":1,\"same\":false,\"difference\":{\"run\":\"%s\",\"what\":\"It changed the action log differently.\"}}"
                                    .formatted(second));
        }

        @Test
        void when_its_events_are_others() throws Exception {
            workspace.result(RandomScripts.WORLD);
            change("UPDATE event SET value = 0.2 WHERE value = 0.1");
            assertThat(replay().difference().orElseThrow().what())
                    .isEqualTo("It changed the events differently.");
        }

        @Test
        void when_its_result_is_another() throws Exception {
            run("await $.Contact.create({ name: 'Ada' }); return 1");
            change("UPDATE run SET result = 'x'");
            assertThat(replay().difference().orElseThrow().what())
                    .isEqualTo("It answered otherwise.");
        }

        @Test
        void when_it_fails() throws Exception {
            run("await $.Contact.create({ name: 'Ada' })");
            change("UPDATE script SET source = 'throw new Error(`not today`)'");
            assertThat(replay().difference().orElseThrow().what())
                    .isEqualTo("It failed: not today");
        }

        @Test
        void when_its_params_were_erased() throws Exception {
            run("await $.Contact.create({ name: 'Ada' })");
            change("UPDATE run SET params = NULL");
            assertThat(replay().difference().orElseThrow().what())
                    .isEqualTo("Its params were erased, so it cannot be repeated.");
        }
    }

    @Test
    void what_was_changed_behind_the_log_is_found_at_the_end() throws Exception {
        run("await $.Contact.create({ name: 'Ada' })");
        change("UPDATE object SET doc = replace(doc, 'Ada', 'Eve')");
        assertThat(replay())
                .isEqualTo(
                        new Replay.Report(
                                1,
                                Optional.of(
                                        new Replay.Difference(
                                                Optional.empty(), "The objects differ."))));
    }

    @Test
    void what_is_older_than_the_recording_is_copied() throws Exception {
        workspace.result(RandomScripts.WORLD);
        run("await $.Contact.delete((await $.Contact.findOne({ name: 'c1' })).$id)");
        change("UPDATE action SET run = NULL");
        change("DELETE FROM run");
        change("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'run'");
        change(
                "UPDATE setting SET value = (SELECT max(seq) FROM event) WHERE name = 'events_before_runs'");
        workspace.result("await $.Experiment.record('e2', { subject: 's2' })");
        workspace.result("await $.Experiment.conclude('e2')");
        assertThat(replay()).isEqualTo(new Replay.Report(2, Optional.empty()));
    }

    @Test
    void a_folder_that_is_used_already_is_refused() throws Exception {
        run("await $.Contact.create({ name: 'Ada' })");
        replay();
        assertThatThrownBy(this::replay)
                .isInstanceOf(Refused.class)
                .hasMessageEndingWith("has a database of the tenant 'default' already.");
    }

    @Test
    void a_tenant_that_nobody_wrote_to_is_refused() {
        assertThatThrownBy(this::replay)
                .isInstanceOf(Refused.class)
                .hasMessage(
                        "Nothing was ever written for the tenant 'default', so there is nothing to replay.");
    }
}
