package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.scripting.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
class SearchTest {
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

    private ObjectNode search(String arguments) {
        return workspace.done("search", arguments);
    }

    private List<String> names(String arguments) {
        return names(search(arguments));
    }

    private static List<String> names(JsonNode reply) {
        return reply.path("results").valueStream().map(hit -> hit.path("name").asString()).toList();
    }

    @Nested
    class By_words_alone {
        @BeforeEach
        void objects_of_several_types() {
            workspace.result(
                    """
                    await $.Experiment.create({ name: 'Pricing page' })
                    await $.Contact.create({ name: 'Ada', title: 'Head of pricing' })
                    await $.Deal.create({ name: 'Other', value: 1 })
                    await $.Metric.create({ name: 'pricing clicks', type: 'Counter', value: 1 })
                    """);
        }

        @Test
        void every_type_is_searched() {
            assertThat(names("{'query': 'pricing'}"))
                    .containsExactlyInAnyOrder("Pricing page", "Ada", "pricing clicks");
        }

        @Test
        void the_contract_of_other_clients_is_met() {
            var reply = search("{'query': 'page'}");
            assertThat(Workspace.numbered(reply))
                    .isEqualTo(
                            Workspace.json(
                                    """
                                    {"results": [{"id": "experiment_1", "title": "Pricing page",
                                      "url": "assay://default/experiment_1",
                                      "$type": "Experiment", "$id": "experiment_1", "$context": "assay://default",
                                      "$version": 1, "$createdAt": "2026-11-20T10:00:00.000Z", "$createdBy": "tester",
                                      "$updatedAt": "2026-11-20T10:00:00.000Z", "name": "Pricing page",
                                      "status": "Draft", "trafficAllocation": 100}],
                                     "total": 1, "hasMore": false}\
                                    """));
        }

        @Test
        void a_field_called_title_keeps_its_own_value() {
            var hit = search("{'query': 'Ada'}").path("results").get(0);
            assertThat(hit.path("title").stringValue()).isEqualTo("Head of pricing");
            assertThat(hit.path("url").stringValue())
                    .isEqualTo("assay://default/" + hit.path("id").stringValue());
        }

        @Test
        void pages_follow_the_cursor() {
            var first = search("{'query': 'pricing', 'limit': 2}");
            var next =
                    search(
                            "{'query': 'pricing', 'limit': 2, 'cursor': '%s'}"
                                    .formatted(first.path("cursor").stringValue()));
            var all = new ArrayList<>(names(first));
            all.addAll(names(next));
            assertThat(all).containsExactlyInAnyOrder("Pricing page", "Ada", "pricing clicks");
            assertThat(first.path("hasMore").booleanValue()).isTrue();
            assertThat(next.path("hasMore").booleanValue()).isFalse();
            assertThat(next.has("cursor")).isFalse();
        }

        @Test
        void only_the_number_can_be_asked_for() {
            assertThat(search("{'query': 'pricing', 'countOnly': true}"))
                    .isEqualTo(Workspace.json("{'total': 3}"));
        }

        @Test
        void words_that_nothing_has_find_nothing() {
            assertThat(search("{'query': 'nowhere \\\"quoted\\\" AND ( * -'}"))
                    .isEqualTo(Workspace.json("{'results': [], 'total': 0, 'hasMore': false}"));
        }

        @Test
        void any_other_argument_means_experiments_unless_a_type_is_named() {
            assertThat(names("{'query': 'pricing', 'sort': 'name'}"))
                    .containsExactly("Pricing page");
            assertThat(names("{'query': 'pricing', 'type': 'Contact'}")).containsExactly("Ada");
        }
    }

    @Nested
    class By_condition {
        @BeforeEach
        void experiments() {
            for (var i = 1; i <= 5; i++) {
                workspace.result(
                        "await $.Experiment.create({name: 'E%d', type: '%s', trafficAllocation: %d})"
                                .formatted(i, i % 2 == 0 ? "ABTest" : "PromptExperiment", i * 10));
                workspace.later(Duration.ofMinutes(1));
            }
        }

        @Test
        void experiments_come_newest_first_when_nothing_is_asked() {
            assertThat(names("{}")).containsExactly("E5", "E4", "E3", "E2", "E1");
        }

        @Test
        void filter_sort_and_limit_work_together() {
            var reply =
                    search(
                            "{'type': 'Experiment', 'filter': {'type': 'PromptExperiment', 'trafficAllocation': {'$gt':"
                                    + " 10}}, 'sort': {'trafficAllocation': 'asc'}, 'limit': 1}");
            assertThat(names(reply)).containsExactly("E3");
            assertThat(reply.path("total").intValue()).isEqualTo(2);
        }

        @Test
        void words_and_condition_work_together() {
            assertThat(names("{'query': 'E2', 'filter': {'type': 'ABTest'}}"))
                    .containsExactly("E2");
            assertThat(names("{'query': 'E2', 'filter': {'type': 'PromptExperiment'}}")).isEmpty();
        }

        @Test
        void every_page_is_different_and_together_they_are_all() {
            var all = new ArrayList<String>();
            var cursor = "";
            do {
                var page = search("{'type': 'Experiment', 'limit': 2%s}".formatted(cursor));
                all.addAll(names(page));
                cursor =
                        page.path("hasMore").booleanValue()
                                ? ", 'cursor': '%s'".formatted(page.path("cursor").stringValue())
                                : "";
            } while (!cursor.isEmpty());
            assertThat(all).containsExactly("E5", "E4", "E3", "E2", "E1");
        }

        @Test
        void an_offset_skips() {
            assertThat(names("{'offset': 3}")).containsExactly("E2", "E1");
        }

