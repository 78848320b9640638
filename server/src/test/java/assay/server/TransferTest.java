package assay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files of events in, and rows of an experiment out, by the command line.
@DisplayNameGeneration(ReplaceUnderscores.class)
class TransferTest {
    private static final String START =
            """
            const { $id } = await $.Experiment.create({ name: 'x', slug: 'x', primaryMetric: 'bought', variants: ['a', 'b'] })
            await $.Experiment.update($id, { description: 'imported' })
            return (await $.Experiment.start($id)).$id\
            """;
    private static final String ROWS =
            """
            subject,variant,metric,value,at,eventId,properties.plan
            ada,a,,,2026-01-05T00:00:00Z,,
            bob,b,,,2026-01-05T00:00:00Z,,
            ada,,bought,2.5,2030-01-05T00:00:00Z,,
            "bob, the",,,,,,
            bob,,,4,2026-01-05T00:01:00Z,order-1,pro
            bob,,,4,2026-01-05T00:01:00Z,order-1,pro
            carl,,,many,2026-01-05T00:01:00Z,,
            ada,,bought,0.5,2026-01-04T00:00:00Z,,
            """;

    @TempDir Path folder;

    private record Ran(int code, String out, String err) {
        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    private Ran run(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data", folder.resolve("data").toString()));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var main =
                new Main(
                        new ByteArrayInputStream(new byte[0]),
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        int code = main.run(all, Map.of("HOME", folder.toString()));
        return new Ran(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @BeforeEach
    void start() throws IOException {
        assertThat(run("do", file("start.js", START).toString()).code()).isZero();
    }

    private Ran imported(Path file) {
        return run("import", file.toString(), "--experiment", "x");
    }

    @Test
    void rows_that_can_be_read_are_kept_and_the_others_told_by_line() throws IOException {
        var ran = imported(file("rows.csv", ROWS));
        assertThat(ran.code()).isEqualTo(1);
        var report = ran.json();
        assertThat(report.path("refusals").findValuesAsString("line")).containsExactly("4", "8");
        assertThat(List.of("lines", "appended", "duplicates", "refused"))
                .extracting(name -> report.path(name).asInt())
                .containsExactly(8, 5, 1, 2);
        assertThat(ran.err())
                .contains("line 8: 'many' is not a value of an outcome.")
                .endsWith(
                        """
                        lines/s
                        not counted, because their subject was never exposed: 1
                        not counted, because they came before the exposure of their subject: 1
                        """);
        var arms = run("export", "x", "results").json().path("primary").path("arms");
        assertThat(arms.findValuesAsString("sum")).containsExactly("0.0", "4.0");
        assertThat(run("fetch", "{\"id\": \"x\"}").json().path("status").asString(""))
                .isEqualTo("Running");
    }

    @Test
    void what_can_never_count_is_told_with_numbers() throws IOException {
        var update =
                file(
                        "window.js",
                        "await $.Experiment.iterate('x', { metrics: [{ name: 'bought', window: '7d' }] }, { reason: 'a week is enough' })");
        assertThat(run("do", update.toString()).code()).isZero();
        var ran =
                imported(
                        file(
                                "mixed.csv",
                                """
                                subject,metric,value,at,variant
                                ada,bought,1,2026-01-06T00:00:00Z,
                                ada,bought,1,2026-01-04T00:00:00Z,
                                ada,bought,1,2026-01-12T00:00:00Z,
                                ada,boughtt,1,2026-01-06T00:00:00Z,
                                eve,bought,1,2026-01-06T00:00:00Z,
                                ben,bought,1,2026-01-06T00:00:00Z,
                                ada,,,2026-01-05T00:00:00Z,a
                                """));
        assertThat(ran.code()).isZero();
        assertThat(ran.json().path("uncounted").toString())
                .isEqualTo(
                        "{\"undeclared\":[{\"metric\":\"boughtt\",\"events\":1,\"nearest\":\"bought\"}],"
                                + "\"unexposed\":2,\"beforeExposure\":1,\"outsideWindow\":1}");
        assertThat(ran.err())
                .endsWith(
                        """
                        lines/s
                        undeclared metric 'boughtt', events: 1; did you mean 'bought'?
                        not counted, because their subject was never exposed: 2
                        not counted, because they came before the exposure of their subject: 1
                        not counted, because they came outside the window of their metric: 1
                        """);
    }

    @Test
    void a_file_that_counts_whole_says_nothing_of_it() throws IOException {
        var ran =
                imported(
                        file(
                                "good.csv",
                                """
                                subject,metric,value,at,variant
                                ada,,,2026-01-05T00:00:00Z,a
                                ada,bought,1,2026-01-05T00:00:00Z,
                                """));
        assertThat(ran.json().has("uncounted")).isFalse();
        assertThat(ran.err()).endsWith("lines/s\n");
    }

    @Test
    void many_batches_are_kept_each_once_and_in_order() throws IOException {
        var rows = new StringBuilder("subject,variant,at\n");
        for (var i = 0; i < 25_000; i++) {
            rows.append("s")
                    .append(i)
                    .append(",")
                    .append(i % 2 == 0 ? "a" : "b")
                    .append(",2026-01-05T00:00:00Z\n");
        }
        var ran = imported(file("many.csv", rows.append("bad,c,\n").toString()));
        assertThat(ran.json().path("lines").asInt()).isEqualTo(25_001);
        assertThat(ran.json().path("appended").asInt()).isEqualTo(25_000);
        assertThat(ran.json().path("refusals").findValuesAsString("line")).containsExactly("25002");
    }

    @Test
    void the_same_file_again_changes_nothing() throws IOException {
        var file = file("rows.csv", ROWS);
        imported(file);
        var again = imported(Files.copy(file, folder.resolve("copy.csv"))).json();
        assertThat(again.path("appended").asInt()).isZero();
        assertThat(again.path("duplicates").asInt()).isEqualTo(6);
    }

    @Test
    void what_is_exported_can_be_imported() throws IOException {
        imported(file("rows.csv", ROWS));
        for (var format : List.of("csv", "jsonl")) {
            var events = run("export", "x", "events", "--format", format);
            assertThat(events.code()).isZero();
            var other = List.of("--tenant", format);
            var words = new ArrayList<>(List.of("do", file("start.js", START).toString()));
            words.addAll(other);
            run(words.toArray(String[]::new));
            words =
                    new ArrayList<>(
                            List.of(
                                    "import",
                                    file("events." + format, events.out()).toString(),
                                    "--experiment",
                                    "x"));
            words.addAll(other);
            assertThat(run(words.toArray(String[]::new)).json().path("appended").asInt())
                    .isEqualTo(5);
            assertThat(
                            run("export", "x", "assignments", "--format", "csv", "--tenant", format)
                                    .out())
                    .isEqualTo(run("export", "x", "assignments", "--format", "csv").out());
        }
    }

    @Test
    void assignments_are_rows() throws IOException {
        imported(file("rows.csv", ROWS));
        assertThat(run("export", "x", "assignments", "--format", "csv").out())
                .isEqualTo(
                        """
                        subject,variant,cohort,at,several,attributes\r
                        ada,a,1,2026-01-05T00:00:00.000Z,false,\r
                        bob,b,1,2026-01-05T00:00:00.000Z,false,\r
                        """);
        assertThat(run("export", "x", "assignments").json().path(1).path("subject").asString(""))
                .isEqualTo("bob");
    }

    @Test
    void results_are_a_row_for_each_metric_and_arm() throws IOException {
        imported(file("rows.csv", ROWS));
        var rows = run("export", "x", "results", "--format", "jsonl").out().lines().toList();
        assertThat(rows).hasSize(2);
        assertThat(rows.getLast())
                .startsWith("{\"role\":\"primary\",\"metric\":\"bought\",\"key\":\"b\",\"n\":1");
    }

    @Test
    void events_of_no_experiment_count_where_their_subject_is_exposed() throws IOException {
        imported(file("rows.csv", ROWS));
        var free =
                file("free.jsonl", "{\"userId\": \"ada\", \"type\": \"bought\", \"value\": 3}\n");
        assertThat(run("import", free.toString()).code()).isZero();
        var arms = run("export", "x", "results").json().path("primary").path("arms");
        assertThat(arms.findValuesAsString("sum")).containsExactly("3.0", "4.0");
    }

    @Test
    void what_is_no_file_of_events_is_refused() throws IOException {
        assertThat(run("import", "none.csv").err())
                .contains("There is no readable file 'none.csv'.");
        assertThat(run("import", file("rows.txt", ROWS).toString()).err())
                .contains("Add --format csv or --format jsonl.");
        assertThat(
                        imported(file("bad.csv", "user\nada\n"))
                                .json()
                                .at("/error/message")
                                .asString(""))
                .isEqualTo("An event has no field 'user'.");
        assertThat(
                        run("import", file("rows.csv", ROWS).toString(), "--experiment", "y")
                                .json()
                                .at("/error/reason")
                                .asString(""))
                .isEqualTo("unknown_id");
    }
}
