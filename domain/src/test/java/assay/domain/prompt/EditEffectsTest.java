package assay.domain.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EditEffectsTest {
    @TempDir Path data;

    @Test
    void the_lineage_of_a_prompt_has_what_each_edit_did_by_concluded_experiments() {
        try (var bench = new Bench(data)) {
            var first =
                    bench.create("Prompt", "{'name': 'Reply', 'template': 'Answer: {{question}}'}");
            bench.write(work ->
                    work.prompts()
                            .version(
                                    first.path("$id").stringValue(),
                                    assay.domain.JsonText.json(
                                            "{'template': 'Kindly: {{question}}'}")));
            var id =
                    bench.create(
                                    "Experiment",
                                    """
                                    {'name': 'Replies', 'type': 'PromptExperiment', 'primaryMetric': 'liked',
                                     'variants': [{'key': 'old', 'prompt': 'reply@1', 'control': true}, {'key': 'kind', 'prompt': 'reply@2'}]}\
                                    """)
                            .path("$id")
                            .stringValue();
            bench.verb("Experiment", "start", id, "{}");
            expose(bench, id);
            assertThat(effects(bench).isMissingNode()).isTrue();
            bench.verb("Experiment", "conclude", id, "{}");
            var effect = effects(bench).path(0);
            assertThat(effect.path("experiment").stringValue()).isEqualTo(id);
            assertThat(effect.path("metric").stringValue()).isEqualTo("liked");
            assertThat(effect.path("verdict").stringValue()).isEqualTo("keep_running");
            assertThat(effect.path("difference").doubleValue())
                    .isBetween(
                            effect.path("lower").doubleValue(), effect.path("upper").doubleValue());
        }
    }

    private static JsonNode effects(Bench bench) {
        return bench.read(work -> work.prompts().lineage("reply"))
                .path("lineage")
                .path(1)
                .path("effects");
    }

    private static void expose(Bench bench, String id) {
        var names = JsonNodeFactory.instance.arrayNode();
        var outcomes = JsonNodeFactory.instance.arrayNode();
        for (var i = 0; i < 60; i++) {
            names.add("s" + i);
            outcomes.addObject().put("subject", "s" + i).put("value", i % 3 / 2.0);
        }
        bench.write(work -> work.assign(id, names, Bench.value("{}")));
        bench.write(work -> work.record(id, outcomes));
    }
}
