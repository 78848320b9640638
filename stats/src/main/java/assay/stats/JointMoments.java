package assay.stats;

import java.math.BigInteger;
import java.util.Objects;

/// Exact count, sums, sums of squares and cross product of two numbers per unit, for instance an
/// outcome and its covariate, or numerator and denominator.
///
/// Mutable and not thread-safe.
public final class JointMoments {
    private final Moments x;
    private final Moments y;
    private final ExactSum products;

    public JointMoments() {
        this(new Moments(), new Moments(), new ExactSum());
    }

    private JointMoments(Moments x, Moments y, ExactSum products) {
        this.x = x;
        this.y = y;
        this.products = products;
    }

    /// Takes over stored sums of the same units.
    ///
    /// @throws IllegalArgumentException if the counts differ
    public static JointMoments ofSums(Moments x, Moments y, ExactSum products) {
        if (x.n() != y.n()) {
            throw new IllegalArgumentException(
                    "Different numbers of units: %d and %d".formatted(x.n(), y.n()));
        }
        return new JointMoments(x.copy(), y.copy(), products.copy());
    }

    /// Counts one more unit.
    ///
    /// @throws IllegalArgumentException if a value, a square or the product is not finite; nothing
    ///   is changed then
    public void add(double x, double y) {
        requireFinite(x, y);
        this.x.add(x);
        this.y.add(y);
        products.addProduct(x, y);
    }

    /// Takes out a unit that was added with the same values.
    public void remove(double x, double y) {
        requireFinite(x, y);
        this.x.remove(x);
        this.y.remove(y);
        products.subtractProduct(x, y);
    }

    public void merge(JointMoments other) {
        x.merge(other.x);
        y.merge(other.y);
        products.merge(other.products);
    }

    /// Takes out units that were merged before.
    public void unmerge(JointMoments other) {
        x.unmerge(other.x);
        y.unmerge(other.y);
        products.unmerge(other.products);
    }

    public JointMoments copy() {
        return ofSums(x, y, products);
    }

    public long n() {
        return x.n();
    }

    /// A copy of the first number's moments.
    public Moments x() {
        return x.copy();
    }

    /// A copy of the second number's moments.
    public Moments y() {
        return y.copy();
    }

    /// A copy of the exact sum of products.
    public ExactSum products() {
        return products.copy();
    }

    /// The sample covariance, (n * sum of products - sum x * sum y) / (n (n - 1)), with one
    /// rounding; undefined for fewer than two units.
    public Answer<Double> covariance() {
        if (n() < 2) {
            return Answer.undefined(n() < 1 ? Why.NO_UNITS : Why.TOO_FEW_UNITS);
        }
        var cross = products.exact().times(n());
        var spread = cross.minus(x.exactSum().times(y.exactSum()));
        var divisor = BigInteger.valueOf(n()).multiply(BigInteger.valueOf(n() - 1));
        return Answer.known(spread.dividedBy(divisor));
    }

    /// Sum of x over sum of y, with one rounding; undefined where the sum of y is 0.
    public Answer<Double> ratio() {
        var denominator = y.exactSum();
        return denominator.signum() == 0
                ? Answer.undefined(Why.ZERO_DENOMINATOR)
                : Answer.known(x.exactSum().dividedBy(denominator));
    }

    /// The sample variance of (x - ratio * y) / mean(y), with one rounding: what one unit
    /// contributes to the uncertainty of [#ratio()]. Undefined for fewer than two units.
    public Answer<Double> ratioVariance() {
        if (n() < 2) {
            return Answer.undefined(n() < 1 ? Why.NO_UNITS : Why.TOO_FEW_UNITS);
        }
        var sumX = x.exactSum();
        var sumY = y.exactSum();
        if (sumY.signum() == 0) {
            return Answer.undefined(Why.ZERO_DENOMINATOR);
        }
        // The residuals x * sumY - y * sumX sum to 0, so their squares are the whole variance.
        var cross = sumX.times(sumY).times(products.exact());
        var residuals =
                sumY.times(sumY)
                        .times(x.exactSquares())
                        .minus(cross)
                        .minus(cross.minus(sumX.times(sumX).times(y.exactSquares())));
        var square = sumY.times(sumY);
        var n = BigInteger.valueOf(n());
        var divisor = square.times(square).times(n.subtract(BigInteger.ONE));
        return Answer.known(Math.max(0, residuals.times(n.multiply(n)).dividedBy(divisor)));
    }

    /// These units as a joint sample; undefined for fewer than two units.
    public Answer<JointSample> sample() {
        return covariance()
                .map(covariance ->
                        new JointSample(
                                n(),
                                x.mean().get(),
                                y.mean().get(),
                                x.variance().get(),
                                y.variance().get(),
                                covariance));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JointMoments that
                && x.equals(that.x)
                && y.equals(that.y)
                && products.equals(that.products);
    }

    @Override
    public int hashCode() {
        return Objects.hash(x, y, products);
    }

    @Override
    public String toString() {
        return "JointMoments[x=%s, y=%s, products=%s]".formatted(x, y, products.value());
    }

    private static void requireFinite(double x, double y) {
        if (!Double.isFinite(x * x) || !Double.isFinite(y * y)) {
            throw new IllegalArgumentException(
                    "The squares of these cannot be summed: %s, %s".formatted(x, y));
        }
    }
}
