package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Saved scripts: those that ship, and those of a user.
@DisplayNameGeneration(ReplaceUnderscores.class)
class RecipesTest {
    /// An experiment whose rule has fired, one that goes on, and one whose split is broken.
    private static final String WORLD =
            """
            const variants = ['control', 'treatment']
            for (const slug of ['decided', 'open', 'skewed', 'draft']) {
              await $.Experiment.create({ name: slug, slug, primaryMetric: 'bought', variants })
            }
            for (const slug of ['decided', 'open', 'skewed']) await $.Experiment.start(slug)
            const all = Array.from({ length: 1200 }, (_, i) => 'user' + i)
            const keys = await $.Experiment.assign('decided', all)
            await $.Experiment.record('decided', all.flatMap((subject, i) =>
              i % 10 < (keys[i].key === 'treatment' ? 7 : 2) ? [{ subject }] : []))
            await $.Experiment.assign('open', ['ada', 'bob'])
            const shown = await $.Experiment.assign('skewed', all, { expose: false })
            await $.Experiment.assign('skewed', all.filter((_, i) => shown[i].key === 'treatment'))
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

    private JsonNode run(String recipe, String params) {
        return done(recipe, params, false).path("result");
    }

    private JsonNode done(String recipe, String params, boolean dryRun) {
        return workspace.done(
                "do",
                "{'recipe': '%s', 'params': %s, 'dryRun': %s}".formatted(recipe, params, dryRun));
    }

    private static JsonNode shape(JsonNode result) {
        return Workspace.numbered(result);
    }

    @Nested
    class The_five_that_ship {
        @Test
        void are_listed() {
            assertThat(workspace.result("(await $.Recipe.find()).map(r => r.name).sort()"))
                    .isEqualTo(
                            Workspace.list(
                                    "['ab-test', 'check-all', 'clone-experiment', 'conclude-decided', 'prompt-experiment']"));
        }

        @ParameterizedTest(name = "{0}")
        @CsvSource({
            "start an A/B test, ab-test",
            "experiment between prompts, prompt-experiment",
            "running experiment verdict, check-all",
            "conclude an experiment, conclude-decided",
            "new draft from the design, clone-experiment"
        })
        void are_found_by_what_they_do(String words, String name) {
            var found = workspace.done("search", "{'query': '%s'}".formatted(words));
            assertThat(found.path("results").get(0).path("title").stringValue()).isEqualTo(name);
        }

        @Test
        void are_found_without_their_source_and_fetched_with_it() {
            var found = workspace.done("search", "{'type': 'Recipe', 'query': 'check'}");
            assertThat(found.path("results").get(0).has("source")).isFalse();
            assertThat(found.path("results").get(0).path("params").path("type"))
                    .hasToString("\"object\"");
            assertThat(
                            workspace
                                    .done("search", "{'type': 'Recipe', 'fields': ['source']}")
                                    .path("results")
                                    .get(0)
                                    .path("source")
                                    .stringValue())
                    .contains("$.");
            assertThat(workspace.done("fetch", "{'id': 'check-all'}").path("source").stringValue())
                    .contains("$.Experiment.results");
        }

        @Test
        void do_not_come_up_for_words_of_their_source() {
            assertThat(workspace.done("search", "{'query': 'notLookedAt'}").path("total"))
                    .hasToString("0");
        }

        @Test
        void may_be_changed_and_removed() {
            workspace.result(
                    "await $.Recipe.update('check-all', { source: '40 + 2', params: null })");
            assertThat(run("check-all", "null")).hasToString("42");
            workspace.result("await $.Recipe.delete('ab-test')");
            assertThat(workspace.result("await $.Recipe.count()")).hasToString("4");
        }

        @Test
        void begin_an_ab_test() {
            var reply =
                    done(
                            "ab-test",
                            "{'name': 'Shorter checkout', 'metric': 'bought', 'minimumEffect': 0.01, 'plannedSample': 4000}",
                            false);
            assertThat(shape(reply.path("result")))
                    .isEqualTo(
                            Workspace.list(
                                    """
                                    {"id": "experiment_1", "status": "Started", "control": "control", "next": [
                                      {"why": "give each subject its variant",
                                       "code": "await $.Experiment.assign(\\u0027experiment_1\\u0027, [subjects])"},
                                      {"why": "tell what they did",
                                       "code": "await $.Experiment.record(\\u0027experiment_1\\u0027, [{subject, metric: \\"bought\\", value}])"},
                                      {"why": "look as often as you like",
                                       "code": "await $.Experiment.results(\\u0027experiment_1\\u0027)"}]}
                                    """));
            assertThat(
                            reply.path("changes")
                                    .valueStream()
                                    .map(one -> one.path("action").stringValue()))
                    .containsExactly("create", "start");
        }

        @Test
        void begin_an_experiment_between_prompts() {
            var result =
                    run(
                            "prompt-experiment",
                            "{'name': 'Tone', 'prompts': {'plain': 'Answer.', 'steps': 'Answer step by step.'}}");
            assertThat(result.path("control").stringValue()).isEqualTo("plain");
            assertThat(
                            workspace.result(
                                    """
                                    const [answer] = await $.Experiment.assign('%s', ['item1'])
                                    return ['Answer.', 'Answer step by step.'].includes(answer.value)
                                    """
                                            .formatted(result.path("id").stringValue())))
                    .hasToString("true");
        }

        @Test
        void look_at_all_that_runs() {
            workspace.result(WORLD);
            var result = run("check-all", "{}");
            assertThat(
                            result.path("experiments")
                                    .valueStream()
                                    .map(one ->
                                            one.path("name").stringValue()
                                                    + " "
                                                    + one.path("verdict").stringValue()))
                    .containsExactly("skewed invalid", "decided ship", "open keep_running");
            assertThat(result.path("decided")).hasToString("2");
            assertThat(result.path("notLookedAt")).hasToString("0");
            assertThat(result.path("experiments").get(1).propertyNames())
                    .containsExactly(
                            "id",
                            "name",
                            "status",
                            "verdict",
                            "why",
                            "winner",
                            "confidence",
                            "next");
            assertThat(run("check-all", "{'limit': 1}").path("notLookedAt")).hasToString("2");
        }

        @Test
        void conclude_what_is_decided_and_only_show_it_in_a_dry_run() {
            workspace.result(WORLD);
            var dry = done("conclude-decided", "{}", true);
            assertThat(workspace.result("(await $.Experiment.get('decided')).status"))
                    .hasToString("\"Running\"");
            var real = done("conclude-decided", "{}", false);
            assertThat(real.path("result")).isEqualTo(dry.path("result"));
            assertThat(real.path("changes").findValuesAsString("action"))
                    .containsExactly("conclude", "create");
            var result = real.path("result");
            assertThat(result.path("concluded").get(0).path("winner").stringValue())
                    .isEqualTo("treatment");
            assertThat(result.path("invalid").get(0).path("name").stringValue())
                    .isEqualTo("skewed");
            assertThat(result.path("running")).hasToString("1");
            assertThat(result.path("concluded").get(0).propertyNames())
                    .containsExactly("id", "name", "verdict", "winner", "sampleSize", "why");
        }

        @Test
        void conclude_only_with_the_verdicts_asked_for() {
            workspace.result(WORLD);
            assertThat(run("conclude-decided", "{'verdicts': ['futile']}").path("concluded"))
                    .isEmpty();
        }

        @Test
        void copy_an_experiment_with_changes() {
            workspace.result(WORLD);
            var result =
                    run(
                            "clone-experiment",
                            "{'experiment': 'skewed', 'changes': {'name': 'Again'}, 'stop': true, 'start': true}");
            assertThat(shape(result))
                    .isEqualTo(
                            Workspace.json(
                                    "{'id': 'experiment_1', 'name': 'Again', 'status': 'Started', 'from': 'experiment_2'}"));
            assertThat(workspace.result("(await $.Experiment.get('skewed')).status"))
                    .hasToString("\"Stopped\"");
        }
    }

    @Nested
    class A_recipe_of_a_user {
        @BeforeEach
        void save() {
            workspace.result(
                    """
                    await $.Recipe.create({
                      name: 'greet', description: 'Greets somebody.',
                      params: { type: 'object', properties: {
                        who: { type: 'string', examples: ['Ada'] }, times: { type: 'integer', minimum: 1, default: 1 } },
                        required: ['who'] },
                      source: "if (params.who === 'nobody') throw new Error('no')\\nreturn Array(params.times).fill('Hello, ' + params.who)" })
                    """);
        }

        @Test
        void runs_with_its_defaults_filled_in() {
            assertThat(run("greet", "{'who': 'Bob'}")).isEqualTo(Workspace.list("['Hello, Bob']"));
        }

        @Test
        void goes_by_its_id_too() {
            var id = workspace.result("(await $.Recipe.get('greet')).$id").stringValue();
            assertThat(run(id, "{'who': 'Bob', 'times': 2}").size()).isEqualTo(2);
        }

        @Test
        void has_versions_like_everything_else() {
            workspace.result("await $.Recipe.update('greet', { source: '7' })");
            workspace.result("await $.Recipe.rollback('greet', 1)");
            assertThat(run("greet", "{'who': 'Bob'}")).isEqualTo(Workspace.list("['Hello, Bob']"));
        }

        @Test
        void that_fails_tells_the_place_in_its_own_text() {
            assertThat(
                            workspace
                                    .call("do", "{'recipe': 'greet', 'params': {'who': 'nobody'}}")
                                    .value())
                    .isEqualTo(
                            Workspace.json(
                                    """
                                    {"error": {"reason": "script_error", "message": "no",
                                      "repair": "Line and column are those of the recipe: send other params, or correct it with \
                                    $.Recipe.update(\\u0027greet\\u0027, {source}).",
                                      "line": 1, "column": 36, "source": "if (params.who === \\u0027nobody\\u0027) throw new Error(\\u0027no\\u0027)",
                                      "recipe": "greet"},
                                     "logs": [], "applied": []}
                                    """));
        }

        @Test
        void is_refused_what_it_does_not_take_with_arguments_that_work() {
            var refused =
                    workspace.refused(
                            "do",
                            "{'recipe': 'greet', 'params': {'wo': 'Bob', 'times': '2'}, 'dryRun': true}");
            assertThat(refused.path("field")).hasToString("\"params.wo\"");
            var fix = Workspace.json(refused.path("fix").stringValue());
            assertThat(fix)
                    .isEqualTo(
                            Workspace.json(
                                    "{'recipe': 'greet', 'params': {'who': 'Bob', 'times': 2}, 'dryRun': true}"));
            assertThat(Workspace.done(workspace.call("do", fix)).path("result").size())
                    .isEqualTo(2);
        }

        @Test
        void keeps_nothing_when_it_fails() {
            workspace.result(
                    "await $.Recipe.create({ name: 'half', source: \"await $.Contact.create({ name: 'A' }); null.x\" })");
            workspace.refused("do", "{'recipe': 'half'}");
            assertThat(workspace.result("await $.Contact.count()")).hasToString("0");
        }
    }
}
