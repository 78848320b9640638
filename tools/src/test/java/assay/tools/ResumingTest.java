package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A conversation that knows nothing but an id takes an experiment up from its brief.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ResumingTest {
    private static final int LONGEST = 4 * 300;

    @TempDir Path data;
    private Workspace workspace;
    private String id;

    @BeforeEach
    void open() {
        workspace = new Workspace(data);
        id =
                workspace
                        .result(
                                """
                                (await $.Experiment.create({
                                  name: 'Greeting', type: 'PromptExperiment', hypothesis: 'A question sells',
                                  variants: [{ key: 'plain' }, { key: 'question' }],
                                  metrics: [{ name: 'bought', type: 'proportion' }], primaryMetric: 'bought',
                                  rule: { plannedSample: 800, minimumEffect: 0.05 },
                                })).$id
                                """)
                        .stringValue();
    }

    @AfterEach
    void close() {
        workspace.close();
    }

    private String brief() {
        var brief =
                workspace.done("fetch", "{'id': '%s'}".formatted(id)).path("brief").stringValue();
        assertThat(brief).hasSizeLessThan(LONGEST).contains(" Code: ");
        return brief;
    }

    /// All of a brief but the next step.
    private static String standing(String brief) {
        return brief.substring(0, brief.indexOf(" Next: "));
    }

    /// Does what a brief says is next, as a conversation that knows nothing else.
    private ObjectNode followed(String brief) {
        var call =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("script", brief.substring(brief.indexOf(" Code: ") + 7));
        call.set(
                "params",
                Workspace.json(
                        "{'subjects': ['v1'], 'outcomes': [{'subject': 'v1', 'metric': 'bought', 'value': 1}], 'changes': {'variants': ['a', 'b'], 'primaryMetric': 'bought'}}"));
        return Workspace.done(workspace.call("do", call));
    }

    private String status() {
        return workspace
                .result("(await $.Experiment.get('%s')).status".formatted(id))
                .stringValue();
    }

    /// Exposes units, of which the given share buys under each variant.
    private void run(int units, double plain, double question) {
        workspace.result(
                """
                const units = Array.from({ length: %d }, (_, i) => 'u' + i)
                const got = await $.Experiment.assign('%s', units)
                const seen = {}
                const rate = { plain: %s, question: %s }
                const outcomes = got.map(({ key }, i) => {
                  const n = seen[key] = (seen[key] ?? 0) + 1
                  return { subject: units[i], metric: 'bought', value: Math.floor(n * rate[key]) - Math.floor((n - 1) * rate[key]) }
                })
                await $.Experiment.record('%s', outcomes)
                """
                        .formatted(units, id, plain, question, id));
    }

    private JsonNode look() {
        return workspace.result("await $.Experiment.results('%s')".formatted(id));
    }

    @Test
    void a_draft_is_to_be_started() {
        var brief = brief();
        assertThat(standing(brief))
                .isEqualTo(
                        "PromptExperiment 'Greeting' is Draft."
                                + " Compares 'question' with 'plain' on 'bought' (more is better, differences below 0.05 do not"
                                + " count; sequential, alpha 0.05, planned for 800 units). Hypothesis: 'A question sells'.");
        followed(brief);
        assertThat(status()).isEqualTo("Started");
    }

    @Test
    void a_draft_that_cannot_start_says_what_is_missing() {
        id = workspace.result("(await $.Experiment.create({ name: 'Empty' })).$id").stringValue();
        var brief = brief();
        assertThat(standing(brief))
                .isEqualTo(
                        "Experiment 'Empty' is Draft. It cannot start yet: The experiment has no variants; a comparison needs two."
                                + " Call $.Experiment.update('%s', {variants: ['control', 'treatment']}), then start it."
                                        .formatted(id));
        followed(brief);
        assertThat(status()).isEqualTo("Started");
    }

    @Test
    void a_draft_that_waits_for_its_time_says_so() {
        workspace.result(
                "await $.Experiment.update('%s', { startAt: '2026-12-01T00:00:00Z' }); await $.Experiment.start('%s')"
                        .formatted(id, id));
        var brief = brief();
        assertThat(brief).contains("It starts by itself at 2026-12-01T00:00:00.000Z.");
        followed(brief);
        assertThat(status()).isEqualTo("Started");
    }

    @Test
    void one_that_has_started_is_to_be_given_units() {
        workspace.result("await $.Experiment.start('%s')".formatted(id));
        var brief = brief();
        assertThat(standing(brief))
                .startsWith(
                        "PromptExperiment 'Greeting' is Started, since 2026-11-20T10:00:00.000Z. No look yet. Units: 'plain' 0, 'question' 0.");
        assertThat(followed(brief).path("result").path("verdict").asString())
                .isEqualTo("keep_running");
        assertThat(status()).isEqualTo("Running");
    }

    @Test
    void one_that_runs_tells_its_last_look_and_takes_none() {
        workspace.result("await $.Experiment.start('%s')".formatted(id));
        run(300, 0.5, 0.55);
        var seen = look();
        run(340, 0.5, 0.55);
        var difference = seen.path("primary").path("comparisons").path(0);
        assertThat(standing(brief()))
                .contains(
                        " Last look (no. 1, 2026-11-20T10:00:00.000Z): keep_running at 300 units; 'question' - 'plain' = "
                                + shown(difference.path("difference")))
                .contains("; 40 units came since.");
        brief();
        assertThat(look().path("validity").path("looks").intValue()).isEqualTo(2);
        assertThat(followed(brief()).path("result").path("verdict").asString())
                .isEqualTo("keep_running");
    }

    private static String shown(JsonNode number) {
        var rounded =
                new java.math.BigDecimal(number.doubleValue())
                        .round(new java.math.MathContext(3))
                        .stripTrailingZeros()
                        .toPlainString();
        return number.doubleValue() > 0 ? "+" + rounded : rounded;
    }

    @Test
    void one_whose_rule_has_fired_is_to_be_concluded_and_then_completed() {
        workspace.result("await $.Experiment.start('%s')".formatted(id));
        run(600, 0.3, 0.7);
        assertThat(look().path("verdict").asString()).isEqualTo("ship");
        var fired = brief();
        assertThat(fired).contains(": ship at 600 units; 'question' - 'plain' = +0.4 (");
        followed(fired);
        var concluded = brief();
        assertThat(standing(concluded))
                .startsWith(
                        "PromptExperiment 'Greeting' is Concluded, ended 2026-11-20T10:00:00.000Z."
                                + " Winner 'question': ship at 600 units; 'question' - 'plain' = +0.4 (")
                .contains("confidence");
        assertThat(concluded).contains("assign serves 'question' to everybody");
        followed(concluded);
        assertThat(status()).isEqualTo("Completed");
        assertThat(followed(brief()).path("result").path("verdict").asString()).isEqualTo("ship");
    }

    @Test
    void one_without_an_effect_is_to_be_ended_without_a_winner() {
        workspace.result("await $.Experiment.start('%s')".formatted(id));
        run(600, 0.7, 0.3);
        look();
        followed(brief());
        assertThat(status()).isEqualTo("Concluded");
        assertThat(standing(brief())).contains(" No winner: rollback at 600 units; ");
    }

    @Test
    void a_paused_one_is_to_be_resumed() {
        workspace.result("await $.Experiment.start('%s')".formatted(id));
        run(20, 0.5, 0.5);
        workspace.result("await $.Experiment.pause('%s')".formatted(id));
        var brief = brief();
        assertThat(brief).contains(" is Paused, since ").contains("Units: 'plain' ");
        followed(brief);
        assertThat(status()).isEqualTo("Running");
    }

    @Test
    void a_stopped_one_is_to_be_archived() {
        workspace.result("await $.Experiment.start('%s')".formatted(id));
        run(20, 0.5, 0.5);
        look();
        workspace.result("await $.Experiment.stop('%s')".formatted(id));
        var stopped = brief();
        assertThat(standing(stopped))
                .startsWith(
                        "PromptExperiment 'Greeting' is Stopped, ended 2026-11-20T10:00:00.000Z. Nobody decided: keep_running at 20 units");
        followed(stopped);
        assertThat(status()).isEqualTo("Archived");
        assertThat(followed(brief()).path("result").isArray()).isTrue();
    }

    @Test
    void one_over_a_dataset_tells_its_work_and_its_budget_and_is_gone_on_with_by_leases() {
        id =
                workspace
                        .result(
                                """
                                await $.Dataset.create({
                                  name: 'Sums', slug: 'sums',
                                  items: [1, 2, 3].map(a => ({ id: 'sum' + a, input: { a }, expected: String(a + 1) })),
                                })
                                await $.Judge.create({ name: 'Right', slug: 'right', kind: 'exact' })
                                const e = await $.Experiment.create({
                                  name: 'Sums', type: 'PromptExperiment', dataset: 'sums', judge: 'right',
                                  primaryMetric: 'right', metrics: [{ name: 'right', type: 'proportion' }],
                                  variants: [{ key: 'plain', prompt: { template: '{{a}} + 1?' } }, { key: 'polite', prompt: { template: 'Please: {{a}} + 1' } }],
                                  budget: { units: 4 },
                                })
                                await $.Experiment.start(e.$id)
                                return e.$id
                                """)
                        .stringValue();
        assertThat(standing(brief()))
                .contains(
                        " Split validation: 0 of 4 units recorded, 4 left to lease. Budget left: 4 units.");
        var units = followed(brief()).path("result").path("units");
        assertThat(units).hasSize(4);
        assertThat(standing(brief()))
                .contains(
                        " Split validation: 0 of 4 units recorded, 4 leased. Budget left: 0 units.");
        for (var unit : units) {
            look();
            assertThat(brief()).doesNotContain("came since");
            workspace.result(
                    "await $.Experiment.record('%s', { output: '2' })"
                            .formatted(unit.path("lease").stringValue()));
        }
        assertThat(brief()).contains(": keep_running at 3 units").contains("; 1 units came since.");
        assertThat(standing(brief())).contains(" 4 of 4 units recorded. Budget left: 0 units.");
        assertThat(followed(brief()).path("result").path("verdict").asString()).isEqualTo("futile");
        followed(brief());
        assertThat(status()).isEqualTo("Concluded");
    }

    @Test
    void long_names_are_cut_and_the_next_step_is_not() {
        id =
                workspace
                        .result(
                                """
                                const long = "\\\\'".repeat(90)
                                return (await $.Experiment.create({
                                  name: long, type: 'PromptExperiment', hypothesis: long, primaryMetric: long,
                                  variants: Array.from({ length: 9 }, (_, i) => ({ key: i + long })),
                                })).$id
                                """)
                        .stringValue();
        assertThat(brief()).endsWith("await $.Experiment.start('%s')".formatted(id));
    }

    @Test
    void the_brief_alone_can_be_asked_for_and_the_past_has_none() {
        var alone = workspace.done("fetch", "{'id': '%s', 'fields': ['brief']}".formatted(id));
        assertThat(alone.propertyNames())
                .containsExactlyInAnyOrder("id", "title", "url", "$type", "$id", "brief", "text");
        assertThat(
                        workspace
                                .done("fetch", "{'id': '%s', 'fields': ['name']}".formatted(id))
                                .has("brief"))
                .isFalse();
        assertThat(
                        workspace
                                .done(
                                        "fetch",
                                        "{'id': '%s', 'asOf': '2026-11-20T10:00:00Z'}"
                                                .formatted(id))
                                .has("brief"))
                .isFalse();
    }
}
