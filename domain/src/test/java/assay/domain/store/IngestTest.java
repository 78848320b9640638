package assay.domain.store;

import static assay.domain.JsonText.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.domain.noun.Nouns;
import assay.domain.store.Events.Exposure;
import assay.domain.store.Events.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IngestTest {
    private static final Nouns NOUNS = Nouns.load(Optional.empty());
    private static final Measure SUM = Measure.of(Measure.Kind.SUM, "m");

    @TempDir Path data;

    static EventRow outcome(String id, String subject, double value) {
        return EventRow.outcome(
                "x", 1, new Outcome(id, subject, "", "m", value, 20, Optional.empty()));
    }

    static EventRow exposure(String subject) {
        var arm = subject.hashCode() % 2 == 0 ? "a" : "b";
        return EventRow.exposure(
                "event_" + subject, "x", 1, new Exposure(subject, arm, 1, 10, json("{}")));
    }

    @Test
    void what_many_callers_bring_is_there_once_when_each_is_answered() throws Exception {
        try (var folder = new DataFolder(data, NOUNS, false);
                var ingest = new Ingest(folder, "default", "ada", InstantSource.system());
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(ingest.append(List.of(exposure("s0"), exposure("s1")))).isEqualTo(2);
            var answers = new ArrayList<Future<Integer>>();
            for (var caller = 0; caller < 200; caller++) {
                // Every other caller sends again what the one before it sent.
                var rows =
                        List.of(
                                outcome("event_o" + caller / 2, "s" + caller / 2 % 2, 0.1),
                                outcome("event_p" + caller, "s0", 1));
                answers.add(callers.submit(() -> ingest.append(rows)));
            }
            var appended = 0;
            for (var answer : answers) {
                appended += answer.get();
            }
            assertThat(appended).isEqualTo(300);
            try (var transaction = folder.begin("default", Transaction.Mode.READ)) {
                assertThat(new Events(transaction).cells("x", 1, SUM))
                        .extracting(cell -> cell.moments().x().sum().value())
                        .containsExactly(5.0, 205.0);
            }
        }
    }

    @Test
    void a_caller_of_an_ingest_that_is_closed_is_told_so() {
        try (var folder = new DataFolder(data, NOUNS, false)) {
            var ingest = new Ingest(folder, "default", "ada", InstantSource.system());
            ingest.close();
            assertThatThrownBy(() -> ingest.append(List.of(exposure("s0"))))
                    .hasMessage("the ingest is closed");
        }
    }

    @Test
    void a_caller_who_is_interrupted_while_it_leads_takes_only_its_own_with_it() throws Exception {
        try (var folder = new DataFolder(data, NOUNS, false);
                var ingest = new Ingest(folder, "default", "ada", InstantSource.system());
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(ingest.append(List.of(exposure("s0")))).isOne();
            Future<Integer> leads;
            Future<Integer> follows;
            try (var transaction = folder.begin("default", Transaction.Mode.WRITE)) {
                var _ = transaction.writing();
                leads = callers.submit(() -> ingest.append(List.of(outcome("event_1", "s0", 1))));
                Thread.sleep(100);
                follows = callers.submit(() -> ingest.append(List.of(outcome("event_2", "s0", 2))));
                Thread.sleep(100);
                assertThat(leads.cancel(true)).isTrue();
                Thread.sleep(100);
            }
            assertThat(follows.get()).isOne();
            try (var transaction = folder.begin("default", Transaction.Mode.READ)) {
                assertThat(
                                transaction
                                        .reading()
                                        .rows(
                                                "SELECT id FROM event ORDER BY seq",
                                                row -> row.getString(1)))
                        .containsExactly("event_s0", "event_2");
            }
        }
    }

    @Test
    void a_process_killed_while_it_ingests_has_lost_nothing_it_acknowledged() throws Exception {
        killRepeatedly(1);
    }

    @Test
    @Tag("heavy")
    void a_process_killed_20_times_while_it_ingests_has_lost_nothing_it_acknowledged()
            throws Exception {
        killRepeatedly(20);
    }

    private void killRepeatedly(int times) throws Exception {
        var random = new Random(64);
        var acknowledged = new ArrayList<String>();
        for (var time = 0; time < times; time++) {
            acknowledged.addAll(ingestUntilKilled(time, 500 + random.nextInt(3_000)));
            assertKept(acknowledged);
        }
    }

    /// @return the ids of the events that the process said are kept
    private List<String> ingestUntilKilled(int time, int lines)
            throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Ingesting.class.getName(),
                                data.toString(),
                                "t" + time)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        var acknowledged = new ArrayList<String>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                acknowledged.add(line);
                if (acknowledged.size() == lines) {
                    process.destroyForcibly();
                }
            }
        } catch (IOException killed) {
            // What was read until then is what was acknowledged.
        }
        assertThat(process.waitFor()).isEqualTo(137);
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(lines);
        return acknowledged;
    }

    private void assertKept(List<String> acknowledged) throws InterruptedException {
        try (var folder = new DataFolder(data, NOUNS, false);
                var transaction = folder.begin("default", Transaction.Mode.WRITE)) {
            var connection = transaction.writing();
            assertThat(connection.row("PRAGMA integrity_check", row -> row.getString(1)))
                    .contains("ok");
            var ids = connection.rows("SELECT id FROM event ORDER BY seq", row -> row.getString(1));
            assertThat(ids).doesNotHaveDuplicates().containsAll(acknowledged);
            var cells = new Events(transaction).cells("x", 1, SUM);
            assertThat(cells.stream().mapToLong(Cell::units).sum()).isEqualTo(Ingesting.SUBJECTS);
            var ledger = new Ledger(transaction);
            ledger.startAgain();
            while (ledger.backlog() > 0) {
                ledger.step(10_000);
            }
            assertThat(new Events(transaction).cells("x", 1, SUM)).isEqualTo(cells);
        }
    }

    /// A program in which 64 writers ingest, while what they bring is folded, until it is killed.
    /// It prints the id of each event that is kept.
    static final class Ingesting {
        static final int SUBJECTS = 100;
        private static final int WRITERS = 64;

        private Ingesting() {}

        public static void main(String[] arguments) throws InterruptedException {
            var folder = new DataFolder(Path.of(arguments[0]), NOUNS, false);
            var ingest = new Ingest(folder, "default", "ada", InstantSource.system());
            var _ =
                    ingest.append(
                            IntStream.range(0, SUBJECTS).mapToObj(i -> exposure("s" + i)).toList());
            try (var transaction = folder.begin("default", Transaction.Mode.WRITE)) {
                new Events(transaction).keep("x", 1, List.of(SUM));
                transaction.commit();
            }
            folder.bookkeeper().start();
            var writers = new ArrayList<Thread>();
            for (var writer = 0; writer < WRITERS; writer++) {
                var prefix = "event_" + arguments[1] + "w" + writer + "n";
                writers.add(Thread.startVirtualThread(() -> ingest(ingest, prefix)));
            }
            for (var writer : writers) {
                writer.join();
            }
        }

        private static void ingest(Ingest ingest, String prefix) {
            var random = new Random(prefix.hashCode());
            try {
                for (var n = 0; ; n++) {
                    var subject = "s" + random.nextInt(SUBJECTS);
                    var id = prefix + n;
                    var _ = ingest.append(List.of(outcome(id, subject, random.nextGaussian())));
                    System.out.println(id);
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
