package assay.stats.distribution;

/// The continued fraction of the incomplete beta function, evaluated with Lentz's method.
///
/// Source: NIST Digital Library of Mathematical Functions, 8.17.22.
final class IncompleteBeta {
    private static final int MOST_TERMS = 100_000;
    private static final double TINY = 1e-300;

    private IncompleteBeta() {}

    /// The F in I_x(a, b) = x^a (1-x)^b F / (a B(a, b)); converges fast for x < (a + 1) / (a + b +
    /// 2).
    static double fraction(double a, double b, double x) {
        double c = 1;
        double d = 1 / nonZero(1 - (a + b) * x / (a + 1));
        double fraction = d;
        for (int m = 1; m < MOST_TERMS; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / nonZero(1 + even * d);
            c = nonZero(1 + even / c);
            fraction *= c * d;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / nonZero(1 + odd * d);
            c = nonZero(1 + odd / c);
            fraction *= c * d;
            if (Math.abs(c * d - 1) < 1e-16) {
                break;
            }
        }
        return fraction;
    }

    private static double nonZero(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }
}
