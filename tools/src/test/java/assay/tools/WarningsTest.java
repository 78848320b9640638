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

/// What a reply of `do` says beside the result when something was done that may not come to any
/// good.
@DisplayNameGeneration(ReplaceUnderscores.class)
class WarningsTest {
    private static final String HOPELESS =
            """
            const { $id } = await $.Experiment.create({
              name: 'Small change, few visitors', slug: 'hopeless', primaryMetric: 'bought', variants: ['control', 'treatment'],
              plan: { baseline: 0.1, minimumEffect: 0.01, perDay: 100, days: 14 },
            })
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

    private JsonNode reply(String script) {
        return workspace
                .call("do", JsonNodeFactory.instance.objectNode().put("script", script))
                .value();
    }

    @Test
    void a_rule_that_asks_for_a_margin_warns_of_guardrails_without_one() {
        var make =
                """
                const { $id } = await $.Experiment.create({
                  name: 'x', primaryMetric: 'bought', variants: ['control', 'treatment'], rule: 'clearAndSafe',
                  guardrails: [{ name: 'slow', margin: %s }, 'errors'] })
                await $.Experiment.start($id)
                """;
        assertThat(reply(make.formatted("5")).path("warnings").path(0).path("why").stringValue())
                .isEqualTo(
                        "The rule ships only what is shown to worsen no guardrail by more than its margin, and these declare none: 'errors'. A treatment would have to be shown to improve them; declare margins, such as {name: 'errors', margin: {relative: 0.02}}.");
        var usual = make.formatted("5").replace("'clearAndSafe'", "'clearSignals'");
        assertThat(reply(usual).has("warnings")).isFalse();
    }

    @Test
    void an_experiment_without_a_chance_is_started_with_a_warning() {
        var reply = reply(HOPELESS + "return (await $.Experiment.start($id)).status");
        assertThat(reply.path("result").stringValue()).isEqualTo("Started");
        assertThat(reply.path("warnings")).hasSize(1);
        var warning = reply.path("warnings").get(0);
        assertThat(warning.path("verb").stringValue()).isEqualTo("start");
        assertThat(warning.path("why").stringValue()).contains("there will be only 1,400");
        for (var step : warning.path("next")) {
            var plan = workspace.result("return " + step.path("code").stringValue());
            assertThat(plan.path("feasible").booleanValue())
                    .as(step.path("why").stringValue())
                    .isTrue();
        }
    }

    @Test
    void nobody_is_warned_of_what_was_undone() {
        var reply =
                reply(
                        HOPELESS
                                + """
                                await $.Experiment.created((experiment, $) => $.Experiment.start(experiment.$id).then(() => { throw new Error('no') }))
                                return (await $.Experiment.create({
                                  name: 'Again', primaryMetric: 'bought', variants: ['control', 'treatment'],
                                  plan: { baseline: 0.1, minimumEffect: 0.01, perDay: 100, days: 14 },
                                })).status
                                """);
        assertThat(reply.path("result").stringValue()).isEqualTo("Draft");
        assertThat(reply.has("warnings")).isFalse();
    }

    private JsonNode warnings(String fields) {
        return reply(
                        """
                        const { $id } = await $.Experiment.create({ name: 'A', variants: ['a', 'b'], %s })
                        return (await $.Experiment.start($id)).status
                        """
                                .formatted(fields))
                .path("warnings");
    }

    @Test
    void a_metric_that_is_nearly_a_declared_one_is_asked_about() {
        var warnings =
                warnings(
                        "primaryMetric: 'sigunp', metrics: ['signup', 'error'], guardrails: ['latency', 'eror']");
        assertThat(warnings.valueStream().map(one -> one.path("why").stringValue()))
                .containsExactly(
                        "primaryMetric names 'sigunp', which is not among metrics. Did you mean 'signup'?",
                        "guardrails names 'eror', which is not among metrics. Did you mean 'error'?");
        warnings.forEach(one ->
                workspace.result("await " + one.path("next").get(0).path("code").stringValue()));
        assertThat(
                        workspace.result(
                                """
                                const { primaryMetric, guardrails } = await $.Experiment.findOne({ name: 'A' })
                                return [primaryMetric, ...guardrails.map(one => one.name)].join()
                                """))
                .isEqualTo(JsonNodeFactory.instance.stringNode("signup,latency,error"));
    }

    @Test
    void a_primary_metric_that_is_no_declared_one_is_told() {
        assertThat(warnings("primaryMetric: 'paid', metrics: ['visits', 'clicks']"))
                .singleElement()
                .extracting(one -> one.path("why").stringValue())
                .isEqualTo(
                        "The primary metric 'paid' is not among metrics ('visits', 'clicks'), so it is a plain name of which nothing is declared.");
        assertThat(
                        warnings(
                                "primaryMetric: 'paid', metrics: [{ name: 'visits', role: 'guardrail' }]"))
                .isEmpty();
        assertThat(warnings("primaryMetric: 'paid', metrics: ['paid', 'visits']")).isEmpty();
    }
}
