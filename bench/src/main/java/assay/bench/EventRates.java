package assay.bench;

import assay.domain.Caller;
import assay.domain.noun.Nouns;
import assay.domain.store.DataFolder;
import assay.domain.store.EventRow;
import assay.domain.store.Events;
import assay.domain.store.Ingest;
import assay.domain.store.Transaction;
import assay.domain.work.Ids;
import assay.domain.work.UnitOfWork;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How fast events are kept, folded and read. `bench/events` runs it.
public final class EventRates {
    private static final long EPOCH = 1_790_000_000_000L;
    private static final int BATCH = 10_000;
    private static final long WARM_UP = 200_000;
    private static final HexFormat HEX = HexFormat.of();
    private static final String DESIGN =
            """
            {"name": "benchmark", "slug": "benchmark", "primaryMetric": "bought", "variants": ["control", "treatment"]}\
            """;

    private final DataFolder folder;
    private final long subjects;
    private final String experiment;

    private EventRates(Path data, long subjects) throws InterruptedException {
        this.folder = new DataFolder(data, Nouns.load(Optional.empty()), false);
        this.subjects = subjects;
        this.experiment = started();
    }

    /// `fill DATA SUBJECTS EVENTS` makes the tenant; `append DATA SUBJECTS CALLERS ROWS SECONDS
    /// IDS` appends without folding; `sustained DATA SUBJECTS EVENTS` appends and folds; `results
    /// DATA SUBJECTS TAIL` reads. The IDS of events are `given` by Assay, or random as those of a
    /// `sender` may be.
    public static void main(String[] words) throws InterruptedException, IOException {
        var rates = new EventRates(Path.of(words[1]), Long.parseLong(words[2]));
        switch (words[0]) {
            case "fill" -> rates.fill(Long.parseLong(words[3]));
            case "append" ->
                    rates.append(
                            Integer.parseInt(words[3]),
                            Integer.parseInt(words[4]),
                            Integer.parseInt(words[5]),
                            words[6].equals("sender"));
            case "sustained" -> rates.sustained(Long.parseLong(words[3]));
            case "tail" -> rates.tail(Integer.parseInt(words[3]));
            case "fold" -> rates.folder.bookkeeper().catchUp("default");
            case "results" -> rates.results(Integer.parseInt(words[3]));
            default -> throw new IllegalArgumentException(words[0]);
        }
        rates.folder.close();
    }

    private UnitOfWork unit(Transaction transaction) {
        return new UnitOfWork(
                folder.nouns(),
                transaction,
                new Caller("default", "bench", false),
                Instant.ofEpochMilli(EPOCH),
                new Ids());
    }

    /// The id of the experiment, which is made and started if there is none.
    private String started() throws InterruptedException {
        var noun = folder.nouns().require("Experiment");
        try (var transaction = folder.begin("default", Transaction.Mode.WRITE)) {
            var unit = unit(transaction);
            var known =
                    unit.find(
                            unit.queries()
                                    .find(
                                            noun,
                                            JsonNodeFactory.instance
                                                    .objectNode()
                                                    .put("slug", "benchmark"),
                                            JsonNodeFactory.instance.objectNode()));
            if (!known.isEmpty()) {
                return known.getFirst().path("$id").stringValue();
            }
            var made =
                    unit.create(
                            noun,
                            (ObjectNode)
                                    tools.jackson.databind.json.JsonMapper.shared()
                                            .readTree(DESIGN));
            var id = made.path("$id").stringValue();
            var _ = unit.verb(noun, "start", id, JsonNodeFactory.instance.objectNode());
            transaction.commit();
            return id;
        }
    }

    private Ingest ingest() {
        return new Ingest(folder, "default", "bench", InstantSource.system());
    }

    /// Makes outcomes of one caller.
    private final class Sender {
        private final SplittableRandom random;
        private final Ids ids;
        private final boolean numbers;

        /// @param numbers true if it gives its events ids of its own
        Sender(SplittableRandom random, boolean numbers) {
            this.random = random;
            this.ids = new Ids(random);
            this.numbers = numbers;
        }

        /// Outcomes of now.
        List<EventRow> outcomes(int rows) {
            var now = Instant.now();
            var given = ids.at(now);
            var list = new ArrayList<EventRow>(rows);
            for (var i = 0; i < rows; i++) {
                list.add(
                        EventRow.outcome(
                                experiment,
                                1,
                                new Events.Outcome(
                                        numbers
                                                ? "event_" + HEX.toHexDigits(random.nextLong(), 14)
                                                : given.next("event"),
                                        "user-" + random.nextLong(subjects),
                                        "",
                                        "bought",
                                        random.nextLong(10_000) / 100.0,
                                        now.toEpochMilli(),
                                        Optional.empty())));
            }
            return list;
        }
    }

