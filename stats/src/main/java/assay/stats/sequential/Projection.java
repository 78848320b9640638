package assay.stats.sequential;

import assay.stats.Estimate;
import assay.stats.distribution.Normal;

/// What more data would buy, if they go on like those so far: a forecast, not a claim.
///
/// With a flat prior on the effect, the estimate after `later` units is normal around the one of
/// now, with the variance that the standard error still has to lose. A decision is reckoned with if
/// it lies further from 0 than the interval is wide then; looks on the way add a little to that.
///
/// Source: D. J. Spiegelhalter, L. S. Freedman, P. R. Blackburn, "Monitoring clinical trials:
/// conditional or predictive power?", Controlled Clinical Trials 7 (1986) 8-17.
///
/// @param halfWidth expected of the interval then, in the estimate's unit
/// @param chanceOfDecision that the interval then excludes 0
public record Projection(double halfWidth, double chanceOfDecision) {
    /// Projects.
    ///
    /// @param now the estimate, with a standard error above 0
    /// @param n units it rests on
    /// @param halfWidth of the interval now, of whatever method
    /// @param later units it would rest on, at least n
    /// @param sequence whose width tells how that of the method shrinks
    public static Projection of(
            Estimate now, double n, double halfWidth, double later, AsymptoticSequence sequence) {
        if (!(now.standardError() > 0) || !(n > 0) || !(later >= n)) {
            throw new IllegalArgumentException(
                    "Nothing to project from %s at %s to %s".formatted(now, n, later));
        }
        double shrinks = Math.sqrt(n / later) * sequence.criticalAt(later) / sequence.criticalAt(n);
        double then = halfWidth * shrinks;
        double spread = now.standardError() * Math.sqrt(1 - n / later);
        double distance = Math.abs(now.value());
        double chance =
                spread == 0
                        ? (distance > then ? 1 : 0)
                        : Normal.cumulative((distance - then) / spread)
                                + Normal.cumulative((-distance - then) / spread);
        return new Projection(then, Math.min(1, chance));
    }
}
