package assay.stats.sequential;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Normal;

/// Asymptotic confidence sequence: intervals that hold at all sample sizes at once, so one may look
/// after every unit and stop at will. It works for every estimate with a standard error: absolute
/// and relative differences, ratios, adjusted means, quantiles.
///
/// Asymptotic means: valid from a burn-in on, not from the first unit. Hold back decisions until
/// every arm has 100 units (paired data: 30 pairs).
///
/// Sources: I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, "Time-uniform central
/// limit theory and asymptotic confidence sequences", Annals of Statistics 52 (2024),
/// arXiv:2103.06476, equations 9 (two-sided), 155 (tuning) and 161 (one-sided), as used by
/// GrowthBook and Eppo.
///
/// @param alpha the chance, at most, that the sequence ever misses the truth; between 0 and 1
/// @param rho tuning of the mixture, positive; fixed before the data come
/// @param alternative which ends the intervals have
public record AsymptoticSequence(double alpha, double rho, Alternative alternative) {
    public AsymptoticSequence {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("Not an error probability: " + alpha);
        }
        if (!(rho > 0 && rho < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Not a tuning: " + rho);
        }
    }

    /// The sequence that is narrowest near `plannedSample`, the number of units of all compared
    /// arms together at which a decision is expected.
    ///
    /// rho^2 = (-2 ln a + ln(1 - 2 ln a)) / plannedSample, with a = alpha for two sides and 2 alpha
    /// for one (Waudby-Smith et al., equations 155 and 161).
    public static AsymptoticSequence tunedFor(
            double plannedSample, double alpha, Alternative alternative) {
        if (!(plannedSample > 0)) {
            throw new IllegalArgumentException("Not a sample size: " + plannedSample);
        }
        double perTwoSides = alternative == Alternative.TWO_SIDED ? alpha : 2 * alpha;
        double log = -2 * Math.log(perTwoSides);
        return new AsymptoticSequence(
                alpha, Math.sqrt((log + Math.log1p(log)) / plannedSample), alternative);
    }

    /// What may be said after `n` units.
    ///
    /// @param n units of the compared arms together; pairs, for paired data; at least 1
    /// @param estimate of the effect, absolute or relative
    /// @return undefined if the standard error is 0
    public Answer<Look> at(long n, Estimate estimate) {
        if (n < 1) {
            return Answer.undefined(Why.NO_UNITS);
        }
        if (estimate.standardError() == 0) {
            return Answer.undefined(Why.NO_VARIANCE);
        }
        double information = n * rho * rho;
        double margin = estimate.standardError() * criticalValue(information);
        double z = estimate.value() / estimate.standardError();
        return Answer.known(
                new Look(
                        margin,
                        Interval.around(estimate.value(), margin, alternative),
                        logPValue(information, z),
                        logEValue(information, z)));
    }

    /// The half-width in standard errors after `n` units, at least 1.
    public double criticalValue(long n) {
        return criticalValue(n * rho * rho);
    }

    /// The same at a part of a unit, for forecasts.
    double criticalAt(double n) {
        return criticalValue(n * rho * rho);
    }

    private double criticalValue(double information) {
        double log =
                alternative == Alternative.TWO_SIDED
                        ? Math.log1p(information) - 2 * Math.log(alpha)
                        : 2 * Math.log1p(Math.sqrt(information + 1) / (2 * alpha));
        return Math.sqrt((information + 1) / information * log);
    }

    /// How many units it takes until the interval excludes 0, if the effect stays as it is and the
    /// standard error keeps falling with the root of the units; undefined at an effect of 0.
    ///
    /// @param n units so far
    public Answer<Long> unitsToExclude(long n, Estimate estimate) {
        if (estimate.value() == 0) {
            return Answer.undefined(Why.NO_EFFECT);
        }
        double deviation = estimate.standardError() * Math.sqrt((double) n);
        long enough = 1;
        while (!excludes(enough, Math.abs(estimate.value()), deviation)) {
            if (enough > Long.MAX_VALUE / 4) {
                return Answer.undefined(Why.UNATTAINABLE);
            }
            enough *= 2;
        }
        long tooFew = enough / 2;
        while (enough - tooFew > 1) {
            long middle = (enough + tooFew) >>> 1;
            if (excludes(middle, Math.abs(estimate.value()), deviation)) {
                enough = middle;
            } else {
                tooFew = middle;
            }
        }
        return Answer.known(enough);
    }

    private boolean excludes(long n, double effect, double deviation) {
        return criticalValue(n) * deviation / Math.sqrt((double) n) < effect;
    }

    /// The smallest alpha at which the interval, rho unchanged, excludes 0.
    private double logPValue(double information, double z) {
        double exponent = z * z * information / (information + 1) / 2;
        return switch (alternative) {
            case TWO_SIDED -> Math.min(0, Math.log1p(information) / 2 - exponent);
            case GREATER -> z > 0 ? oneSidedLogP(information, exponent) : 0;
            case LESS -> z < 0 ? oneSidedLogP(information, exponent) : 0;
        };
    }

    private static double oneSidedLogP(double information, double exponent) {
        double logExcess = exponent + Math.log(-Math.expm1(-exponent));
        return Math.min(0, Math.log1p(information) / 2 - Math.log(2) - logExcess);
    }

    /// Two-sided, the likelihood of the estimate mixed over a normal prior on the effect, against
    /// the likelihood of no effect; one-sided, mixed over the half of that prior on the claimed
    /// side.
    private double logEValue(double information, double z) {
        double exponent = z * z * information / (information + 1) / 2;
        double mixture = exponent - Math.log1p(information) / 2;
        double scaled = z * Math.sqrt(information / (information + 1));
        return switch (alternative) {
            case TWO_SIDED -> mixture;
            case GREATER -> mixture + Math.log(2) + Normal.logUpperTail(-scaled);
            case LESS -> mixture + Math.log(2) + Normal.logUpperTail(scaled);
        };
    }

    /// What may be said at one look.
    ///
    /// @param halfWidth of the interval, in the estimate's unit
    /// @param interval current interval; over all looks it misses the truth with chance at most
    ///   alpha
    /// @param logPValue natural logarithm of the always-valid p-value of this look, at most 0
    /// @param logEValue natural logarithm of the evidence against no effect, the mixture likelihood
    ///   ratio
    public record Look(double halfWidth, Interval interval, double logPValue, double logEValue) {
        public double pValue() {
            return Math.exp(logPValue);
        }

        public double eValue() {
            return Math.exp(logEValue);
        }
    }
}
