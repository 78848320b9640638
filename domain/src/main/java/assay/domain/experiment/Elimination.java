package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.stats.Estimate;
import assay.stats.elimination.SuccessiveElimination;
import assay.stats.paired.PairedMethod;
import assay.stats.paired.Pairs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// The arms of a leased experiment against each other, each pair on the items that both have met.
/// Every pair has always-valid intervals of its own, at its part of alpha
/// ([SuccessiveElimination#share]), so the best arm is ever found worse than another with chance at
/// most alpha, and no matter whether arms join or are dropped.
public final class Elimination {
    /// An arm that has lost.
    ///
    /// @param than an arm that is shown to be better
    /// @param why a sentence
    public record Dropped(String arm, String than, String why) {}

    private record Pair(int first, int second) {}

    private final Design design;
    private final Metric metric;
    private final ItemMeans items;
    private final PairedMethod method;
    private final double planned;
    private final int first;
    private final List<String> arms;
    private final Map<Pair, Pairs> pairs = new HashMap<>();
    private final List<Integer> in = new ArrayList<>();

    /// @param items of the primary metric
    Elimination(Design design, ItemMeans items) {
        this.design = design;
        this.metric = design.primary();
        this.items = items;
        this.method = PairedAnalysis.method(design, metric);
        this.planned = PairedAnalysis.planned(design, method);
        this.arms = inOrderOfJoining(design);
        this.first =
                (int) design.cohorts().getFirst().shares().stream().filter(one -> one > 0).count();
        var running = design.running().stream().map(Design.Arm::key).toList();
        for (var i = 0; i < arms.size(); i++) {
            if (running.contains(arms.get(i))) {
                in.add(i);
            }
        }
    }

    /// Arms that were run and then taken out by hand: they are not in, and have not lost.
    List<String> withdrawn() {
        var dropped = design.leased().map(Leased::dropped).orElse(Set.of());
        var left = new ArrayList<>(arms);
        in.forEach(arm -> left.remove(arms.get(arm)));
        left.removeAll(dropped);
        return List.copyOf(left);
    }

    /// Arms that are or were run, those of the first cohort first.
    private static List<String> inOrderOfJoining(Design design) {
        var keys = new ArrayList<String>();
        for (var cohort : design.cohorts()) {
            for (var i = 0; i < cohort.shares().size(); i++) {
                var key = design.arms().get(i).key();
                if (cohort.shares().get(i) > 0 && !keys.contains(key)) {
                    keys.add(key);
                }
            }
        }
        return keys;
    }

    /// Refuses to look for the best arm by a rule that looks for something else.
    static void require(Design design) {
        var rule = design.rule();
        if (Preferences.are(design.primary())) {
            throw refused(
                    "primaryMetric",
                    "Elimination compares every variant with every other, and preferences compare them with the control only.",
                    "Let a judge score each output, or leave the allocation out.");
        }
        if (!rule.methodology().isAnytime()) {
            throw refused(
                    "rule.methodology",
                    "Elimination looks at the data whenever units are leased, and the methodology '%s' only at planned times."
                            .formatted(rule.methodology().word()),
                    "Use the methodology 'sequential', or leave the allocation out.");
        }
        if (rule.policy().primary() != Policy.Shown.BETTER) {
            throw refused(
                    "rule.ship",
                    "Elimination looks for the best variant, and the rule ships what is '%s'."
                            .formatted(rule.policy().primary().word()),
                    "Use ship: {primary: 'better'}, or leave the allocation out.");
        }
    }

    private static Refused refused(String field, String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field(field);
    }

    private Pairs pairs(int arm, int other) {
        return pairs.computeIfAbsent(
                new Pair(arm, other), _ -> items.pairs(arms.get(other), arms.get(arm)));
    }

    private double alpha(int arm, int other) {
        return design.rule().alpha() * SuccessiveElimination.share(first, arm, other);
    }

    /// True when an arm is shown to be better than another, or worse by less than the tolerance.
    private boolean isShown(int arm, int other, double tolerance) {
        var both = arm < other ? pairs(other, arm) : pairs(arm, other);
        var isEnough = both.n() >= Math.max(method.burnIn(), design.rule().burnInPerArm());
        if (!isEnough) {
            return false;
        }
        // Of two arms the later one stands as the treatment.
        var sign = metric.direction().sign() * (arm < other ? -1 : 1);
        return method.isBeyond(both, planned, alpha(arm, other), -sign * tolerance, sign);
    }

