package assay.domain.loop;

import assay.domain.Fingerprint;
import java.util.ArrayList;
import java.util.List;

/// The order in which the items of a dataset are run: in an order drawn from the seed, each with
/// all its repetitions one after the other, and at each place the arms in an order drawn from it
/// too. What stands where follows from the seed alone, so nothing of it is kept.
///
/// The repetitions of an item stand together because an item counts once all of them are recorded:
/// if all items were run once and then once more, nothing could be decided before the last round.
///
/// @param items of the split
record Places(String seed, long items, int repetitions) {
    private static final int ROUNDS = 4;

    /// An item, counted from 0 in the order of the dataset, and which time it is run, from 1 on.
    record Place(long item, int repetition) {}

    /// How many there are.
    long size() {
        return items * repetitions;
    }

    /// @param place from 0 on
    Place at(long place) {
        return new Place(
                shuffled(place / repetitions, Fingerprint.of(seed + "/items", 0)),
                (int) (place % repetitions) + 1);
    }

    /// Where a number goes when all of them are shuffled: a Feistel network over the next larger
    /// square of a power of two, gone through until it ends among the items.
    private long shuffled(long number, long[] keys) {
        var half = Math.max(1, Math.ceilDiv(Long.SIZE - Long.numberOfLeadingZeros(items - 1), 2));
        var mask = (1L << half) - 1;
        var value = number;
        do {
            var left = value >>> half;
            var right = value & mask;
            for (var round = 0; round < ROUNDS; round++) {
                var mixed = left ^ (mix(right ^ keys[round]) & mask);
                left = right;
                right = mixed;
            }
            value = (left << half) | right;
        } while (value >= items);
        return value;
    }

    /// The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
    /// Generators, OOPSLA 2014).
    private static long mix(long value) {
        var mixed = value + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /// The arms in the order in which they are run at a place.
    List<String> arms(long place, List<String> arms) {
        var shuffled = new ArrayList<>(arms);
        var state = Fingerprint.of(seed + "/arms", place)[0];
        for (var last = shuffled.size() - 1; last > 0; last--) {
            state = mix(state);
            var other = (int) Long.remainderUnsigned(state, last + 1L);
            shuffled.set(other, shuffled.set(last, shuffled.get(other)));
        }
        return List.copyOf(shuffled);
    }
}
