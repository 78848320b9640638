package assay.domain.store;

import static assay.domain.JsonText.json;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.domain.noun.Nouns;
import assay.domain.noun.Validation;
import assay.domain.recipe.RecipeRules;
import assay.domain.work.Bench;
import assay.domain.work.Ids;
import assay.domain.work.UnitOfWork;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The objects that come with Assay.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ShippedTest {
    static final Nouns NOUNS = Nouns.load(Optional.empty());
    static final List<String> IDS =
            List.of(
                    "recipe_abTest01",
                    "recipe_checkAll1",
                    "recipe_cloneExp1",
                    "recipe_conclude1",
                    "recipe_promptExp1");

    @TempDir Path data;

    Path file() {
        return data.resolve("t.db");
    }

    Store open() {
        return Store.open(file(), NOUNS, false);
    }

    static List<String> ids(Store store) throws InterruptedException {
        try (var transaction = store.begin(Transaction.Mode.READ)) {
            var unit = unit(transaction);
            return unit
                    .find(unit.queries().find(NOUNS.require("Recipe"), json("{}"), json("{}")))
                    .stream()
                    .map(recipe -> recipe.path("$id").stringValue())
                    .sorted()
                    .toList();
        }
    }

    static UnitOfWork unit(Transaction transaction) {
        var ada = new Caller("default", "ada", false);
        return new UnitOfWork(NOUNS, transaction, ada, Bench.MONDAY, new Ids());
    }

    void write(Consumer<UnitOfWork> work) throws InterruptedException {
        try (var store = open();
                var transaction = store.begin(Transaction.Mode.WRITE)) {
            work.accept(unit(transaction));
            transaction.commit();
        }
    }

    /// Makes the file one that an older Assay left behind: it has seen nothing of what ships.
    void forget() {
        try (var connection = SqlConnection.open(file())) {
            connection.change("DELETE FROM setting WHERE name = 'shipped'");
        }
    }

    String source(String id) throws InterruptedException {
        try (var store = open();
                var transaction = store.begin(Transaction.Mode.READ)) {
            return new Objects(transaction)
                    .get(id)
                    .orElseThrow()
                    .document()
                    .path("source")
                    .stringValue();
        }
    }

    @Test
    void are_in_a_new_file() throws Exception {
        try (var store = open()) {
            assertThat(ids(store)).isEqualTo(IDS);
        }
    }

    @Test
    void are_there_for_a_tenant_without_a_file() throws Exception {
        try (var nothing = Store.empty(NOUNS, false)) {
            assertThat(ids(nothing)).isEqualTo(IDS);
        }
    }

    @Test
    void are_added_once() throws Exception {
        ids(open());
        try (var store = open();
                var transaction = store.begin(Transaction.Mode.READ)) {
            assertThat(new Objects(transaction).history(IDS.getFirst()))
                    .singleElement()
                    .extracting(Action::verb, Action::actor, Action::version)
                    .containsExactly("create", "assay", 1);
        }
    }

    @Test
    void are_added_to_a_file_of_before() throws Exception {
        ids(open());
        try (var connection = SqlConnection.open(file())) {
            connection.change("DELETE FROM object");
            connection.change("DELETE FROM action");
        }
        forget();
        assertThat(ids(open())).isEqualTo(IDS);
    }

    @Test
    void stay_deleted() throws Exception {
        write(work -> work.delete(NOUNS.require("Recipe"), "ab-test"));
        forget();
        assertThat(ids(open())).isEqualTo(IDS.subList(1, 5));
    }

    @Test
    void stay_as_a_user_changed_them() throws Exception {
        write(work ->
                work.update(
                        NOUNS.require("Recipe"), "check-all", json("{'source': '1'}"), json("{}")));
        forget();
        assertThat(source("recipe_checkAll1")).isEqualTo("1");
    }

    @Test
    void are_brought_up_to_date_when_nobody_touched_them() throws Exception {
        ids(open());
        var newest = source("recipe_checkAll1");
        try (var connection = SqlConnection.open(file())) {
            connection.change(
                    "UPDATE object SET doc = json_set(doc, '$.source', 'old') WHERE id = 'recipe_checkAll1'");
        }
        forget();
        assertThat(source("recipe_checkAll1")).isEqualTo(newest);
        try (var store = open();
                var transaction = store.begin(Transaction.Mode.READ)) {
            assertThat(new Objects(transaction).get("recipe_checkAll1").orElseThrow().version())
                    .isEqualTo(2);
        }
    }

    @Test
    void give_way_to_an_object_of_the_same_name() throws Exception {
        write(work -> {
            work.delete(NOUNS.require("Recipe"), "ab-test");
            work.create(NOUNS.require("Recipe"), json("{'name': 'ab-test', 'source': 'mine'}"));
        });
        try (var connection = SqlConnection.open(file())) {
            connection.change("DELETE FROM action WHERE object = 'recipe_abTest01'");
            connection.change("DELETE FROM object WHERE id = 'recipe_abTest01'");
        }
        forget();
        assertThat(ids(open())).hasSize(5).doesNotContain("recipe_abTest01");
    }

    @Test
    void are_such_as_a_user_could_have_made() {
        for (var name : Shipped.FILES) {
            var file = Shipped.read(name);
            var noun = NOUNS.require(file.path("$type").stringValue());
            var document = Shipped.document(noun, file);
            if (noun.name().equals("Hook")) {
                continue;
            }
            assertThat(
                            new Validation(Map.of("Recipe", new RecipeRules()))
                                    .create(noun, document.deepCopy(), Bench.MONDAY)
                                    .document())
                    .isEqualTo(document);
        }
    }

    @Test
    void have_an_edition_of_the_collection() {
        for (var name : Shipped.FILES) {
            assertThat(Shipped.read(name).path("$revision").intValue())
                    .isBetween(1, Integer.parseInt(Shipped.NEWEST));
        }
    }
}
