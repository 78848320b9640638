package assay.domain.store;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.noun.Nouns;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BookkeeperTest {
    private static final Nouns NOUNS = Nouns.load(Optional.empty());
    private static final Measure SUM = Measure.of(Measure.Kind.SUM, "m");

    @TempDir Path data;

    private static void append(DataFolder folder, String tenant) throws InterruptedException {
        try (var ingest = new Ingest(folder, tenant, "ada", InstantSource.system())) {
            var _ =
                    ingest.append(
                            List.of(
                                    IngestTest.exposure("s0"),
                                    IngestTest.outcome("event_1", "s0", 1)));
        }
    }

    private static void awaitFolded(DataFolder folder, String tenant) throws InterruptedException {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < end) {
            try (var transaction = folder.begin(tenant, Transaction.Mode.READ)) {
                if (!new Ledger(transaction).isBehind(1)) {
                    return;
                }
            }
            Thread.sleep(20);
        }
        throw new AssertionError("the events of %s were not folded".formatted(tenant));
    }

    @Test
    void goes_on_with_other_tenants_when_the_events_of_one_cannot_be_folded()
            throws InterruptedException {
        try (var folder = new DataFolder(data, NOUNS, false)) {
            try (var transaction = folder.begin("broken", Transaction.Mode.WRITE)) {
                transaction
                        .writing()
                        .change("INSERT INTO measure VALUES (1, 'x', 1, 'no measure', 0)");
                transaction.commit();
            }
            try (var transaction = folder.begin("sound", Transaction.Mode.WRITE)) {
                new Events(transaction).keep("x", 1, List.of(SUM));
                transaction.commit();
            }
            folder.bookkeeper().start();
            append(folder, "broken");
            // Long enough for the attempt that fails.
            Thread.sleep(400);
            append(folder, "sound");
            awaitFolded(folder, "sound");
            try (var transaction = folder.begin("broken", Transaction.Mode.READ)) {
                assertThat(new Ledger(transaction).backlog()).isEqualTo(2);
            }
        }
    }

    /// As a process does that is ended before it has folded what it appended.
    private void leaveUnfolded() throws InterruptedException {
        try (var folder = new DataFolder(data, NOUNS, false)) {
            try (var transaction = folder.begin("left", Transaction.Mode.WRITE)) {
                new Events(transaction).keep("x", 1, List.of(SUM));
                transaction.commit();
            }
            append(folder, "left");
        }
    }

    @Test
    void folds_what_another_process_has_left_once_somebody_reads() throws InterruptedException {
        leaveUnfolded();
        try (var folder = new DataFolder(data, NOUNS, false)) {
            folder.bookkeeper().start();
            awaitFolded(folder, "left");
        }
    }
}
