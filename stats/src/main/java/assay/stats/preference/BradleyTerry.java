package assay.stats.preference;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Normal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;

/// Strengths of several items from comparisons in pairs: item i is preferred to j with log-odds
/// strength i - strength j. A tie counts half a win for either.
///
/// Sources: R. A. Bradley, M. E. Terry, Biometrika 39 (1952) 324-345; existence of the estimate by
/// L. R. Ford, American Mathematical Monthly 64 (1957) 28-33.
public final class BradleyTerry {
    private static final int MOST_STEPS = 100;

    private final List<Match> matches;
    private final double[] strengths;
    private final RealMatrix covariance;

    private BradleyTerry(List<Match> matches, double[] strengths, RealMatrix covariance) {
        this.matches = matches;
        this.strengths = strengths;
        this.covariance = covariance;
    }

    /// Fits the strengths of `items` items by maximum likelihood. Undefined if some items were
    /// never compared with the rest, and if a group of items won or lost everything against the
    /// rest: then no finite strength is likeliest, and [#withPrior] has to be asked instead.
    public static Answer<BradleyTerry> of(int items, List<Match> matches) {
        return fit(items, matches, 0);
    }

    /// The same with `prior` games of which half are won, added to every pair that was compared,
    /// which keeps all strengths finite; 0.5 is a common choice.
    public static Answer<BradleyTerry> withPrior(int items, List<Match> matches, double prior) {
        return fit(items, matches, prior);
    }

