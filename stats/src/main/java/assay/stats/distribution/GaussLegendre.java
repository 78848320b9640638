package assay.stats.distribution;

/// Gauss-Legendre quadrature on -1 to 1: exact for polynomials of a degree below twice its nodes.
///
/// Source: NIST Digital Library of Mathematical Functions, 3.5(v).
public final class GaussLegendre {
    private final double[] nodes;
    private final double[] weights;
    private final double[][] partial;

    public GaussLegendre(int size) {
        nodes = new double[size];
        weights = new double[size];
        for (int i = 0; i < size; i++) {
            double x = -Math.cos(Math.PI * (i + 0.75) / (size + 0.5));
            for (int step = 0; step < 10; step++) {
                x -= legendre(size, x) / slope(size, x);
            }
            nodes[i] = x;
            double slope = slope(size, x);
            weights[i] = 2 / ((1 - x * x) * slope * slope);
        }
        partial = partialWeights();
    }

    public int size() {
        return nodes.length;
    }

    public double node(int i) {
        return nodes[i];
    }

    public double weight(int i) {
        return weights[i];
    }

    /// The weight of node `m` in the integral from -1 up to node `i`.
    public double partialWeight(int i, int m) {
        return partial[i][m];
    }

    /// Integrates each Legendre polynomial of the interpolating sum up to each node.
    private double[][] partialWeights() {
        int n = nodes.length;
        var result = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int m = 0; m < n; m++) {
                double sum = nodes[i] + 1;
                for (int k = 1; k < n; k++) {
                    double upTo = legendre(k + 1, nodes[i]) - legendre(k - 1, nodes[i]);
                    sum += upTo * legendre(k, nodes[m]);
                }
                result[i][m] = sum * weights[m] / 2;
            }
        }
        return result;
    }

    private static double legendre(int degree, double x) {
        double previous = 1;
        double current = x;
        if (degree == 0) {
            return previous;
        }
        for (int k = 2; k <= degree; k++) {
            double next = ((2 * k - 1) * x * current - (k - 1) * previous) / k;
            previous = current;
            current = next;
        }
        return current;
    }

    private static double slope(int degree, double x) {
        return degree * (x * legendre(degree, x) - legendre(degree - 1, x)) / (x * x - 1);
    }
}
