package assay.stats.simulation;

import assay.stats.distribution.Binomial;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Draws of the number of successes in a fixed number of trials, by inversion of a table.
final class Binomials {
    private final double[] cumulative;

    Binomials(int trials, double p) {
        cumulative = new double[trials + 1];
        for (int x = 0; x <= trials; x++) {
            cumulative[x] = Binomial.cumulative(x, trials, p);
        }
    }

    int draw(RandomGenerator random) {
        int found = Arrays.binarySearch(cumulative, random.nextDouble());
        return found < 0 ? -found - 1 : found;
    }
}