        @Test
        void only_the_fields_asked_for_are_shown_with_the_address_of_the_object() {
            var hit = search("{'filter': {'name': 'E1'}, 'fields': ['status']}");
            assertThat(Workspace.numbered(hit.path("results").get(0)))
                    .isEqualTo(
                            Workspace.json(
                                    "{'id': 'experiment_1', 'title': 'experiment_1', 'url':"
                                            + " 'assay://default/experiment_1', '$type': 'Experiment', '$id':"
                                            + " 'experiment_1', 'status': 'Draft'}"));
        }

        @Test
        void only_the_number_can_be_asked_for() {
            assertThat(search("{'filter': {'type': 'ABTest'}, 'countOnly': true}"))
                    .isEqualTo(Workspace.json("{'total': 2}"));
        }

        @Test
        void relations_can_be_shown_whole() {
            workspace.result(
                    """
                    const ada = await $.Contact.create({ name: 'Ada' })
                    const e = await $.Experiment.findOne({ name: 'E1' })
                    await $.Experiment.update(e.$id, { owner: ada.$id })
                    """);
            var hit = search("{'filter': {'owner.name': 'Ada'}, 'include': ['owner']}");
            assertThat(hit.path("results").get(0).path("owner").path("name").stringValue())
                    .isEqualTo("Ada");
        }

        @Test
        void the_past_can_be_searched() {
            assertThat(names("{'type': 'Experiment', 'asOf': '2026-11-20T10:01:30Z'}"))
                    .containsExactly("E2", "E1");
        }

        @Test
        void a_page_too_large_for_a_reply_ends_where_its_cursor_goes_on() {
            workspace.result(
                    """
                    await $.Contact.createMany(
                      Array.from({ length: 30 }, (_, i) => ({ name: 'C' + i, title: 'x'.repeat(10000) })))
                    """);
            var seen = new ArrayList<String>();
            var reply = search("{'type': 'Contact', 'limit': 30}");
            assertThat(reply.path("truncated").path("parts").get(0).path("of").intValue())
                    .isEqualTo(30);
            seen.addAll(names(reply));
            while (reply.path("hasMore").booleanValue()) {
                reply =
                        search(
                                "{'type': 'Contact', 'limit': 30, 'cursor': '%s'}"
                                        .formatted(reply.path("cursor").stringValue()));
                seen.addAll(names(reply));
            }
            assertThat(seen).hasSize(30).doesNotHaveDuplicates();
        }
    }

    @Test
    void objects_of_which_not_even_one_fits_are_cut_one_by_one() {
        workspace.result(
                """
                await $.Contact.createMany([1, 2].map(i => ({ name: 'C' + i, title: 'x'.repeat(300000) })))
                """);
        var first = search("{'type': 'Contact'}");
        assertThat(Cut.costOf(first)).isLessThan(Cut.LONGEST_REPLY);
        var second =
                search(
                        "{'type': 'Contact', 'cursor': '%s'}"
                                .formatted(first.path("cursor").stringValue()));
        assertThat(Cut.costOf(second)).isLessThan(Cut.LONGEST_REPLY);
        assertThat(names(first)).hasSize(1).doesNotContainAnyElementsOf(names(second));
    }

    @Nested
    class In_a_tenant {
        @Test
        void addresses_name_the_tenant_whatever_fields_are_shown() {
            var caller = new Caller("acme", "tester", false);
            try (var acme = new Workspace(data, caller, Limits.DEFAULT)) {
                acme.result("await $.Experiment.create({name: 'A'})");
                var hit = acme.done("search", "{'fields': ['name']}").path("results").get(0);
                assertThat(hit.path("url").stringValue()).startsWith("assay://acme/experiment_");
                assertThat(names("{}")).isEmpty();
            }
        }
    }

    @Nested
    class An_argument {
        @Test
        void that_does_not_exist_is_refused_with_the_nearest_name() {
            assertThat(workspace.refused("search", "{'limitt': 3}"))
                    .isEqualTo(
                            Workspace.json(
                                    """
                                    {"reason": "unknown_field", "message": "There is no argument ‹limitt›.",
                                     "repair": "Did you mean ‹limit›? Send only: query, type, filter, sort, limit, \
                                    offset, cursor, include, fields, asOf, countOnly.", "field": "limitt"}\
                                    """
                                            .replace('‹', '\'')
                                            .replace('›', '\'')
                                            .replace("'", "\\u0027")));
        }

        @Test
        void is_checked_in_a_script_too() {
            assertThat(
                            workspace
                                    .error("await $.search({typ: 'Contact'})")
                                    .path("reason")
                                    .stringValue())
                    .isEqualTo("unknown_field");
        }
    }

    @Test
    void a_user_s_own_noun_is_searched_and_shown_like_the_others() throws Exception {
        var folder = Files.createDirectories(data.resolve("own").resolve("nouns"));
        Files.writeString(
                folder.resolve("Page.json"),
                """
                {"name": "string!", "url": "string", "text": "string", "visits": "number"}\
                """);
        try (var own = new Workspace(data.resolve("own"))) {
            own.result(
                    "await $.Page.create({name: 'Home', url: 'https://example.com/', text: 'Welcome', visits: 3})");
            var hit = own.done("search", "{'query': 'Welcome'}").path("results").get(0);
            assertThat(hit.path("url").stringValue()).isEqualTo("https://example.com/");
            var whole = own.done("fetch", "{'id': '%s'}".formatted(hit.path("id").stringValue()));
            assertThat(whole.path("text").stringValue()).isEqualTo("Welcome");
        }
    }
}
