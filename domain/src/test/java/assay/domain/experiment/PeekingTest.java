package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.store.Transaction;
import assay.domain.work.Bench;
import assay.domain.work.Looks;
import assay.stats.Alternative;
import assay.stats.distribution.Normal;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The promise itself, end to end: experiments in which nothing differs, through the real store,
/// with a look after every batch. Beside it, what somebody would conclude who read the plain
/// p-value of the same numbers at the same looks.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("heavy")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class PeekingTest {
    private static final int EXPERIMENTS = 2_000;
    private static final int PER_STORE = 100;
    private static final int LOOKS = 10;
    private static final int BATCH = 80;
    private static final double RATE = 0.3;

    @TempDir Path data;

    private final Random random = new Random(20_261_120);

    /// What was concluded about one experiment at any of its looks.
    private record Concluded(boolean byRule, boolean byPlainP) {}

    @Test
    void two_thousand_experiments_without_an_effect_are_misjudged_in_at_most_one_of_twenty()
            throws InterruptedException {
        var wrong = 0;
        var naive = 0;
        for (var store = 0; store < EXPERIMENTS / PER_STORE; store++) {
            try (var bench = new Bench(data.resolve("store" + store))) {
                for (var i = 0; i < PER_STORE; i++) {
                    var concluded = experiment(bench);
                    wrong += concluded.byRule() ? 1 : 0;
                    naive += concluded.byPlainP() ? 1 : 0;
                }
            }
        }
        System.out.printf(
                "%d experiments without an effect, %d looks each: ship or rollback %.2f %%, plain p below 0.05 %.2f %%%n",
                EXPERIMENTS, LOOKS, 100.0 * wrong / EXPERIMENTS, 100.0 * naive / EXPERIMENTS);
        assertThat(wrong).isLessThanOrEqualTo(EXPERIMENTS / 20);
        assertThat(naive).isGreaterThan(EXPERIMENTS / 10);
    }

    private Concluded experiment(Bench bench) throws InterruptedException {
        var trial = Trial.start(bench, "{'rule': {'plannedSample': %d}}".formatted(LOOKS * BATCH));
        var byRule = false;
        var byPlainP = false;
        for (var look = 0; look < LOOKS; look++) {
            var results = batchAndLook(bench, trial.id, look);
            var verdict = results.path("verdict").stringValue();
            byRule |= verdict.equals("ship") || verdict.equals("rollback");
            byPlainP |= plainP(results.path("primary").path("arms")) < 0.05;
        }
        return new Concluded(byRule, byPlainP);
    }

    /// One unit of work, as a script is: subjects enter, do something, and somebody looks.
    private JsonNode batchAndLook(Bench bench, String id, int look) throws InterruptedException {
        var names = JsonNodeFactory.instance.arrayNode();
        var outcomes = JsonNodeFactory.instance.arrayNode();
        for (var i = 0; i < BATCH; i++) {
            var name = "s" + look + "-" + i;
            names.add(name);
            outcomes.addObject().put("subject", name).put("value", random.nextDouble() < RATE);
        }
        try (var transaction = bench.folder().begin("default", Transaction.Mode.WRITE)) {
            var work = bench.unit(transaction);
            var _ = work.assign(id, names, json("{}"));
            var _ = work.record(id, outcomes);
            var results = work.results(id);
            Looks.log(transaction, work.looks());
            transaction.commit();
            return results;
        }
    }

    /// The two-sided p-value of the difference of two rates.
    private static double plainP(JsonNode arms) {
        var a = arms.path(0);
        var b = arms.path(1);
        double nA = a.path("n").doubleValue();
        double nB = b.path("n").doubleValue();
        double pooled = (a.path("sum").doubleValue() + b.path("sum").doubleValue()) / (nA + nB);
        var error = Math.sqrt(pooled * (1 - pooled) * (1 / nA + 1 / nB));
        var z = (b.path("mean").doubleValue() - a.path("mean").doubleValue()) / error;
        return error > 0 ? Normal.pValue(z, Alternative.TWO_SIDED) : 1;
    }
}
