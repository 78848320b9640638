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

/// Who sets about a prompt finds what was tried with it, and what came of that.
@DisplayNameGeneration(ReplaceUnderscores.class)
class MemoryTest {
    @TempDir Path data;
    private Workspace workspace;
    private String first;

    @BeforeEach
    void concludeOne() {
        workspace = new Workspace(data);
        workspace.result(
                """
                await $.Prompt.create({ name: 'Support reply', template: 'Answer {{question}}' })
                await $.Prompt.version('support-reply', { template: 'Briefly answer {{question}}' })
                await $.Prompt.create({ name: 'Refund letter', template: 'Write about {{order}}' })
                """);
        first = experiment("Brevity", "support-reply@1", "support-reply@2");
        workspace.result("await $.Experiment.start('%s')".formatted(first));
        workspace.result(
                """
                const units = Array.from({ length: 600 }, (_, i) => 'u' + i)
                const got = await $.Experiment.assign('%s', units)
                const seen = {}
                const outcomes = got.map(({ key }, i) => {
                  const n = seen[key] = (seen[key] ?? 0) + 1
                  return { subject: units[i], metric: 'solved', value: n %% 10 < (key === 'brief' ? 7 : 3) ? 1 : 0 }
                })
                await $.Experiment.record('%s', outcomes)
                return await $.Experiment.conclude('%s')
                """
                        .formatted(first, first, first));
    }

    @AfterEach
    void close() {
        workspace.close();
    }

    private String experiment(String name, String control, String brief) {
        return workspace
                .result(
                        """
                        (await $.Experiment.create({
                          name: '%s', type: 'PromptExperiment', primaryMetric: 'solved',
                          variants: [{ key: 'control', prompt: '%s' }, { key: 'brief', prompt: '%s' }],
                        })).$id
                        """
                                .formatted(name, control, brief))
                .stringValue();
    }

    private JsonNode search(String arguments) {
        return workspace.done("search", arguments).path("results");
    }

    @Test
    void the_words_of_a_family_find_its_experiments_with_what_came_of_them() {
        var hits = search("{'query': 'support-reply'}");
        assertThat(hits.valueStream().map(hit -> hit.path("$type").asString()))
                .contains("Prompt", "Experiment");
        var hit =
                hits.valueStream()
                        .filter(one -> one.path("$id").asString("").equals(first))
                        .findFirst()
                        .orElseThrow();
        var comparison = hit.path("results").path("primary").path("comparisons").path(0);
        var outcome = hit.path("outcome");
        assertThat(outcome.path("verdict").asString()).isEqualTo("ship");
        assertThat(outcome.path("winner").asString()).isEqualTo("brief");
        assertThat(outcome.path("arm").asString()).isEqualTo("brief");
        for (var member : new String[] {"difference", "lower", "upper", "pValue"}) {
            assertThat(outcome.path(member)).as(member).isEqualTo(comparison.path(member));
        }
        assertThat(outcome.path("confidence")).isEqualTo(hit.path("confidence"));
        assertThat(outcome.path("units").asInt()).isEqualTo(600);
    }

    @Test
    void a_family_is_a_condition_of_a_search_too_and_the_outcome_can_be_named() {
        experiment("Refunds", "refund-letter", "refund-letter@1");
        var hits =
                search(
                        "{'type': 'Experiment', 'filter': {'families': 'support-reply'}, 'fields': ['name', 'outcome']}");
        assertThat(hits).hasSize(1);
        assertThat(hits.path(0).propertyNames())
                .containsExactlyInAnyOrder("id", "title", "url", "$type", "$id", "name", "outcome");
        assertThat(hits.path(0).path("outcome").path("verdict").asString()).isEqualTo("ship");
        assertThat(
                        search(
                                        "{'type': 'Experiment', 'filter': {'families': 'refund-letter'}, 'fields': ['name']}")
                                .path(0)
                                .has("outcome"))
                .isFalse();
    }

    @Test
    void an_experiment_that_runs_tells_its_last_look_and_finding_it_is_none() {
        var running = experiment("Again", "support-reply", "support-reply@1");
        workspace.result(
                """
                await $.Experiment.start('%s')
                await $.Experiment.assign('%s', ['a', 'b', 'c'])
                return await $.Experiment.results('%s')
                """
                        .formatted(running, running, running));
        var hit = search("{'type': 'Experiment', 'filter': {'status': 'Running'}}").path(0);
        assertThat(hit.path("outcome"))
                .isEqualTo(
                        Workspace.list(
                                "{'verdict': 'keep_running', 'winner': null, 'units': 3, 'looks': 1, 'at': '2026-11-20T10:00:00.000Z'}"));
        search("{'query': 'support-reply'}");
        assertThat(
                        workspace
                                .result(
                                        "(await $.Experiment.results('%s')).validity.looks"
                                                .formatted(running))
                                .intValue())
                .isEqualTo(2);
    }

    @Test
    void a_start_warns_of_what_was_tried_and_a_plan_lists_it() {
        var again = experiment("Again", "support-reply@2", "Text that is no prompt of any family.");
        var plan =
                workspace.result(
                        "await $.Experiment.plan('%s', { baseline: 0.3, minimumEffect: 0.1 })"
                                .formatted(again));
        assertThat(plan.path("alreadyTried")).hasSize(1);
        assertThat(plan.path("alreadyTried").path(0).path("id").asString()).isEqualTo(first);
        assertThat(plan.path("alreadyTried").path(0).path("outcome").path("winner").asString())
                .isEqualTo("brief");
        var warnings =
                Workspace.done(workspace.run("await $.Experiment.start('%s')".formatted(again)))
                        .path("warnings");
        assertThat(warnings).hasSize(1);
        assertThat(warnings.path(0).path("why").asString())
                .startsWith(
                        "Already tried with prompts of 'support-reply': %s 'Brevity' is Concluded, ship, winner 'brief'; 'brief' - 'control' = +0.4"
                                .formatted(first));
        assertThat(warnings.path(0).path("next").path(0).path("code").asString())
                .isEqualTo("return await $.fetch({ id: '%s' })".formatted(first));
    }

    @Test
    void a_prompt_that_nobody_tried_warns_of_nothing() {
        var other = experiment("Refunds", "refund-letter", "refund-letter@1");
        assertThat(
                        Workspace.done(
                                        workspace.run(
                                                "await $.Experiment.start('%s')".formatted(other)))
                                .has("warnings"))
                .isFalse();
    }

    @Test
    void the_families_follow_the_variants() {
        var id = experiment("Moved", "support-reply", "refund-letter");
        assertThat(families(id)).isEqualTo(Workspace.list("['refund-letter', 'support-reply']"));
        workspace.result(
                "await $.Experiment.update('%s', { variants: [{ key: 'a', prompt: 'refund-letter' }, { key: 'b' }] })"
                        .formatted(id));
        assertThat(families(id)).isEqualTo(Workspace.list("['refund-letter']"));
        workspace.result("await $.Experiment.update('%s', { variants: ['a', 'b'] })".formatted(id));
        assertThat(families(id).isMissingNode()).isTrue();
    }

    private JsonNode families(String id) {
        return workspace.done("fetch", "{'id': '%s'}".formatted(id)).path("families");
    }
}
