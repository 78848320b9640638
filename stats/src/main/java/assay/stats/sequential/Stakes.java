package assay.stats.sequential;

import java.util.stream.IntStream;

/// What a gambler stakes who bets on the mean of bounded values: shares of the most that may be
/// staked, each in both directions, and how his capital is spread over them. Every choice that is
/// made before the data come is valid; a good one loses less of the evidence.
public final class Stakes {
    private static final int LEVELS = 10;
    private static final int GRID = 64;

    /// Of the capital, what is kept for stakes that the planned size does not ask for.
    private static final double RESERVE = 0.1;

    /// 2 ln(1 / alpha) with what a mixture costs, at alpha = 0.05: z^2 of a decision.
    private static final double Z_SQUARED = 9;

    /// The whole, a half, a quarter, …, all alike: for any number of values.
    public static final Stakes DYADIC =
            new Stakes(dyadic(), IntStream.range(0, LEVELS).mapToDouble(_ -> 1).toArray());

    private final double[] sizes;
    private final double[] logWeights;

    private Stakes(double[] sizes, double[] weights) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        this.sizes = sizes;
        this.logWeights = new double[weights.length];
        for (int k = 0; k < weights.length; k++) {
            // Half of each for either direction.
            logWeights[k] = Math.log(weights[k] / total / 2);
        }
    }

    private static double[] dyadic() {
        return IntStream.range(0, LEVELS).mapToDouble(k -> Math.scalb(1.0, -k)).toArray();
    }

    /// The same sizes, most of the capital on those that can decide within the planned number of
    /// values: the best stake on an effect of z standard errors after n values is z / (s root n)
    /// with s their standard deviation, which is at most 1 in the unit of the bounds.
    public static Stakes tunedFor(double plannedValues) {
        if (!(plannedValues > 0)) {
            throw new IllegalArgumentException("Not a number of values: " + plannedValues);
        }
        double least = Math.sqrt(Z_SQUARED / plannedValues) / 1.5;
        double[] sizes = dyadic();
        int useful = 1;
        while (useful < LEVELS && sizes[useful] >= least) {
            useful++;
        }
        double[] weights = new double[LEVELS];
        for (int k = 0; k < LEVELS; k++) {
            weights[k] =
                    useful == LEVELS
                            ? 1
                            : k < useful
                                    ? (1 - RESERVE) / useful
                                    : RESERVE / ((double) LEVELS - useful);
        }
        return new Stakes(sizes, weights);
    }

    /// A fine grid with the weights of a symmetric beta distribution of the share of wins: on
    /// differences of yes and no the capital then agrees with a [SignEProcess] of the same
    /// concentration.
    static Stakes ofSigns(double concentration) {
        double[] sizes = new double[GRID];
        double[] weights = new double[GRID];
        for (int k = 0; k < GRID; k++) {
            sizes[k] = (k + 0.5) / GRID;
            weights[k] = Math.pow(1 - sizes[k] * sizes[k], concentration - 1);
        }
        return new Stakes(sizes, weights);
    }

    int count() {
        return sizes.length;
    }

    /// Share of the most that may be staked, above 0 and at most 1.
    double size(int k) {
        return sizes[k];
    }

    /// Natural logarithm of the share of the capital that goes to one direction at this size.
    double logWeight(int k) {
        return logWeights[k];
    }
}
