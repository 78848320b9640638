package assay.stats.assignment;

import assay.stats.Answer;
import assay.stats.Why;
import assay.stats.distribution.ChiSquare;
import assay.stats.distribution.Stirling;
import java.util.Arrays;
import java.util.List;

/// Whether the arms received the units that their weights promise. A mismatch means that assignment
/// or logging is broken, and that no comparison of the arms can be trusted.
public final class SampleRatio {
    /// The default: with two equal arms, mismatches of about 5 percentage points are looked for
    /// first.
    public static final double DEFAULT_CONCENTRATION = 100;

    private SampleRatio() {}

    /// Pearson's goodness-of-fit test, for one look. Watched continuously it raises false alarms;
    /// use [#sequential] there.
    ///
    /// Source: K. Pearson, Philosophical Magazine 50 (1900) 157-175; used so by A. Fabijan et al.,
    /// "Diagnosing sample ratio mismatch in online controlled experiments", KDD 2019.
    ///
    /// @param observed units per arm
    /// @param weights per arm, not negative, in any common unit; an arm with weight 0 takes no part
    public static Answer<ChiSquareTest> chiSquare(List<Long> observed, List<Double> weights) {
        return shares(observed, weights).flatMap(shares -> chiSquare(observed, shares));
    }

    private static Answer<ChiSquareTest> chiSquare(List<Long> observed, double[] shares) {
        long n = total(observed);
        if (n == 0) {
            return Answer.undefined(Why.NO_UNITS);
        }
        double statistic = 0;
        int arms = 0;
        for (int i = 0; i < shares.length; i++) {
            if (shares[i] > 0) {
                double expected = n * shares[i];
                double gap = observed.get(i) - expected;
                statistic += gap * gap / expected;
                arms++;
            }
        }
        if (arms < 2) {
            return Answer.undefined(Why.SINGLE_ARM);
        }
        var expected = Arrays.stream(shares).mapToObj(share -> n * share).toList();
        return Answer.known(new ChiSquareTest(statistic, arms - 1, expected));
    }

    /// The evidence of one look against the weights, for continuous monitoring: the multinomial
    /// Bayes factor of a Dirichlet(concentration x shares) alternative. The running minimum of its
    /// p-value stays above p with probability at least 1 - p for all looks together.
    ///
    /// Source: M. Lindon, A. Malek, "Anytime-valid inference for multinomial count data", NeurIPS
    /// 2022, arXiv:2011.03567, written here with the gamma functions in Stirling's form so that it
    /// keeps its digits at large counts.
    ///
    /// @param observed units per arm since the start; may be all 0
    /// @param weights as in [#chiSquare]; constant over the looks
    /// @param concentration how close to the weights a mismatch is looked for, positive;
    ///   [#DEFAULT_CONCENTRATION] unless there is a reason
    public static Answer<SequentialTest> sequential(
            List<Long> observed, List<Double> weights, double concentration) {
        if (!(concentration > 0)) {
            throw new IllegalArgumentException("Not a concentration: " + concentration);
        }
        return shares(observed, weights)
                .map(shares -> new SequentialTest(logBayesFactor(observed, shares, concentration)));
    }

    private static double logBayesFactor(List<Long> observed, double[] shares, double prior) {
        double posterior = prior + total(observed);
        double sum = Math.log(posterior / prior) / 2;
        sum += Stirling.correction(prior) - Stirling.correction(posterior);
        for (int i = 0; i < shares.length; i++) {
            if (shares[i] > 0) {
                double before = prior * shares[i];
                double after = before + observed.get(i);
                sum += Stirling.deviance(after, posterior * shares[i]);
                sum -= Math.log(after / before) / 2;
                sum += Stirling.correction(after) - Stirling.correction(before);
            }
        }
        return sum;
    }

    /// The weights as shares of 1; undefined if an arm without weight has units.
    private static Answer<double[]> shares(List<Long> observed, List<Double> weights) {
        if (observed.size() != weights.size()) {
            throw new IllegalArgumentException(
                    "%d counts for %d weights".formatted(observed.size(), weights.size()));
        }
        double sum = 0;
        for (int i = 0; i < weights.size(); i++) {
            double weight = weights.get(i);
            if (!(weight >= 0) || observed.get(i) < 0) {
                throw new IllegalArgumentException(
                        "Not a weight and a count: %s, %d".formatted(weight, observed.get(i)));
            }
            if (weight == 0 && observed.get(i) > 0) {
                return Answer.undefined(Why.ZERO_WEIGHT_ARM_HAS_UNITS);
            }
            sum += weight;
        }
        if (sum == 0) {
            return Answer.undefined(Why.NO_WEIGHT);
        }
        double total = sum;
        return Answer.known(weights.stream().mapToDouble(weight -> weight / total).toArray());
    }

    private static long total(List<Long> observed) {
        return observed.stream().mapToLong(Long::longValue).sum();
    }

    /// How far the counts are from what was expected.
    ///
    /// @param statistic sum over arms of (observed - expected)^2 / expected
    /// @param degreesOfFreedom arms with a weight, less one
    /// @param expected units per arm, 0 for an arm without weight
    public record ChiSquareTest(double statistic, int degreesOfFreedom, List<Double> expected) {
        public ChiSquareTest {
            expected = List.copyOf(expected);
        }

        public double pValue() {
            return ChiSquare.upperTail(statistic, degreesOfFreedom);
        }

        /// Natural logarithm of the p-value, also where that is smaller than any double.
        public double logPValue() {
            return ChiSquare.logUpperTail(statistic, degreesOfFreedom);
        }
    }

    /// The evidence of one look.
    ///
    /// @param logBayesFactor natural logarithm of the evidence for a mismatch
    public record SequentialTest(double logBayesFactor) {
        /// The always-valid p-value of this look alone.
        public double pValue() {
            return Math.min(1, Math.exp(-logBayesFactor));
        }

        /// The always-valid p-value of all looks so far.
        ///
        /// @param before the running p-value of the looks before this one; 1 at the first
        public double runningPValue(double before) {
            return Math.min(before, pValue());
        }
    }
}
