package assay.stats.simulation;

import assay.stats.Alternative;
import assay.stats.Estimate;
import assay.stats.sequential.AsymptoticSequence;
import assay.stats.sequential.Shrinkage;

/// Effects as they are estimated when a sequence stops, over the truth.
///
/// @param decided share of runs that stopped on the good side
/// @param items mean at the stop
/// @param raw mean estimate over the truth
/// @param shrunk mean shrunk estimate over the truth
record WinnersCurse(double decided, double items, double raw, double shrunk) {
    static WinnersCurse simulate(double effect, int repetitions) {
        var sequence = AsymptoticSequence.tunedFor(500, 0.05, Alternative.TWO_SIDED);
        int decided = 0;
        double items = 0;
        double raw = 0;
        double shrunk = 0;
        for (int repetition = 0; repetition < repetitions; repetition++) {
            var random = Seeds.of("winner's curse " + effect, repetition);
            var differences = new Tally();
            for (int n = 1; n <= 1_000; n++) {
                differences.add(effect + random.nextGaussian());
                if (n < 30 || n % 5 > 0) {
                    continue;
                }
                Estimate estimate = differences.sample().estimate().get();
                if (sequence.at(n, estimate).get().interval().lower() > 0) {
                    decided++;
                    items += n;
                    raw += estimate.value() / effect;
                    shrunk += Shrinkage.of(estimate).get() / effect;
                    break;
                }
            }
        }
        return new WinnersCurse(
                (double) decided / repetitions, items / decided, raw / decided, shrunk / decided);
    }
}
