package assay.domain.store;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.domain.Caller;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.query.QueryParser;
import assay.domain.work.Bench;
import assay.domain.work.Ids;
import assay.domain.work.UnitOfWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StoreTest {
    static final Nouns NOUNS = Nouns.load(Optional.empty());
    static final Noun CONTACT = NOUNS.require("Contact");
    static final Caller ADA = new Caller("default", "ada", false);

    @TempDir Path data;

    Store open() {
        return Store.open(data.resolve("t.db"), NOUNS, false);
    }

    static UnitOfWork unit(Transaction transaction) {
        return new UnitOfWork(NOUNS, transaction, ADA, Bench.MONDAY, new Ids());
    }

    static void create(Transaction transaction, String contact) {
        var _ = unit(transaction).create(CONTACT, json(contact));
    }

    static void create(Store store, String contact) throws InterruptedException {
        try (var transaction = store.begin(Transaction.Mode.WRITE)) {
            create(transaction, contact);
            transaction.commit();
        }
    }

    static long count(Transaction transaction) {
        var work = unit(transaction);
        return work.count(work.queries().find(CONTACT, json("{}"), json("{}")));
    }

    static long count(Store store) throws InterruptedException {
        try (var transaction = store.begin(Transaction.Mode.READ)) {
            return count(transaction);
        }
    }

    @Test
    void overwrites_what_is_deleted_for_as_long_as_it_is_told_to() throws Exception {
        try (var store = open();
                var transaction = store.begin(Transaction.Mode.WRITE)) {
            var connection = transaction.writing();
            assertThatThrownBy(() ->
                            transaction.overwriting(() -> {
                                throw new IllegalStateException(
                                        "while it is " + connection.number("PRAGMA secure_delete"));
                            }))
                    .hasMessage("while it is 1");
            assertThat(connection.number("PRAGMA secure_delete")).isZero();
        }
    }

    @Nested
    class The_plan_of_a_query {
        List<String> plan(String noun, String filter, String options) throws InterruptedException {
            try (var store = open();
                    var transaction = store.begin(Transaction.Mode.READ)) {
                var query =
                        new QueryParser(NOUNS, Bench.MONDAY)
                                .find(NOUNS.require(noun), json(filter), json(options));
                return new Objects(transaction).plan(query);
            }
        }

        @ParameterizedTest(name = "{0} where {1}, {2}: {3}")
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                textBlock =
                        """
                        Experiment | {}                       | {}                        | $created
                        Experiment | {}                       | {'sort': 'createdAt'}     | $created
                        Experiment | {}                       | {'sort': '-updatedAt'}    | $updated
                        Experiment | {}                       | {'sort': '-startAt'}      | startAt
                        Experiment | {}                       | {'sort': 'startAt'}       | startAt
                        Experiment | {'status': 'Running'}    | {}                        | status
                        Experiment | {'status': 'Running'}    | {'sort': '-startAt'}      | status$startAt
                        Experiment | {'type': 'ABTest'}       | {}                        | type
                        Experiment | {'slug': 'a'}            | {}                        | slug
                        Experiment | {'startAt': {'$gt': '7d ago'}} | {'sort': '-startAt'} | startAt
                        Experiment | {'owner': 'contact_12345678'} | {}                   | owner
                        Deal       | {}                       | {}                        | $created
                        Deal       | {'stage': 'Won'}         | {}                        | stage
                        Deal       | {'expectedCloseDate': {'$lt': 'today'}} | {'sort': 'expectedCloseDate'} | expectedCloseDate
                        Deal       | {}                       | {'sort': '-lastActivityAt'} | lastActivityAt
                        Deal       | {'organization': 'organization_12345678'} | {}       | organization
                        """)
        void goes_by_an_index_and_sorts_nothing(
                String noun, String filter, String options, String index)
                throws InterruptedException {
            var plan = plan(noun, filter, options);
            assertThat(plan)
                    .singleElement()
                    .asString()
                    .contains("USING INDEX noun_%s_%s ".formatted(noun, index).strip());
            assertThat(plan).noneMatch(step -> step.contains("TEMP B-TREE"));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                textBlock =
                        """
                        Experiment | {'owner.name': 'Ada'}
                        Event      | {'type': 'signup'}
                        """)
        void never_scans_what_it_looks_up(String noun, String filter) throws InterruptedException {
            assertThat(plan(noun, filter, "{}"))
                    .noneMatch(
                            step -> step.matches("SCAN (r1|event).*") && !step.contains("INDEX"));
        }

        @Test
        void of_the_newest_events_goes_by_an_index() throws InterruptedException {
            assertThat(plan("Event", "{}", "{}")).noneMatch(step -> step.contains("TEMP B-TREE"));
        }

        @Test
        void of_a_later_page_begins_in_the_middle_of_the_index() throws InterruptedException {
            var noun = NOUNS.require("Experiment");
            var options = json("{}");
            var question = QueryParser.question(noun, json("{}"), options);
            var cursor =
                    new assay.domain.query.Cursor(
                            question,
                            (tools.jackson.databind.node.ArrayNode)
                                    Bench.value("[5, 'experiment_12345678']"));
            assertThat(plan("Experiment", "{}", "{'cursor': '%s'}".formatted(cursor.text())))
                    .singleElement()
                    .asString()
                    .startsWith("SEARCH o USING INDEX noun_Experiment_$created (created_at<?");
        }
    }

    @Nested
    class The_shape_of_a_file {
        Nouns nouns(String thing) throws IOException {
            var folder = Files.createTempDirectory(data, "nouns");
            Files.writeString(folder.resolve("Thing.json"), thing);
            return Nouns.load(Optional.of(folder));
        }

        List<String> indexes() {
            try (var connection = SqlConnection.open(data.resolve("t.db"))) {
                return connection.rows(
                        "SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE 'noun_Thing%' ORDER BY name",
                        row -> row.getString(1));
            }
        }

        long version() {
            try (var connection = SqlConnection.open(data.resolve("t.db"))) {
                return connection.number("PRAGMA user_version");
            }
        }

        @Test
        void is_made_once_and_left_alone_after() throws IOException, InterruptedException {
            open().close();
            assertThat(version()).isEqualTo(9);
            try (var store = open()) {
                create(store, "{'name': 'Ada'}");
            }
            try (var store = open()) {
                assertThat(count(store)).isEqualTo(1);
            }
        }

        /// A file as version 1 left it, with one object.
        private void ofVersion1() throws IOException {
            try (var connection = OlderFile.make(data.resolve("t.db"), 1)) {
                connection.run(
                        "INSERT INTO object VALUES (1, 'contact_1', 'Contact', 1, 5, 'ada', 5, NULL, '{\"name\":\"Ada\"}')");
                connection.run(
                        "INSERT INTO action VALUES (1, 'contact_1', 'Contact', 'create', 'Created', 'ada', NULL, 5, 1,"
                                + " '{\"name\":\"Ada\"}', NULL)");
                connection.run(
                        "INSERT INTO event (id, kind, at, created_at, created_by) VALUES ('event_1', 'seen', 5, 5, 'ada')");
            }
        }

        @Test
        void of_version_4_still_knows_what_each_subject_did() throws Exception {
            try (var connection = OlderFile.make(data.resolve("t.db"), 4)) {
                var event =
                        "INSERT INTO event (id, kind, experiment, iteration, subject, metric, value, at, created_at,"
                                + " created_by) VALUES ";
                connection.run(
                        event
                                + "('event_1', 'experiment.outcome', 'x', 1, 's', 'm', 3, 4, 4, 'ada')");
                connection.run(
                        event
                                + "('event_2', 'experiment.outcome', 'x', 1, 't', 'm', 5, 4, 4, 'ada')");
                connection.run(
                        event + "('event_3', 'seen', NULL, NULL, 's', NULL, 1, 4, 4, 'ada')");
            }
            try (var store = open();
                    var transaction = store.begin(Transaction.Mode.WRITE)) {
                var events = new Events(transaction);
                var exposure = new Events.Exposure("s", "a", 1, 1, json("{}"));
                assertThat(events.expose("x", 1, Map.of("event_4", exposure), 5, "ada")).isOne();
                assertThat(events.unitValues("x", 1, Measure.of(Measure.Kind.SUM, "m")))
                        .containsExactly(new UnitValue("s", 1, "a", 1, json("{}"), 3, 0));
                assertThat(events.forget("s")).isEqualTo(3);
                assertThat(transaction.reading().number("SELECT count(*) FROM event")).isOne();
            }
        }

        @Test
        void of_version_1_is_brought_up_to_date_with_all_that_is_in_it() throws Exception {
            ofVersion1();
            try (var store = open();
                    var transaction = store.begin(Transaction.Mode.READ)) {
                assertThat(unit(transaction).history("contact_1").toString())
                        .isEqualTo(
                                "[{\"version\":1,\"verb\":\"create\",\"event\":\"Contact.Created\",\"actor\":\"ada\","
                                        + "\"at\":\"1970-01-01T00:00:00.005Z\",\"changes\":{\"name\":{\"before\":null,\"after\":\"Ada\"}}}]");
                assertThat(count(transaction)).isEqualTo(1);
                assertThat(
                                transaction
                                        .reading()
                                        .number(
                                                "SELECT value FROM setting WHERE name = 'events_before_runs'"))
                        .isEqualTo(1);
            }
            assertThat(version()).isEqualTo(9);
        }

        @Test
        void of_version_1_is_refused_by_who_may_only_read() throws IOException {
            ofVersion1();
            var file = data.resolve("t.db");
            assertThat(refusal(() -> Store.open(file, NOUNS, true)))
                    .isEqualTo(
                            "store_unavailable: %s was written by an older Assay (schema 1, this one reads 9), and is opened for reading only. | Start Assay on it once without --read-only, which brings it up to date."
                                    .formatted(file));
        }

        @Test
        void of_a_newer_version_is_refused() {
            open().close();
            try (var connection = SqlConnection.open(data.resolve("t.db"))) {
                connection.run("PRAGMA user_version = 99");
            }
            var file = data.resolve("t.db");
            var sentence =
                    "store_unavailable: %s was written by a newer Assay (schema 99, this one knows 9). | Update Assay, or use another data folder."
                            .formatted(file);
            assertThat(refusal(StoreTest.this::open)).isEqualTo(sentence);
            assertThat(refusal(() -> Store.open(file, NOUNS, true))).isEqualTo(sentence);
        }

        @Test
        void follows_the_nouns() throws IOException {
            var file = data.resolve("t.db");
            Store.open(
                            file,
                            nouns(
                                    "{\"name\": \"string!\", \"code\": \"string#\", \"size\": \"number#\"}"),
                            false)
                    .close();
            assertThat(indexes())
                    .containsExactly(
                            "noun_Thing_$created",
                            "noun_Thing_$updated",
                            "noun_Thing_code",
                            "noun_Thing_size");
            Store.open(file, nouns("{\"name\": \"string!\", \"code\": \"string##\"}"), false)
                    .close();
            assertThat(indexes())
                    .containsExactly(
                            "noun_Thing_$created", "noun_Thing_$updated", "noun_Thing_code");
            Store.open(file, NOUNS, false).close();
            assertThat(indexes()).isEmpty();
        }

        @Test
        void cannot_demand_unique_what_is_there_twice() throws IOException, InterruptedException {
            var file = data.resolve("t.db");
            var loose = nouns("{\"name\": \"string!\"}");
            try (var store = Store.open(file, loose, false);
                    var transaction = store.begin(Transaction.Mode.WRITE)) {
                var work = new UnitOfWork(loose, transaction, ADA, Bench.MONDAY, new Ids());
                var _ = work.create(loose.require("Thing"), json("{'name': 'a'}"));
                var _ = work.create(loose.require("Thing"), json("{'name': 'a'}"));
                transaction.commit();
            }
            var strict = nouns("{\"name\": \"string!##\"}");
            assertThat(refusal(() -> Store.open(file, strict, false)))
                    .startsWith("not_unique: A value that must be unique is there twice (")
                    .contains("noun_Thing_name");
            Store.open(file, loose, false).close();
        }
    }

    @Nested
    class A_transaction {
        @Test
        void that_only_reads_refuses_every_write() throws InterruptedException {
            try (var store = open();
                    var transaction = store.begin(Transaction.Mode.READ)) {
                assertThat(refusal(() -> create(transaction, "{'name': 'x'}")))
                        .startsWith("read_only");
            }
        }

        @Test
        void sees_one_state_while_others_write() throws InterruptedException {
            try (var store = open();
                    var reading = store.begin(Transaction.Mode.READ)) {
                assertThat(count(reading)).isZero();
                create(store, "{'name': 'x'}");
                assertThat(count(reading)).isZero();
                assertThat(count(store)).isEqualTo(1);
            }
        }

        @Test
        void takes_the_lock_at_its_first_write_if_nothing_changed_since_it_read()
                throws InterruptedException {
            try (var store = open()) {
                try (var lazy = store.begin(Transaction.Mode.LAZY)) {
                    assertThat(count(lazy)).isZero();
                    assertThat(lazy.hasWritten()).isFalse();
                    create(lazy, "{'name': 'x'}");
                    assertThat(lazy.hasWritten()).isTrue();
                    lazy.commit();
                }
                assertThat(count(store)).isEqualTo(1);
            }
        }

        @Test
        void conflicts_with_a_commit_after_its_first_read_also_of_another_process()
                throws InterruptedException {
            try (var store = open();
                    var other = open()) {
                for (var writer : List.of(store, other)) {
                    try (var lazy = store.begin(Transaction.Mode.LAZY)) {
                        var before = count(lazy);
                        create(writer, "{'name': 'x'}");
                        assertThatThrownBy(() -> create(lazy, "{'name': 'y'}"))
                                .isInstanceOf(Conflict.class);
                        assertThatThrownBy(() -> create(lazy, "{'name': 'y'}"))
                                .isInstanceOf(Conflict.class);
                        assertThat(before).isLessThan(count(store));
                    }
                }
                create(store, "{'name': 'z'}");
                assertThat(count(store)).isEqualTo(3);
            }
        }

        @Test
        void conflicts_with_a_writer_that_holds_the_lock_without_waiting()
                throws InterruptedException {
            try (var store = open();
                    var other = open()) {
                for (var writer : List.of(store, other)) {
                    try (var _ = writer.begin(Transaction.Mode.WRITE);
                            var lazy = store.begin(Transaction.Mode.LAZY)) {
                        assertThatThrownBy(() -> create(lazy, "{'name': 'y'}"))
                                .isInstanceOf(Conflict.class);
                    }
                }
            }
        }

        @Test
        void that_is_not_committed_leaves_nothing() throws InterruptedException {
            try (var store = open()) {
                try (var transaction = store.begin(Transaction.Mode.WRITE)) {
                    create(transaction, "{'name': 'x'}");
                }
                assertThat(count(store)).isZero();
            }
        }

        @Test
        void gives_everything_back_when_its_beginning_is_interrupted() throws InterruptedException {
            try (var store = open()) {
                var writer = store.begin(Transaction.Mode.WRITE);
                var waiting =
                        Thread.ofVirtual()
                                .unstarted(() -> {
                                    try (var _ = store.begin(Transaction.Mode.WRITE)) {
                                        throw new IllegalStateException("not interrupted");
                                    } catch (InterruptedException expected) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
                waiting.start();
                waiting.interrupt();
                waiting.join();
                writer.close();
                for (var i = 0; i < 40; i++) {
                    create(store, "{'name': 'x'}");
                }
                assertThat(count(store)).isEqualTo(40);
            }
        }

        @Test
        void waiting_writers_do_not_keep_readers_out() throws InterruptedException {
            try (var store = open();
                    var pool = Executors.newVirtualThreadPerTaskExecutor()) {
                try (var _ = store.begin(Transaction.Mode.WRITE)) {
                    for (var i = 0; i < 100; i++) {
                        var _ =
                                pool.submit(() -> {
                                    create(store, "{'name': 'x'}");
                                    return true;
                                });
                    }
                    Thread.sleep(50);
                    assertThat(count(store)).isZero();
                }
            }
            try (var store = open()) {
                assertThat(count(store)).isEqualTo(100);
            }
        }
    }

    @Nested
    class Many_at_once {
        @Test
        void two_processes_may_make_the_file_together() throws Exception {
            for (var round = 0; round < 5; round++) {
                var file = data.resolve("fresh" + round + ".db");
                try (var pool = Executors.newFixedThreadPool(4)) {
                    var opening = new ArrayList<Future<Store>>();
                    for (var i = 0; i < 4; i++) {
                        opening.add(pool.submit(() -> Store.open(file, NOUNS, false)));
                    }
                    for (var opened : opening) {
                        opened.get().close();
                    }
                }
            }
        }

        @Test
        void nothing_is_lost_and_nothing_is_there_twice() throws Exception {
            try (var first = open();
                    var second = open();
                    var pool = Executors.newFixedThreadPool(8)) {
                var work = new ArrayList<Callable<Integer>>();
                for (var worker = 0; worker < 8; worker++) {
                    var store = worker % 2 == 0 ? first : second;
                    var half = worker / 2;
                    work.add(() -> creates(store, half));
                }
                var kept = 0;
                for (var done : pool.invokeAll(work)) {
                    kept += done.get();
                }
                // Both processes try the same hundred addresses in each of four threads.
                assertThat(kept).isEqualTo(400);
                assertThat(count(first)).isEqualTo(400);
                try (var connection = SqlConnection.open(data.resolve("t.db"))) {
                    assertThat(
                                    connection.number(
                                            "SELECT count(*) FROM action WHERE type = 'Contact'"))
                            .isEqualTo(400);
                    assertThat(
                                    connection.number(
                                            "SELECT count(DISTINCT json_extract(doc, '$.email')) FROM object"))
                            .isEqualTo(400);
                    assertThat(connection.row("PRAGMA integrity_check", row -> row.getString(1)))
                            .contains("ok");
                }
            }
        }

        int creates(Store store, int half) throws InterruptedException {
            var kept = 0;
            for (var i = 0; i < 100; i++) {
                var contact = "{'name': 'x', 'email': 'a%d.%d@example.com'}".formatted(half, i);
                if (createOnce(store, contact)) {
                    kept++;
                }
            }
            return kept;
        }

        /// As scripts run: without the lock first, and once more with it.
        boolean createOnce(Store store, String contact) throws InterruptedException {
            for (var mode : List.of(Transaction.Mode.LAZY, Transaction.Mode.WRITE)) {
                try (var transaction = store.begin(mode)) {
                    count(transaction);
                    create(transaction, contact);
                    transaction.commit();
                    return true;
                } catch (Conflict _) {
                    // Once more, with the lock taken first.
                } catch (assay.domain.Refused taken) {
                    assertThat(taken.reason()).isEqualTo(assay.domain.Reason.NOT_UNIQUE);
                    return false;
                }
            }
            throw new AssertionError("a conflict though the lock was taken first");
        }
    }

    @Nested
    class What_can_go_wrong {
        @Test
        void a_file_that_is_no_database() throws IOException {
            Files.writeString(data.resolve("t.db"), "not a database ".repeat(1000));
            assertThat(refusal(StoreTest.this::open))
                    .isEqualTo(
                            "store_unavailable: The database file %s is damaged or is no database. | Stop the server, keep a copy of the file, and restore the newest backup made with 'assay backup'."
                                    .formatted(data.resolve("t.db")));
        }

        @Test
        void a_damaged_file() throws IOException, InterruptedException {
            try (var store = open()) {
                for (var i = 0; i < 50; i++) {
                    create(store, "{'name': '%s'}".formatted("x".repeat(500)));
                }
            }
            var bytes = Files.readAllBytes(data.resolve("t.db"));
            java.util.Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
            Files.write(data.resolve("t.db"), bytes);
            assertThat(
                            refusal(() -> {
                                try (var store = open()) {
                                    create(store, "{'name': 'x'}");
                                }
                            }))
                    .startsWith(
                            "store_unavailable: The database file %s is damaged"
                                    .formatted(data.resolve("t.db")));
        }

        @Test
        void a_folder_that_cannot_be_made() throws IOException {
            var file = Files.createFile(data.resolve("file"));
            assertThat(refusal(() -> Store.open(file.resolve("deep/t.db"), NOUNS, false)))
                    .isEqualTo(
                            "store_unavailable: The data folder %s cannot be made. | Give the user who runs Assay write access there, or name another folder with --data."
                                    .formatted(file.resolve("deep")));
            assertThat(new DataFolder(file, NOUNS, false).unready("default")).isEmpty();
        }

        @Test
        void a_file_that_cannot_be_opened() throws IOException {
            Files.createDirectory(data.resolve("t.db"));
            assertThat(refusal(StoreTest.this::open))
                    .startsWith(
                            "store_unavailable: The database file %s cannot be opened for writing."
                                    .formatted(data.resolve("t.db")));
        }

        @Test
        void a_full_disk_keeps_nothing_of_the_unit_even_if_the_caller_goes_on()
                throws InterruptedException {
            try (var store = open()) {
                create(store, "{'name': 'before'}");
                try (var transaction = store.begin(Transaction.Mode.WRITE)) {
                    var connection = transaction.writing();
                    create(transaction, "{'name': 'half'}");
                    connection.number(
                            "PRAGMA max_page_count = " + connection.number("PRAGMA page_count"));
                    var full =
                            "store_unavailable: The disk that holds %s is full; nothing of this call was kept. | Free some space there, then send the same call again."
                                    .formatted(data.resolve("t.db"));
                    assertThat(
                                    refusal(() -> {
                                        for (var i = 0; i < 1000; i++) {
                                            create(
                                                    transaction,
                                                    "{'name': '%s'}".formatted("x".repeat(5000)));
                                        }
                                    }))
                            .isEqualTo(full);
                    assertThat(refusal(() -> create(transaction, "{'name': 'after'}")))
                            .isEqualTo(full);
                    assertThat(refusal(transaction::commit)).isEqualTo(full);
                }
                assertThat(count(store)).isEqualTo(1);
                create(store, "{'name': 'space again'}");
                assertThat(count(store)).isEqualTo(2);
            }
        }
    }

    @Nested
    class For_reading_only {
        Store reader() {
            return Store.open(data.resolve("t.db"), NOUNS, true);
        }

        @Test
        void everything_is_read_and_nothing_written() throws InterruptedException {
            try (var store = open()) {
                create(store, "{'name': 'x'}");
                try (var reader = reader()) {
                    assertThat(count(reader)).isEqualTo(1);
                    assertThat(refusal(() -> reader.begin(Transaction.Mode.WRITE)))
                            .startsWith("read_only: This server only reads; nothing was written.");
                    try (var lazy = reader.begin(Transaction.Mode.LAZY)) {
                        assertThat(count(lazy)).isEqualTo(1);
                        assertThat(refusal(() -> create(lazy, "{'name': 'y'}")))
                                .startsWith("read_only");
                    }
                    create(store, "{'name': 'y'}");
                    assertThat(count(reader)).isEqualTo(2);
                }
            }
        }

        @Test
        void a_file_without_write_ahead_log_stays_as_it_is() throws Exception {
            try (var store = open()) {
                create(store, "{'name': 'x'}");
                store.backup(data.resolve("copy.db"));
            }
            var before = Files.readAllBytes(data.resolve("copy.db"));
            try (var reader = Store.open(data.resolve("copy.db"), NOUNS, true)) {
                assertThat(count(reader)).isEqualTo(1);
            }
            assertThat(Files.readAllBytes(data.resolve("copy.db"))).isEqualTo(before);
        }

        @Test
        void an_older_file_is_refused_since_it_cannot_be_brought_up_to_date() throws IOException {
            Files.createFile(data.resolve("t.db"));
            assertThat(refusal(this::reader))
                    .isEqualTo(
                            "store_unavailable: %s was written by an older Assay (schema 0, this one reads 9), and is opened for reading only. | Start Assay on it once without --read-only, which brings it up to date."
                                    .formatted(data.resolve("t.db")));
        }

        @Test
        void a_folder_that_nobody_wrote_to_is_empty() throws InterruptedException {
            var folder = new DataFolder(data.resolve("none"), NOUNS, true);
            try (var transaction = folder.begin("default", Transaction.Mode.READ)) {
                assertThat(count(transaction)).isZero();
                assertThat(refusal(() -> create(transaction, "{'name': 'x'}")))
                        .startsWith("read_only");
            }
            for (var mode : List.of(Transaction.Mode.LAZY, Transaction.Mode.WRITE)) {
                assertThat(refusal(() -> folder.begin("default", mode))).startsWith("read_only");
            }
            assertThat(data.resolve("none")).doesNotExist();
            folder.close();
        }
    }

    @Nested
    class A_backup {
        @Test
        void is_whole_while_others_write() throws Exception {
            try (var store = open();
                    var pool = Executors.newSingleThreadExecutor()) {
                create(store, "{'name': 'x'}");
                var writing =
                        pool.submit(() -> {
                            for (var i = 0; i < 100; i++) {
                                create(store, "{'name': 'x'}");
                            }
                            return true;
                        });
                store.backup(data.resolve("copy.db"));
                writing.get();
                assertThat(count(store)).isEqualTo(101);
            }
            try (var copy = Store.open(data.resolve("copy.db"), NOUNS, false)) {
                assertThat(count(copy)).isBetween(1L, 101L);
                create(copy, "{'name': 'y'}");
            }
        }

        @Test
        void never_overwrites_and_needs_a_place_and_something_to_copy() throws Exception {
            try (var store = open()) {
                store.backup(data.resolve("copy.db"));
                assertThat(refusal(() -> store.backup(data.resolve("copy.db"))))
                        .startsWith(
                                "invalid_value: The file %s exists already."
                                        .formatted(data.resolve("copy.db")));
                assertThat(refusal(() -> store.backup(data.resolve("no/copy.db"))))
                        .startsWith("invalid_value: The folder of");
            }
            try (var folder = new DataFolder(data, NOUNS, false)) {
                assertThat(refusal(() -> folder.backup("nobody", data.resolve("n.db"))))
                        .startsWith("unknown_id: Nothing was ever written for this tenant");
            }
        }
    }

    @Nested
    class A_data_folder {
        @Test
        void keeps_tenants_apart_and_serves_more_of_them_than_it_keeps_open() throws Exception {
            try (var folder = new DataFolder(data, NOUNS, false);
                    var early = folder.begin("t0", Transaction.Mode.WRITE)) {
                create(early, "{'name': 'x'}");
                for (var i = 1; i <= DataFolder.MOST_OPEN + 2; i++) {
                    try (var transaction = folder.begin("t" + i, Transaction.Mode.WRITE)) {
                        create(transaction, "{'name': 'x'}");
                        transaction.commit();
                    }
                }
                early.commit();
                try (var transaction = folder.begin("t0", Transaction.Mode.READ)) {
                    assertThat(count(transaction)).isEqualTo(1);
                }
            }
        }

        @Test
        void makes_no_file_for_a_tenant_that_is_only_read() throws InterruptedException {
            try (var folder = new DataFolder(data, NOUNS, false);
                    var lazy = folder.begin("ghost", Transaction.Mode.LAZY)) {
                assertThat(count(lazy)).isZero();
                assertThatThrownBy(() -> create(lazy, "{'name': 'x'}"))
                        .isInstanceOf(Conflict.class);
                assertThat(data.resolve("ghost.db")).doesNotExist();
            }
        }
    }

    @Test
    void ids_are_never_given_twice() throws InterruptedException, ExecutionException {
        var repeating =
                new java.util.random.RandomGenerator() {
                    private int call;

                    @Override
                    public long nextLong() {
                        return (call++ / 3) * 0x123456789ABL;
                    }
                };
        try (var store = open();
                var transaction = store.begin(Transaction.Mode.WRITE)) {
            var work = new UnitOfWork(NOUNS, transaction, ADA, Instant.EPOCH, new Ids(repeating));
            var one = work.create(CONTACT, json("{'name': 'x'}")).path("$id");
            var two = work.create(CONTACT, json("{'name': 'x'}")).path("$id");
            assertThat(one).isNotEqualTo(two);
        }
    }
}
