package assay.stats;

import java.math.BigInteger;
import java.util.Objects;

/// Count, sum and sum of squares of one number per unit, kept exactly: the mean and the variance
/// are each rounded once, whatever the size of the values and in whatever order they came.
///
/// Units can be added, removed and merged, and the result does not depend on how it was reached.
/// Mutable and not thread-safe.
public final class Moments {
    private long n;
    private final ExactSum sum;
    private final ExactSum squares;

    public Moments() {
        this(0, new ExactSum(), new ExactSum());
    }

    private Moments(long n, ExactSum sum, ExactSum squares) {
        this.n = n;
        this.sum = sum;
        this.squares = squares;
    }

    public static Moments of(double... values) {
        var moments = new Moments();
        for (double value : values) {
            moments.add(value);
        }
        return moments;
    }

    /// Takes over stored sums. `n` may exceed the number of terms in them: the rest of the units
    /// count with 0.
    public static Moments ofSums(long n, ExactSum sum, ExactSum squares) {
        if (n < 0) {
            throw new IllegalArgumentException("Not a number of units: " + n);
        }
        return new Moments(n, sum.copy(), squares.copy());
    }

    /// Counts one more unit.
    ///
    /// @throws IllegalArgumentException if the value or its square is not finite; nothing is
    ///   changed then
    public void add(double value) {
        requireSquare(value);
        n++;
        sum.add(value);
        squares.addProduct(value, value);
    }

    /// Takes out a unit that was added with the same value.
    ///
    /// @throws IllegalArgumentException if there is no unit left to take out; nothing is changed
    ///   then
    public void remove(double value) {
        requireSquare(value);
        requireUnits(1);
        n--;
        sum.subtract(value);
        squares.subtractProduct(value, value);
    }

    public void merge(Moments other) {
        n += other.n;
        sum.merge(other.sum);
        squares.merge(other.squares);
    }

    /// Takes out units that were merged before.
    ///
    /// @throws IllegalArgumentException if there are not as many; nothing is changed then
    public void unmerge(Moments other) {
        requireUnits(other.n);
        n -= other.n;
        sum.unmerge(other.sum);
        squares.unmerge(other.squares);
    }

    public Moments copy() {
        return ofSums(n, sum, squares);
    }

    public long n() {
        return n;
    }

    /// A copy of the exact sum.
    public ExactSum sum() {
        return sum.copy();
    }

    /// A copy of the exact sum of squares.
    public ExactSum squares() {
        return squares.copy();
    }

    /// The mean with one rounding; undefined without units.
    public Answer<Double> mean() {
        return n < 1
                ? Answer.undefined(Why.NO_UNITS)
                : Answer.known(sum.exact().dividedBy(BigInteger.valueOf(n)));
    }

    /// The sample variance, (n * sum of squares - sum^2) / (n (n - 1)), with one rounding;
    /// undefined for fewer than two units.
    public Answer<Double> variance() {
        if (n < 2) {
            return Answer.undefined(n < 1 ? Why.NO_UNITS : Why.TOO_FEW_UNITS);
        }
        var exact = sum.exact();
        var spread = squares.exact().times(n).minus(exact.times(exact));
        var divisor = BigInteger.valueOf(n).multiply(BigInteger.valueOf(n - 1));
        // Only rounding of the stored sums can make this negative, never the units themselves.
        return Answer.known(Math.max(0, spread.dividedBy(divisor)));
    }

    Dyadic exactSum() {
        return sum.exact();
    }

    Dyadic exactSquares() {
        return squares.exact();
    }

    /// These units as a sample; undefined without units.
    public Answer<Sample> sample() {
        return mean().map(mean -> new Sample(n, mean, variance()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Moments that
                && n == that.n
                && sum.equals(that.sum)
                && squares.equals(that.squares);
    }

    @Override
    public int hashCode() {
        return Objects.hash(n, sum, squares);
    }

    @Override
    public String toString() {
        return "Moments[n=%d, sum=%s, squares=%s]".formatted(n, sum.value(), squares.value());
    }

    private void requireUnits(long needed) {
        if (n < needed) {
            throw new IllegalArgumentException(
                    "Cannot take %d units out of %d".formatted(needed, n));
        }
    }

    private static void requireSquare(double value) {
        if (!Double.isFinite(value * value)) {
            throw new IllegalArgumentException("The square of this cannot be summed: " + value);
        }
    }
}
