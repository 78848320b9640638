package assay.stats.elimination;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Which of many arms are still worth trying: an arm is out as soon as another one that is still in
/// is shown to be better. Looked at as often as one likes, with arms that join or are taken away
/// meanwhile, the best arm is ever put out with chance at most alpha.
///
/// Why that holds: the best arm b goes out only if the interval of some pair (b, j) is wrong. Each
/// pair has an always-valid interval with an error of its own, [#share], and for every arm the
/// errors of the pairs that it is in sum to at most alpha, however many arms are still to come. So
/// there is no need to pay for pairs among the others. On the same event an arm that [#equivalent]
/// names is worse than the best by no more than the tolerance, and if the control is among the
/// best, no other arm ever puts it out.
///
/// Sources: E. Even-Dar, S. Mannor, Y. Mansour, "Action elimination and stopping conditions",
/// Journal of Machine Learning Research 7 (2006) 1079-1105; always-valid intervals in place of
/// their radii by S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, Annals of Statistics 49 (2021)
/// 1055-1080; what is kept back for arms to come is spent like alpha in D. P. Foster, R. A. Stine,
/// "Alpha-investing", Journal of the Royal Statistical Society B 70 (2008) 429-444.
public final class SuccessiveElimination {
    /// Of alpha, what the arms that are there from the start have among themselves; the rest is for
    /// arms that join.
    static final double FIRST = 0.9;

    private SuccessiveElimination() {}

    /// The share of alpha that the interval of a pair may use up. Arms are counted from 0 in the
    /// order in which they joined. Each pair of the first `first` arms has 0.9 / (first - 1); with
    /// the k-th arm that joins later, every earlier arm spends 0.1 / (k (k + 1)), or less if the
    /// newcomer, which meets so many, could not afford it.
    ///
    /// @param first arms that were there from the start, at least 1
    public static double share(int first, int arm, int other) {
        if (first < 1 || arm < 0 || other < 0 || arm == other) {
            throw new IllegalArgumentException(
                    "Not a pair of arms: %d and %d of %d".formatted(arm, other, first));
        }
        int newer = Math.max(arm, other);
        if (newer < first) {
            return FIRST / (first - 1);
        }
        double later = newer - first + 1.0;
        return Math.min((1 - FIRST) / (later * (later + 1)), FIRST / newer);
    }

    /// What is known of two arms.
    public interface Contest {
        /// True when the always-valid interval of how much better an arm is than another lies
        /// wholly above minus the tolerance: at 0, when it is shown to be better.
        boolean isBetter(int arm, int other, double tolerance);

        /// How much better an arm seems to be than another.
        double difference(int arm, int other);
    }

    /// An arm that is out.
    ///
    /// @param better an arm that is shown to be better
    public record Out(int arm, int better) {}

    /// Which of the arms that are in go out now, the largest difference first; at least one stays.
    public static List<Out> now(Collection<Integer> in, Contest contest) {
        var standing = new ArrayList<>(in);
        var out = new ArrayList<Out>();
        for (var next = worst(standing, contest);
                next.isPresent();
                next = worst(standing, contest)) {
            out.add(next.get());
            int gone = next.get().arm();
            standing.removeIf(arm -> arm == gone);
        }
        return out;
    }

    private static Optional<Out> worst(List<Integer> standing, Contest contest) {
        Optional<Out> worst = Optional.empty();
        double most = Double.NEGATIVE_INFINITY;
        for (int better : standing) {
            for (int arm : standing) {
                if (arm != better && contest.isBetter(better, arm, 0)) {
                    double difference = contest.difference(better, arm);
                    if (difference > most) {
                        most = difference;
                        worst = Optional.of(new Out(arm, better));
                    }
                }
            }
        }
        return worst;
    }

    /// The arms that are shown to be worse than any other one that is in by no more than the
    /// tolerance, if at all.
    public static List<Integer> equivalent(
            Collection<Integer> in, Contest contest, double tolerance) {
        return in.stream()
                .filter(arm ->
                        in.stream()
                                .allMatch(other ->
                                        arm.equals(other)
                                                || contest.isBetter(arm, other, tolerance)))
                .toList();
    }
}
