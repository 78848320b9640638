package assay.stats.simulation;

import assay.stats.Alternative;
import assay.stats.multiplicity.OnlineDiscoveries;
import assay.stats.sequential.AsymptoticSequence;
import java.util.random.RandomGenerator;

/// A stream of experiments, of which most have no effect: each at 0.05, and in a programme.
///
/// @param plainRate false discovery rate at 0.05 each
/// @param rate the same in a programme
/// @param plainPower share of the effects that are found at 0.05 each
/// @param power the same in a programme
record Programmes(double plainRate, double rate, double plainPower, double power) {
    private static final int EXPERIMENTS = 50;
    private static final int PAIRS = 300;
    private static final double EFFECT = 0.35;
    private static final double Q = 0.1;

    /// @param atOnce experiments that start before any of them has ended
    /// @param nulls share of experiments without an effect
    static Programmes simulate(int atOnce, double nulls, int repetitions) {
        double[] rates = new double[2];
        double[] found = new double[2];
        double effects = 0;
        for (int repetition = 0; repetition < repetitions; repetition++) {
            var random = Seeds.of("programme %d %s".formatted(atOnce, nulls), repetition);
            int[] discoveries = new int[2];
            int[] wrong = new int[2];
            int known = 0;
            for (int index = 1; index <= EXPERIMENTS; index++) {
                if ((index - 1) % atOnce == 0) {
                    known = discoveries[1];
                }
                boolean isNull = random.nextDouble() < nulls;
                double p = pValue(isNull ? 0 : EFFECT, random);
                double[] alphas = {0.05, OnlineDiscoveries.alpha(Q, index, known)};
                effects += isNull ? 0 : 1;
                for (int way = 0; way < 2; way++) {
                    if (p <= alphas[way]) {
                        discoveries[way]++;
                        wrong[way] += isNull ? 1 : 0;
                        found[way] += isNull ? 0 : 1;
                    }
                }
            }
            for (int way = 0; way < 2; way++) {
                rates[way] += (double) wrong[way] / Math.max(1, discoveries[way]);
            }
        }
        return new Programmes(
                rates[0] / repetitions,
                rates[1] / repetitions,
                found[0] / Math.max(1, effects),
                found[1] / Math.max(1, effects));
    }

    /// The smallest always-valid p-value of all looks.
    private static double pValue(double effect, RandomGenerator random) {
        var sequence = AsymptoticSequence.tunedFor(PAIRS, 0.05, Alternative.TWO_SIDED);
        var differences = new Tally();
        double least = 1;
        for (int n = 1; n <= PAIRS; n++) {
            differences.add(effect + random.nextGaussian());
            if (n >= 30 && n % 10 == 0) {
                least =
                        Math.min(
                                least,
                                sequence.at(n, differences.sample().estimate().get())
                                        .get()
                                        .pValue());
            }
        }
        return least;
    }
}
