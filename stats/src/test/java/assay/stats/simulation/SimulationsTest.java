package assay.stats.simulation;

import static assay.stats.simulation.Report.row;
import static assay.stats.simulation.Report.rule;
import static org.assertj.core.api.Assertions.assertThat;

import assay.stats.Alternative;
import assay.stats.Difference;
import assay.stats.distribution.Normal;
import assay.stats.fixed.TwoProportions;
import assay.stats.sequential.Boundary;
import assay.stats.sequential.GroupSequential;
import assay.stats.sequential.MixtureSprt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("heavy")
@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulationsTest {
    private static final double ALPHA = 0.05;
    private static final double Z = 1.959963984540054;
    private static final Report REPORT = new Report();

    @AfterAll
    static void write_the_figures() throws IOException {
        REPORT.write();
    }

    @Test
    void always_valid_methods_are_rarely_fooled_by_looking_and_others_are() {
        List<String> methods =
                List.of(
                        "naive z",
                        "mSPRT, tau 10 %",
                        "asymptotic sequence, N* 5,000",
                        "Statsig mSPRT",
                        "Bayes P > 0.95");
        List<Integer> looks = List.of(1, 5, 10, 20, 100, 1_000);
        int repetitions = 10_000;
        int[][] fooled = new int[methods.size()][looks.size()];
        for (int repetition = 0; repetition < repetitions; repetition++) {
            watchRates(repetition, looks, fooled);
        }
        var table = new StringBuilder();
        table.append(row("looks", 1, 5, 10, 20, 100, 1_000)).append(rule(7));
        for (int method = 0; method < methods.size(); method++) {
            int[] counts = fooled[method];
            var cells = new ArrayList<Object>(List.of(methods.get(method)));
            Arrays.stream(counts).forEach(count -> cells.add((double) count / repetitions));
            table.append(row(cells.toArray()));
        }
        REPORT.add(
                "False positives of rates by number of looks",
                "A/A, rate 0.1, 10,000 units per arm, alpha 0.05, 10,000 repetitions. Gate: always-valid"
                        + " methods at most 0.05 everywhere; the naive test 0.50 to 0.545 at 1,000"
                        + " looks.\n\n"
                        + table);
        for (int method = 1; method <= 3; method++) {
            assertThat(Arrays.stream(fooled[method]).max().orElseThrow())
                    .as(methods.get(method))
                    .isLessThanOrEqualTo((int) (ALPHA * repetitions));
        }
        assertThat(fooled[0][5] / (double) repetitions).isBetween(0.50, 0.545);
    }

    private static final Binomials TEN_UNITS = new Binomials(10, 0.1);

    private static void watchRates(int repetition, List<Integer> looks, int[][] fooled) {
        var random = Seeds.of("rates", repetition);
        var sequence = Worlds.sequence(5_000);
        var mixture = new MixtureSprt(0.01 * 0.01, 0);
        var a = new Tally();
        var b = new Tally();
        boolean[][] claimed = new boolean[fooled.length][looks.size()];
        for (int step = 1; step <= 1_000; step++) {
            a.addSuccesses(TEN_UNITS.draw(random), 10);
            b.addSuccesses(TEN_UNITS.draw(random), 10);
            var counts = new TwoProportions((long) a.sum(), a.n(), (long) b.sum(), b.n());
            if (!(counts.estimate().get().standardError() > 0)) {
                continue;
            }
            var estimate = counts.estimate().get();
            boolean[] claims = new boolean[fooled.length];
            double z = counts.pooled(ALPHA, Alternative.TWO_SIDED).get().statistic();
            claims[0] = Math.abs(z) > Z;
            if (a.n() >= 100 && a.sum() + b.sum() >= 25) {
                claims[1] = !mixture.at(estimate, ALPHA).get().interval().contains(0);
                claims[2] = !sequence.at(2 * a.n(), estimate).get().interval().contains(0);
                claims[3] =
                        !MixtureSprt.statsig(Difference.of(a.sample(), b.sample()), ALPHA)
                                .get()
                                .interval()
                                .contains(0);
            }
            double chance = Normal.cumulative(estimate.value() / estimate.standardError());
            claims[4] = chance > 0.95 || chance < 0.05;
            for (int k = 0; k < looks.size(); k++) {
                boolean looked = step % (1_000 / looks.get(k)) == 0;
                for (int method = 0; method < claims.length; method++) {
                    claimed[method][k] |= looked && claims[method];
                }
            }
        }
        for (int method = 0; method < fooled.length; method++) {
            for (int k = 0; k < looks.size(); k++) {
                fooled[method][k] += claimed[method][k] ? 1 : 0;
            }
        }
    }

    @Test
    void always_valid_methods_hold_for_every_kind_of_metric() {
        var table = new StringBuilder();
        table.append(row("metric", "method", "repetitions", "false positives")).append(rule(4));
        List<Double> valid = new ArrayList<>();
        var naive = "naive z (for comparison)";
        var absolute = "sequence, absolute";
        var relative = "sequence, relative";
        watch(
                table,
                valid,
                "mean, N(5, 1), 1 pair per look",
                4_000,
                random -> Worlds.means(random, r -> 5 + r.nextGaussian(), 1, 2_000),
                naive,
                absolute,
                relative,
                "mSPRT, tau 0.1");
        watch(
                table,
                valid,
                "revenue, 90 % zeros, log-normal, 10 per arm and look",
                2_000,
                random -> Worlds.means(random, Worlds::revenue, 10, 5_000),
                naive,
                absolute,
                relative,
                "mSPRT, tau 0.1");
        watch(table, valid, "ratio, clicks per view", 2_000, Worlds::ratio, absolute, relative);
        watch(table, valid, "CUPED, correlation 0.8", 2_000, Worlds::adjusted, absolute, relative);
        watch(
                table,
                valid,
                "paired differences, N(0, 1)",
                4_000,
                Worlds::pairs,
                naive,
                "sequence, from pair 30");
        watch(
                table,
                valid,
                "bounded paired scores, from pair 1",
                2_000,
                Worlds::boundedPairs,
                "betting on differences",
                "signs of discordant pairs");
        watch(
                table,
                valid,
                "bounded scores, mean 0.9, from unit 1",
                4_000,
                Worlds::boundedMean,
                "betting on the mean");
        watch(table, valid, "outcomes that accrue after assignment", 4_000, Worlds::late, absolute);
        watch(
                table,
                valid,
                "sample ratio, 20 units per look",
                2_000,
                Worlds::sampleRatio,
                "sequential multinomial test");
        watch(
                table,
                valid,
                "bandit, Thompson with floor 0.05",
                2_000,
                Worlds::bandit,
                "per-arm sequences",
                "weighted contributions (AIPW), 25 conversions per arm",
                "the same from 100 units per arm on (for comparison)",
                naive);
        REPORT.add(
                "False positives by kind of metric, 1,000 looks",
                "No effect, alpha 0.05. Gate: at most 0.05 for every method that is not there for comparison.\n\n"
                        + table);
        assertThat(valid).allSatisfy(share -> assertThat(share).isLessThanOrEqualTo(ALPHA));
    }

    private static void watch(
            StringBuilder table,
            List<Double> valid,
            String metric,
            int repetitions,
            Worlds.World world,
            String... methods) {
        int[] fooled = new int[methods.length];
        for (int repetition = 0; repetition < repetitions; repetition++) {
            boolean[] claimed = world.watch(Seeds.of(metric, repetition));
            for (int method = 0; method < methods.length; method++) {
                fooled[method] += claimed[method] ? 1 : 0;
            }
        }
        for (int method = 0; method < methods.length; method++) {
            double share = (double) fooled[method] / repetitions;
            table.append(row(metric, methods[method], repetitions, share));
            if (!methods[method].endsWith("(for comparison)")) {
                valid.add(share);
            }
        }
    }

    @Test
    void intervals_cover_the_truth_as_often_as_they_say() {
        var table = new StringBuilder();
        table.append(row("interval", "regime", "coverage", "gate")).append(rule(4));
        int repetitions = 10_000;
        for (var interval : Coverage.intervals()) {
            int covered = 0;
            for (int repetition = 0; repetition < repetitions; repetition++) {
                covered += interval.covers(Seeds.of(interval.name(), repetition)) ? 1 : 0;
            }
            double share = (double) covered / repetitions;
            String gate = interval.exact() ? "at least 0.95" : "0.94 to 0.96";
            table.append(row(interval.name(), interval.regime(), share, gate));
            if (interval.exact()) {
                assertThat(share).as(interval.name()).isGreaterThanOrEqualTo(0.95);
            } else {
                assertThat(share).as(interval.name()).isBetween(0.94, 0.96);
            }
        }
        REPORT.add(
                "Coverage of 95 % intervals",
                "10,000 repetitions; sequences count as covering if they cover at every look.\n\n"
                        + table);
    }

    @Test
    void power_and_mean_sample_size_are_those_of_the_reference_table() {
        var table = new StringBuilder();
        table.append(
                row(
                        "true lift",
                        "fixed",
                        "OBF, 10 looks (mean n)",
                        "sequence by n / by 3n (mean n)",
                        "mSPRT, tau 10 % (mean n)"));
        table.append(rule(5));
        List<Runnable> gates = new ArrayList<>();
        for (var reference : Power.REFERENCE) {
            var found = Power.simulate(reference.lift(), 4_000);
            table.append(found.row());
            gates.add(() -> found.mustAgreeWith(reference));
        }
        REPORT.add(
                "Power and mean sample size",
                "Rate 0.1, fixed n = 14,751 per arm, cap 3 n, a look every 100 units per arm, 4,000"
                        + " repetitions. Gate: power within four standard errors of an independent"
                        + " simulation, mean n within 5 %.\n\n"
                        + table);
        gates.forEach(Runnable::run);
    }

    @Test
    void thompson_sampling_earns_what_it_should() {
        var table = new StringBuilder();
        table.append(
                row("rates", "uniform", "Thompson", "with floor 0.01", "top two", "best found"));
        table.append(rule(6));
        List<Runnable> gates = new ArrayList<>();
        for (var scenario : Regret.SCENARIOS) {
            var regret = Regret.simulate(scenario, 300);
            table.append(regret.row());
            gates.add(regret::mustBeSmall);
        }
        REPORT.add(
                "Regret in conversions after 10,000 units",
                "300 repetitions, weights renewed after every 100 units. Gate: Thompson at most 0.6 of"
                        + " uniform, and at most 0.3 where one arm stands out (first, second and fourth"
                        + " row).\n\n"
                        + table);
        gates.forEach(Runnable::run);
    }

    @Test
    void group_sequential_bounds_spend_exactly_their_error() {
        var table = new StringBuilder();
        table.append(row("bounds", "looks", "spent")).append(rule(3));
        int repetitions = 200_000;
        List<Double> spent = new ArrayList<>();
        for (int k : List.of(2, 5, 10)) {
            var timing = IntStream.rangeClosed(1, k).mapToObj(i -> (double) i / k).toList();
            for (var boundary :
                    List.of(
                            new Boundary.ObrienFleming(),
                            new Boundary.Pocock(),
                            new Boundary.LanDeMetsObrienFleming(),
                            new Boundary.LanDeMetsPocock())) {
                var design = GroupSequential.of(boundary, timing, ALPHA, Alternative.TWO_SIDED);
                int stopped = 0;
                for (int repetition = 0; repetition < repetitions; repetition++) {
                    stopped += crosses(design, repetition) ? 1 : 0;
                }
                double share = (double) stopped / repetitions;
                spent.add(share);
                table.append(row(boundary.getClass().getSimpleName(), k, "%.4f".formatted(share)));
            }
        }
        REPORT.add(
                "Error spent by group-sequential bounds",
                "No effect, two-sided alpha 0.05, 200,000 repetitions (standard error 0.0005). Gate:"
                        + " 0.048 to 0.052.\n\n"
                        + table);
        assertThat(spent).allSatisfy(share -> assertThat(share).isBetween(0.048, 0.052));
    }

    private static boolean crosses(GroupSequential design, int repetition) {
        var random = Seeds.of("group sequential", repetition);
        double score = 0;
        for (int k = 0; k < design.bounds().size(); k++) {
            score += random.nextGaussian();
            if (Math.abs(score) / Math.sqrt(k + 1.0) > design.bounds().get(k)) {
                return true;
            }
        }
        return false;
    }
}
