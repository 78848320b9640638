package assay.stats.sequential;

import assay.stats.distribution.GaussLegendre;
import assay.stats.distribution.Normal;

/// The score of a test without effect, look by look, among the paths that have not stopped yet: a
/// Brownian motion whose variance is the information.
///
/// Source: P. Armitage, C. K. McPherson, B. C. Rowe, Journal of the Royal Statistical Society A 132
/// (1969) 235-244, its integrals by Gauss-Legendre quadrature.
final class ScoreProcess {
    private static final GaussLegendre RULE = new GaussLegendre(16);

    /// Scores further out, in standard deviations, have no probability worth counting.
    private static final double REACH = 9;

    private final boolean twoSided;
    private double information;
    private double[] scores = {0};
    private double[] masses = {1};

    ScoreProcess(boolean twoSided) {
        this.twoSided = twoSided;
    }

    /// The probability of stopping at the next look, at `next` information, if its bound for the
    /// standardised score is `bound`.
    double crossing(double next, double bound) {
        double deviation = Math.sqrt(next - information);
        double limit = bound * Math.sqrt(next);
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            double up = Normal.upperTail((limit - scores[i]) / deviation);
            double down = twoSided ? Normal.upperTail((limit + scores[i]) / deviation) : 0;
            sum += masses[i] * (up + down);
        }
        return sum;
    }

    /// Goes on past a look whose bound was not crossed.
    void pass(double next, double bound) {
        double deviation = Math.sqrt(next - information);
        double reach = REACH * Math.sqrt(next);
        double upper = Math.min(bound * Math.sqrt(next), reach);
        double lower = twoSided ? -upper : -reach;
        int panels = (int) Math.ceil((upper - lower) / (2 * deviation)) + 1;
        double half = (upper - lower) / panels / 2;
        var nextScores = new double[panels * RULE.size()];
        var nextMasses = new double[nextScores.length];
        for (int k = 0; k < nextScores.length; k++) {
            double center = lower + half * (2 * (k / RULE.size()) + 1);
            int node = k % RULE.size();
            double score = center + half * RULE.node(node);
            double density = 0;
            for (int i = 0; i < scores.length; i++) {
                density += masses[i] * Normal.density((score - scores[i]) / deviation);
            }
            nextScores[k] = score;
            nextMasses[k] = density / deviation * half * RULE.weight(node);
        }
        scores = nextScores;
        masses = nextMasses;
        information = next;
    }
}
