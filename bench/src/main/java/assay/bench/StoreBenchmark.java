package assay.bench;

import assay.domain.Caller;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.query.Query;
import assay.domain.store.DataFolder;
import assay.domain.store.Transaction;
import assay.domain.work.Ids;
import assay.domain.work.UnitOfWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Questions to a tenant of 100,000 experiments, each a transaction of its own, and the making of
/// experiments without the commit. `bench/store` runs it.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"
        })
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class StoreBenchmark {
    private static final String DATA = "assay.bench.data";
    private static final int EXPERIMENTS = 100_000;
    private static final int BATCH = 5_000;
    private static final List<String> TYPES =
            List.of("ABTest", "Multivariate", "FeatureFlag", "MLExperiment", "PromptExperiment");
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");

    private final Caller caller = new Caller("default", "bench", false);
    private final Nouns nouns = Nouns.load(Optional.empty());
    private final Noun noun = nouns.require("Experiment");
    private final Random random = new Random(1);
    private final Ids ids = new Ids(random);
    private final List<String> made = new ArrayList<>();
    private DataFolder folder = new DataFolder(Path.of("."), nouns, false);
    private Optional<Transaction> writing = Optional.empty();

    /// Makes the tenant and runs all of it, or what the command line of JMH names.
    public static void main(String... arguments)
            throws RunnerException, CommandLineOptionException, IOException, InterruptedException {
        var data = Files.createTempDirectory("assay-bench");
        try {
            new StoreBenchmark().fill(data);
            var named = new CommandLineOptions(arguments);
            var options = new OptionsBuilder().parent(named);
            if (named.getIncludes().isEmpty()) {
                options.include(StoreBenchmark.class.getSimpleName());
            }
            var _ = new Runner(options.jvmArgsAppend("-D" + DATA + "=" + data).build()).run();
        } finally {
            remove(data);
        }
    }

    /// Fills the tenant: five types, one experiment in ten left a draft, one in a thousand with a
    /// rare word.
    private void fill(Path data) throws InterruptedException {
        try (var filled = new DataFolder(data, nouns, false)) {
            for (var batch = 0; batch < EXPERIMENTS; batch += BATCH) {
                try (var transaction = filled.begin("default", Transaction.Mode.WRITE)) {
                    for (var i = 0; i < BATCH; i++) {
                        add(transaction, batch + i);
                    }
                    transaction.commit();
                }
            }
        }
    }

    /// Opens the tenant that [#main] has made.
    @Setup
    public void open() throws InterruptedException {
        folder = new DataFolder(Path.of(System.getProperty(DATA, ".")), nouns, false);
        for (var page = 0; page < EXPERIMENTS; page += 1_000) {
            var options =
                    "{\"fields\": [\"$id\"], \"sort\": \"$id\", \"offset\": %d}".formatted(page);
            read(work -> work.find(query(work, "{}", options)))
                    .forEach(found -> made.add(found.path("$id").stringValue()));
        }
        writing = Optional.of(folder.begin("scratch", Transaction.Mode.WRITE));
    }

    private void add(Transaction transaction, int number) {
        var begun = BEGINNING.plus(Duration.ofMinutes(number));
        var work = new UnitOfWork(nouns, transaction, caller, begun, ids);
        var id = work.create(noun, experiment(number)).path("$id").stringValue();
        if (number % 10 != 0) {
            var _ = work.verb(noun, "start", id, JsonNodeFactory.instance.objectNode());
        }
    }

    private ObjectNode experiment(int number) {
        return json(
                """
                {"name": "Checkout experiment %d", "slug": "checkout-%d", "type": "%s",
                 "hypothesis": "A shorter form %s brings more people to the end of the checkout",
                 "primaryMetric": "signup", "variants": ["control", "treatment"]}
                """
                        .formatted(
                                number,
                                number,
                                TYPES.get(number % TYPES.size()),
                                number % 1_000 == 0 ? "rarity" + number / 10_000 : "often"));
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text);
    }

    @TearDown
    public void close() {
        writing.ifPresent(Transaction::close);
        folder.close();
    }

    private static void remove(Path data) throws IOException {
        try (var files = Files.walk(data)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private <T> T read(Function<UnitOfWork, T> question) throws InterruptedException {
        try (var transaction = folder.begin("default", Transaction.Mode.READ)) {
            return question.apply(new UnitOfWork(nouns, transaction, caller, NOW, Ids.NONE));
        }
    }

    private Query query(UnitOfWork work, String filter, String options) {
        return work.queries().find(noun, json(filter), json(options));
    }

    /// An object by its id.
    @Benchmark
    public Optional<ObjectNode> get() throws InterruptedException {
        var id = made.get(random.nextInt(made.size()));
        return read(work -> work.get(noun, id, query(work, "{}", "{}")));
    }

    /// Twenty by status and type, the latest start first.
    @Benchmark
    public List<ObjectNode> findByStatusAndType() throws InterruptedException {
        var type = TYPES.get(random.nextInt(TYPES.size()));
        var filter = "{\"status\": \"Started\", \"type\": \"%s\"}".formatted(type);
        return read(
                work -> work.find(query(work, filter, "{\"sort\": \"-startAt\", \"limit\": 20}")));
    }

    /// Those that have a word which ten experiments have.
    @Benchmark
    public List<ObjectNode> findByRareWord() throws InterruptedException {
        var filter = "{\"$text\": \"rarity%d\"}".formatted(random.nextInt(10));
        return read(work -> work.find(query(work, filter, "{\"limit\": 20}")));
    }

    /// One more experiment within a transaction that goes on, which leaves out the commit.
    @Benchmark
    public ObjectNode createWithoutCommit() {
        var work = new UnitOfWork(nouns, writing.orElseThrow(), caller, NOW, ids);
        return work.create(noun, experiment(random.nextInt(Integer.MAX_VALUE)));
    }
}
