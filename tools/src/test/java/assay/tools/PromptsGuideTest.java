package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// docs/prompts.md, and the prompt that MCP clients offer for the same, show scripts that run as
/// they stand, one after the other.
@DisplayNameGeneration(ReplaceUnderscores.class)
class PromptsGuideTest {
    private static final Path GUIDE = Path.of("../docs/prompts.md");
    private static final Path PROMPT =
            Path.of("../server/src/main/resources/assay/server/mcp/optimize-prompt.md");
    private static final Pattern BLOCK = Pattern.compile("```js\n(.*?)```", Pattern.DOTALL);

    @TempDir Path data;

    private static List<String> scripts(Path text) throws Exception {
        return BLOCK.matcher(Files.readString(text))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    @Test
    void its_scripts_run_one_after_the_other() throws Exception {
        try (var workspace = new Workspace(data)) {
            var results = scripts(GUIDE).stream().map(workspace::result).toList();
            assertThat(results.getFirst())
                    .isEqualTo(
                            Workspace.list(
                                    "['support-reply@1', 'support-reply@2', ['customer.name', 'question']]"));
            assertThat(results)
                    .hasSize(13)
                    .contains(Workspace.json("{'items': 50, 'total': 200, 'planned': 150}"))
                    .anySatisfy(loop -> {
                        assertThat(loop.path("answers").path(0).path("status").asString(""))
                                .isEqualTo("recorded");
                        assertThat(loop.path("left").intValue()).isEqualTo(146);
                    })
                    .anySatisfy(pair ->
                            assertThat(pair.path("verdict").path("status").asString(""))
                                    .isEqualTo("recorded"))
                    .contains(Workspace.list("['control', 'kind', 'short']"));
        }
    }

    @Test
    void the_scripts_of_the_mcp_prompt_take_an_experiment_to_its_results() throws Exception {
        var scripts = scripts(PROMPT);
        assertThat(scripts).hasSize(3);
        try (var workspace = new Workspace(data)) {
            workspace.result(
                    """
                    await $.Dataset.create({ name: 'Sums', slug: 'sums', items: [{ input: { a: 1 }, expected: '2' }, { input: { a: 2 }, expected: '3' }] })
                    await $.Judge.create({ name: 'Right', slug: 'right', kind: 'numeric' })
                    const { $id } = await $.Prompt.create({ name: 'Sum', template: '{{a}} + 1?' })
                    await $.Prompt.version($id, { template: 'What is {{a}} + 1?' })
                    """);
            var id =
                    run(
                                    workspace,
                                    scripts.get(0),
                                    "{'name': 'Sums', 'dataset': 'sums', 'judge': 'right', 'present': 'sum@1', 'edited': 'sum@2'}")
                            .stringValue();
            workspace.result("await $.Experiment.start('%s')".formatted(id));
            var leased = run(workspace, scripts.get(1), "{'id': '%s'}".formatted(id));
            assertThat(leased.path("units")).hasSize(4);
            var params = Workspace.json("{'id': '%s'}".formatted(id));
            var outcomes = params.putArray("outcomes");
            for (var unit : leased.path("units")) {
                outcomes.addObject()
                        .put("lease", unit.path("lease").stringValue())
                        .put("output", "2")
                        .putObject("metrics")
                        .put("latencyMs", 5);
            }
            var results = run(workspace, scripts.get(2), params);
            assertThat(results.path("verdict").stringValue()).isEqualTo("futile");
            assertThat(results.path("primary").path("arms").path(0).path("n").intValue())
                    .isEqualTo(2);
        }
    }

    private static JsonNode run(Workspace workspace, String script, String params) {
        return run(workspace, script, Workspace.json(params));
    }

    private static JsonNode run(Workspace workspace, String script, ObjectNode params) {
        var call = JsonNodeFactory.instance.objectNode().put("script", script);
        return Workspace.done(workspace.call("do", call.set("params", params))).path("result");
    }
}
