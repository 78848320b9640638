package assay.stats.bayes;

import assay.stats.distribution.Normal;
import java.util.function.DoubleUnaryOperator;

/// A normal distribution of an arm's mean.
///
/// @param sd standard deviation, positive
public record NormalPosterior(double mean, double sd) implements Posterior {
    /// The normal density is below 1e-17 of its peak out there.
    private static final double REACH = 9;

    public NormalPosterior {
        if (!Double.isFinite(mean) || !(sd > 0 && sd < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "Not a normal distribution: %s, %s".formatted(mean, sd));
        }
    }

    /// The posterior of a mean from its estimate and a normal prior, by precision weighting.
    ///
    /// Source: A. Gelman et al., "Bayesian Data Analysis" (2013), section 2.5.
    public static NormalPosterior of(double mean, double standardError, NormalPosterior prior) {
        double dataPrecision = 1 / (standardError * standardError);
        double priorPrecision = 1 / (prior.sd * prior.sd);
        double precision = dataPrecision + priorPrecision;
        return new NormalPosterior(
                (mean * dataPrecision + prior.mean * priorPrecision) / precision,
                1 / Math.sqrt(precision));
    }

    /// The same moved by some amount.
    public NormalPosterior shifted(double amount) {
        return new NormalPosterior(mean + amount, sd);
    }

    /// The same in another unit.
    public NormalPosterior scaled(double factor) {
        return new NormalPosterior(mean * factor, sd * Math.abs(factor));
    }

    @Override
    public double center() {
        return mean;
    }

    @Override
    public double scale() {
        return sd;
    }

    @Override
    public double from() {
        return mean - REACH * sd;
    }

    @Override
    public double to() {
        return mean + REACH * sd;
    }

    @Override
    public DoubleUnaryOperator density() {
        return point -> Normal.density((point - mean) / sd) / sd;
    }

    @Override
    public double slope(double point) {
        return 1;
    }

    @Override
    public double change(double from, double to) {
        return to - from;
    }
}
