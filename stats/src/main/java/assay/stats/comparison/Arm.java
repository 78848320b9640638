package assay.stats.comparison;

import assay.stats.JointMoments;
import assay.stats.Moments;

/// The running sums of one arm, by the shape of its metric. Both arms of a comparison have the
/// same.
public sealed interface Arm {
    long n();

    /// A mean, a rate or a total per unit.
    record Mean(Moments outcome) implements Arm {
        @Override
        public long n() {
            return outcome.n();
        }
    }

    /// A sum over a sum.
    ///
    /// @param sums numerator as x, denominator as y
    record Ratio(JointMoments sums) implements Arm {
        @Override
        public long n() {
            return sums.n();
        }
    }

    /// A mean that is adjusted by a covariate from before the exposure.
    ///
    /// @param sums covariate as x, outcome as y
    record Adjusted(JointMoments sums) implements Arm {
        @Override
        public long n() {
            return sums.n();
        }
    }
}
