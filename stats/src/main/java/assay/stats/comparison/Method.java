package assay.stats.comparison;

import assay.stats.Alternative;
import assay.stats.bayes.NormalPosterior;
import java.util.Optional;

/// How two arms are compared.
///
/// @param looking when one may look, and with it which inference holds
/// @param alpha error probability of the verdict
/// @param alternative what is claimed
/// @param prior of the relative effect, for the Bayesian figures; empty for a flat one
/// @param lessIsBetter whether a decrease is good
public record Method(
        Looking looking,
        double alpha,
        Alternative alternative,
        Optional<NormalPosterior> prior,
        boolean lessIsBetter) {
    /// When one may look.
    public sealed interface Looking {
        /// Once, at a sample size chosen beforehand: Welch's t.
        record Once() implements Looking {}

        /// Any time: an asymptotic confidence sequence.
        ///
        /// @param plannedSample units of both arms together at which a decision is expected
        record Always(double plannedSample) implements Looking {}

        /// Any time: a mixture sequential probability ratio test.
        ///
        /// @param effect standard deviation of the effects hoped for, in the metric's unit; fixed
        ///   before the data come
        record Mixture(double effect) implements Looking {}

        /// At a few looks planned beforehand.
        ///
        /// @param bound of the z statistic at the present look, positive
        record Planned(double bound) implements Looking {}
    }

    public Method {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("Not an error probability: " + alpha);
        }
    }

    /// The default: a two-sided asymptotic confidence sequence at 0.05.
    public static Method always(double plannedSample) {
        return new Method(
                new Looking.Always(plannedSample),
                0.05,
                Alternative.TWO_SIDED,
                Optional.empty(),
                false);
    }

    /// One look, two-sided, at 0.05.
    public static Method once() {
        return new Method(new Looking.Once(), 0.05, Alternative.TWO_SIDED, Optional.empty(), false);
    }
}
