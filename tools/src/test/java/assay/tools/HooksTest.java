package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.scripting.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HooksTest {
    /// The usual ones, but for time: that of a busy machine is no matter here.
    private static final Limits PATIENT =
            new Limits(Duration.ofMinutes(2), 200_000_000, 1L << 30, 10_000, 100_000, 4_000_000);

    /// The usual limits but for time.
    private static final Limits TWO_SECONDS =
            new Limits(
                    Duration.ofSeconds(2),
                    Limits.DEFAULT.statements(),
                    Limits.DEFAULT.allocatedBytes(),
                    Limits.DEFAULT.hostCalls(),
                    Limits.DEFAULT.logCharacters(),
                    Limits.DEFAULT.resultCharacters());

    @TempDir Path data;
    private Workspace workspace;

    @BeforeEach
    void open() {
        workspace = new Workspace(data, Workspace.TESTER, PATIENT);
    }

    @AfterEach
    void close() {
        workspace.close();
    }

    /// Takes those away that come with Assay: they have a test of their own.
    private void withoutShipped() {
        try (var before = Workspace.beside(data)) {
            before.result("for (const hook of await $.Hook.find()) await $.Hook.delete(hook.$id)");
        }
    }

    private JsonNode result(String script) {
        return workspace.result(script);
    }

    private ObjectNode reply(String script) {
        return Workspace.done(workspace.run(script));
    }

    private static JsonNode json(String text) {
        return Workspace.list(text);
    }

    private static JsonNode numbered(JsonNode value) {
        return Workspace.numbered(value);
    }

    @Nested
    class A_registration {
        @Test
        void is_an_object_like_any_other_and_shows_in_the_changes() {
            withoutShipped();
            var reply = reply("await $.Contact.creating(contact => { contact.x })");
            assertThat(numbered(reply.path("changes")))
                    .isEqualTo(
                            json(
                                    """
                                    [{"action": "create", "type": "Hook", "id": "hook_1", "before": {}, "after": {
                                       "name": "Contact.creating", "noun": "Contact", "verb": "create", "phase": "Before",
                                       "source": "contact => { contact.x }", "status": "Enabled", "registrant": "tester",
                                       "failures": 0}}]\
                                    """));
            assertThat(result("(await $.Hook.find()).map(h => [h.name, h.$createdBy])"))
                    .isEqualTo(json("[['Contact.creating', 'tester']]"));
        }

        @Test
        void exists_for_every_verb_under_both_names_and_two_neutral_ones() {
            withoutShipped();
            assertThat(
                            result(
                                    """
                                    await $.Experiment.starting(() => {})
                                    await $.Experiment.started(() => {})
                                    await $.Experiment.before('update', () => {})
                                    await $.Experiment.after('delete', () => {})
                                    await $.Metric.reset(() => {})
                                    await $.Metric.snapshoted(() => {})
                                    return (await $.Hook.find({}, { sort: 'name' })).map(h => [h.name, h.verb, h.phase])\
                                    """))
                    .isEqualTo(
                            json(
                                    """
                                    [["Experiment.deleted", "delete", "After"], ["Experiment.started", "start", "After"],
                                     ["Experiment.starting", "start", "Before"], ["Experiment.updating", "update", "Before"],
                                     ["Metric.reset", "reset", "After"], ["Metric.snapshotted", "snapshot", "After"]]\
                                    """));
        }

        @Test
        void of_a_disabled_verb_is_null() {
            assertThat(result("[$.Event.updating, $.Event.deleted, $.Hook.create, $.Hook.update]"))
                    .isEqualTo(json("[null, null, null, null]"));
            assertThat(workspace.error("await $.Event.before('update', () => {})").path("reason"))
                    .hasToString("\"unknown_verb\"");
        }

        @Test
        void of_the_same_function_again_is_the_same_hook_and_leaves_it_off_if_it_is_off() {
            withoutShipped();
            assertThat(
                            result(
                                    """
                                    const ids = []
                                    for (const off of [false, true]) {
                                      const hook = await $.Contact.created(contact => contact)
                                      ids.push(hook.$id)
                                      if (!off) await $.Hook.disable(hook.$id)
                                      else ids.push(hook.status)
                                    }
                                    return [ids[0] === ids[1], ids[2], await $.Hook.count()]\
                                    """))
                    .isEqualTo(json("[true, 'Disabled', 1]"));
        }

        @Test
        void gives_a_function_that_takes_the_hook_away() {
            withoutShipped();
            assertThat(
                            result(
                                    """
                                    const remove = await $.Contact.creating(() => { throw new Error('no') })
                                    await remove()
                                    await $.Contact.create({ name: 'Ada' })
                                    return [await $.Hook.count(), await $.Contact.count()]\
                                    """))
                    .isEqualTo(json("[0, 1]"));
        }

        @Test
        void may_be_switched_off_and_on_and_deleted_and_has_a_history() {
            assertThat(
                            result(
                                    """
                                    const hook = await $.Contact.creating(() => { throw new Error('no') })
                                    await $.Hook.disable(hook.$id)
                                    await $.Contact.create({ name: 'Ada' })
                                    await $.Hook.enable(hook.$id)
                                    let message
                                    try { await $.Contact.create({ name: 'Bob' }) } catch (e) { message = e.message }
                                    await $.Hook.delete(hook.$id)
                                    return [message, await $.Contact.count(), (await $.history(hook.$id)).map(a => a.verb)]\
                                    """))
                    .isEqualTo(json("['no', 1, ['create', 'disable', 'enable', 'delete']]"));
        }

        @Test
        void is_kept_with_the_script_only() {
            withoutShipped();
            workspace.error("await $.Contact.creating(() => {}); throw new Error('never mind')");
            workspace.done(
                    "do", "{'script': 'await $.Contact.creating(() => {})', 'dryRun': true}");
            assertThat(result("await $.Hook.count()")).hasToString("0");
        }

        @Test
        void is_refused_on_hooks_within_hooks_and_of_endless_length() {
            assertThat(workspace.error("$.Hook.enabled(() => {})").path("reason"))
                    .hasToString("\"unknown_verb\"");
            workspace.result(
                    "await $.Contact.creating(async (c, $) => { await $.Contact.created(() => {}) })");
            assertThat(workspace.error("await $.Contact.create({ name: 'Ada' })").path("message"))
                    .hasToString("\"A hook registers no hooks.\"");
            assertThat(
                            workspace
                                    .error(
                                            "await $.Deal.creating(eval('() => \"' + 'x'.repeat(20000) + '\"'))")
                                    .path("reason"))
                    .hasToString("\"too_large\"");
        }
    }

    @Nested
    class Before_a_verb {
        @Test
        void a_hook_gets_the_object_with_the_data_in_it_and_what_is_about_to_happen() {
            assertThat(
                            reply(
                                            """
                                            await $.Experiment.starting((e, $, change) => {
                                              console.log(e.status, e.name, e.hypothesis, JSON.stringify(change))
                                            })
                                            const { $id } = await $.Experiment.create({
                                              name: 'A', primaryMetric: 'bought', variants: ['a', 'b'] })
                                            await $.Experiment.start($id, { hypothesis: 'It sells' })\
                                            """)
                                    .path("logs"))
                    .isEqualTo(
                            json(
                                    """
                                    ["[hook Experiment.starting] Draft A It sells {\\"verb\\":\\"start\\",\\"data\\":{\\"hypothesis\\":\\"It sells\\"},\\"from\\":\\"Draft\\",\\"to\\":\\"Started\\"}"]\
                                    """));
        }

        @Test
        void gets_defaults_on_create_and_the_row_on_delete() {
            assertThat(
                            reply(
                                            """
                                            await $.Experiment.creating((e, $, c) => console.log(e.$type, e.$id, e.trafficAllocation, c.from, c.to))
                                            await $.Experiment.deleting((e, $, c) => { console.log(e.name, c.verb) })
                                            const { $id } = await $.Experiment.create({ name: 'A' })
                                            await $.Experiment.delete($id)\
                                            """)
                                    .path("logs"))
                    .isEqualTo(
                            json(
                                    """
                                    ["[hook Experiment.creating] Experiment undefined 100 null Draft",
                                     "[hook Experiment.deleting] A delete"]\
                                    """));
        }

        @Test
        void what_it_returns_is_merged_checked_and_seen_by_the_next() {
            assertThat(
                            result(
                                    """
                                    await $.Contact.creating(c => ({ name: c.name.toUpperCase() }))
                                    await $.Contact.creating(c => { c.title = 'about ' + c.name; return c })
                                    const made = await $.Contact.create({ name: 'ada', phone: '1' })
                                    return [made.name, made.title, made.phone]\
                                    """))
                    .isEqualTo(json("['ADA', 'about ADA', '1']"));
            workspace.result("await $.Metric.creating(() => ({ value: 'much' }))");
            assertThat(
                            numbered(workspace.error("await $.Metric.create({ name: 'A' })"))
                                    .path("message"))
                    .hasToString(
                            "\"Hook 'hook_1' on Metric.creating returned what cannot be: 'much' is not a number, which Metric.value needs.\"");
        }

        @Test
        void it_may_bring_what_is_required() {
            workspace.result("await $.Metric.creating(() => ({ value: 7 }))");
            assertThat(result("(await $.Metric.create({ name: 'A' })).value")).hasToString("7");
            assertThat(workspace.error("await $.Metric.create({})").path("message"))
                    .hasToString("\"Metric needs name.\"");
        }

        @Test
        void other_values_and_changes_of_the_object_in_place_change_nothing() {
            assertThat(
                            result(
                                    """
                                    await $.Contact.creating(c => { c.name = 'nobody' })
                                    await $.Contact.creating(c => true)
                                    await $.Contact.creating(c => [c])
                                    return (await $.Contact.create({ name: 'Ada' })).name\
                                    """))
                    .hasToString("\"Ada\"");
        }

        @Test
        void a_throw_refuses_with_its_message_hook_and_line_and_nothing_is_kept() {
            workspace.result(
                    """
                    await $.Contact.creating(async (contact, $) => {
                      await $.Metric.create({ name: 'tries', value: 1 })
                      throw new Error('no contacts on Fridays')
                    })
                    """);
            assertThat(numbered(workspace.error("await $.Contact.create({ name: 'Ada' })")))
                    .isEqualTo(
                            json(
                                    """
                                    {"reason": "refused_by_hook", "message": "no contacts on Fridays",
                                     "repair": "Do what hook \\u0027hook_1\\u0027 on Contact.creating asks for, or switch it off with $.Hook.disable(\\u0027hook_1\\u0027).",
                                     "hook": "hook_1", "on": "Contact.creating", "hookLine": 3,
                                     "line": 1, "column": 7, "source": "await $.Contact.create({ name: \\u0027Ada\\u0027 })"}\
                                    """));
            assertThat(
                            result(
                                    """
                                    try { await $.Contact.create({ name: 'Ada' }) } catch {}
                                    return [await $.Contact.count(), await $.Metric.count()]\
                                    """))
                    .isEqualTo(json("[0, 0]"));
            assertThat(result("(await $.Hook.findOne()).failures")).hasToString("0");
        }

        @Test
        void a_verb_that_finds_its_work_done_asks_nobody() {
            assertThat(
                            reply(
                                            """
                                            await $.FeatureFlag.enabling(() => console.log('asked'))
                                            const { $id } = await $.FeatureFlag.create({ key: 'k', name: 'K' })
                                            await $.FeatureFlag.enable($id)
                                            await $.FeatureFlag.enable($id)\
                                            """)
                                    .path("logs"))
                    .hasSize(1);
        }

        @Test
        void the_object_itself_may_not_be_changed_by_other_means() {
            workspace.result(
                    """
                    await $.Contact.create({ name: 'Ada', email: 'ada@example.com' })
                    await $.Contact.qualifying(async (c, $) => { await $.Contact.update(c.$id, { name: 'B' }) })
                    """);
            assertThat(
                            workspace
                                    .error(
                                            "const [c] = await $.Contact.find(); await $.Contact.qualify(c.$id)")
                                    .path("repair"))
                    .hasToString(
                            "\"Let the hook return the fields that it wants changed instead.\"");
        }

        @Test
        void it_may_refuse_to_go_back_to_an_old_state() {
            workspace.result(
                    """
                    const { $id } = await $.Contact.create({ name: 'Ada' })
                    await $.Contact.update($id, { name: 'Countess' })
                    await $.Contact.updating(c => { if (c.name === 'Ada') throw new Error('never again') })
                    """);
            assertThat(
                            workspace
                                    .error(
                                            "const [c] = await $.Contact.find(); await $.Contact.rollback(c.$id, 1)")
                                    .path("message"))
                    .hasToString("\"never again\"");
        }
    }

    @Nested
    class After_a_verb {
        @Test
        void a_hook_acts_on_other_objects_in_the_name_of_its_registrant() {
            assertThat(
                            result(
                                    """
                                    await $.Contact.created(async (contact, $) => {
                                      await $.Activity.create({ subject: 'Call ' + contact.name, contact: contact.$id })
                                    })
                                    await $.Contact.create({ name: 'Ada' })
                                    const [call] = await $.Activity.find()
                                    const [made] = await $.history(call.$id)
                                    return [call.subject, call.$createdBy, made.reason.replace(/hook_\\w+/, 'hook_1')]\
                                    """))
                    .isEqualTo(json("['Call Ada', 'tester', 'hook hook_1 on Contact.created']"));
        }

        @Test
        void its_rights_are_those_of_its_registrant_whoever_calls() {
            workspace.result(
                    "await $.Contact.created((c, $) => $.Activity.create({ subject: c.name }))");
            var other = new Caller("default", "somebody else", false);
            try (var theirs = new Workspace(data, other, PATIENT)) {
                assertThat(
                                theirs.result(
                                        """
                                        const contact = await $.Contact.create({ name: 'Ada' })
                                        return [contact.$createdBy, (await $.Activity.findOne()).$createdBy]\
                                        """))
                        .isEqualTo(json("['somebody else', 'tester']"));
            }
        }

        @Test
        void its_changes_stand_among_those_of_the_script() {
            var changes =
                    workspace.changes(
                            """
                            await $.Contact.created((c, $) => $.Activity.create({ subject: c.name }))
                            await $.Contact.create({ name: 'Ada' })
                            await $.Metric.create({ name: 'A', value: 1 })
                            """);
            assertThat(changes.valueStream().map(change -> change.path("type").stringValue()))
                    .containsExactly("Hook", "Contact", "Activity", "Metric");
        }

        @Test
        void the_verb_answers_with_what_hooks_made_of_its_object() {
            assertThat(
                            result(
                                    """
                                    await $.Contact.created(async (c, $) => { await $.Contact.update(c.$id, { title: 'new' }) })
                                    const made = await $.Contact.create({ name: 'Ada' })
                                    return [made.title, made.$version]\
                                    """))
                    .isEqualTo(json("['new', 2]"));
        }

        @Test
        void its_failure_is_undone_told_and_counted_and_the_verb_and_other_hooks_stay() {
            workspace.result(
                    """
                    await $.Contact.created(async (contact, $) => {
                      await $.Activity.create({ subject: 'lost' })
                      throw new Error('no time')
                    })
                    await $.Contact.created((contact, $) => $.Activity.create({ subject: 'kept' }))
                    """);
            var reply = reply("await $.Contact.create({ name: 'Ada' }); null");
            assertThat(numbered(reply.path("hookErrors")))
                    .isEqualTo(
                            json(
                                    "[{'hook': 'hook_1', 'on': 'Contact.created', 'message': 'no time', 'line': 3}]"));
            assertThat(
                            reply.path("changes")
                                    .valueStream()
                                    .map(change -> change.path("type").stringValue()))
                    .containsExactly("Contact", "Activity");
            assertThat(
                            result(
                                    """
                                    const hook = await $.Hook.findOne({ failures: 1 })
                                    return [(await $.Activity.find()).map(a => a.subject), hook.lastError, hook.lastFailedAt]\
                                    """))
                    .isEqualTo(json("[['kept'], 'no time', '2026-11-20T10:00:00.000Z']"));
        }

        @Test
        void events_too_have_hooks() {
            assertThat(
                            result(
                                    """
                                    await $.Event.creating(event => ({ properties: { seen: true } }))
                                    await $.Event.created((event, $) => $.Metric.create({ name: event.type, value: 1 }))
                                    const event = await $.Event.create({ type: 'signup' })
                                    return [event.properties, (await $.Metric.findOne()).name]\
                                    """))
                    .isEqualTo(json("[{'seen': true}, 'signup']"));
        }

        @Test
        void each_object_of_many_has_its_own_run() {
            assertThat(
                            result(
                                    """
                                    await $.Contact.creating(c => { if (c.name === 'Eve') throw new Error('not Eve') })
                                    await $.Contact.created((c, $) => $.Metric.create({ name: c.name, value: 1 }))
                                    await $.Contact.createMany([{ name: 'Ada' }, { name: 'Bob' }])
                                    try { await $.Contact.createMany([{ name: 'Cy' }, { name: 'Eve' }]) } catch {}
                                    return [await $.Contact.count(), await $.Metric.count()]\
                                    """))
                    .isEqualTo(json("[2, 2]"));
        }

        @Test
        void the_first_exposure_is_no_verb() {
            assertThat(
                            reply(
                                            """
                                            for (const verb of ['start', 'update', 'resume'])
                                              await $.Experiment.after(verb, e => console.log(e.status))
                                            const { $id } = await $.Experiment.create({
                                              name: 'A', primaryMetric: 'bought', variants: ['a', 'b'] })
                                            await $.Experiment.start($id)
                                            await $.Experiment.assign($id, 'ada')\
                                            """)
                                    .path("logs"))
                    .isEqualTo(json("['[hook Experiment.started] Started']"));
        }
    }

    @Nested
    class Limits_of_hooks {
        @Test
        void end_recursion_eight_deep_and_leave_the_verb() {
            assertThat(
                            result(
                                    """
                                    await $.Contact.created((c, $) => $.Contact.create({ name: c.name + '+' }))
                                    await $.Contact.create({ name: 'a' })
                                    return await $.Contact.count()\
                                    """))
                    .hasToString("8");
        }

        @Test
        void end_a_script_that_makes_too_many_run() {
            assertThat(
                            workspace
                                    .error(
                                            """
                                            await $.Contact.creating(() => {})
                                            await $.Contact.createMany(Array.from({ length: 201 }, (_, i) => ({ name: 'c' + i })))
                                            """)
                                    .path("message"))
                    .hasToString("\"The script caused more than 200 runs of hooks.\"");
        }

        @Test
        void stop_a_hook_within_the_time_of_its_script() {
            workspace.result("await $.Contact.created(() => { for (;;); })");
            var script = "for (let i = 0; i < 6; i++) await $.Contact.create({ name: 'Ada' })";
            try (var hurried = new Workspace(data, Workspace.TESTER, TWO_SECONDS)) {
                assertThat(hurried.error(script).path("reason")).hasToString("\"limit_exceeded\"");
            }
        }

        @Test
        void stop_an_endless_hook_and_leave_the_verb() {
            workspace.result("await $.Contact.created(() => { for (;;); })");
            try (var usual = new Workspace(data)) {
                var reply =
                        Workspace.done(usual.run("await $.Contact.create({ name: 'Ada' }); null"));
                assertThat(reply.path("hookErrors").path(0).path("message"))
                        .hasToString("\"The hook ran longer than its limit of 1 s.\"");
            }
            assertThat(result("await $.Contact.count()")).hasToString("1");
        }
    }

    @Nested
    class A_broken_hook {
        @Test
        void is_switched_off_by_five_failures_in_a_row() {
            workspace.result("await $.Contact.created(contact => contact.boss.name)");
            var create = "await $.Contact.create({ name: 'Ada' }); null";
            for (var i = 0; i < 4; i++) {
                assertThat(reply(create).path("hookErrors").path(0).has("disabled")).isFalse();
            }
            assertThat(reply(create).path("hookErrors").path(0).path("disabled"))
                    .hasToString("true");
            assertThat(reply(create).has("hookErrors")).isFalse();
            assertThat(
                            result(
                                    """
                                    const hook = await $.Hook.findOne()
                                    const last = (await $.history(hook.$id)).at(-1)
                                    return [hook.status, hook.failures, last.verb, last.actor, last.reason]\
                                    """))
                    .isEqualTo(json("['Disabled', 5, 'disable', 'assay', '5 failures in a row']"));
            assertThat(
                            result(
                                    "const { $id } = await $.Hook.findOne(); (await $.Hook.enable($id)).failures"))
                    .hasToString("0");
        }

        @Test
        void within_one_script_too() {
            workspace.result("await $.Contact.created(contact => contact.boss.name)");
            var reply =
                    reply(
                            "await $.Contact.createMany([...'abcdefg'].map(name => ({ name }))); null");
            assertThat(reply.path("hookErrors")).hasSize(5);
            assertThat(result("(await $.Hook.findOne()).status")).hasToString("\"Disabled\"");
        }

        @Test
        void starts_to_count_again_after_a_success() {
            workspace.result(
                    "await $.Contact.created(c => { if (c.name === 'Eve') throw new Error('Eve') })");
            for (var name : List.of("Eve", "Eve", "Eve", "Eve", "Ada", "Eve")) {
                reply("await $.Contact.create({ name: '%s' }); null".formatted(name));
            }
            assertThat(result("const h = await $.Hook.findOne(); return [h.status, h.failures]"))
                    .isEqualTo(json("['Enabled', 1]"));
        }

        @Test
        void before_a_verb_refuses_until_it_is_switched_off_although_nothing_else_is_kept() {
            workspace.result("await $.Contact.creating(contact => contact.boss.name)");
            var create = "await $.Contact.create({ name: 'Ada' }); null";
            for (var i = 0; i < 5; i++) {
                assertThat(workspace.error(create).path("reason"))
                        .hasToString("\"refused_by_hook\"");
            }
            reply(create);
            assertThat(result("[await $.Contact.count(), (await $.Hook.findOne()).status]"))
                    .isEqualTo(json("[1, 'Disabled']"));
        }

        @Test
        void is_not_counted_in_a_dry_run() {
            workspace.result("await $.Contact.created(contact => contact.boss.name)");
            workspace.done(
                    "do",
                    "{'script': 'await $.Contact.create({ name: \"Ada\" })', 'dryRun': true}"
                            .replace("\"", "`"));
            assertThat(result("(await $.Hook.findOne()).failures")).hasToString("0");
        }
    }

    @Nested
    class In_files {
        private void write(String file, String source) throws Exception {
            var hooks = Files.createDirectories(data.resolve("hooks"));
            Files.writeString(hooks.resolve(file), source);
        }

        private JsonNode hooks() {
            return result(
                    "(await $.Hook.find({}, { sort: 'name' })).map(h => [h.name, h.file, h.registrant])");
        }

        @Test
        void hooks_are_there_from_the_first_script_on() throws Exception {
            withoutShipped();
            write("guard.js", "$.Contact.creating(() => { throw new Error('closed') })");
            assertThat(workspace.error("await $.Contact.create({ name: 'Ada' })").path("message"))
                    .hasToString("\"closed\"");
            assertThat(hooks())
                    .isEqualTo(json("[['Contact.creating', 'guard.js', 'hooks/guard.js']]"));
        }

        @Test
        void a_dry_run_that_only_reads_makes_no_database_for_them() throws Exception {
            write("guard.js", "$.Contact.creating(() => { throw new Error('closed') })");
            workspace.done("do", "{'script': 'await $.Contact.count()', 'dryRun': true}");
            assertThat(data.resolve("default.db")).doesNotExist();
            var refused =
                    workspace.call(
                            "do",
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("script", "await $.Contact.create({ name: 'Ada' })")
                                    .put("dryRun", true));
            assertThat(Workspace.error(refused).path("message")).hasToString("\"closed\"");
        }

        @Test
        void they_follow_the_files() throws Exception {
            withoutShipped();
            write("a.js", "$.Contact.creating(() => {}); $.Contact.created(() => {})");
            write("b.js", "$.Deal.creating(() => {})");
            assertThat(hooks().size()).isEqualTo(3);
            var kept = result("(await $.Hook.findOne({ name: 'Contact.created' })).$id");
            write("a.js", "$.Contact.created(() => {}); $.Contact.deleted(() => { })");
            Files.delete(data.resolve("hooks/b.js"));
            assertThat(hooks())
                    .isEqualTo(
                            json(
                                    """
                                    [["Contact.created", "a.js", "hooks/a.js"], ["Contact.deleted", "a.js", "hooks/a.js"]]\
                                    """));
            assertThat(result("(await $.Hook.findOne({ name: 'Contact.created' })).$id"))
                    .isEqualTo(kept);
        }

        @Test
        void one_is_switched_off_before_it_can_be_deleted() throws Exception {
            write("a.js", "$.Contact.creating(() => {})");
            assertThat(
                            numbered(
                                            workspace.error(
                                                    "const { $id } = await $.Hook.findOne(); await $.Hook.delete($id)"))
                                    .path("repair"))
                    .hasToString(
                            "\"Switch it off with $.Hook.disable('hook_1'), or take its file away.\"");
            assertThat(
                            result(
                                    """
                                    const { $id } = await $.Hook.findOne()
                                    await $.Hook.disable($id)
                                    return await $.Hook.delete($id)\
                                    """))
                    .hasToString("true");
        }

        @Test
        void a_file_can_do_nothing_else_and_a_broken_one_changes_nothing() throws Exception {
            withoutShipped();
            write("a.js", "$.Contact.creating(() => {})");
            write("b.js", "await $.Contact.create({ name: 'Ada' })");
            assertThat(hooks().size()).isEqualTo(1);
            write("a.js", "$.Contact.creating(() => {");
            Files.createDirectory(data.resolve("hooks/c.js"));
            assertThat(hooks().size()).isEqualTo(1);
            assertThat(
                            workspace
                                    .done("fetch", "{'type': 'Status'}")
                                    .path("hooks")
                                    .path("broken")
                                    .valueStream()
                                    .map(broken -> broken.path("file").stringValue()))
                    .containsExactly("a.js", "b.js", "c.js");
        }

        @Test
        void one_that_is_too_long_is_broken_and_stops_nothing() throws Exception {
            withoutShipped();
            write("a.js", "$.Contact.creating(() => {})");
            write("big.js", "$.Contact.created(() => { '" + "x".repeat(20_000) + "' })");
            assertThat(hooks()).isEqualTo(json("[['Contact.creating', 'a.js', 'hooks/a.js']]"));
        }

        @Test
        void what_one_file_gives_up_another_may_keep() throws Exception {
            withoutShipped();
            write("z.js", "$.Contact.creating(() => {})");
            assertThat(hooks().size()).isEqualTo(1);
            write("a.js", "$.Contact.creating(() => {})");
            write("z.js", "$.Contact.deleted(() => {})");
            assertThat(hooks())
                    .isEqualTo(
                            json(
                                    """
                                    [["Contact.creating", "a.js", "hooks/a.js"], ["Contact.deleted", "z.js", "hooks/z.js"]]\
                                    """));
        }
    }

    @Test
    void what_a_hook_returns_wrongly_is_its_own_fault_and_not_the_callers() {
        workspace.result("await $.Contact.creating(() => ({ name: 7 }))");
        var error = workspace.error("await $.Contact.create({ name: 'Ada' })");
        assertThat(error.path("reason")).hasToString("\"refused_by_hook\"");
        assertThat(numbered(error).path("message"))
                .hasToString(
                        "\"Hook 'hook_1' on Contact.creating returned what cannot be: 7 is not text, which Contact.name needs.\"");
        assertThat(error.has("fix")).isFalse();
        assertThat(result("(await $.Hook.findOne()).failures")).hasToString("1");
    }

    @Test
    void time_and_chance_follow_from_those_of_the_script(@TempDir Path elsewhere) {
        var script =
                """
                await $.Contact.creating(() => ({ title: new Date().toISOString() + ' ' + Math.random() }))
                const made = await $.Contact.createMany([{ name: 'a' }, { name: 'b' }])
                return made.map(contact => contact.title)
                """;
        var first = result(script);
        try (var again = new Workspace(elsewhere, Workspace.TESTER, PATIENT)) {
            assertThat(again.result(script)).isEqualTo(first);
        }
        assertThat(first.path(0).stringValue())
                .startsWith("2026-11-20T10:00:00.000Z 0.")
                .isNotEqualTo(first.path(1).stringValue());
    }

    @Test
    void a_reader_runs_none() throws Exception {
        withoutShipped();
        workspace.result("await $.Contact.created(() => {})");
        var reader = new Caller("default", "reader", true);
        try (var reading = new Workspace(data, reader, Limits.DEFAULT)) {
            assertThat(reading.result("await $.Hook.count()")).hasToString("1");
        }
    }

    @Test
    void none_runs_when_they_are_switched_off() {
        workspace.result("await $.Contact.creating(() => { throw new Error('closed') })");
        try (var without = Workspace.withoutHooks(data)) {
            assertThat(without.result("(await $.Contact.create({ name: 'Ada' })).name"))
                    .hasToString("\"Ada\"");
        }
    }
}
