package assay.server.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import assay.server.mcp.Json;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Two clients over stdio and one over HTTP, each with a process of its own, on one data folder.
@DisplayNameGeneration(ReplaceUnderscores.class)
class SeveralProcessesTest {
    private static final int PROCESSES = 3;

    /// So many calls of each client are in flight.
    private static final int LANES = 4;

    /// One write in so many competes for a unique value, and so many update the shared object.
    private static final int SHARE = 5;

    private static final String CREATE = "return (await $.Contact.create(params)).$id";
    private static final String COUNT_UP =
            """
            const shared = await $.Contact.get(params)
            return (await $.Contact.update(params, {leadScore: shared.leadScore + 1})).$id
            """;

    @TempDir Path data;

    /// What one client's writes came to.
    private record Written(
            List<JsonNode> created, List<JsonNode> competed, List<JsonNode> counted) {}

    @Tag("heavy")
    @Test
    void write_at_once_and_nothing_is_lost() throws Exception {
        writeAtOnce(8);
    }

    @Test
    void keep_the_end_of_an_experiment_once() throws Exception {
        try (var first = Program.stdio(data);
                var second = Program.stdio(data)) {
            var id =
                    first.run(
                            """
                            const { $id } = await $.Experiment.create({
                              name: 'x', primaryMetric: 'bought', variants: ['a', 'b'], endAt: new Date(Date.now() + 500) })
                            await $.Experiment.start($id)
                            return $id
                            """,
                            Json.object());
            var status = "return (await $.Experiment.get(params)).status";
            while (!second.run(status, id).asString("").equals("Concluded")) {
                Thread.sleep(100);
            }
            // A tick more of either.
            Thread.sleep(2_000);
            assertThat(
                            first.run(
                                            """
                                            const rows = await $.history(params)
                                            return rows.filter(row => row.verb === 'conclude').map(row => row.actor)
                                            """,
                                            id)
                                    .toString())
                    .isEqualTo("[\"schedule\"]");
        }
    }

    @Test
    @Tag("heavy")
    void that_send_the_same_call_with_the_same_key_at_once_have_it_done_once() throws Exception {
        var calls = 50;
        try (var first = Program.stdio(data);
                var second = Program.stdio(data)) {
            var answers = new ArrayList<String>();
            for (var i = 0; i < calls; i++) {
                var contact = Json.object().put("name", "contact " + i);
                var one = first.askDo(CREATE, contact, "call " + i);
                var other = second.askDo(CREATE, contact, "call " + i);
                answers.add(first.outcome(one).stringValue());
                assertThat(second.outcome(other).stringValue()).isEqualTo(answers.getLast());
            }
            assertThat(answers).doesNotHaveDuplicates();
            assertThat(first.run("return await $.Contact.count()", Json.object()).asInt())
                    .isEqualTo(calls);
        }
    }

    @Test
    @Tag("heavy")
    void write_thousands_of_objects_at_once_and_nothing_is_lost() throws Exception {
        writeAtOnce(1000);
    }

    private void writeAtOnce(int objects) throws Exception {
        try (var first = Program.stdio(data);
                var second = Program.stdio(data);
                var third = Program.httpInOneProcess(data);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var shared =
                    first.run(CREATE, Json.object().put("name", "shared").put("leadScore", 0))
                            .stringValue();
            var tasks = new ArrayList<Callable<Written>>();
            for (var assay : List.of(first, second, third)) {
                for (var lane = 0; lane < LANES; lane++) {
                    var from = lane;
                    tasks.add(() -> write(assay, shared, from, objects));
                }
            }
            var all = new Written(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (var task : threads.invokeAll(tasks)) {
                all.created.addAll(task.get().created);
                all.competed.addAll(task.get().competed);
                all.counted.addAll(task.get().counted);
            }
            check(all, objects);
        }
    }

    private static Written write(Program assay, String shared, int from, int objects) {
        var written = new Written(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (var i = from; i < objects; i += LANES) {
            written.created.add(assay.run(CREATE, Json.object().put("name", "contact " + i)));
            if (i % SHARE == 0) {
                var wanted = Json.object().put("name", "taken").put("email", i + "@example.com");
                written.competed.add(assay.run(CREATE, wanted));
                written.counted.add(
                        assay.run(COUNT_UP, JsonNodeFactory.instance.stringNode(shared)));
            }
        }
        return written;
    }

    private void check(Written all, int objects) throws SQLException {
        var mails = (objects + SHARE - 1) / SHARE;
        var made = PROCESSES * objects;
        var counted = PROCESSES * mails;
        assertThat(all.created).hasSize(made).allMatch(JsonNode::isString);
        assertThat(all.counted).hasSize(counted).allMatch(JsonNode::isString);
        assertThat(all.competed.stream().filter(JsonNode::isString)).hasSize(mails);
        assertThat(all.competed.stream().filter(one -> !one.isString()))
                .extracting(one -> one.path("reason").asString())
                .containsOnly("not_unique");
        try (var database = Database.in(data)) {
            var shipped =
                    Integer.parseInt(
                            database.value(
                                    "SELECT count(*) FROM object WHERE created_by = 'assay'"));
            var actions = made + mails + counted + 1 + shipped;
            assertThat(
                            List.of(
                                    database.value("SELECT count(*) FROM object"),
                                    database.value(
                                            "SELECT count(DISTINCT doc ->> 'email') FROM object WHERE doc ->> 'email' IS NOT NULL"),
                                    database.value(
                                            "SELECT version || ' ' || (doc ->> 'leadScore') FROM object WHERE doc ->> 'name' = 'shared'"),
                                    database.value(
                                            "SELECT count(*) || ' ' || min(seq) || ' ' || max(seq) FROM action"),
                                    database.value(
                                            "SELECT count(*) FROM (SELECT 1 FROM action GROUP BY object"
                                                    + " HAVING count(*) <> max(version) OR count(DISTINCT version) <> max(version))"),
                                    database.value("PRAGMA integrity_check")))
                    .containsExactly(
                            String.valueOf(made + mails + 1 + shipped),
                            String.valueOf(mails),
                            (counted + 1) + " " + counted,
                            actions + " 1 " + actions,
                            "0",
                            "ok");
        }
    }
}
