package assay.bench;

import assay.domain.Caller;
import assay.domain.JsonTree;
import assay.domain.experiment.Assignment;
import assay.domain.noun.Nouns;
import assay.domain.store.DataFolder;
import assay.domain.store.Transaction;
import assay.domain.work.Ids;
import assay.domain.work.UnitOfWork;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Optional;
import java.util.function.IntSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Subjects that are assigned a second, on one thread.
///
/// `Assigning DATA SEED` makes an experiment in an empty data folder and prints one line `{what,
/// perSecond}` for each way, and first `{what: 'arms', arms}`: how many of 100,000 subjects the
/// seed puts into each arm.
public final class Assigning {
    private static final int SUBJECTS = 100_000;
    private static final int BATCH = 10_000;
    private static final int ROUNDS = 7;
    private static final long ROUND_NANOS = 1_000_000_000L;
    private static final Caller CALLER = new Caller("default", "bench", false);

    private final DataFolder folder;
    private final String[] subjects = new String[SUBJECTS];
    private final ArrayNode[] batches = new ArrayNode[SUBJECTS / BATCH];

    private Assigning(Path data) {
        this.folder = new DataFolder(data, Nouns.load(Optional.empty()), false);
        for (var i = 0; i < SUBJECTS; i++) {
            subjects[i] = "user-" + i;
        }
        for (var batch = 0; batch < batches.length; batch++) {
            batches[batch] = JsonNodeFactory.instance.arrayNode();
            for (var i = 0; i < BATCH; i++) {
                batches[batch].add(subjects[batch * BATCH + i]);
            }
        }
    }

    /// Runs and prints all.
    public static void main(String[] words) throws IOException, InterruptedException {
        new Assigning(Path.of(words[0])).run(words[1]);
    }

    private void run(String seed) throws InterruptedException {
        var document = experiment();
        arms(document.deepCopy().put("seed", seed));
        var pure = Assignment.of("bench", document);
        measure(
                "pure: Assignment.draw",
                () -> {
                    var in = 0;
                    for (var subject : subjects) {
                        in += pure.draw(subject, false).key().isPresent() ? 1 : 0;
                    }
                    return in;
                });
        var asked = made(document);
        measure("$.Experiment.assign, 10,000 a call, expose: false", () -> assign(asked, false));
        var known = made(document);
        assign(known, true);
        measure("$.Experiment.assign, 10,000 a call, exposed before", () -> assign(known, true));
        measure(
                "$.Experiment.assign, 10,000 a call, first exposures",
                () -> assign(made(document), true));
    }

    private static ObjectNode experiment() {
        return (ObjectNode)
                JsonTree.read(
                        """
                        {"name": "x", "primaryMetric": "done", "status": "Running", "iteration": 1, "trafficAllocation": 100,
                         "variants": [{"key": "control", "weight": 1, "control": true}, {"key": "treatment", "weight": 1}]}\
                        """);
    }

    /// What an independent program has to agree with.
    private void arms(ObjectNode document) {
        var seeded = Assignment.of("seeded", document);
        var arms = new HashMap<String, Integer>();
        for (var subject : subjects) {
            arms.merge(seeded.draw(subject, false).key().orElse("none"), 1, Integer::sum);
        }
        var json = JsonNodeFactory.instance.objectNode().put("what", "arms");
        var counts = json.putObject("arms");
        arms.forEach(counts::put);
        System.out.println(json);
    }

    private String made(ObjectNode document) {
        var fields = JsonNodeFactory.instance.objectNode();
        for (var field : new String[] {"name", "primaryMetric", "variants"}) {
            fields.set(field, document.get(field));
        }
        return inside(
                        work -> {
                            var noun = folder.nouns().require("Experiment");
                            var id = work.create(noun, fields).path("$id").stringValue();
                            return work.verb(
                                    noun, "start", id, JsonNodeFactory.instance.objectNode());
                        })
                .path("$id")
                .stringValue();
    }

    private int assign(String id, boolean expose) {
        var options = JsonNodeFactory.instance.objectNode().put("expose", expose);
        var answered = 0;
        for (var batch : batches) {
            answered += inside(work -> work.assign(id, batch, options)).size();
        }
        return answered;
    }

    private interface Work {
        JsonNode of(UnitOfWork work);
    }

    private JsonNode inside(Work work) {
        try (var transaction = folder.begin(CALLER.tenant(), Transaction.Mode.WRITE)) {
            var answer =
                    work.of(
                            new UnitOfWork(
                                    folder.nouns(), transaction, CALLER, Instant.now(), new Ids()));
            transaction.commit();
            return answer;
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }

    /// The median of several rounds after two that are not counted.
    private static void measure(String what, IntSupplier assigned) {
        var rates = new double[ROUNDS];
        for (var round = -2; round < ROUNDS; round++) {
            var count = 0L;
            var start = System.nanoTime();
            long elapsed;
            do {
                count += assigned.getAsInt();
                elapsed = System.nanoTime() - start;
            } while (elapsed < ROUND_NANOS);
            if (round >= 0) {
                rates[round] = count * 1e9 / elapsed;
            }
        }
        Arrays.sort(rates);
        System.out.println(
                JsonNodeFactory.instance
                        .objectNode()
                        .put("what", "Assay, " + what)
                        .put("perSecond", Math.round(rates[ROUNDS / 2])));
    }
}
