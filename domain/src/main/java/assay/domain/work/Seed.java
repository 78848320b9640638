package assay.domain.work;

import assay.domain.Fingerprint;

/// The one number that all chance of a run comes from, so that the run can be repeated.
///
/// What a script sees of its chance tells nothing about the ids: both are made from the seed by
/// SHA-256, which cannot be turned back.
public record Seed(long value) {
    /// The seed of the script's `Math.random`.
    public long ofScript() {
        return Fingerprint.of("random", value)[0];
    }

    /// The ids of the run, the same each time they are asked for from the beginning.
    public Ids ids() {
        return new Ids(new Numbers(value)::next);
    }

    private static final class Numbers {
        private final long seed;
        private long counter;
        private long[] ready = {};
        private int used;

        Numbers(long seed) {
            this.seed = seed;
        }

        long next() {
            if (used == ready.length) {
                ready = Fingerprint.of("ids", seed, counter++);
                used = 0;
            }
            return ready[used++];
        }
    }
}