    private static Answer<BradleyTerry> fit(int items, List<Match> matches, double prior) {
        var played = matches.stream().filter(match -> match.games() > 0).toList();
        if (items < 2) {
            return Answer.undefined(Why.SINGLE_ARM);
        }
        if (!reachesAll(items, played, Link.COMPARED)) {
            return Answer.undefined(Why.DISCONNECTED);
        }
        boolean separated =
                !reachesAll(items, played, Link.BEATEN) || !reachesAll(items, played, Link.BEAT);
        if (separated && prior == 0) {
            return Answer.undefined(Why.SEPARATED);
        }
        double[] strengths = new double[items];
        RealMatrix inverse = inverseInformation(played, strengths, prior);
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] change = inverse.operate(gradient(played, strengths, prior));
            double most = 0;
            for (int i = 1; i < items; i++) {
                strengths[i] += Math.clamp(change[i - 1], -1.0, 1.0);
                most = Math.max(most, Math.abs(change[i - 1]));
            }
            inverse = inverseInformation(played, strengths, prior);
            if (most < 1e-13) {
                break;
            }
        }
        return Answer.known(new BradleyTerry(played, strengths, withReference(inverse)));
    }

    private enum Link {
        COMPARED,
        BEAT,
        BEATEN
    }

    /// Whether every item is reached from the first one over such links.
    private static boolean reachesAll(int items, List<Match> matches, Link link) {
        boolean[] reached = new boolean[items];
        reached[0] = true;
        for (int round = 1; round < items; round++) {
            for (var match : matches) {
                boolean tied = link == Link.COMPARED || match.ties() > 0;
                boolean forward =
                        tied || (link == Link.BEAT ? match.winsFirst() : match.winsSecond()) > 0;
                boolean backward =
                        tied || (link == Link.BEAT ? match.winsSecond() : match.winsFirst()) > 0;
                reached[match.second()] |= reached[match.first()] && forward;
                reached[match.first()] |= reached[match.second()] && backward;
            }
        }
        return IntStream.range(0, items).allMatch(i -> reached[i]);
    }

    private static double winChance(double strength, double other) {
        return 1 / (1 + Math.exp(other - strength));
    }

    /// Of the log-likelihood, without the first item, whose strength is the reference.
    private static double[] gradient(List<Match> matches, double[] strengths, double prior) {
        double[] gradient = new double[strengths.length];
        for (var match : matches) {
            double chance = winChance(strengths[match.first()], strengths[match.second()]);
            double surplus = match.score() + prior / 2 - (match.games() + prior) * chance;
            gradient[match.first()] += surplus;
            gradient[match.second()] -= surplus;
        }
        return Arrays.copyOfRange(gradient, 1, gradient.length);
    }

    private static RealMatrix inverseInformation(
            List<Match> matches, double[] strengths, double prior) {
        int n = strengths.length;
        var information = new Array2DRowRealMatrix(n, n);
        for (var match : matches) {
            int i = match.first();
            int j = match.second();
            double chance = winChance(strengths[i], strengths[j]);
            double weight = (match.games() + prior) * chance * (1 - chance);
            information.addToEntry(i, i, weight);
            information.addToEntry(j, j, weight);
            information.addToEntry(i, j, -weight);
            information.addToEntry(j, i, -weight);
        }
        var free = information.getSubMatrix(1, n - 1, 1, n - 1);
        return new CholeskyDecomposition(free).getSolver().getInverse();
    }

    private static RealMatrix withReference(RealMatrix inverse) {
        int n = inverse.getRowDimension() + 1;
        var covariance = MatrixUtils.createRealMatrix(n, n);
        covariance.setSubMatrix(inverse.getData(), 1, 1);
        return covariance;
    }

    public int items() {
        return strengths.length;
    }

    /// The log-odds by which an item beats another; 0 against itself.
    public Estimate difference(int item, int than) {
        double variance =
                covariance.getEntry(item, item)
                        + covariance.getEntry(than, than)
                        - 2 * covariance.getEntry(item, than);
        return new Estimate(strengths[item] - strengths[than], Math.sqrt(Math.max(0, variance)));
    }

    /// An item's strength above the mean of all items.
    public Estimate centered(int item) {
        int n = items();
        double mean = Arrays.stream(strengths).average().orElseThrow();
        double[] contrast = new double[n];
        Arrays.setAll(contrast, i -> (i == item ? 1.0 : 0.0) - 1.0 / n);
        var row = MatrixUtils.createRealVector(contrast);
        double variance = row.dotProduct(covariance.operate(row));
        return new Estimate(strengths[item] - mean, Math.sqrt(Math.max(0, variance)));
    }

    /// The two-sided interval of [#centered].
    public Interval interval(int item, double alpha) {
        var estimate = centered(item);
        double margin = Normal.critical(alpha, Alternative.TWO_SIDED) * estimate.standardError();
        return Interval.around(estimate.value(), margin, Alternative.TWO_SIDED);
    }

    /// An item's strength as a rating: 1500 on average, 400 points for odds of 10 to 1.
    public double elo(int item) {
        return 1500 + Preference.ELO * centered(item).value();
    }

    /// The probability that an item is preferred to another.
    public double winProbability(int item, int than) {
        return winChance(strengths[item], strengths[than]);
    }

    /// Items from the strongest to the weakest; of equals the first.
    public List<Integer> ranking() {
        return IntStream.range(0, items())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -rounded(strengths[i])))
                .toList();
    }

    /// Differences in the last digits are no order.
    private static double rounded(double strength) {
        return Math.rint(strength * 1e10);
    }

    /// How badly the strengths explain the matches, against a model that explains each pair for
    /// itself; chi-square with [#residualDegreesOfFreedom()] if they do.
    public double deviance() {
        double sum = 0;
        for (var match : matches) {
            double chance = winProbability(match.first(), match.second());
            double n = match.games();
            double losses = n - match.score();
            sum += term(match.score(), n * chance) + term(losses, n * (1 - chance));
        }
        return 2 * sum;
    }

    private static double term(double observed, double expected) {
        return observed == 0 ? 0 : observed * Math.log(observed / expected);
    }

    /// Pairs that met, less the strengths that were fitted.
    public int residualDegreesOfFreedom() {
        return matches.size() - (items() - 1);
    }
}
