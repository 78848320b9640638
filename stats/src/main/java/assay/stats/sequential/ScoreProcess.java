package assay.stats.sequential;

import assay.stats.distribution.GaussLegendre;
import assay.stats.distribution.Normal;

/// The score of a test, look by look, among the paths that have not stopped yet: a Brownian motion
/// whose variance is the information, with a drift if there is an effect.
///
/// Source: P. Armitage, C. K. McPherson, B. C. Rowe, Journal of the Royal Statistical Society A 132
/// (1969) 235-244, its integrals by Gauss-Legendre quadrature.
final class ScoreProcess {
    private static final GaussLegendre FINE = new GaussLegendre(16);

    /// Scores further out, in standard deviations, have no probability worth counting.
    private static final double REACH = 9;

    private final boolean twoSided;
    private final double drift;
    private final GaussLegendre rule;
    private double information;
    private double[] scores = {0};
    private double[] masses = {1};

    /// Without effect.
    ScoreProcess(boolean twoSided) {
        this(twoSided, 0, FINE);
    }

    /// @param drift of the score per information
    /// @param rule nodes for every two standard deviations of a step
    ScoreProcess(boolean twoSided, double drift, GaussLegendre rule) {
        this.twoSided = twoSided;
        this.drift = drift;
        this.rule = rule;
    }

    /// The probability of stopping at the next look, at `next` information, if its bound for the
    /// standardised score is `bound`.
    double crossing(double next, double bound) {
        double up = crossingUp(next, bound);
        return twoSided ? up + crossingDown(next, bound) : up;
    }

    /// The same on the upper side alone.
    double crossingUp(double next, double bound) {
        double deviation = Math.sqrt(next - information);
        double distance = bound * Math.sqrt(next) - drift * (next - information);
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            sum += masses[i] * Normal.upperTail((distance - scores[i]) / deviation);
        }
        return sum;
    }

    private double crossingDown(double next, double bound) {
        double deviation = Math.sqrt(next - information);
        double distance = bound * Math.sqrt(next) + drift * (next - information);
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            sum += masses[i] * Normal.upperTail((distance + scores[i]) / deviation);
        }
        return sum;
    }

    /// Goes on past a look whose bound was not crossed.
    void pass(double next, double bound) {
        double deviation = Math.sqrt(next - information);
        double step = drift * (next - information);
        double center = drift * next;
        double reach = REACH * Math.sqrt(next);
        double limit = bound * Math.sqrt(next);
        double upper = Math.min(limit, center + reach);
        double lower = twoSided ? Math.max(-limit, center - reach) : center - reach;
        if (upper <= lower) {
            scores = new double[0];
            masses = new double[0];
            information = next;
            return;
        }
        int panels = (int) Math.ceil((upper - lower) / (2 * deviation)) + 1;
        double half = (upper - lower) / panels / 2;
        var nextScores = new double[panels * rule.size()];
        var nextMasses = new double[nextScores.length];
        for (int k = 0; k < nextScores.length; k++) {
            double middle = lower + half * (2 * (k / rule.size()) + 1);
            int node = k % rule.size();
            double score = middle + half * rule.node(node);
            double density = 0;
            for (int i = 0; i < scores.length; i++) {
                density += masses[i] * Normal.density((score - step - scores[i]) / deviation);
            }
            nextScores[k] = score;
            nextMasses[k] = density / deviation * half * rule.weight(node);
        }
        scores = nextScores;
        masses = nextMasses;
        information = next;
    }
}
