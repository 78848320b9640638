package assay.stats.sequential;

import assay.stats.Answer;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Stirling;
import org.apache.commons.math3.analysis.solvers.BrentSolver;

/// Evidence from paired yes-or-no outcomes, exact from the first pair on and for all looks
/// together: among the pairs in which the arms disagree, either arm is equally likely to have
/// succeeded if there is no effect. The alternative is mixed over a beta distribution.
///
/// Source: J. Ville, "Etude critique de la notion de collectif" (1939), chapter 5; H. Robbins,
/// Annals of Mathematical Statistics 41 (1970) 1397-1409; e-processes in A. Ramdas, P. Grunwald, V.
/// Vovk, G. Shafer, Statistical Science 38 (2023) 576-601, arXiv:2210.01948.
///
/// @param concentration of the symmetric beta distribution, positive; 1 is uniform, larger looks
///   for smaller effects
public record SignEProcess(double concentration) {
    /// Every share of wins equally likely beforehand.
    public static final SignEProcess UNIFORM = new SignEProcess(1);

    public SignEProcess {
        if (!(concentration > 0)) {
            throw new IllegalArgumentException("Not a concentration: " + concentration);
        }
    }

    /// What may be said after some discordant pairs; undefined without any.
    ///
    /// @param onlyControl pairs in which only the control succeeded
    /// @param onlyTreatment pairs in which only the treatment succeeded
    public Answer<Look> at(long onlyControl, long onlyTreatment, double alpha) {
        long n = onlyControl + onlyTreatment;
        if (n == 0) {
            return Answer.undefined(Why.NO_EVENTS);
        }
        double share = (double) onlyTreatment / n;
        double limit = -Math.log(alpha);
        var interval =
                new Interval(
                        end(onlyControl, onlyTreatment, share, 0, limit),
                        end(onlyControl, onlyTreatment, share, 1, limit));
        return Answer.known(new Look(share, logEValue(onlyControl, onlyTreatment, 0.5), interval));
    }

    /// The natural logarithm of the evidence against the treatment winning a share `p` of the
    /// discordant pairs: B(c + wins, c + losses) / (B(c, c) p^wins (1-p)^losses), in Stirling's
    /// form, which keeps its digits at large counts.
    ///
    /// @param p strictly between 0 and 1
    public double logEValue(long onlyControl, long onlyTreatment, double p) {
        double wins = onlyTreatment + concentration;
        double losses = onlyControl + concentration;
        double n = wins + losses;
        double prior = 2 * concentration;
        double evidence =
                Stirling.deviance(wins, n * p)
                        + Stirling.deviance(losses, n * (1 - p))
                        - Math.log(wins / concentration) / 2
                        - Math.log(losses / concentration) / 2
                        + Math.log(n / prior) / 2;
        double corrections =
                Stirling.correction(wins)
                        + Stirling.correction(losses)
                        - Stirling.correction(n)
                        - 2 * Stirling.correction(concentration)
                        + Stirling.correction(prior);
        // The prior's own deviance from p is not evidence.
        return evidence
                + corrections
                - Stirling.deviance(concentration, prior * p)
                - Stirling.deviance(concentration, prior * (1 - p));
    }

    private double end(
            long onlyControl, long onlyTreatment, double share, double bound, double limit) {
        double outside = bound + (share - bound) * 1e-12;
        if (share == bound || logEValue(onlyControl, onlyTreatment, outside) < limit) {
            return bound;
        }
        return new BrentSolver(1e-14, 1e-14)
                .solve(
                        500,
                        p -> logEValue(onlyControl, onlyTreatment, p) - limit,
                        Math.min(inside(share), outside),
                        Math.max(inside(share), outside));
    }

    /// A share of wins strictly between 0 and 1, where the evidence is finite.
    private static double inside(double share) {
        return Math.clamp(share, 1e-12, 1 - 1e-12);
    }

    /// What may be said at one look.
    ///
    /// @param winShare the treatment's share of the discordant pairs
    /// @param logEValue natural logarithm of the evidence against a share of 1/2
    /// @param interval of the true share; over all looks it misses it with chance at most alpha
    public record Look(double winShare, double logEValue, Interval interval) {
        public double pValue() {
            return Math.min(1, Math.exp(-logEValue));
        }
    }
}
