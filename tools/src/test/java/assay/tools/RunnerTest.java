package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Fingerprint;
import assay.domain.store.Dump;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RunnerTest {
    private static final String CREATE = "(await $.Contact.create(params)).$id";

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

    private long count(String sql) throws InterruptedException {
        return Dump.number(workspace.folder(), "default", "SELECT count(*) FROM " + sql);
    }

    private JsonNode result(String arguments) {
        return workspace.done("do", arguments).path("result");
    }

    @Nested
    class A_run_that_changes_something {
        @Test
        void is_recorded_with_all_that_it_came_from_and_what_it_did() {
            var id =
                    result("{'script': '" + CREATE + "', 'params': {'name': 'Ada'}}").stringValue();
            var run =
                    workspace.result("(await $.history('%s'))[0].run".formatted(id)).stringValue();
            var recorded = workspace.done("fetch", "{'type': 'Run', 'id': '" + run + "'}");
            assertThat(recorded.remove("seed").stringValue()).matches("[0-9a-f]{1,16}");
            assertThat(recorded)
                    .isEqualTo(
                            Workspace.json(
                                    """
                                    {'$type': 'Run', '$id': '%s', 'at': '2026-11-20T10:00:00.000Z', 'actor': 'tester',
                                     'script': '%s', 'params': {'name': 'Ada'}, 'program': 'unpackaged', 'result': '%s',
                                     'log': [{'type': 'Contact', 'id': '%s', 'verb': 'create', 'version': 1}]}\
                                    """
                                            .formatted(
                                                    run,
                                                    CREATE,
                                                    Fingerprint.of("\"" + id + "\""),
                                                    id)));
            assertThat(workspace.done("fetch", "{'id': '" + run + "'}").path("$type"))
                    .hasToString("\"Run\"");
        }

        @Test
        void shares_its_text_with_others_of_the_same_text() throws Exception {
            workspace.done("do", "{'script': '" + CREATE + "', 'params': {'name': 'Ada'}}");
            workspace.done("do", "{'script': '" + CREATE + "', 'params': {'name': 'Bob'}}");
            assertThat(count("run")).isEqualTo(2);
            assertThat(count("script")).isEqualTo(1);
        }

        @Test
        void keeps_its_looks_together_with_what_it_wrote_or_neither() throws Exception {
            workspace.result(RandomScripts.WORLD);
            Dump.change(
                    workspace.folder(),
                    "default",
                    "CREATE TRIGGER broken BEFORE INSERT ON look BEGIN SELECT RAISE(ABORT, 'broken'); END");
            var before = Dump.of(workspace.folder(), "default", Set.of());
            workspace.error(
                    """
                    await $.Experiment.results('e2')
                    await $.Contact.create({ name: 'Ada' })
                    """);
            assertThat(Dump.of(workspace.folder(), "default", Set.of())).isEqualTo(before);
        }
    }

    @Nested
    class Nothing_is_recorded_of_a_run {
        @Test
        void that_only_reads() throws Exception {
            workspace.result("await $.Contact.create({ name: 'Ada' })");
            workspace.result("await $.Contact.find()");
            assertThat(count("run")).isEqualTo(1);
        }

        @Test
        void that_sets_what_is_set_already() throws Exception {
            workspace.result("await $.Contact.create({ name: 'Ada' })");
            workspace.result(
                    "const c = await $.Contact.findOne({}); await $.Contact.update(c.$id, { name: 'Ada' })");
            assertThat(count("run")).isEqualTo(1);
        }

        @Test
        void that_fails_or_is_a_dry_run() throws Exception {
            workspace.result("await $.Contact.create({ name: 'Ada' })");
            workspace.error("await $.Contact.create({ name: 'Bob' }); throw 1");
            workspace.done("do", "{'script': '$.Contact.create({ name: 1+`` })', 'dryRun': true}");
            assertThat(count("run")).isEqualTo(1);
        }
    }

    @Test
    void an_unknown_run_is_told_where_ids_of_runs_come_from() {
        assertThat(workspace.refused("fetch", "{'type': 'Run', 'id': 'run_nobody'}").path("repair"))
                .hasToString(
                        "\"Take the id from 'run' in an object's history, or from $.Run.find(); scripts that changed nothing are not recorded.\"");
    }

    @Nested
    class Ids_and_chance {
        private static final String SCRIPT =
                "(await $.Contact.createMany([{ name: 'a' }, { name: 'b' }])).map(c => c.$id + Math.random())";

        @Test
        void are_the_same_from_the_same_seed_and_others_from_the_next() throws Exception {
            var first = workspace.result(SCRIPT);
            var second = workspace.result(SCRIPT);
            assertThat(first).isNotEqualTo(second);
            try (var other = new Workspace(data.resolve("other"))) {
                assertThat(other.result(SCRIPT)).isEqualTo(first);
                other.later(Duration.ofDays(1));
                assertThat(other.result(SCRIPT)).isEqualTo(second);
            }
        }
    }
}
