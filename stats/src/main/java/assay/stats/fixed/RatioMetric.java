package assay.stats.fixed;

import assay.stats.Answer;
import assay.stats.JointMoments;
import assay.stats.Sample;
import assay.stats.Why;

/// Metrics that are a sum over a sum, such as clicks per page view or cost per call, where the
/// denominators belong to the units that were randomised. With clusters as units, their sums over
/// their sizes, this is the mean with its cluster-robust standard error.
///
/// Sources: A. Deng, U. Knoblich, J. Lu, KDD 2018, arXiv:1803.06336, section 3.2 (delta method); W.
/// G. Cochran, "Sampling Techniques" (1977), section 9A (clusters of unequal size).
public final class RatioMetric {
    private RatioMetric() {}

    /// One arm as a sample whose mean is the ratio and whose variance is that of a unit's
    /// linearised share in it, (s2n - 2 R snd + R^2 s2d) / mean(d)^2; from there on a ratio is
    /// compared like a mean. Undefined without units and at a denominator of 0.
    ///
    /// @param arm numerator as x, denominator as y, one pair per randomised unit
    public static Answer<Sample> sample(JointMoments arm) {
        return arm.n() == 0
                ? Answer.undefined(Why.NO_UNITS)
                : arm.ratio().map(ratio -> new Sample(arm.n(), ratio, arm.ratioVariance()));
    }

    /// How many times larger the squared standard error is than if the elements within the clusters
    /// were independent; `elements` are the pooled elements themselves.
    public static Answer<Double> designEffect(JointMoments clusters, Sample elements) {
        return Answer.both(
                sample(clusters).flatMap(Sample::varianceOfMean),
                elements.varianceOfMean(),
                (clustered, independent) ->
                        independent == 0
                                ? Answer.undefined(Why.NO_VARIANCE)
                                : Answer.known(clustered / independent));
    }
}
