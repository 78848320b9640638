package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.domain.store.Events;
import assay.domain.store.Transaction;
import assay.scripting.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DoTest {
    private static final String RUNNING =
            """
            const { $id } = await $.Experiment.create({
              name: 'Checkout', primaryMetric: 'bought', variants: ['control', 'treatment'] })
            await $.Experiment.start($id)
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

    private JsonNode call(String arguments) {
        return workspace.done("do", arguments);
    }

    private int count(String noun) {
        return workspace.result("await $.%s.count()".formatted(noun)).intValue();
    }

    @Nested
    class The_result {
        @Test
        void is_what_the_script_returns() {
            assertThat(call("{'script': 'return 1 + 1'}"))
                    .isEqualTo(Workspace.json("{'result': 2, 'logs': [], 'changes': []}"));
        }

        @Test
        void is_the_last_expression_when_nothing_is_returned() {
            assertThat(workspace.result("const a = 20; a + 1")).hasToString("21");
        }

        @Test
        void is_null_when_there_is_none() {
            assertThat(workspace.result("const a = 1")).hasToString("null");
        }

        @Test
        void may_be_awaited_at_the_top() {
            assertThat(workspace.result("await $.Experiment.count()")).hasToString("0");
        }

        @Test
        void comes_with_what_was_logged() {
            assertThat(
                            call(
                                    "{'code': 'console.log(params.a, {b: [1]}); null', 'params': {'a': 7}}"))
                    .isEqualTo(
                            Workspace.json(
                                    "{'result': null, 'logs': ['7 {\\\"b\\\":[1]}'], 'changes': []}"));
        }

        @Test
        void that_no_reply_could_carry_is_refused_before_anything_is_kept() {
            assertThat(
                            workspace
                                    .error(
                                            """
                                            await $.Contact.create({ name: 'Ada' })
                                            let a = 1
                                            for (let i = 0; i < 200; i++) a = [a]
                                            return a
                                            """)
                                    .path("reason"))
                    .hasToString("\"too_large\"");
            assertThat(count("Contact")).isZero();
        }
    }

    @Test
    void an_import_of_the_package_gives_the_nouns() {
        assertThat(
                        workspace.result(
                                """
                                import { Experiment, Contact } from '@headlessly/experiments'
                                await Contact.create({ name: 'Ada' })
                                return [await Experiment.count(), await Contact.count()]
                                """))
                .isEqualTo(Workspace.list("[0, 1]"));
    }

    @Nested
    class Changes {
        @Test
        void list_every_verb_in_order_with_what_was_and_what_is() {
            assertThat(
                            Workspace.numbered(
                                    workspace.changes(
                                            RUNNING
                                                    + """
                                                    await $.Experiment.update($id, { hypothesis: 'It sells' })
                                                    await $.Experiment.assign($id, ['ada', 'bob'])
                                                    await $.Experiment.record($id, { subject: 'ada' })
                                                    await $.Experiment.stop($id)
                                                    await $.Experiment.delete($id)
                                                    """)))
                    .isEqualTo(
                            Workspace.list(
                                    """
                                    [{"action": "create", "type": "Experiment", "id": "experiment_1", "before": {}, "after": {
                                       "name": "Checkout", "status": "Draft", "trafficAllocation": 100,
                                       "variants": [
                                         {"key": "control", "name": "control", "weight": 1, "control": true},
                                         {"key": "treatment", "name": "treatment", "weight": 1, "control": false}],
                                       "primaryMetric": "bought"}},
                                     {"action": "start", "type": "Experiment", "id": "experiment_1",
                                      "before": {"status": "Draft", "startAt": null, "iteration": null, "rule": null},
                                      "after": {"status": "Started", "startAt": "2026-11-20T10:00:00.000Z", "iteration": 1,
                                        "rule": {"text": "%1$s"}}},
                                     {"action": "update", "type": "Experiment", "id": "experiment_1",
                                      "before": {"hypothesis": null}, "after": {"hypothesis": "It sells"}},
                                     {"action": "assign", "type": "Experiment", "id": "experiment_1",
                                      "before": {}, "after": {"exposures": 2}},
                                     {"action": "run", "type": "Experiment", "id": "experiment_1",
                                      "before": {"status": "Started"}, "after": {"status": "Running"}},
                                     {"action": "record", "type": "Experiment", "id": "experiment_1",
                                      "before": {}, "after": {"outcomes": 1}},
                                     {"action": "stop", "type": "Experiment", "id": "experiment_1",
                                      "before": {"status": "Running", "endAt": null},
                                      "after": {"status": "Stopped", "endAt": "2026-11-20T10:00:00.000Z"}},
                                     {"action": "delete", "type": "Experiment", "id": "experiment_1", "before": {
                                       "name": "Checkout", "hypothesis": "It sells", "status": "Stopped",
                                       "startAt": "2026-11-20T10:00:00.000Z", "endAt": "2026-11-20T10:00:00.000Z",
                                       "trafficAllocation": 100, "variants": [
                                         {"key": "control", "name": "control", "weight": 1, "control": true},
                                         {"key": "treatment", "name": "treatment", "weight": 1, "control": false}],
                                       "primaryMetric": "bought", "rule": {"text": "%1$s"}, "iteration": 1}, "after": {}}]\
                                    """
                                            .formatted(
                                                    "Every look may decide: p-values and intervals hold over all looks together, and are sharpest near 5000 units."
                                                            + " Ship the best treatment that beats \\u0027control\\u0027 on \\u0027bought\\u0027 with a p of at most 0.05."
                                                            + " Roll back when every treatment is shown to be worse than the control."
                                                            + " Nothing is decided before 100 units per arm and 25 units with an outcome other than 0.")));
        }

        @Test
        void are_empty_when_nothing_changes() {
            workspace.result("await $.Contact.create({ name: 'Ada' })");
            assertThat(
                            workspace.changes(
                                    """
                                    const ada = await $.Contact.findOne({ name: 'Ada' })
                                    await $.Contact.update(ada)
                                    await $.Contact.update(ada.$id, { name: 'Ada' })
                                    """))
                    .isEmpty();
        }
    }

    @Nested
    class A_dry_run {
        private static final String SCRIPT =
                RUNNING
                        + """
                        await $.Experiment.assign($id, ['ada', 'bob'])
                        await $.Contact.createMany([{ name: 'Ada' }, { name: 'Bob' }])
                        return (await $.Experiment.get($id)).status
                        """;

        @Test
        void keeps_nothing_and_lists_the_changes_of_the_real_run() {
            var arguments =
                    Workspace.json("{'dryRun': true}").put("script", SCRIPT.replace('"', '\''));
            var dry = Workspace.done(workspace.call("do", arguments));
            assertThat(count("Experiment")).isZero();
            assertThat(count("Contact")).isZero();
            var real = Workspace.done(workspace.run(SCRIPT));
            assertThat(dry.path("dryRun").booleanValue()).isTrue();
            assertThat(Workspace.numbered(dry.path("changes")))
                    .isEqualTo(Workspace.numbered(real.path("changes")));
            assertThat(dry.path("result")).isEqualTo(real.path("result"));
        }
    }

    @Nested
    class A_script_that_fails {
        @Test
        void keeps_nothing() {
            workspace.error("await $.Contact.create({ name: 'Ada' }); throw new Error('no')");
            assertThat(count("Contact")).isZero();
        }

        @Test
        void tells_where_and_what_was_logged() {
            var reply =
                    workspace.run(
                            "console.log('before')\nconst a = 1\n  throw new Error('no luck')");
            assertThat(reply.value())
                    .isEqualTo(
                            Workspace.json(
                                    """
                                    {"error": {"reason": "script_error", "message": "no luck",
                                      "repair": "Correct the script where it threw, or catch the error, and send it \
                                    whole again: nothing of this run was kept.",
                                      "line": 3, "column": 9, "source": "  throw new Error(\\u0027no luck\\u0027)"},
                                     "logs": ["before"], "applied": []}\
                                    """));
        }
    }

    @Nested
    class A_refusal_that_is_caught {
        @Test
        void leaves_the_rest() {
            assertThat(
                            workspace.result(
                                    """
                                    await $.Contact.create({ name: 'Ada' })
                                    try { await $.Contact.create({ nam: 'Bob' }) } catch (e) { return e.reason }
                                    """))
                    .hasToString("\"unknown_field\"");
            assertThat(count("Contact")).isEqualTo(1);
        }

        @Test
        void of_a_question_leaves_what_was_written_around_it() {
            workspace.result(
                    """
                    await $.Contact.create({ name: 'a'.repeat(5000) })
                    try { await $.Contact.find({ name: { $regex: '(a*)*b' } }) } catch (e) { console.log(e.reason) }
                    await $.Contact.create({ name: 'Bob' })
                    """);
            assertThat(count("Contact")).isEqualTo(2);
        }

        @Test
        void of_many_leaves_none_of_them_and_no_change() {
            var reply =
                    workspace.run(
                            """
                            await $.Contact.create({ name: 'Ada' })
                            try {
                              await $.Contact.createMany([{ name: 'Bob' }, { nam: 'Cid' }])
                            } catch (e) {
                              await $.Contact.create({ name: 'Dora' })
                            }
                            return (await $.Contact.find({}, { sort: 'name' })).map(c => c.name)
                            """);
            var value = Workspace.done(reply);
            assertThat(value.path("result")).isEqualTo(Workspace.list("['Ada', 'Dora']"));
            assertThat(value.path("changes")).hasSize(2);
        }
    }

    @Nested
    class Many {
        @Test
        void are_updated_together() {
            workspace.result(
                    """
                    const all = await $.Contact.createMany([{ name: 'Ada' }, { name: 'Bob' }])
                    await $.Contact.updateMany(all.map(c => ({ $id: c.$id, title: c.name + '!' })))
                    """);
            assertThat(
                            workspace.result(
                                    "(await $.Contact.find({}, {sort: 'name'})).map(c => c.title)"))
                    .isEqualTo(Workspace.list("['Ada!', 'Bob!']"));
        }
    }

    @Nested
    class Scripts_at_the_same_time {
        @Test
        void lose_no_update_and_see_no_lock() throws Exception {
            var id =
                    workspace
                            .result(
                                    "(await $.Metric.create({name: 'n', type: 'Counter', value: 0})).$id")
                            .stringValue();
            var script =
                    """
                    const { value } = await $.Metric.get('%s')
                    await $.Metric.update('%s', { value: value + 1 })
                    """
                            .formatted(id, id);
            try (var threads = Executors.newFixedThreadPool(8)) {
                var work = new ArrayList<Callable<List<String>>>();
                for (var thread = 0; thread < 8; thread++) {
                    work.add(() -> failures(script, 25));
                }
                for (var done : threads.invokeAll(work)) {
                    assertThat(done.get()).isEmpty();
                }
            }
            assertThat(
                            workspace.result(
                                    "const m = await $.Metric.get('%s'); [m.value, m.$version]"
                                            .formatted(id)))
                    .isEqualTo(Workspace.list("[200, 201]"));
        }

        private List<String> failures(String script, int times) {
            var failures = new ArrayList<String>();
            for (var i = 0; i < times; i++) {
                if (workspace.run(script) instanceof Reply.Not failed) {
                    failures.add(failed.value().toString());
                }
            }
            return failures;
        }
    }

    @Nested
    class A_caller_who_may_only_read {
        @Test
        void can_run_scripts_that_read() {
            workspace.result("await $.Contact.create({ name: 'Ada' })");
            try (var reader = reader()) {
                assertThat(reader.result("await $.Contact.count()")).hasToString("1");
            }
        }

        @Test
        void is_refused_every_write_and_leaves_no_trace() {
            workspace.result("await $.Contact.create({ name: 'Ada' })");
            try (var reader = reader()) {
                assertThat(reader.error("await $.Contact.create({ name: 'Bob' })").path("reason"))
                        .hasToString("\"read_only\"");
            }
            assertThat(count("Contact")).isEqualTo(1);
        }

        private Workspace reader() {
            return new Workspace(data, new Caller("default", "reader", true), Limits.DEFAULT);
        }
    }

    @Nested
    class A_look_at_results {
        private String id;

        @BeforeEach
        void running() {
            id =
                    workspace
                            .result(
                                    RUNNING
                                            + "await $.Experiment.assign($id, ['a', 'b', 'c']); $id")
                            .stringValue();
        }

        @Test
        void is_logged_in_a_dry_run_too() throws Exception {
            var script = "await $.Experiment.results('%s')".formatted(id);
            workspace.call("do", Workspace.json("{'dryRun': true}").put("script", script));
            assertThat(looks()).containsExactly(true);
        }

        @Test
        void is_logged_when_the_script_throws_afterwards() throws Exception {
            workspace.error("await $.Experiment.results('%s'); throw new Error('x')".formatted(id));
            assertThat(looks()).containsExactly(true);
        }

        @Test
        void counts_for_nothing_when_what_it_saw_was_not_kept() throws Exception {
            workspace.error(
                    """
                    await $.Experiment.assign('%1$s', ['d'])
                    await $.Experiment.results('%1$s')
                    throw new Error('x')
                    """
                            .formatted(id));
            assertThat(looks()).containsExactly(false);
        }

        @Test
        void is_counted_in_what_it_shows() {
            var script = "(await $.Experiment.results('%s')).validity.looks".formatted(id);
            assertThat(workspace.result(script)).hasToString("1");
            assertThat(workspace.result(script)).hasToString("2");
        }

        private List<Boolean> looks() throws InterruptedException {
            try (var reading = workspace.folder().begin("default", Transaction.Mode.READ)) {
                return new Events(reading).looks(id, 1).stream().map(Events.Look::counts).toList();
            }
        }
    }

    @Test
    void a_fix_never_names_what_the_failed_script_itself_made() {
        var error =
                workspace.error(
                        """
                        const e = await $.Experiment.create({ name: 'A', primaryMetric: 'm', variants: ['a', 'b'] })
                        await $.Experiment.record(e.$id, { subject: 'ada' })
                        """);
        assertThat(error.has("fix")).isFalse();
        assertThat(error.path("repair").stringValue())
                .startsWith("Start it first. 'experiment_")
                .endsWith(
                        "' was created by this script and not kept: correct the script itself and send it whole.");
    }

    @Test
    void batches_of_one_script_are_one_entry_each_in_its_changes() {
        var changes =
                workspace.changes(
                        """
                        const e = await $.Experiment.create({ name: 'A', primaryMetric: 'm', variants: ['a', 'b'] })
                        await $.Experiment.start(e.$id)
                        for (let i = 0; i < 20; i++) {
                          await $.Experiment.assign(e.$id, ['a' + i, 'b' + i])
                          await $.Experiment.record(e.$id, [{ subject: 'a' + i }])
                        }
                        """);
        assertThat(changes.valueStream().map(change -> change.path("action").stringValue()))
                .containsExactly("create", "start", "assign", "run", "record");
        assertThat(changes.path(2).path("after")).hasToString("{\"exposures\":40}");
        assertThat(changes.path(4).path("after")).hasToString("{\"outcomes\":20}");
    }

    @Test
    void a_verb_between_two_batches_stands_between_them_in_the_changes() {
        var changes =
                workspace.changes(
                        RUNNING
                                + """
                                const ada = await $.Contact.create({ name: 'Ada' })
                                await $.Experiment.assign($id, ['a'])
                                await $.Contact.assign(ada.$id, { title: 'Dr' })
                                await $.Experiment.assign($id, ['b', 'c'])
                                await $.Experiment.assign($id, ['d'])
                                """);
        assertThat(
                        changes.valueStream()
                                .skip(3)
                                .map(change ->
                                        change.path("action").stringValue()
                                                + change.path("after").toString()))
                .containsExactly(
                        "assign{\"exposures\":1}",
                        "run{\"status\":\"Running\"}",
                        "assign{\"title\":\"Dr\"}",
                        "assign{\"exposures\":3}");
    }
}
