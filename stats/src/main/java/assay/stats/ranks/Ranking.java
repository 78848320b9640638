package assay.stats.ranks;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Ranks of values, 1 for the smallest; values that are equal share the mean of their ranks.
final class Ranking {
    private final double[] ranks;
    private final double tieSum;

    private Ranking(double[] ranks, double tieSum) {
        this.ranks = ranks;
        this.tieSum = tieSum;
    }

    static Ranking of(double[] values) {
        int[] order =
                IntStream.range(0, values.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> values[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double[] ranks = new double[values.length];
        double tieSum = 0;
        for (int start = 0; start < order.length; ) {
            int end = start;
            while (end < order.length && values[order[end]] == values[order[start]]) {
                end++;
            }
            for (int k = start; k < end; k++) {
                ranks[order[k]] = (start + 1 + end) / 2.0;
            }
            double size = end - start;
            tieSum += size * (size * size - 1);
            start = end;
        }
        return new Ranking(ranks, tieSum);
    }

    double rank(int i) {
        return ranks[i];
    }

    double sum(int from, int to) {
        return Arrays.stream(ranks, from, to).sum();
    }

    /// Sum of t^3 - t over the groups of t equal values; 0 without ties.
    double tieSum() {
        return tieSum;
    }

    boolean hasTies() {
        return tieSum > 0;
    }
}
