package assay.stats.judge;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.StudentT;
import assay.stats.sequential.BettingSequence;
import java.util.Arrays;

/// The mean that people would have given to all outputs, from a judge's scores of all and people's
/// scores of some: the judge's mean, moved by how far it is off where people have looked too. True
/// whatever the bias of the judge, if those that people look at are drawn at random. The better the
/// judge, the narrower.
///
/// The scores may be differences of two arms on one item, between -1 and 1: then it is the
/// difference that is corrected.
///
/// Sources: A. N. Angelopoulos, S. Bates, C. Fannjiang, M. I. Jordan, T. Zrnic, "Prediction-powered
/// inference", Science 382 (2023) 669-674; the tuning by A. N. Angelopoulos, J. C. Duchi, T. Zrnic,
/// "PPI++", arXiv:2311.01453; two added errors, one in either direction, as in D. G. Bonett, R. M.
/// Price, Journal of Educational and Behavioral Statistics 37 (2012) 479-488, so that a small
/// sample without errors does not pass for a judge without errors.
///
/// @param least the smallest possible score
/// @param most the largest possible score
public record CorrectedMean(double least, double most) {
    /// Scores from 0 to 1.
    public static final CorrectedMean OF_SCORES = new CorrectedMean(0, 1);

    public CorrectedMean {
        if (!(least < most) || !Double.isFinite(most - least)) {
            throw new IllegalArgumentException("Not bounds: %s to %s".formatted(least, most));
        }
    }

    /// What people would say.
    ///
    /// @param estimate the corrected mean
    /// @param interval for one look, from Student's t
    /// @param alwaysValid holds at all looks together, and exactly: two betting sequences, one of
    ///   the judge's scores and one of its errors, each at half of alpha; the weight is 1 in it
    /// @param weight how much the judge is listened to, 0 to 1
    /// @param uncorrected the judge's mean
    /// @param labelled outputs that people scored too
    /// @param all outputs that the judge scored, those included
    public record Corrected(
            double estimate,
            Interval interval,
            Interval alwaysValid,
            double weight,
            double uncorrected,
            long labelled,
            long all) {}

    /// Corrects the judge.
    ///
    /// @param judge its scores of the outputs that people scored too
    /// @param human people's scores of them, in the same order
    /// @param rest the judge's scores of the other outputs
    /// @return undefined for fewer than three labelled outputs
    /// @throws IllegalArgumentException if a score is out of bounds
    public Answer<Corrected> of(double[] judge, double[] human, double[] rest, double alpha) {
        if (judge.length != human.length) {
            throw new IllegalArgumentException(
                    "%d scores for %d labels".formatted(judge.length, human.length));
        }
        for (double[] scores : new double[][] {judge, human, rest}) {
            for (double score : scores) {
                if (!(score >= least && score <= most)) {
                    throw new IllegalArgumentException(
                            "%s is not within %s to %s".formatted(score, least, most));
                }
            }
        }
        int n = judge.length;
        if (n < 3) {
            return Answer.undefined(Why.TOO_FEW_UNITS);
        }
        double[] all = Arrays.copyOf(judge, n + rest.length);
        System.arraycopy(rest, 0, all, n, rest.length);
        double weight = weight(judge, human, rest.length);
        // Of the outputs with and without labels apart, so that the two terms are independent.
        double[] others = rest.length == 0 ? judge : rest;
        double listened = rest.length == 0 ? 0 : weight;
        double[] errors = new double[n];
        for (int i = 0; i < n; i++) {
            errors[i] = human[i] - listened * judge[i];
        }
        double estimate = listened * mean(others) + mean(errors);
        double ofErrors = (squares(errors) + 2 * range() * range()) / (n - 1.0) / n;
        double ofOthers =
                rest.length < 2
                        ? 0
                        : listened * listened * squares(rest) / (rest.length - 1.0) / rest.length;
        double margin =
                StudentT.critical(alpha, n - 2.0, Alternative.TWO_SIDED)
                        * Math.sqrt(ofErrors + ofOthers);
        return Answer.known(
                new Corrected(
                        Math.clamp(estimate, least, most),
                        bounded(estimate - margin, estimate + margin),
                        alwaysValid(judge, human, all, alpha),
                        listened,
                        mean(all),
                        n,
                        all.length));
    }

    /// The weight that makes the corrected mean vary least.
    private static double weight(double[] judge, double[] human, int rest) {
        double spread = squares(judge);
        if (spread == 0) {
            return 0;
        }
        double common = 0;
        double judgeMean = mean(judge);
        double humanMean = mean(human);
        for (int i = 0; i < judge.length; i++) {
            common += (judge[i] - judgeMean) * (human[i] - humanMean);
        }
        return Math.clamp(common / spread / (1 + (double) judge.length / Math.max(1, rest)), 0, 1);
    }

    private Interval alwaysValid(double[] judge, double[] human, double[] all, double alpha) {
        var scores = new BettingSequence(least, most);
        var errors = new BettingSequence(-range(), range());
        double[] off = new double[judge.length];
        for (int i = 0; i < off.length; i++) {
            off[i] = human[i] - judge[i];
        }
        Interval mean =
                scores.at(scores.table(all), (least + most) / 2, alpha / 2).get().interval();
        Interval error = errors.at(errors.table(off), 0, alpha / 2).get().interval();
        return bounded(mean.lower() + error.lower(), mean.upper() + error.upper());
    }

    private Interval bounded(double lower, double upper) {
        return new Interval(Math.clamp(lower, least, most), Math.clamp(upper, least, most));
    }

    private double range() {
        return most - least;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /// The sum of the squared distances from the mean.
    private static double squares(double[] values) {
        double mean = mean(values);
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return sum;
    }
}
