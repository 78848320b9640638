package assay.stats.simulation;

import static assay.stats.simulation.Worlds.ALPHA;
import static org.assertj.core.api.Assertions.assertThat;

import assay.stats.Alternative;
import assay.stats.fixed.TwoProportions;
import assay.stats.sequential.Boundary;
import assay.stats.sequential.GroupSequential;
import assay.stats.sequential.MixtureSprt;
import java.util.List;
import java.util.stream.IntStream;

/// How often an effect is found, and after how many units per arm the watcher stops.
///
/// @param lift true relative effect on a rate of 0.1
/// @param fixed power of one look at [#FIXED_N]
/// @param obf power of ten looks by O'Brien-Fleming spending
/// @param sequenceEarly power of the sequence by the fixed sample
/// @param sequence its power by three times that
record Power(
        double lift,
        double fixed,
        double obf,
        double obfUnits,
        double sequenceEarly,
        double sequence,
        double sequenceUnits,
        double mixtureEarly,
        double mixture,
        double mixtureUnits) {
    static final int FIXED_N = 14_751;
    private static final int CAP = 3 * FIXED_N;
    private static final int STEP = 100;

    /// From an independent simulation of 4,000 repetitions.
    static final List<Power> REFERENCE =
            List.of(
                    new Power(.05, .288, .281, 13_866, .105, .328, 37_082, .101, .407, 36_206),
                    new Power(.10, .787, .775, 11_397, .484, .961, 17_409, .515, .976, 16_651),
                    new Power(.15, .988, .983, 8_353, .897, 1, 7_673, .910, 1, 7_980),
                    new Power(.20, 1, 1, 6_573, .994, 1, 4_506, .995, 1, 5_108),
                    new Power(.30, 1, 1, 4_635, 1, 1, 2_182, 1, 1, 2_847));

    static Power simulate(double lift, int repetitions) {
        var control = new Binomials(STEP, 0.1);
        var treatment = new Binomials(STEP, 0.1 * (1 + lift));
        var timing = IntStream.rangeClosed(1, 10).mapToObj(k -> k / 10.0).toList();
        var bounds =
                GroupSequential.of(
                                new Boundary.LanDeMetsObrienFleming(),
                                timing,
                                ALPHA,
                                Alternative.TWO_SIDED)
                        .bounds();
        double[] sums = new double[9];
        for (int repetition = 0; repetition < repetitions; repetition++) {
            var random = Seeds.of("power " + lift, repetition);
            long xA = 0;
            long xB = 0;
            int sequenceStop = 0;
            int mixtureStop = 0;
            int obfStop = 0;
            int planned = 0;
            boolean found = false;
            var sequence = Worlds.sequence(5_000);
            var mixture = new MixtureSprt(0.01 * 0.01, 0);
            for (int n = STEP; n <= CAP; n += STEP) {
                xA += control.draw(random);
                xB += treatment.draw(random);
                var counts = new TwoProportions(xA, n, xB, n);
                var estimate = counts.estimate().get();
                boolean ready = xA + xB >= 25 && estimate.standardError() > 0;
                if (sequenceStop == 0
                        && ready
                        && !sequence.at(2L * n, estimate).get().interval().contains(0)) {
                    sequenceStop = n;
                }
                if (mixtureStop == 0
                        && ready
                        && !mixture.at(estimate, ALPHA).get().interval().contains(0)) {
                    mixtureStop = n;
                }
                boolean atPlannedLook = planned < 10 && n >= nearest((planned + 1) * FIXED_N / 10);
                if (atPlannedLook) {
                    double z = counts.pooled(ALPHA, Alternative.TWO_SIDED).get().statistic();
                    if (obfStop == 0 && Math.abs(z) > bounds.get(planned)) {
                        obfStop = n;
                    }
                    planned++;
                    if (planned == 10) {
                        found = Math.abs(z) > 1.959964;
                    }
                }
            }
            sums[0] += found ? 1 : 0;
            sums[1] += obfStop > 0 ? 1 : 0;
            sums[2] += obfStop > 0 ? obfStop : FIXED_N;
            sums[3] += sequenceStop > 0 && sequenceStop <= FIXED_N ? 1 : 0;
            sums[4] += sequenceStop > 0 ? 1 : 0;
            sums[5] += sequenceStop > 0 ? sequenceStop : CAP;
            sums[6] += mixtureStop > 0 && mixtureStop <= FIXED_N ? 1 : 0;
            sums[7] += mixtureStop > 0 ? 1 : 0;
            sums[8] += mixtureStop > 0 ? mixtureStop : CAP;
        }
        return new Power(
                lift,
                sums[0] / repetitions,
                sums[1] / repetitions,
                sums[2] / repetitions,
                sums[3] / repetitions,
                sums[4] / repetitions,
                sums[5] / repetitions,
                sums[6] / repetitions,
                sums[7] / repetitions,
                sums[8] / repetitions);
    }

    /// The step at which a planned look is taken.
    private static int nearest(int units) {
        return (int) Math.rint((double) units / STEP) * STEP;
    }

    String row() {
        return Report.row(
                "+%.0f %%".formatted(100 * lift),
                fixed,
                "%.3f (%,.0f)".formatted(obf, obfUnits),
                "%.3f / %.3f (%,.0f)".formatted(sequenceEarly, sequence, sequenceUnits),
                "%.3f / %.3f (%,.0f)".formatted(mixtureEarly, mixture, mixtureUnits));
    }

    void mustAgreeWith(Power reference) {
        agrees(fixed, reference.fixed);
        agrees(obf, reference.obf);
        agrees(sequenceEarly, reference.sequenceEarly);
        agrees(sequence, reference.sequence);
        agrees(mixtureEarly, reference.mixtureEarly);
        agrees(mixture, reference.mixture);
        assertThat(obfUnits / reference.obfUnits).isBetween(0.95, 1.05);
        assertThat(sequenceUnits / reference.sequenceUnits).isBetween(0.95, 1.05);
        assertThat(mixtureUnits / reference.mixtureUnits).isBetween(0.95, 1.05);
    }

    /// Both figures have a standard error of sqrt(p (1 - p) / 4,000).
    private static void agrees(double share, double reference) {
        double error = Math.sqrt(2 * reference * (1 - reference) / 4_000) + 0.0005;
        assertThat(Math.abs(share - reference)).isLessThanOrEqualTo(4 * error);
    }
}
