package assay.domain.prompt;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DatasetsTest {
    @TempDir Path data;
    private Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(data);
        bench.create(
                "Dataset",
                """
                {'name': 'Questions', 'slug': 'questions', 'items': [
                  {'id': 'a', 'input': {'question': 'Who?'}, 'expected': 'Ada', 'split': 'train'},
                  {'id': 'b', 'input': 'Where?', 'attributes': {'language': 'en'}, 'split': 'test'},
                  {'input': {'question': 'When?'}}]}
                """);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private ObjectNode dataset() {
        return bench.get("Dataset", "questions", "{}").orElseThrow();
    }

    private ObjectNode add(String items) {
        return bench.write(work -> work.datasets().add("questions", Bench.value(items)));
    }

    private ObjectNode items(String options) {
        return bench.read(work -> work.datasets().items("questions", json(options)));
    }

    @Nested
    class A_dataset {
        @Test
        void tells_how_many_items_it_has_and_keeps_them_apart() {
            assertThat(dataset().retain("name", "status", "items", "size", "splits"))
                    .isEqualTo(
                            json(
                                    "{'name': 'Questions', 'status': 'Open', 'size': 3, 'splits': {'train': 1, 'validation': 1, 'test': 1}}"));
        }

        @Test
        void shows_its_items_in_their_order_page_by_page() {
            assertThat(items("{}"))
                    .isEqualTo(
                            json(
                                    """
                                    {'items': [
                                      {'id': 'a', 'input': {'question': 'Who?'}, 'expected': 'Ada', 'split': 'train'},
                                      {'id': 'b', 'input': 'Where?', 'attributes': {'language': 'en'}, 'split': 'test'},
                                      {'id': 'item_fc0746d63064', 'input': {'question': 'When?'}, 'split': 'validation'}], 'total': 3}
                                    """));
            var page = items("{'limit': 2}");
            assertThat(page.path("items")).hasSize(2);
            assertThat(
                            items(
                                            "{'limit': 2, 'cursor': '%s'}"
                                                    .formatted(page.path("cursor").stringValue()))
                                    .path("items"))
                    .isEqualTo(
                            Bench.value(
                                    "[{'id': 'item_fc0746d63064', 'input': {'question': 'When?'}, 'split': 'validation'}]"));
            assertThat(items("{'split': 'test'}"))
                    .isEqualTo(
                            json(
                                    "{'items': [{'id': 'b', 'input': 'Where?', 'attributes': {'language': 'en'}, 'split': 'test'}], 'total': 1}"));
        }

        @Test
        void takes_items_that_it_does_not_have() {
            assertThat(
                            add("[{'id': 'a', 'input': {'question': 'Who?'}, 'expected': 'Ada', 'split': 'test'}, {'id': 'c', 'input': 'Why?'}]")
                                    .retain("added", "known", "size", "splits"))
                    .isEqualTo(
                            json(
                                    "{'added': 1, 'known': 1, 'size': 4, 'splits': {'train': 1, 'validation': 2, 'test': 1}}"));
            assertThat(dataset().path("$version").asInt(0)).isEqualTo(2);
        }

        @Test
        void has_the_same_hash_however_its_items_came_together() {
            add("[{'id': 'c', 'input': 'Why?'}]");
            var whole =
                    bench.create(
                            "Dataset",
                            """
                            {'name': 'Whole', 'items': "[{'id': 'c', 'input': 'Why?'}, {'input': {'question': 'When?'}},
                              {'id': 'b', 'input': 'Where?', 'attributes': {'language': 'en'}, 'split': 'test'},
                              {'split': 'train', 'expected': 'Ada', 'id': 'a', 'input': {'question': 'Who?'}}]"}
                            """
                                    .replace("\"[", "[")
                                    .replace("]\"", "]"));
            assertThat(whole.path("hash")).isEqualTo(dataset().path("hash"));
        }

        @Test
        void that_is_frozen_stays_as_it_is() {
            bench.verb("Dataset", "freeze", "questions", "{}");
            var id = dataset().path("$id").stringValue();
            assertThat(refusal(() -> add("[{'input': 'Why?'}]")))
                    .isEqualTo(
                            "illegal_transition: Dataset '%s' is frozen: an experiment uses its items. | Create another dataset with the items of both; $.Dataset.items(id) reads the old ones."
                                    .formatted(id));
            assertThat(refusal(() -> bench.delete("Dataset", id)))
                    .startsWith("illegal_transition: Dataset '%s' is frozen".formatted(id));
        }

        @Test
        void changes_its_items_neither_by_update_nor_by_rollback() {
            assertThat(refusal(() -> bench.update("Dataset", "questions", "{'items': []}")))
                    .isEqualTo(
                            "illegal_transition: The items of a dataset are not changed by update. | Add items with $.Dataset.add(id, items), or create another dataset.");
            assertThat(
                            refusal(() ->
                                    bench.update(
                                            "Dataset", "questions", "{'shares': {'train': 1}}")))
                    .startsWith("illegal_transition: The items of dataset ");
            add("[{'input': 'Why?'}]");
            assertThat(refusal(() -> bench.rollback("Dataset", "questions", "1")))
                    .startsWith("illegal_transition: Items were added to dataset ");
        }

        @Test
        void tells_which_items_say_the_same() {
            add(
                    """
                    [{'id': 'c', 'input': 'who', 'split': 'train'}, {'id': 'd', 'input': 'WHERE', 'split': 'train'},
                     {'id': 'e', 'input': 'Where is the parcel that I ordered last week?', 'split': 'train'},
                     {'id': 'f', 'input': {'q': 'Where is the parcel that I ordered last weak?'}, 'split': 'test'}]
                    """);
            assertThat(
                            bench.<ObjectNode>read(
                                    work -> work.datasets().check("questions", json("{}"))))
                    .isEqualTo(
                            json(
                                    """
                                    {'checked': 7, 'complete': true,
                                     'duplicates': [{'items': ['a', 'c'], 'splits': ['train', 'train'], 'similarity': 1.0}],
                                     'contamination': [{'items': ['b', 'd'], 'splits': ['test', 'train'], 'similarity': 1.0},
                                                       {'items': ['e', 'f'], 'splits': ['train', 'test'], 'similarity': 0.905}],
                                     'totals': {'duplicates': 1, 'contamination': 2}}
                                    """));
        }
    }

    @Nested
    class Shares_of_a_dataset {
        @Test
        void deal_items_out_by_their_input_so_that_equal_ones_stay_together() {
            var items =
                    IntStream.range(0, 3_000)
                            .mapToObj(i ->
                                    "{'input': 'Question %d', 'expected': %d}"
                                            .formatted(i % 1_500, i))
                            .collect(Collectors.joining(", ", "[", "]"));
            bench.create(
                    "Dataset",
                    "{'name': 'Dealt', 'slug': 'dealt', 'shares': {'train': 60, 'validation': 20, 'test': 20}, 'items': %s}"
                            .formatted(items));
            var splits = bench.get("Dataset", "dealt", "{}").orElseThrow().path("splits");
            assertThat(splits.path("train").asInt(0)).isBetween(1_650, 1_950);
            assertThat(splits.path("test").asInt(0)).isBetween(500, 700);
            var byInput = new HashMap<String, String>();
            var apart = new ArrayList<String>();
            for (var cursor = ""; !cursor.equals("end"); ) {
                var from =
                        cursor.isEmpty()
                                ? "{'limit': 1000}"
                                : "{'limit': 1000, 'cursor': '%s'}".formatted(cursor);
                var page =
                        bench.<ObjectNode>read(work -> work.datasets().items("dealt", json(from)));
                page.path("items")
                        .forEach(item -> {
                            var split = item.path("split").stringValue();
                            var known =
                                    byInput.putIfAbsent(item.path("input").stringValue(), split);
                            if (known != null && !known.equals(split)) {
                                apart.add(item.toString());
                            }
                        });
                cursor = page.path("cursor").asString("end");
            }
            assertThat(apart).isEmpty();
            assertThat(byInput).hasSize(1_500);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'items': 'many'}                                    ~ invalid_value: 'many' is not a list of items. | Send items as [{input: {question: '…'}, expected: '…'}].
                    {'items': [5]}                                       ~ invalid_value: 5 is not an item. | Send an item as {input: {question: '…'}, expected: '…'}.
                    {'items': [{'expected': 'a'}]}                       ~ missing_field: An item needs an input. | Send input as an object whose members are the variables of the prompt, or as a text, which is {{input}}.
                    {'items': [{'input': 'a', 'expectd': 'a'}]}          ~ unknown_field: An item has no field 'expectd'. | Did you mean 'expected'? Send {id, input, expected, attributes, split}; variables of the prompt belong into input, all else into attributes.
                    {'items': [{'input': 'a', 'split': 'tests'}]}        ~ invalid_value: 'tests' is no split of a dataset. | Did you mean 'test'? Use one of: train, validation, test.
                    {'items': [{'input': 'a', 'attributes': 'b'}]}       ~ invalid_value: 'b' cannot be the attributes of an item. | Send attributes as an object, such as {language: 'de'}.
                    {'items': [{'id': 'x', 'input': 'a'}, {'id': 'x', 'input': 'b'}]} ~ not_unique: There is another item with the id 'x' and another content. | Give each item an id of its own, or leave the ids out.
                    {'items': [{'id': '', 'input': 'a'}]}                ~ invalid_value: '' cannot be the id of an item. | Send a text of 1 to 200 characters, or leave id out.
                    {'shares': {'train': 0.5, 'test': 0.4}}              ~ invalid_value: {"train":0.5,"test":0.4} are no shares that sum to 1. | Send shares like {train: 0.6, validation: 0.2, test: 0.2}.
                    {'size': 5}                                          ~ computed_field: Dataset.size is computed and cannot be set to 5. | Leave size out: it follows from the items.
                    """)
    void a_dataset_that_cannot_be_is_refused(String fields, String refusal) {
        var data = json(fields).put("name", "New");
        assertThat(refusal(() -> bench.create("Dataset", data.toString()))).isEqualTo(refusal);
    }

    @Test
    void more_items_than_a_call_may_bring_are_refused() {
        var items =
                IntStream.range(0, 10_001)
                        .mapToObj(i -> "{'input': '%d'}".formatted(i))
                        .collect(Collectors.joining(", ", "[", "]"));
        assertThat(refusal(() -> add(items)))
                .isEqualTo(
                        "limit_exceeded: The call brings 10,001 items; the most is 10,000. | Create the dataset with some of them, and add the rest with $.Dataset.add(id, items).");
    }
}
