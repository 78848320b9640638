package assay.stats.simulation;

import static assay.stats.simulation.Report.row;
import static assay.stats.simulation.Report.rule;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The same items under several arms: what pairing saves, what elimination saves, and what it costs
/// to look.
@Tag("heavy")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class PairedSimulationsTest {
    private static final Report REPORT = new Report();

    @AfterAll
    static void write_the_figures() throws IOException {
        REPORT.write();
    }

    @Test
    void pairing_saves_a_third_of_the_sample_and_keeps_its_promise() {
        int repetitions = 2_000;
        var table = new StringBuilder();
        table.append(
                row(
                        "scores",
                        "method",
                        "mean units, unpaired",
                        "paired",
                        "ratio",
                        "medians",
                        "coverage",
                        "false positives"));
        table.append(rule(8));
        List<Runnable> gates = new ArrayList<>();
        for (var scores : ScoredPairs.KINDS) {
            var saving = ScoredPairs.saving(scores, repetitions);
            double coverage = ScoredPairs.coverage(scores, true, repetitions);
            double wrong = 1 - ScoredPairs.coverage(scores, false, repetitions);
            table.append(
                    row(
                            scores.name(),
                            scores.method().getClass().getSimpleName(),
                            "%.0f".formatted(saving.unpaired()),
                            "%.0f".formatted(saving.paired()),
                            saving.ratio(),
                            saving.ratioOfMedians(),
                            coverage,
                            wrong));
            gates.add(() -> {
                if (scores.isGated()) {
                    assertThat(saving.ratio()).as(scores.name()).isLessThanOrEqualTo(0.65);
                }
                assertThat(coverage).as(scores.name()).isGreaterThanOrEqualTo(0.95);
                assertThat(wrong).as(scores.name()).isLessThanOrEqualTo(0.05);
            });
        }
        REPORT.add(
                "What pairing saves",
                ("Two arms over the same items, scores with a correlation of 0.5, planned sample 500 units,"
                                        + " a look after every 5 items, %,d repetitions. The same data are analysed as pairs and,"
                                        + " by the sequence of the difference of two means, as if they were of different items."
                                        + " Units are counted until an interval excludes 0. Coverage and false positives"
                                        + " are over all looks up to 1,000 items. Gate: mean units at most 0.65 of the"
                                        + " unpaired analysis, coverage at least 0.95, false positives at most 0.05.\n\n")
                                .formatted(repetitions)
                        + table);
        gates.forEach(Runnable::run);
    }

    @Test
    void elimination_saves_four_tenths_of_the_budget_at_the_same_error() {
        int repetitions = 1_000;
        var table = new StringBuilder();
        table.append(
                row(
                        "means of eight arms",
                        "units, uniform",
                        "with elimination",
                        "ratio",
                        "wrong arm, uniform",
                        "with elimination"));
        table.append(rule(6));
        List<Runnable> gates = new ArrayList<>();
        for (var contest : EightArms.CONTESTS) {
            var found = EightArms.simulate(contest, repetitions);
            table.append(
                    row(
                            contest.name(),
                            "%.0f".formatted(found.uniform()),
                            "%.0f".formatted(found.eliminating()),
                            found.ratio(),
                            found.wrongUniform(),
                            found.wrong()));
            gates.add(() -> {
                assertThat(found.wrong()).as(contest.name()).isLessThanOrEqualTo(0.05);
                if (contest.isGated()) {
                    assertThat(found.ratio()).as(contest.name()).isLessThanOrEqualTo(0.6);
                }
            });
        }
        REPORT.add(
                "What elimination saves",
                ("Eight arms over the same items, scores with standard deviation 0.2 and a correlation of 0.5,"
                                        + " a look after every 10 items, %,d repetitions. Both stop when one arm is left by the"
                                        + " same always-valid intervals; uniform runs every arm on every item until then. In the"
                                        + " last row all arms are equal, and wrong is that the first of them is ever put out within"
                                        + " 1,000 items. Gate: at most 0.6 of the units where arms differ, wrong at most 0.05.\n\n")
                                .formatted(repetitions)
                        + table);
        gates.forEach(Runnable::run);
    }

    @Test
    void an_effect_at_a_stop_is_too_large_and_shrinking_takes_most_of_it_off() {
        int repetitions = 4_000;
        var table = new StringBuilder();
        table.append(
                row(
                        "true effect",
                        "decided",
                        "mean items at the stop",
                        "estimate / truth",
                        "shrunk / truth"));
        table.append(rule(5));
        List<Runnable> gates = new ArrayList<>();
        for (double effect : List.of(0.1, 0.15, 0.2, 0.3)) {
            var curse = WinnersCurse.simulate(effect, repetitions);
            table.append(
                    row(
                            "%s sd".formatted(effect),
                            curse.decided(),
                            "%.0f".formatted(curse.items()),
                            curse.raw(),
                            curse.shrunk()));
            gates.add(() -> {
                assertThat(curse.raw()).isGreaterThan(1.05);
                assertThat(Math.abs(curse.shrunk() - 1)).isLessThan(Math.abs(curse.raw() - 1));
            });
        }
        REPORT.add(
                "The winner's curse",
                ("Pairs with normal differences, planned for 500 items and given up at 1,000, a look after"
                                        + " every 5 from 30 on, stopped as soon as the interval excludes 0 on the good side;"
                                        + " %,d repetitions. Shown are means over the runs that were decided. Gate: the shrunk"
                                        + " effect is nearer to the truth.\n\n")
                                .formatted(repetitions)
                        + table);
        gates.forEach(Runnable::run);
    }

    @Test
    void a_programme_of_experiments_keeps_its_false_discovery_rate() {
        int repetitions = 1_000;
        var table = new StringBuilder();
        table.append(
                row(
                        "experiments at a time",
                        "without an effect",
                        "FDR at alpha 0.05 each",
                        "FDR in a programme, q = 0.1",
                        "effects found at alpha 0.05",
                        "in a programme"));
        table.append(rule(6));
        List<Runnable> gates = new ArrayList<>();
        for (int atOnce : List.of(1, 5)) {
            for (double share : List.of(0.8, 0.95, 1.0)) {
                var found = Programmes.simulate(atOnce, share, repetitions);
                table.append(
                        row(
                                atOnce,
                                "%.0f %%".formatted(100 * share),
                                found.plainRate(),
                                found.rate(),
                                found.plainPower(),
                                found.power()));
                gates.add(() -> assertThat(found.rate()).isLessThanOrEqualTo(0.1));
            }
        }
        REPORT.add(
                "False discoveries of a programme",
                ("Fifty experiments, one after the other or five at a time, each with 300 pairs and a look after"
                                        + " every 10 of them; effects are 0.35 standard deviations. %,d repetitions. Gate: the false"
                                        + " discovery rate of a programme is at most q.\n\n")
                                .formatted(repetitions)
                        + table);
        gates.forEach(Runnable::run);
    }
}
