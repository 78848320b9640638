package assay.domain.store;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.noun.Json;
import assay.domain.noun.Nouns;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Items of datasets, by their place in a split.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ItemsTest {
    private static final Nouns NOUNS = Nouns.load(Optional.empty());

    @TempDir Path data;

    private Path file() {
        return data.resolve("t.db");
    }

    private static Items.Item item(String id, String split) {
        return new Items.Item(0, id, split, "h", Json.object(), Optional.empty(), Json.object());
    }

    private void add(String dataset, Items.Item... items) throws InterruptedException {
        try (var store = Store.open(file(), NOUNS, false);
                var transaction = store.begin(Transaction.Mode.WRITE)) {
            new Items(transaction).add(dataset, List.of(items));
            transaction.commit();
        }
    }

    private List<String> at(String dataset, String split, int size) throws InterruptedException {
        try (var store = Store.open(file(), NOUNS, false);
                var transaction = store.begin(Transaction.Mode.READ)) {
            return IntStream.range(0, size)
                    .mapToObj(place -> new Items(transaction).at(dataset, split, place).id())
                    .toList();
        }
    }

    @Test
    void have_their_place_in_the_order_in_which_they_were_added_to_their_split() throws Exception {
        add("d", item("a", "test"), item("b", "validation"), item("c", "test"));
        add("e", item("a", "test"));
        add("d", item("x", "test"), item("w", "validation"));
        assertThat(at("d", "test", 3)).containsExactly("a", "c", "x");
        assertThat(at("d", "validation", 2)).containsExactly("b", "w");
        assertThat(at("e", "test", 1)).containsExactly("a");
    }

    @Test
    void are_given_their_place_in_a_file_that_an_older_Assay_wrote() throws Exception {
        try (var connection = OlderFile.make(file(), 7)) {
            for (var item : List.of("'a', 'test'", "'b', 'validation'", "'c', 'test'")) {
                connection.run(
                        "INSERT INTO item (dataset, id, split, hash, input, attributes) VALUES ('d', %s, 'h', '{}', '{}')"
                                .formatted(item));
            }
        }
        add("d", item("x", "test"));
        assertThat(at("d", "test", 3)).containsExactly("a", "c", "x");
    }

    @Test
    void are_looked_up_by_their_place_and_not_counted_to() throws Exception {
        add("d", item("a", "test"));
        try (var connection = SqlConnection.open(file())) {
            assertThat(
                            plan(
                                    connection,
                                    "SELECT id FROM item WHERE dataset = 'd' AND split = 'test' AND place = 0"))
                    .contains("USING INDEX item_place (dataset=? AND split=? AND place=?)");
        }
    }

    @Test
    void that_were_leased_are_counted_by_status_from_an_index_alone() throws Exception {
        add("d", item("a", "test"));
        var run = NOUNS.require("Run");
        try (var connection = SqlConnection.open(file())) {
            assertThat(
                            plan(
                                    connection,
                                    "SELECT count(*) FROM %s WHERE o.experiment = 'e' AND %s = 'Recorded'"
                                            .formatted(
                                                    Sources.from(run, "o", Optional.empty()),
                                                    Sources.column(run, "o", "status"))))
                    .contains("USING COVERING INDEX work_unit_status (experiment=?)");
        }
    }

    private static String plan(SqlConnection connection, String query) {
        return connection
                .rows("EXPLAIN QUERY PLAN " + query, row -> row.getString("detail"))
                .toString();
    }
}
