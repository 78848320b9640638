package assay.stats.fixed;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Normal;

/// Comparison of two rates, for one look. Counts of successes `x` among `n` independent units.
///
/// Source, unless another is given: A. Agresti, "Categorical Data Analysis" (2013), sections
/// 3.1-3.2.
public record TwoProportions(long xA, long nA, long xB, long nB) {
    public TwoProportions {
        if (xA < 0 || xA > nA || xB < 0 || xB > nB) {
            throw new IllegalArgumentException(
                    "Not successes in trials: %d in %d, %d in %d".formatted(xA, nA, xB, nB));
        }
    }

    private double pA() {
        return (double) xA / nA;
    }

    private double pB() {
        return (double) xB / nB;
    }

    private static double variance(double p, long n) {
        return p * (1 - p) / n;
    }

    private <T> Answer<T> ifBothHaveUnits(T value) {
        return nA == 0 || nB == 0 ? Answer.undefined(Why.NO_UNITS) : Answer.known(value);
    }

    /// The rate of both arms together.
    public Answer<Double> pooledRate() {
        return ifBothHaveUnits(((double) xA + xB) / ((double) nA + nB));
    }

    /// The difference of the rates with the standard error under no effect, for the test.
    public Answer<Estimate> pooledEstimate() {
        return pooledRate()
                .map(p -> new Estimate(pB() - pA(), Math.sqrt(variance(p, nA) + variance(p, nB))));
    }

    /// The difference of the rates with its own standard error, for the interval.
    public Answer<Estimate> estimate() {
        return nA == 0 || nB == 0
                ? Answer.undefined(Why.NO_UNITS)
                : Answer.known(
                        new Estimate(
                                pB() - pA(), Math.sqrt(variance(pA(), nA) + variance(pB(), nB))));
    }

    /// The z test by the pooled standard error.
    public Answer<Inference> pooled(double alpha, Alternative alternative) {
        return pooledEstimate().flatMap(e -> Inference.normal(e, alpha, alternative));
    }

    /// The z test and Wald's interval by the unpooled standard error. Wants at least 10 successes
    /// and failures per arm; below, use [#newcombe].
    public Answer<Inference> unpooled(double alpha, Alternative alternative) {
        return estimate().flatMap(e -> Inference.normal(e, alpha, alternative));
    }

    /// The two-sided hybrid score interval of the difference, good at small counts and at rates of
    /// 0 and 1.
    ///
    /// Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10.
    public Answer<Interval> newcombe(double alpha, Alternative alternative) {
        if (alternative != Alternative.TWO_SIDED) {
            return Answer.undefined(Why.ONE_SIDED);
        }
        return Answer.both(
                ProportionInterval.WILSON.of(xA, nA, alpha),
                ProportionInterval.WILSON.of(xB, nB, alpha),
                (a, b) -> {
                    double difference = pB() - pA();
                    double below = Math.hypot(pB() - b.lower(), a.upper() - pA());
                    double above = Math.hypot(b.upper() - pB(), pA() - a.lower());
                    return Answer.known(new Interval(difference - below, difference + above));
                });
    }

    /// The change relative to the control's rate, with the standard error of the delta method;
    /// undefined at a control rate of 0.
    ///
    /// Source: A. Deng, U. Knoblich, J. Lu, KDD 2018, arXiv:1803.06336.
    public Answer<Estimate> relativeEstimate() {
        if (nA == 0 || nB == 0) {
            return Answer.undefined(Why.NO_UNITS);
        }
        if (xA == 0) {
            return Answer.undefined(Why.ZERO_BASELINE);
        }
        double ratio = pB() / pA();
        double variance = variance(pB(), nB) + ratio * ratio * variance(pA(), nA);
        return Answer.known(new Estimate((pB() - pA()) / pA(), Math.sqrt(variance) / pA()));
    }

    /// Test and interval of the relative change by the delta method.
    public Answer<Inference> relative(double alpha, Alternative alternative) {
        return relativeEstimate().flatMap(e -> Inference.normal(e, alpha, alternative));
    }

    /// The two-sided interval of the relative change from the logarithm of the ratio; better than
    /// [#relative] where the control's rate is uncertain by more than a tenth.
    ///
    /// Source: D. Katz, J. Baptista, S. P. Azen, M. C. Pike, Biometrics 34 (1978) 469-474.
    public Answer<Interval> katz(double alpha, Alternative alternative) {
        if (alternative != Alternative.TWO_SIDED) {
            return Answer.undefined(Why.ONE_SIDED);
        }
        if (nA == 0 || nB == 0) {
            return Answer.undefined(Why.NO_UNITS);
        }
        if (xA == 0 || xB == 0) {
            return Answer.undefined(Why.ZERO_BASELINE);
        }
        double error = Math.sqrt((1 - pA()) / xA + (1 - pB()) / xB);
        if (error == 0) {
            return Answer.undefined(Why.NO_VARIANCE);
        }
        double margin = Normal.critical(alpha, alternative) * error;
        double log = Math.log(pB() / pA());
        return Answer.known(new Interval(Math.expm1(log - margin), Math.expm1(log + margin)));
    }
}
