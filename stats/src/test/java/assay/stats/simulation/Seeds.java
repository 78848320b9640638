package assay.stats.simulation;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// A generator of its own for every repetition of every experiment.
final class Seeds {
    private Seeds() {}

    static RandomGenerator of(String experiment, int repetition) {
        long seed = 1_000_003L * experiment.hashCode() + repetition;
        return RandomGeneratorFactory.of("Xoroshiro128PlusPlus").create(seed);
    }
}
