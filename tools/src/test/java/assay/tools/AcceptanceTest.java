package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/// Calls in the spelling in which users of headless.ly paste them.
@DisplayNameGeneration(ReplaceUnderscores.class)
class AcceptanceTest {
    @TempDir Path data;
    private Workspace workspace;
    private String id;

    @BeforeEach
    void a_running_experiment() {
        workspace = new Workspace(data);
        id =
                workspace
                        .result(
                                """
                                import { Experiment } from '@headlessly/experiments'

                                const created = await Experiment.create({
                                  name: 'Pricing Page V2',
                                  type: 'PromptExperiment',
                                  hypothesis: 'New layout increases conversions',
                                  primaryMetric: 'conversion',
                                  trafficAllocation: 30,
                                  variants: [
                                    { key: 'control', name: 'Current', weight: 50 },
                                    { key: 'treatment', name: 'New', weight: 50 },
                                  ],
                                })
                                await Experiment.start(created.$id)
                                created.$id
                                """)
                        .stringValue();
        workspace.result(
                "await $.Experiment.assign('%s', Array.from({length: 50}, (_, i) => 'user' + i))"
                        .formatted(id));
    }

    @AfterEach
    void close() {
        workspace.close();
    }

    @Test
    void search_by_filter_and_sort_object() {
        workspace.result(
                """
                const { $id } = await $.Experiment.create({
                  name: 'Button', type: 'ABTest', primaryMetric: 'clicked', variants: ['a', 'b'] })
                await $.Experiment.start($id)
                await $.Experiment.assign($id, 'somebody')
                """);
        var reply =
                workspace.done(
                        "search",
                        """
                        {"type":"Experiment","filter":{"status":"Running","type":"ABTest"},"sort":{"startAt":"desc"},"limit":20}\
                        """);
        assertThat(reply.path("results").valueStream().map(hit -> hit.path("name").stringValue()))
                .containsExactly("Button");
        assertThat(reply.propertyNames()).containsExactly("results", "total", "hasMore");
    }

    @Test
    void fetch_by_type_and_id() {
        var fetched =
                workspace.done("fetch", "{\"type\":\"Experiment\",\"id\":\"%s\"}".formatted(id));
        assertThat(
                        List.of(
                                fetched.path("$type").stringValue(),
                                fetched.path("$id").stringValue(),
                                fetched.path("status").stringValue(),
                                fetched.path("trafficAllocation").intValue()))
                .isEqualTo(List.of("Experiment", id, "Running", 30));
    }

    @Test
    void exactly_query_and_exactly_id_are_enough() {
        var hit = workspace.done("search", "{\"query\":\"pricing\"}").path("results").get(0);
        assertThat(hit.path("id").stringValue()).isEqualTo(id);
        var whole = workspace.done("fetch", "{\"id\":\"%s\"}".formatted(id));
        for (var name : List.of("id", "title", "text", "url")) {
            assertThat(whole.path(name).stringValue()).as(name).isNotEmpty();
        }
        assertThat(whole.path("title").stringValue()).isEqualTo("Pricing Page V2");
    }

    @Test
    void do_find_and_conclude() {
        var reply =
                Workspace.done(
                        workspace.call(
                                "do",
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put(
                                                "script",
                                                """
                                                const experiments = await $.Experiment.find({ status: 'Running' })
                                                await $.Experiment.conclude('%s')
                                                """
                                                        .formatted(id))));
        assertThat(reply.path("result").path("status").stringValue()).isEqualTo("Concluded");
        assertThat(reply.path("result").path("winner").isNull()).isTrue();
    }

    @Test
    void get_by_id() {
        assertThat(
                        workspace.result(
                                "const experiment = await $.Experiment.get('%s')\nexperiment.name"
                                        .formatted(id)))
                .hasToString("\"Pricing Page V2\"");
    }
}
