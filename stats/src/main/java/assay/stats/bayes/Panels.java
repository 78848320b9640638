package assay.stats.bayes;

import assay.stats.distribution.GaussLegendre;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// Several posteriors tabulated on one set of quadrature nodes: densities, and the probabilities
/// below and above each node, both summed from their small ends so that neither cancels.
///
/// The panels are as narrow as the narrowest posterior that lives there needs, so a sharp peak next
/// to a broad one is not missed.
final class Panels {
    private static final GaussLegendre RULE = new GaussLegendre(12);

    /// Panel width in units of the narrowest scale; with 12 nodes even a lopsided peak is then
    /// exact to about 1e-13.
    private static final double WIDTH = 1.25;

    private final List<? extends Posterior> posteriors;
    private final List<DoubleUnaryOperator> functions;

    /// Width of a node's share of the line, and the parameter's share of that.
    private final double[] lengths;

    private final double[] parameterLengths;
    private final double[][] densities;
    private final double[][] below;
    private final double[][] above;

    Panels(List<? extends Posterior> posteriors) {
        this.posteriors = posteriors;
        functions = posteriors.stream().map(Posterior::density).toList();
        var edges = edges();
        int nodes = (edges.size() - 1) * RULE.size();
        lengths = new double[nodes];
        parameterLengths = new double[nodes];
        densities = new double[posteriors.size()][nodes];
        below = new double[posteriors.size()][nodes];
        above = new double[posteriors.size()][nodes];
        for (int panel = 0; panel < edges.size() - 1; panel++) {
            layOut(panel, edges.get(panel), edges.get(panel + 1));
        }
        for (int arm = 0; arm < posteriors.size(); arm++) {
            accumulate(arm);
        }
    }

    private List<Double> edges() {
        double end = posteriors.stream().mapToDouble(Posterior::to).max().orElseThrow();
        double edge = posteriors.stream().mapToDouble(Posterior::from).min().orElseThrow();
        List<Double> edges = new ArrayList<>(List.of(edge));
        while (edge < end) {
            edge = nextEdge(edge, end);
            edges.add(edge);
        }
        return edges;
    }

    /// One panel on; over a stretch where no posterior lives, straight to the next one.
    private double nextEdge(double edge, double end) {
        double width = Double.POSITIVE_INFINITY;
        double next = end;
        for (var posterior : posteriors) {
            if (posterior.from() <= edge && edge < posterior.to()) {
                width = Math.min(width, WIDTH * posterior.scale());
            } else if (posterior.from() > edge) {
                next = Math.min(next, posterior.from());
            }
        }
        return Math.min(next, edge + width);
    }

    private void layOut(int panel, double from, double to) {
        double half = (to - from) / 2;
        var anyLine = posteriors.getFirst();
        for (int i = 0; i < RULE.size(); i++) {
            int at = panel * RULE.size() + i;
            double point = from + half * (1 + RULE.node(i));
            lengths[at] = half * RULE.weight(i);
            parameterLengths[at] = lengths[at] * anyLine.slope(point);
            for (int arm = 0; arm < densities.length; arm++) {
                densities[arm][at] = functions.get(arm).applyAsDouble(point);
            }
        }
        spread(panel, anyLine.change(from, to));
    }

    /// Makes the parameter's shares sum to its change over the panel, which they do not by
    /// themselves where the panel bridges a wide gap.
    private void spread(int panel, double change) {
        double sum = 0;
        for (int i = 0; i < RULE.size(); i++) {
            sum += parameterLengths[panel * RULE.size() + i];
        }
        for (int i = 0; i < RULE.size() && sum > 0; i++) {
            parameterLengths[panel * RULE.size() + i] *= change / sum;
        }
    }

    private void accumulate(int arm) {
        int size = RULE.size();
        int panels = lengths.length / size;
        double[] masses = new double[panels];
        double total = 0;
        for (int panel = 0; panel < panels; panel++) {
            for (int i = 0; i < size; i++) {
                int at = panel * size + i;
                masses[panel] += lengths[at] * densities[arm][at];
            }
            total += masses[panel];
        }
        double before = 0;
        for (int panel = 0; panel < panels; panel++) {
            for (int i = 0; i < size; i++) {
                double part = partial(arm, panel, i);
                below[arm][panel * size + i] = Math.clamp((before + part) / total, 0.0, 1.0);
            }
            before += masses[panel];
        }
        double after = 0;
        for (int panel = panels - 1; panel >= 0; panel--) {
            for (int i = 0; i < size; i++) {
                double part = masses[panel] - partial(arm, panel, i);
                above[arm][panel * size + i] = Math.clamp((after + part) / total, 0.0, 1.0);
            }
            after += masses[panel];
        }
        for (int at = 0; at < lengths.length; at++) {
            densities[arm][at] /= total;
        }
    }

    private double partial(int arm, int panel, int i) {
        int first = panel * RULE.size();
        double half = lengths[first] / RULE.weight(0);
        double sum = 0;
        for (int m = 0; m < RULE.size(); m++) {
            sum += RULE.partialWeight(i, m) * densities[arm][first + m];
        }
        return Math.max(0, half * sum);
    }

    int arms() {
        return densities.length;
    }

    int nodes() {
        return lengths.length;
    }

    /// The probability of `arm` in the share of the line around a node.
    double mass(int arm, int node) {
        return lengths[node] * densities[arm][node];
    }

    /// The share of the parameter's range around a node.
    double parameterLength(int node) {
        return parameterLengths[node];
    }

    double below(int arm, int node) {
        return below[arm][node];
    }

    double above(int arm, int node) {
        return above[arm][node];
    }

    /// ln P(parameter of `arm` below the node).
    double logBelow(int arm, int node) {
        double above = this.above[arm][node];
        return above < 0.5 ? Math.log1p(-above) : Math.log(below[arm][node]);
    }
}
