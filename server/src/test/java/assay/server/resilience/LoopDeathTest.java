package assay.server.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import assay.server.http.HttpWire;
import assay.server.mcp.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Server and worker of a leased experiment are killed while they work.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LoopDeathTest {
    private static final int UNITS = 700;
    private static final int TOKENS = 12_000;

    /// Bytes of a line that says that a lease was recorded.
    private static final int LINE = "lease_12345678901234 run_12345678901234\n".length();

    private static final long SEED = 20261120;

    /// More units than the budget takes.
    private static final String SETUP =
            """
            await $.Dataset.create({ name: 'Items', slug: 'items',
              items: Array.from({ length: 400 }, (_, i) => ({ id: 'i' + i, input: { a: i } })) })
            await $.Experiment.create({ name: 'Race', slug: 'race', dataset: 'items', primaryMetric: 'right',
              budget: { units: params.units, tokens: params.tokens, perUnit: { tokens: 10 } },
              variants: [{ key: 'control', prompt: { template: '{{a}}' } }, { key: 'kind', prompt: { template: 'Please {{a}}' } }] })
            return (await $.Experiment.start('race')).status
            """;

    @TempDir Path data;
    @TempDir Path notes;

    @Test
    void loses_no_unit_when_server_and_worker_are_killed() throws Exception {
        killed(2, 30);
    }

    @Test
    @Tag("heavy")
    void loses_no_unit_when_server_and_worker_are_killed_50_times() throws Exception {
        killed(50, UNITS);
    }

    private void killed(int times, int units) throws Exception {
        var random = new Random(SEED);
        var port = notes.resolve("port");
        var acknowledged = notes.resolve("acknowledged");
        Files.writeString(acknowledged, "");
        var server = serve(port);
        var worker = new LoopWorker(port, "w", acknowledged).start();
        var serverDied = 0;
        var workerDied = 0;
        try {
            var limits = Json.object().put("units", units).put("tokens", TOKENS);
            assertThat(server.run(SETUP, limits)).hasToString("\"Started\"");
            for (var time = 0; time < times; time++) {
                awaitMore(acknowledged, random.nextInt(1, 9));
                Thread.sleep(random.nextInt(30));
                var victim = random.nextInt(3);
                if (victim != 0) {
                    worker.destroyForcibly().waitFor();
                    workerDied++;
                }
                if (victim != 1) {
                    server.process().destroyForcibly().waitFor();
                    serverDied++;
                    assertSound(units);
                    server = serve(port);
                }
                if (victim != 0) {
                    worker = new LoopWorker(port, "w", acknowledged).start();
                }
            }
            worker.destroyForcibly().waitFor();
            new LoopWorker(port, "last", acknowledged).work();
            assertSound(units);
            assertFinished(units, acknowledged);
        } finally {
            worker.destroyForcibly();
            server.close();
        }
        System.out.printf(
                "killed %d times: the server %d times, the worker %d times; %d units recorded once each; tokens %s of %d; %s leases lost%n",
                times,
                serverDied,
                workerDied,
                units,
                value("SELECT tokens FROM spent"),
                TOKENS,
                value("SELECT count(*) FROM lease WHERE state = 'lost'"));
    }

    private Program serve(Path port) throws IOException {
        var server =
                Program.http(data, List.of(), "--sandbox", "in-process", "--script-time", "60s");
        var next = Files.writeString(notes.resolve("next"), "" + ((HttpWire) server.wire()).port());
        Files.move(next, port, StandardCopyOption.REPLACE_EXISTING);
        return server;
    }

    /// Waits until so many more records were acknowledged, or there is nothing left to record.
    private static void awaitMore(Path acknowledged, int more)
            throws IOException, InterruptedException {
        var wanted = Files.size(acknowledged) + (long) LINE * more;
        for (var waits = 0; Files.size(acknowledged) < wanted && waits < 2_000; waits++) {
            Thread.sleep(5);
        }
    }

    private String value(String sql) throws SQLException {
        try (var database = Database.in(data)) {
            return database.value(sql);
        }
    }

    /// What holds at every moment.
    private void assertSound(int units) throws SQLException {
        assertThat(value("PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(
                        value(
                                """
                                SELECT (SELECT coalesce(sum(tokens), 0) FROM lease) <= %d
                                  AND (SELECT count(*) FROM work_unit) <= %d
                                  AND (SELECT coalesce(sum(tokens), 0) FROM spent) =
                                    (SELECT coalesce(sum(tokens), 0) FROM lease WHERE state <> 'open')
                                  AND (SELECT coalesce(sum(units), 0) FROM spent) = (SELECT count(*) FROM work_unit)\
                                """
                                        .formatted(TOKENS, units)))
                .as("the budget holds")
                .isEqualTo("1");
        assertThat(
                        value(
                                """
                                SELECT count(*) FROM (SELECT unit FROM lease WHERE state = 'recorded'
                                  GROUP BY unit HAVING count(*) > 1)\
                                """))
                .as("units that were recorded twice")
                .isEqualTo("0");
        assertThat(
                        value(
                                """
                                SELECT count(*) FROM work_unit u WHERE status = 'recorded' AND
                                  (SELECT count(*) FROM event e WHERE e.subject = u.subject AND e.metric = 'right') <> 1\
                                """))
                .as("units that count otherwise than once")
                .isEqualTo("0");
        assertThat(
                        value(
                                """
                                SELECT count(*) FROM lease a JOIN lease b ON a.unit = b.unit AND a.id <> b.id
                                  AND b.at >= a.at AND b.at < a.expires_at\
                                """))
                .as("units that were leased again before their time")
                .isEqualTo("0");
    }

    private void assertFinished(int units, Path acknowledged) throws IOException, SQLException {
        assertThat(value("SELECT count(*) FROM work_unit WHERE status = 'recorded'"))
                .isEqualTo("" + units);
        assertThat(value("SELECT count(*) FROM event WHERE metric = 'right'"))
                .isEqualTo("" + units);
        assertThat(value("SELECT sum(units) FROM enrolled")).isEqualTo("" + units);
        for (var line : Files.readAllLines(acknowledged)) {
            var words = line.split(" ", -1);
            assertThat(value("SELECT output FROM work_unit WHERE id = '" + words[1] + "'"))
                    .isEqualTo('"' + words[0] + '"');
        }
    }
}
