package assay.stats.bayes;

import java.util.List;

/// Arms compared by their posteriors, which are independent; larger is better. Where smaller is
/// better, negate: [#negated] does so for normal posteriors.
///
/// Every figure is an integral over one table of nodes and good to about 1e-12.
///
/// Source: C. Stucchi, "Bayesian A/B testing at VWO" (2015); integrals of the form f prod F as in
/// E. Miller, "Formulas for Bayesian A/B testing".
public final class Arms {
    private final Panels panels;

    private Arms(Panels panels) {
        this.panels = panels;
    }

    /// Arms with rates.
    public static Arms ofRates(List<BetaPosterior> posteriors) {
        return new Arms(new Panels(requireSome(posteriors)));
    }

    /// Arms with means.
    public static Arms ofMeans(List<NormalPosterior> posteriors) {
        // Only distances matter, and around 0 they keep their digits.
        double origin = requireSome(posteriors).getFirst().mean();
        return new Arms(
                new Panels(posteriors.stream().map(each -> each.shifted(-origin)).toList()));
    }

    /// The same arms for a metric of which less is better.
    public static List<NormalPosterior> negated(List<NormalPosterior> posteriors) {
        return posteriors.stream()
                .map(each -> new NormalPosterior(-each.mean(), each.sd()))
                .toList();
    }

    private static <T> List<T> requireSome(List<T> posteriors) {
        if (posteriors.isEmpty()) {
            throw new IllegalArgumentException("There are no arms");
        }
        return List.copyOf(posteriors);
    }

    /// The probability of each arm to be the best; sums to 1.
    public double[] probabilityBest() {
        double[] result = new double[panels.arms()];
        for (int node = 0; node < panels.nodes(); node++) {
            for (int arm = 0; arm < result.length; arm++) {
                result[arm] += panels.mass(arm, node) * othersBelow(arm, -1, node);
            }
        }
        return normalised(result);
    }

    /// The probability of each arm to be the second best; sums to 1, for a single arm undefined and
    /// therefore refused.
    public double[] probabilitySecond() {
        if (panels.arms() < 2) {
            throw new IllegalArgumentException("A single arm has no second");
        }
        double[] result = new double[panels.arms()];
        for (int node = 0; node < panels.nodes(); node++) {
            for (int arm = 0; arm < result.length; arm++) {
                result[arm] += panels.mass(arm, node) * oneOtherAbove(arm, node);
            }
        }
        return normalised(result);
    }

    private double oneOtherAbove(int arm, int node) {
        double sum = 0;
        for (int other = 0; other < panels.arms(); other++) {
            if (other != arm) {
                sum += panels.above(other, node) * othersBelow(arm, other, node);
            }
        }
        return sum;
    }

    private double othersBelow(int arm, int alsoNot, int node) {
        double product = 1;
        for (int other = 0; other < panels.arms(); other++) {
            if (other != arm && other != alsoNot) {
                product *= panels.below(other, node);
            }
        }
        return product;
    }

    private static double[] normalised(double[] shares) {
        double sum = 0;
        for (double share : shares) {
            sum += share;
        }
        double[] result = new double[shares.length];
        for (int i = 0; i < shares.length; i++) {
            result[i] = shares[i] / sum;
        }
        return result;
    }

    /// What choosing each arm is expected to lose against the best, in the parameter's unit: E[max
    /// - arm], as the integral of F (1 - product of the others' F), in which nothing cancels.
    public double[] expectedLoss() {
        double[] result = new double[panels.arms()];
        for (int node = 0; node < panels.nodes(); node++) {
            for (int arm = 0; arm < result.length; arm++) {
                double logOthers = 0;
                for (int other = 0; other < result.length; other++) {
                    logOthers += other == arm ? 0 : panels.logBelow(other, node);
                }
                double someOtherAbove = -Math.expm1(logOthers);
                result[arm] +=
                        panels.parameterLength(node) * panels.below(arm, node) * someOtherAbove;
            }
        }
        return result;
    }

    /// The probability that one arm is better than another.
    public double probabilityBetter(int arm, int than) {
        double better = 0;
        double worse = 0;
        for (int node = 0; node < panels.nodes(); node++) {
            better += panels.mass(arm, node) * panels.below(than, node);
            worse += panels.mass(arm, node) * panels.above(than, node);
        }
        return better / (better + worse);
    }

    /// What choosing `arm` is expected to lose against one other: E[max(0, other - arm)].
    public double expectedLoss(int arm, int other) {
        double sum = 0;
        for (int node = 0; node < panels.nodes(); node++) {
            sum +=
                    panels.parameterLength(node)
                            * panels.below(arm, node)
                            * panels.above(other, node);
        }
        return sum;
    }
}