    /// Exposes all subjects and appends events, and folds them.
    private void fill(long events) throws InterruptedException {
        try (var ingest = ingest()) {
            var attributes = JsonNodeFactory.instance.objectNode();
            for (var from = 0L; from < subjects; from += BATCH) {
                var rows =
                        LongStream.range(from, Math.min(subjects, from + BATCH))
                                .mapToObj(i ->
                                        EventRow.exposure(
                                                "event_x" + i,
                                                experiment,
                                                1,
                                                new Events.Exposure(
                                                        "user-" + i,
                                                        i % 2 == 0 ? "control" : "treatment",
                                                        1,
                                                        EPOCH,
                                                        attributes)))
                                .toList();
                var _ = ingest.append(rows);
            }
            folder.bookkeeper().catchUp("default");
            var sender = new Sender(new SplittableRandom(1), false);
            for (var done = 0L; done < events; done += BATCH) {
                var _ = ingest.append(sender.outcomes(BATCH));
                if (done % 1_000_000 == 0) {
                    folder.bookkeeper().catchUp("default");
                }
            }
            folder.bookkeeper().catchUp("default");
        }
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /// Appends for some seconds, after so much that does not count that it is compiled. Prints
    /// events per second of CPU time of the whole process, per second of the clock, and the median
    /// wait in microseconds.
    private void append(int callers, int rows, int seconds, boolean numbers)
            throws InterruptedException {
        try (var ingest = ingest()) {
            var _ = appending(ingest, 64, 1, 0, WARM_UP, numbers);
            var _ = appending(ingest, 4, 1_000, 0, 2 * WARM_UP, numbers);
            var _ = appending(ingest, callers, rows, 1, 0, numbers);
            System.out.println(appending(ingest, callers, rows, seconds, 0, numbers));
        }
    }

    private String appending(
            Ingest ingest, int callers, int rows, int seconds, long atLeast, boolean numbers)
            throws InterruptedException {
        var appended = new AtomicLong();
        var waits = new long[1 << 20];
        var waited = new AtomicLong();
        var random = new SplittableRandom(System.nanoTime());
        var threads = new ArrayList<Thread>();
        var cpu = cpu();
        var start = System.nanoTime();
        for (var caller = 0; caller < callers; caller++) {
            var sender = new Sender(random.split(), numbers);
            threads.add(
                    Thread.startVirtualThread(() -> {
                        try {
                            while (System.nanoTime() - start < seconds * 1_000_000_000L
                                    || appended.get() < atLeast) {
                                var batch = sender.outcomes(rows);
                                var asked = System.nanoTime();
                                appended.addAndGet(ingest.append(batch));
                                waits[(int) (waited.getAndIncrement() & (waits.length - 1))] =
                                        System.nanoTime() - asked;
                            }
                        } catch (InterruptedException ended) {
                            Thread.currentThread().interrupt();
                        }
                    }));
        }
        for (var thread : threads) {
            thread.join();
        }
        var wall = (System.nanoTime() - start) / 1e9;
        var used = (cpu() - cpu) / 1e9;
        var sample = Arrays.copyOf(waits, (int) Math.min(waits.length, waited.get()));
        Arrays.sort(sample);
        return "%.0f %.0f %d"
                .formatted(
                        appended.get() / used,
                        appended.get() / wall,
                        sample[sample.length / 2] / 1_000);
    }

    /// Appends in batches of 1,000 from 16 callers while the bookkeeper folds, until all is folded.
    /// Prints events per second of CPU time of the whole process, and per second of the clock.
    private void sustained(long events) throws InterruptedException {
        try (var ingest = ingest()) {
            var random = new SplittableRandom(System.nanoTime());
            // So that what is measured is compiled.
            var _ = sustain(ingest, random, events / 2);
            var cpu = cpu();
            var wall = sustain(ingest, random, events);
            var used = (cpu() - cpu) / 1e9;
            System.out.printf(Locale.ROOT, "%.0f %.0f%n", events / used, events / wall);
        }
    }

    private double sustain(Ingest ingest, SplittableRandom random, long events)
            throws InterruptedException {
        folder.bookkeeper().start();
        var left = new AtomicLong(events / 1_000);
        var start = System.nanoTime();
        var callers = new ArrayList<Thread>();
        for (var i = 0; i < 16; i++) {
            var sender = new Sender(random.split(), false);
            callers.add(
                    Thread.startVirtualThread(() -> {
                        try {
                            while (left.getAndDecrement() > 0) {
                                var _ = ingest.append(sender.outcomes(1_000));
                            }
                        } catch (InterruptedException ended) {
                            Thread.currentThread().interrupt();
                        }
                    }));
        }
        for (var caller : callers) {
            caller.join();
        }
        folder.bookkeeper().catchUp("default");
        return (System.nanoTime() - start) / 1e9;
    }

    /// Reads results again and again, of which the first half does not count; then the same with a
    /// tail of events that are not folded. Prints milliseconds of the clock and of CPU time, and
    /// the most memory that the process held.
    private void results(int tail) throws InterruptedException, IOException {
        folder.bookkeeper().catchUp("default");
        var folded = medianOfReads(400);
        tail(tail);
        var unfolded = medianOfReads(40);
        var most =
                Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .findFirst()
                        .orElse("");
        System.out.printf(
                Locale.ROOT,
                "folded p50 %.2f ms p95 %.2f ms CPU %.2f ms; tail of %d p50 %.1f ms p95 %.1f ms CPU %.1f ms; %s%n",
                folded[0],
                folded[1],
                folded[2],
                tail,
                unfolded[0],
                unfolded[1],
                unfolded[2],
                most.replaceAll("\\s+", " "));
    }

    private void tail(int events) throws InterruptedException {
        try (var ingest = ingest()) {
            var _ = ingest.append(new Sender(new SplittableRandom(7), false).outcomes(events));
        }
    }

    private double[] medianOfReads(int reads) throws InterruptedException {
        var times = new double[reads];
        var threads = ManagementFactory.getThreadMXBean();
        var cpu = 0L;
        for (var i = -reads; i < reads; i++) {
            cpu = i == 0 ? threads.getCurrentThreadCpuTime() : cpu;
            var start = System.nanoTime();
            try (var transaction = folder.begin("default", Transaction.Mode.READ)) {
                var results = unit(transaction).results(experiment);
                if (!results.has("verdict")) {
                    throw new IllegalStateException(results.toString());
                }
            }
            if (i >= 0) {
                times[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        var used = (threads.getCurrentThreadCpuTime() - cpu) / 1e6 / reads;
        Arrays.sort(times);
        return new double[] {times[reads / 2], times[reads * 95 / 100], used};
    }
}
