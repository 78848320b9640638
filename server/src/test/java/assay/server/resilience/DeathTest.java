package assay.server.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import assay.server.mcp.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/// The program is killed, or told to end, while it works.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DeathTest {
    private static final String CREATE = "return (await $.Contact.create({name: 'contact'})).$id";
    private static final String COUNT_KNOWN =
            """
            let known = 0
            for (const id of params) if (await $.Contact.get(id)) known++
            return known
            """;

    /// Counts in steps that take a while together.
    private static final String SLOW =
            "let sum = 0\nfor (let i = 0; i < 50000; i++) sum += i\nreturn sum";

    private static final long SLOW_SUM = 1_249_975_000L;

    @TempDir Path data;

    @Test
    void a_killed_server_has_lost_nothing_it_acknowledged() throws Exception {
        killRepeatedly(1, 20);
    }

    @Test
    @Tag("heavy")
    void a_server_killed_20_times_has_lost_nothing_it_acknowledged() throws Exception {
        killRepeatedly(20, 150);
    }

    private void killRepeatedly(int times, int writes) throws Exception {
        var acknowledged = Collections.synchronizedList(new ArrayList<String>());
        for (var i = 0; i < times; i++) {
            try (var assay = Program.httpInOneProcess(data)) {
                assertKept(assay, acknowledged);
                // Not always at the same point of a write.
                writeUntilKilled(assay, acknowledged, writes + 7 * i);
            }
            try (var database = Database.in(data)) {
                assertThat(database.value("PRAGMA integrity_check")).isEqualTo("ok");
            }
        }
        try (var assay = Program.stdio(data)) {
            assertKept(assay, acknowledged);
        }
    }

    private static void assertKept(Program assay, List<String> acknowledged) {
        for (var from = 0; from < acknowledged.size(); from += 200) {
            var ids = JsonNodeFactory.instance.arrayNode();
            acknowledged.subList(from, Math.min(from + 200, acknowledged.size())).forEach(ids::add);
            assertThat(assay.run(COUNT_KNOWN, ids).asInt()).isEqualTo(ids.size());
        }
    }

    /// Four writers, each with one call in flight.
    private static void writeUntilKilled(Program assay, List<String> acknowledged, int writes)
            throws InterruptedException {
        var done = new Semaphore(0);
        var writers = new ArrayList<Thread>();
        for (var writer = 0; writer < 4; writer++) {
            writers.add(
                    Thread.startVirtualThread(() -> {
                        while (assay.process().isAlive()) {
                            var id = assay.askDo(CREATE, Json.object());
                            awaitAnswerOrDeath(assay, id, acknowledged);
                            done.release();
                        }
                    }));
        }
        done.acquire(writes);
        assay.process().destroyForcibly().waitFor();
        for (var writer : writers) {
            writer.join();
        }
    }

    private static void awaitAnswerOrDeath(Program assay, String id, List<String> acknowledged) {
        while (assay.process().isAlive() && assay.wire().answered(id) == null) {
            LockSupport.parkNanos(200_000);
        }
        var answer = assay.wire().answered(id);
        if (answer != null) {
            acknowledged.add(answer.at("/result/structuredContent/result").stringValue());
        }
    }

    @Test
    @Tag("heavy")
    void calls_with_a_key_whose_replies_were_lost_are_done_once_when_they_are_sent_again()
            throws Exception {
        var calls = 100;
        try (var assay = Program.stdio(data)) {
            var ids = new ArrayList<String>();
            for (var i = 0; i < calls; i++) {
                ids.add(assay.askDo(CREATE, Json.object(), "call " + i));
            }
            assay.outcome(ids.get(20));
            assay.process().destroyForcibly().waitFor();
        }
        try (var assay = Program.stdio(data)) {
            var repeated = 0;
            for (var i = 0; i < calls; i++) {
                var answer = assay.wire().await(assay.askDo(CREATE, Json.object(), "call " + i));
                assertThat(answer.at("/result/structuredContent/result").isString()).isTrue();
                repeated +=
                        answer.at("/result/structuredContent/repeated").asBoolean(false) ? 1 : 0;
            }
            assertThat(repeated).isPositive();
            assertThat(assay.run("return await $.Contact.count()", Json.object()).asInt())
                    .isEqualTo(calls);
        }
    }

    @Test
    void a_server_on_stdio_that_is_told_to_end_answers_what_runs() throws Exception {
        try (var assay = Program.stdio(data)) {
            assertAnswersWhatRuns(assay);
        }
    }

    @Test
    void a_server_on_http_that_is_told_to_end_answers_what_runs() throws Exception {
        try (var assay = Program.http(data)) {
            assertAnswersWhatRuns(assay);
        }
    }

    private static void assertAnswersWhatRuns(Program assay) throws InterruptedException {
        // So that the engine has started.
        assertThat(assay.run("return 1", Json.object()).asInt()).isEqualTo(1);
        var id = assay.askDo(SLOW, Json.object());
        assay.wire().ask("ping");
        assay.process().toHandle().destroy();
        assertThat(assay.outcome(id).asLong()).isEqualTo(SLOW_SUM);
        assertThat(assay.exitCode()).isEqualTo(143);
    }

    @Test
    void a_server_on_stdio_whose_input_ends_answers_what_it_was_asked() throws Exception {
        try (var assay = Program.stdio(data)) {
            var ids = new ArrayList<String>();
            for (var i = 0; i < 8; i++) {
                ids.add(assay.askDo(SLOW, Json.object()));
            }
            assay.wire().close();
            for (var id : ids) {
                assertThat(assay.outcome(id).asLong()).isEqualTo(SLOW_SUM);
            }
            assertThat(assay.exitCode()).isZero();
        }
    }
}