    private SuccessiveElimination.Contest contest() {
        return new SuccessiveElimination.Contest() {
            @Override
            public boolean isBetter(int arm, int other, double tolerance) {
                return isShown(arm, other, tolerance);
            }

            @Override
            public double difference(int arm, int other) {
                return metric.direction().sign() * difference(pairs(arm, other));
            }

            private double difference(Pairs both) {
                return both.difference().map(Estimate::value).toOptional().orElse(0.0);
            }
        };
    }

    /// The arms that have lost and are not stored as dropped yet, the clearest case first.
    public List<Dropped> now() {
        return SuccessiveElimination.now(in, contest()).stream().map(this::dropped).toList();
    }

    private Dropped dropped(SuccessiveElimination.Out out) {
        var arm = arms.get(out.arm());
        var than = arms.get(out.better());
        var both = pairs(out.arm(), out.better());
        var claim = method.claim(both, planned, alpha(out.arm(), out.better())).get();
        var why =
                "%s - %s = %s on %s over %d items (always-valid interval %s to %s)."
                        .formatted(
                                Quoted.of(arm),
                                Quoted.of(than),
                                Numbers.signed(claim.estimate().value()),
                                Quoted.of(metric.name()),
                                both.n(),
                                Numbers.signed(claim.interval().lower()),
                                Numbers.signed(claim.interval().upper()));
        return new Dropped(arm, than, why);
    }

    /// The arms that are still in, those that go out now left out.
    List<String> standing() {
        return standingIndices().stream().map(arms::get).toList();
    }

    private List<Integer> standingIndices() {
        var left = new ArrayList<>(in);
        var out =
                SuccessiveElimination.now(in, contest()).stream()
                        .map(SuccessiveElimination.Out::arm)
                        .toList();
        left.removeAll(out);
        return left;
    }

    /// Of some arms those that are worse than any other of them by no more than the tolerance.
    List<String> equivalent(List<String> among, double tolerance) {
        var some = among.stream().map(arms::indexOf).toList();
        return SuccessiveElimination.equivalent(some, contest(), tolerance).stream()
                .map(arms::get)
                .toList();
    }

    /// True when an arm is shown to be worse than another by no more than the tolerance, if at all.
    boolean isAsGood(String arm, String than, double tolerance) {
        return arm.equals(than) || isShown(arms.indexOf(arm), arms.indexOf(than), tolerance);
    }

    /// True when an arm is shown to be better than another.
    boolean isBetter(String arm, String than) {
        return isShown(arms.indexOf(arm), arms.indexOf(than), 0);
    }

    /// The arm with the best mean, over its own items.
    static Optional<String> best(
            List<String> arms, ItemMeans items, ToDoubleFunction<Double> goodness) {
        return arms.stream()
                .filter(arm -> !items.of(arm).isEmpty())
                .max(Comparator.comparingDouble(arm -> goodness.applyAsDouble(mean(items, arm))));
    }

    /// The mean over an arm's items, 0 without any.
    static double mean(ItemMeans items, String arm) {
        return items.of(arm).values().stream().mapToDouble(one -> one).average().orElse(0);
    }

    /// Units until the best two that are in are told apart, if items go on like those so far.
    OptionalLong unitsToDecision() {
        var left = standing();
        var best = best(left, items, mean -> metric.direction().sign() * mean);
        if (best.isEmpty() || left.size() < 2) {
            return OptionalLong.empty();
        }
        var one = arms.indexOf(best.get());
        var next =
                left.stream()
                        .map(arms::indexOf)
                        .filter(arm -> arm != one)
                        .min(Comparator.comparingDouble(arm -> contest().difference(one, arm)));
        var both = pairs(next.orElseThrow(), one);
        var perItem = (long) left.size() * design.leased().orElseThrow().repetitions();
        return both.difference()
                .flatMap(_ -> method.pairsToDecide(both, planned, alpha(next.orElseThrow(), one)))
                .map(enough -> OptionalLong.of(Math.max(0, enough - both.n()) * perItem))
                .toOptional()
                .orElse(OptionalLong.empty());
    }
}
