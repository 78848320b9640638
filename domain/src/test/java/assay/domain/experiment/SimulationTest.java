package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.domain.work.Bench;
import assay.domain.work.Looks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/// The promise itself, through the real store: whoever looks after every batch is misled no more
/// often than the rule says, and still finds what is there.
@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulationTest {
    private static final Caller ADA = new Caller("default", "ada", false);

    @TempDir Path data;

    /// Runs experiments, each looked at after every batch until it ships.
    ///
    /// @return how many shipped
    private int shipped(int experiments, int looks, int batch, double control, double treatment)
            throws InterruptedException {
        var shipped = 0;
        var random = new Random(20_261_120);
        try (var bench = new Bench(data)) {
            for (var e = 0; e < experiments; e++) {
                var id =
                        bench.create(
                                        "Experiment",
                                        "{'name': 'x', 'primaryMetric': 'done', 'variants': ['control', 'treatment'],"
                                                + " 'rule': {'plannedSample': %d}}"
                                                        .formatted(looks * batch))
                                .path("$id")
                                .stringValue();
                bench.verb("Experiment", "start", id, "{}");
                for (var look = 0; look < looks; look++) {
                    if (ships(bench, id, look, batch, control, treatment, random)) {
                        shipped++;
                        break;
                    }
                }
            }
        }
        return shipped;
    }

    private static boolean ships(
            Bench bench,
            String id,
            int look,
            int batch,
            double control,
            double treatment,
            Random random)
            throws InterruptedException {
        var seen = new ArrayList<Experiments.PendingLook>();
        var ships =
                bench.write(work -> {
                    var names = JsonNodeFactory.instance.arrayNode();
                    for (var i = 0; i < batch; i++) {
                        names.add("s" + look + "-" + i);
                    }
                    var answers = work.assign(id, names, json("{}"));
                    var outcomes = JsonNodeFactory.instance.arrayNode();
                    for (var i = 0; i < batch; i++) {
                        var rate =
                                answers.path(i).path("key").stringValue().equals("control")
                                        ? control
                                        : treatment;
                        outcomes.addObject()
                                .put("subject", names.get(i).stringValue())
                                .put("value", random.nextDouble() < rate);
                    }
                    var _ = work.record(id, outcomes);
                    var verdict = work.results(id).path("verdict").stringValue();
                    seen.addAll(work.looks());
                    return verdict.equals("ship");
                });
        new Looks(bench.folder()).log(ADA, seen, true);
        return ships;
    }

    @Test
    void a_treatment_that_changes_nothing_ships_in_at_most_one_of_twenty()
            throws InterruptedException {
        assertThat(shipped(40, 8, 60, 0.3, 0.3)).isLessThanOrEqualTo(2);
    }

    @Test
    void a_treatment_that_is_better_is_found() throws InterruptedException {
        assertThat(shipped(20, 8, 100, 0.3, 0.5)).isGreaterThanOrEqualTo(16);
    }
}
