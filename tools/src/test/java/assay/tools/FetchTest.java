package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FetchTest {
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

    private ObjectNode fetch(String arguments) {
        return workspace.done("fetch", arguments);
    }

    private String create(String noun, String fields) {
        return workspace
                .result("(await $.%s.create(%s)).$id".formatted(noun, fields))
                .stringValue();
    }

    @Nested
    class An_object {
        private String id;

        @BeforeEach
        void make() {
            id =
                    create(
                            "Experiment",
                            "{name: 'Pricing page', slug: 'pricing', hypothesis: 'It sells'}");
        }

        @Test
        void comes_whole_for_its_id_alone() {
            var whole = fetch("{'id': '%s'}".formatted(id));
            assertThat(whole.remove("brief").stringValue())
                    .startsWith("Experiment 'Pricing page' is Draft. ");
            assertThat(Workspace.numbered(whole))
                    .isEqualTo(
                            Workspace.json(
                                    """
                                    {"id": "experiment_1", "title": "Pricing page",
                                     "url": "assay://default/experiment_1",
                                     "$type": "Experiment", "$id": "experiment_1", "$context": "assay://default",
                                     "$version": 1, "$createdAt": "2026-11-20T10:00:00.000Z", "$createdBy": "tester",
                                     "$updatedAt": "2026-11-20T10:00:00.000Z", "name": "Pricing page",
                                     "slug": "pricing", "hypothesis": "It sells", "status": "Draft",
                                     "trafficAllocation": 100,
                                     "text": "Experiment \\u0027Pricing page\\u0027 is Draft. hypothesis: \\u0027It sells\\u0027."}\
                                    """));
        }

        @Test
        void is_found_by_its_slug_with_and_without_its_type() {
            assertThat(fetch("{'id': 'pricing'}")).isEqualTo(fetch("{'id': '%s'}".formatted(id)));
            assertThat(fetch("{'type': 'Experiment', 'id': 'pricing'}"))
                    .isEqualTo(fetch("{'id': 'pricing'}"));
        }

        @Test
        void is_found_by_a_slug_that_looks_like_an_id_of_another_type() {
            var form = create("Experiment", "{name: 'Form', slug: 'contact_formular'}");
            assertThat(fetch("{'id': 'contact_formular'}").path("$id").stringValue())
                    .isEqualTo(form);
        }

        @Test
        void is_found_by_its_key() {
            var flag = create("FeatureFlag", "{name: 'Dark', key: 'dark'}");
            assertThat(fetch("{'id': 'dark'}").path("$id").stringValue()).isEqualTo(flag);
        }

        @Test
        void shows_the_fields_asked_for() {
            assertThat(Workspace.numbered(fetch("{'id': 'pricing', 'fields': ['name']}")))
                    .isEqualTo(
                            Workspace.json(
                                    """
                                    {"id": "experiment_1", "title": "Pricing page",
                                     "url": "assay://default/experiment_1", "$type": "Experiment",
                                     "$id": "experiment_1", "name": "Pricing page",
                                     "text": "Experiment \\u0027Pricing page\\u0027."}\
                                    """));
        }

        @Test
        void shows_its_relations_whole() {
            var ada = create("Contact", "{name: 'Ada'}");
            workspace.result("await $.Experiment.update('%s', {owner: '%s'})".formatted(id, ada));
            assertThat(
                            fetch("{'id': 'pricing', 'include': ['owner']}")
                                    .path("owner")
                                    .path("name")
                                    .stringValue())
                    .isEqualTo("Ada");
            assertThat(
                            fetch("{'id': '%s', 'include': 'experimentsByOwner'}".formatted(ada))
                                    .path("experimentsByOwner")
                                    .get(0)
                                    .path("name")
                                    .stringValue())
                    .isEqualTo("Pricing page");
        }

        @Test
        void comes_as_it_was_by_id_and_by_slug() {
            workspace.later(Duration.ofHours(1));
            workspace.result("await $.Experiment.update('%s', {name: 'New'})".formatted(id));
            for (var name : new String[] {id, "pricing"}) {
                assertThat(
                                fetch(
                                                "{'type': 'Experiment', 'id': '%s', 'asOf':"
                                                                .formatted(name)
                                                        + " '2026-11-20T10:30:00Z'}")
                                        .path("name")
                                        .stringValue())
                        .isEqualTo("Pricing page");
            }
        }

        @Test
        void that_is_deleted_can_be_read_as_it_was() {
            workspace.later(Duration.ofHours(1));
            workspace.result("await $.Experiment.delete('%s')".formatted(id));
            assertThat(workspace.refused("fetch", "{'id': '%s'}".formatted(id)).path("reason"))
                    .hasToString("\"unknown_id\"");
            assertThat(
                            fetch("{'id': '%s', 'asOf': '2026-11-20T10:30:00Z'}".formatted(id))
                                    .path("name")
                                    .stringValue())
                    .isEqualTo("Pricing page");
        }

        @Test
        void has_a_history_of_who_changed_what_and_why() {
            workspace.later(Duration.ofMinutes(1));
            workspace.result(
                    "await $.Experiment.archive('%s', {reason: 'not needed'})".formatted(id));
            assertThat(Workspace.numbered(fetch("{'type': 'History', 'id': 'pricing'}")))
                    .isEqualTo(
                            Workspace.json(
                                    """
                                    {"$type": "History", "id": "pricing", "history": [
                                      {"version": 1, "verb": "create", "event": "Experiment.Created",
                                       "actor": "tester", "at": "2026-11-20T10:00:00.000Z", "changes": {
                                         "name": {"before": null, "after": "Pricing page"},
                                         "slug": {"before": null, "after": "pricing"},
                                         "hypothesis": {"before": null, "after": "It sells"},
                                         "status": {"before": null, "after": "Draft"},
                                         "trafficAllocation": {"before": null, "after": 100}}, "run": "run_1"},
                                      {"version": 2, "verb": "archive", "event": "Experiment.Archived",
                                       "actor": "tester", "at": "2026-11-20T10:01:00.000Z", "reason": "not needed",
                                       "changes": {"status": {"before": "Draft", "after": "Archived"}}, "run": "run_2"}]}\
                                    """));
        }
    }

    @Nested
    class A_schema {
        @Test
        void of_one_noun_has_its_fields_verbs_and_states_and_a_declaration() {
            var schema = fetch("{'type': 'Schema', 'id': 'Experiment'}");
            assertThat(schema.propertyNames())
                    .containsExactly(
                            "$type",
                            "entity",
                            "description",
                            "fields",
                            "verbs",
                            "lifeCycle",
                            "crud",
                            "typescript");
            assertThat(schema.path("verbs").path("start").path("from"))
                    .isEqualTo(Workspace.list("['Draft']"));
            assertThat(schema.path("typescript").stringValue())
                    .contains(
                            "interface experimentApi",
                            "results(id: id, options?: { iteration?: number; slice?: string;");
        }

        @Test
        void of_all_lists_them_and_declares_dollar() {
            var schema = fetch("{'type': 'Schema'}");
            assertThat(schema.path("entities"))
                    .isEqualTo(
                            Workspace.list(
                                    "['Organization', 'Contact', 'Deal', 'Activity', 'Experiment', 'FeatureFlag',"
                                            + " 'Event', 'Metric', 'Funnel', 'Goal', 'Campaign', 'Segment', 'Agent',"
                                            + " 'Workflow', 'Recipe', 'Hook', 'Prompt', 'Dataset', 'Judge', 'Run']"));
            assertThat(schema.path("typescript").stringValue()).contains("declare const $: assay");
        }
    }

    @Test
    void the_status_counts_what_there_is() {
        create("Experiment", "{name: 'A'}");
        assertThat(fetch("{'type': 'Status'}"))
                .isEqualTo(
                        Workspace.json(
                                "{'$type': 'Status', 'tenant': 'default', 'readOnly': false, 'asOf':"
                                        + " '2026-11-20T10:00:00.000Z', 'objects': {'Experiment': 1, 'Hook': 2, 'Recipe': 5},"
                                        + " 'experiments': {'Draft': 1}, 'hooks': {'Enabled': 2}}"));
    }

    @Nested
    class A_metric {
        @Test
        void is_found_by_its_name_and_the_newest_is_meant() {
            create("Metric", "{name: 'experiment_rate', type: 'Counter', value: 1}");
            workspace.later(Duration.ofSeconds(1));
            var newest = create("Metric", "{name: 'experiment_rate', type: 'Counter', value: 2}");
            for (var type : new String[] {"Metric", "metrics"}) {
                assertThat(
                                fetch("{'type': '%s', 'id': 'experiment_rate'}".formatted(type))
                                        .path("$id")
                                        .stringValue())
                        .isEqualTo(newest);
            }
            assertThat(
                            Workspace.numbered(
                                    fetch(
                                            "{'type': 'Metric', 'id': 'experiment_rate', 'fields': ['value']}")))
                    .isEqualTo(
                            Workspace.json(
                                    """
                                    {"id": "metric_1", "title": "metric_1", "url": "assay://default/metric_1",
                                     "$type": "Metric", "$id": "metric_1", "value": 2,
                                     "text": "Metric \\u0027metric_1\\u0027."}\
                                    """));
        }

        @Test
        void is_found_by_its_id() {
            var id = create("Metric", "{name: 'mrr', type: 'Counter', value: 1}");
            assertThat(fetch("{'type': 'Metric', 'id': '%s'}".formatted(id)).path("name"))
                    .hasToString("\"mrr\"");
        }
    }

    @Nested
    class The_words_of_other_clients {
        @Test
        void mean_the_same() {
            var id = create("Contact", "{name: 'Ada'}");
            var whole = fetch("{'id': '%s'}".formatted(id));
            assertThat(fetch("{'resource': 'entity', 'type': 'Contact', 'id': '%s'}".formatted(id)))
                    .isEqualTo(whole);
            assertThat(fetch("{'resource': 'Contact', 'id': '%s'}".formatted(id))).isEqualTo(whole);
            assertThat(
                            fetch(
                                    "{'resource': 'state', 'type': 'Contact', 'id': '%s', 'asOf': '2026-11-20T11:00:00Z'}"
                                            .formatted(id)))
                    .isEqualTo(whole);
            assertThat(fetch("{'resource': 'events', 'id': '%s'}".formatted(id)))
                    .isEqualTo(fetch("{'type': 'History', 'id': '%s'}".formatted(id)));
            JsonNode schema = fetch("{'type': 'Schema', 'id': 'Contact'}");
            assertThat(fetch("{'resource': 'schema', 'noun': 'Contact'}")).isEqualTo(schema);
            assertThat(fetch("{'resource': 'schema', 'type': 'Contact'}")).isEqualTo(schema);
            assertThat(fetch("{'type': 'schema'}")).isEqualTo(fetch("{'type': 'Schema'}"));
        }
    }
}
