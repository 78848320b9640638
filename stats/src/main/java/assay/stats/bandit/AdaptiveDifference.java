package assay.stats.bandit;

import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Why;

/// An estimate of the difference of two arms that stays valid although the allocation followed
/// earlier data, by augmented inverse propensity weighting: each unit contributes the arms'
/// predictions, corrected by what its own outcome deviates from them over the probability with
/// which its arm was drawn. The contributions are weighted by the inverse of the standard deviation
/// that the propensities let one expect of them, so that units from times of lopsided allocation do
/// not drown the others.
///
/// Units must be added in the order of their assignment, with the propensities that were in force
/// then; keep a floor of at least 0.05 on them. The estimate goes into an asymptotic sequence with
/// n = all units.
///
/// Sources: J. M. Robins, A. Rotnitzky, L. P. Zhao, Journal of the American Statistical Association
/// 89 (1994) 846-866; stabilising weights by A. Bibaut et al., "Post-contextual-bandit inference",
/// NeurIPS 2021, arXiv:2106.00418; sequences by I. Waudby-Smith et al., arXiv:2210.10768.
///
/// Mutable and not thread-safe.
public final class AdaptiveDifference {
    private final Predictor control = new Predictor();
    private final Predictor treatment = new Predictor();
    private long n;
    private double weights;
    private double squaredWeights;
    private double weighted;
    private double weightedTwice;
    private double weightedSquares;

    /// Adds a unit of the control.
    ///
    /// @param controlPropensity probability with which this unit was given the control
    /// @param treatmentPropensity probability with which it would have been given the treatment
    public void addControl(double outcome, double controlPropensity, double treatmentPropensity) {
        double correction = (outcome - control.mean()) / controlPropensity;
        add(-correction, controlPropensity, treatmentPropensity);
        control.add(outcome);
    }

    /// Adds a unit of the treatment; propensities as in [#addControl].
    public void addTreatment(double outcome, double controlPropensity, double treatmentPropensity) {
        double correction = (outcome - treatment.mean()) / treatmentPropensity;
        add(correction, controlPropensity, treatmentPropensity);
        treatment.add(outcome);
    }

    /// Adds a unit of some third arm, which says nothing about these two but belongs to the
    /// experiment; propensities as in [#addControl].
    public void addOther(double controlPropensity, double treatmentPropensity) {
        add(0, controlPropensity, treatmentPropensity);
    }

    private void add(double correction, double controlPropensity, double treatmentPropensity) {
        if (!(controlPropensity > 0
                && treatmentPropensity > 0
                && controlPropensity + treatmentPropensity <= 1 + 1e-9)) {
            throw new IllegalArgumentException(
                    "Not propensities: %s, %s".formatted(controlPropensity, treatmentPropensity));
        }
        double contribution = treatment.mean() - control.mean() + correction;
        double expectedVariance =
                control.variance() / controlPropensity + treatment.variance() / treatmentPropensity;
        double weight = 1 / Math.sqrt(expectedVariance);
        n++;
        weights += weight;
        squaredWeights += weight * weight;
        weighted += weight * contribution;
        weightedTwice += weight * weight * contribution;
        weightedSquares += weight * weight * contribution * contribution;
    }

    /// Units added so far, of all arms.
    public long n() {
        return n;
    }

    /// The difference, treatment minus control; undefined for fewer than two units and while
    /// nothing has varied.
    public Answer<Estimate> estimate() {
        if (n < 2) {
            return Answer.undefined(n == 0 ? Why.NO_UNITS : Why.TOO_FEW_UNITS);
        }
        double value = weighted / weights;
        double squares =
                weightedSquares - 2 * value * weightedTwice + value * value * squaredWeights;
        return squares <= 0
                ? Answer.undefined(Why.NO_VARIANCE)
                : Answer.known(new Estimate(value, Math.sqrt(squares) / weights));
    }

    /// What the earlier units of an arm let one expect of the next one; starts as if two units had
    /// been seen, a 0 and a 1.
    private static final class Predictor {
        private double n = 2;
        private double sum = 1;
        private double squares = 1;
        private double outcomes;

        void add(double outcome) {
            n++;
            sum += outcome;
            squares += outcome * outcome;
            outcomes += outcome;
        }

        double mean() {
            return n == 2 ? 0 : outcomes / (n - 2);
        }

        double variance() {
            return squares / n - sum / n * (sum / n);
        }
    }
}
