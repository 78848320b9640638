package assay.stats.bandit;

import assay.stats.bayes.Arms;
import java.util.Arrays;

/// Shares of the coming traffic per arm; every array has one entry per arm and sums to 1.
public final class Allocation {
    /// Arms closer than this are equally good.
    private static final double TIE = 1e-9;

    private Allocation() {}

    /// Thompson sampling: each arm with the probability that it is the best. Earns most.
    ///
    /// Source: W. R. Thompson, Biometrika 25 (1933) 285-294.
    public static double[] thompson(Arms arms) {
        return arms.probabilityBest();
    }

    /// Half to the best and half to the second best, each by its probability. Learns which arm is
    /// the best sooner, and earns less. As in GrowthBook.
    public static double[] topTwoShares(Arms arms) {
        double[] first = arms.probabilityBest();
        double[] second = arms.probabilitySecond();
        double[] shares = new double[first.length];
        Arrays.setAll(shares, i -> (first[i] + second[i]) / 2);
        return shares;
    }

    /// Top-two Thompson sampling: a draw of the best arm, replaced by a draw of another one with
    /// probability 1 - beta.
    ///
    /// Source: D. Russo, "Simple Bayesian algorithms for best-arm identification", Operations
    /// Research 68 (2020) 1625-1647, arXiv:1602.08448.
    ///
    /// @param beta how often the first draw is kept; 1/2 unless there is a reason
    public static double[] topTwoSampling(Arms arms, double beta) {
        double[] best = arms.probabilityBest();
        double[] shares = new double[best.length];
        for (int arm = 0; arm < best.length; arm++) {
            double replacing = 0;
            for (int other = 0; other < best.length; other++) {
                replacing += other == arm ? 0 : best[other] / sumWithout(best, other);
            }
            shares[arm] = best[arm] * (beta + (1 - beta) * replacing);
        }
        return shares;
    }

    private static double sumWithout(double[] shares, int left) {
        double sum = 0;
        for (int i = 0; i < shares.length; i++) {
            sum += i == left ? 0 : shares[i];
        }
        return Math.max(sum, Double.MIN_NORMAL);
    }

    /// The same shares with at least `floor` for every arm: floor + (1 - arms * floor) * share.
    /// Uniform if that much is not there. Estimates from adaptive allocation need a floor.
    public static double[] withFloor(double[] shares, double floor) {
        double[] result = new double[shares.length];
        double rest = 1 - shares.length * floor;
        Arrays.setAll(result, i -> rest > 0 ? floor + rest * shares[i] : 1.0 / shares.length);
        return result;
    }

    /// The arm that is most probably the best; of equals the first.
    public static int recommended(Arms arms) {
        double[] best = arms.probabilityBest();
        double most = Arrays.stream(best).max().orElseThrow();
        int arm = 0;
        while (best[arm] < most - TIE) {
            arm++;
        }
        return arm;
    }
}
