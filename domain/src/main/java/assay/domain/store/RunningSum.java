package assay.domain.store;

import assay.stats.ExactSum;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A sum of doubles without rounding that costs little more than a double as long as two doubles
/// can hold it, which those of one unit nearly always can.
final class RunningSum {
    /// Tells two doubles from the bytes of an exact sum, which begin with less.
    private static final byte PAIR = 127;

    private static final int PAIR_BYTES = 1 + 2 * Double.BYTES;

    /// The sum, rounded once, and what that leaves.
    private double value;

    private double rest;

    /// Holds the whole sum once two doubles cannot.
    private Optional<ExactSum> exact = Optional.empty();

    RunningSum() {}

    /// The sum that [#stored()] gave.
    RunningSum(Object stored) {
        if (!(stored instanceof byte[] bytes)) {
            value = ((Number) stored).doubleValue();
        } else if (bytes.length == PAIR_BYTES && bytes[0] == PAIR) {
            var pair = ByteBuffer.wrap(bytes);
            value = pair.getDouble(1);
            rest = pair.getDouble(1 + Double.BYTES);
        } else {
            exact = Optional.of(ExactSum.fromBytes(bytes));
        }
    }

    void add(double term) {
        if (exact.isPresent()) {
            exact.get().add(term);
            return;
        }
        var sum = value + term;
        var low = rest + error(value, term, sum);
        if (error(rest, error(value, term, sum), low) == 0) {
            value = sum + low;
            rest = error(sum, low, value);
        } else {
            exact = Optional.of(ExactSum.of(value, rest, term));
        }
    }

    /// The rounding error of an addition, itself without any (Knuth's two-sum).
    private static double error(double a, double b, double sum) {
        var second = sum - a;
        return (a - (sum - second)) + (b - second);
    }

    /// The sum, rounded once.
    double value() {
        return exact.map(ExactSum::value).orElse(value);
    }

    /// A number if the sum is one, else the bytes of two or of the exact sum. Equal sums are stored
    /// alike.
    Object stored() {
        if (exact.isPresent()) {
            var left = exact.get().copy();
            var first = left.value();
            left.subtract(first);
            var second = left.value();
            left.subtract(second);
            return left.equals(new ExactSum()) ? stored(first, second) : exact.get().toBytes();
        }
        return stored(value, rest);
    }

    private static Object stored(double value, double rest) {
        return rest == 0
                ? (Object) value
                : ByteBuffer.allocate(PAIR_BYTES)
                        .put(PAIR)
                        .putDouble(value)
                        .putDouble(rest)
                        .array();
    }
}
