package assay.stats.preference;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Binomial;
import assay.stats.distribution.Normal;
import assay.stats.fixed.ProportionInterval;
import org.apache.commons.numbers.gamma.RegularizedBeta;

/// Wins of two variants against each other; ties say nothing about which is better and are left out
/// of the tests. One judgement per item, the position of the variants shuffled.
///
/// Source: W. J. Dixon, A. M. Mood, "The statistical sign test", Journal of the American
/// Statistical Association 41 (1946) 557-566.
///
/// @param winsA judgements for the control
/// @param winsB judgements for the treatment
/// @param ties judgements for neither
public record Preference(long winsA, long winsB, long ties) {
    /// Rating points per unit of log-odds: 400 points are odds of 10 to 1.
    static final double ELO = 400 / Math.log(10);

    public Preference {
        if (winsA < 0 || winsB < 0 || ties < 0) {
            throw new IllegalArgumentException(
                    "Not counts: %d, %d, %d".formatted(winsA, winsB, ties));
        }
    }

    /// Judgements that were decisive.
    public long decisive() {
        return winsA + winsB;
    }

    /// The treatment's share of the decisive judgements.
    public Answer<Double> winRate() {
        return decisive() == 0
                ? Answer.undefined(Why.NO_EVENTS)
                : Answer.known((double) winsB / decisive());
    }

    /// The treatment's share of all judgements, a tie half a win.
    public Answer<Double> winRateTiesHalf() {
        return netWinRate().map(net -> (1 + net) / 2);
    }

    /// Wins less losses of the treatment, as a share of all judgements.
    public Answer<Double> netWinRate() {
        long all = decisive() + ties;
        return all == 0
                ? Answer.undefined(Why.NO_EVENTS)
                : Answer.known(((double) winsB - winsA) / all);
    }

    /// The exact sign test.
    public Answer<Double> signTest(Alternative alternative) {
        long n = decisive();
        return winRate()
                .map(_ ->
                        switch (alternative) {
                            case GREATER -> Binomial.upperTail(winsB, n, 0.5);
                            case LESS -> Binomial.upperTail(winsA, n, 0.5);
                            case TWO_SIDED -> {
                                long more = Math.max(winsA, winsB);
                                yield Math.min(1, 2 * Binomial.upperTail(more, n, 0.5));
                            }
                        });
    }

    /// The sign test's statistic by normal approximation, without continuity correction.
    public Answer<Double> z() {
        return winRate().map(_ -> (winsB - winsA) / Math.sqrt((double) decisive()));
    }

    /// The two-sided p-value of [#z()].
    public Answer<Double> normalPValue() {
        return z().map(z -> Normal.pValue(z, Alternative.TWO_SIDED));
    }

    /// An interval of the treatment's win rate.
    public Answer<Interval> interval(ProportionInterval kind, double alpha) {
        return kind.of(winsB, decisive(), alpha);
    }

    /// The posterior probability that the treatment is preferred, under a uniform prior of its win
    /// rate.
    public double probabilityBetter() {
        return RegularizedBeta.complement(0.5, winsB + 1.0, winsA + 1.0);
    }

    /// ln of the odds that the treatment wins; infinite if one variant won everything, undefined
    /// without decisive judgements.
    public Answer<Double> logOdds() {
        return winRate().map(_ -> Math.log((double) winsB / winsA));
    }

    /// [#logOdds()] in rating points.
    public Answer<Double> eloDifference() {
        return logOdds().map(odds -> ELO * odds);
    }
}
