package assay.domain.experiment;

import assay.domain.Quoted;
import java.util.List;
import java.util.Optional;

/// Of variants that are practically equal, the cheapest: what the rule prefers when it says so.
final class Cheaper {
    private Cheaper() {}

    /// Decides when a variant is shown to be practically as good as the best one, and is cheaper.
    /// Empty where the rule does not ask for it, and as long as nothing is shown.
    ///
    /// @param fit treatments that could be shipped for being better
    static Optional<Decision.Outcome> among(
            Decision.Grounds grounds, Elimination elimination, List<String> fit) {
        var tolerance = tolerance(grounds);
        if (grounds.costs().isEmpty() || tolerance.isEmpty()) {
            return Optional.empty();
        }
        var arms = grounds.design().weighted().stream().map(Design.Arm::key).toList();
        var equal = elimination.equivalent(arms, tolerance.get());
        if (!equal.isEmpty()) {
            return choice(grounds, equal, arms.size());
        }
        // Nothing is shown of all; but what beats the control may come at different costs.
        return best(grounds, fit)
                .map(best ->
                        fit.stream()
                                .filter(arm -> elimination.isAsGood(arm, best, tolerance.get()))
                                .toList())
                .filter(some -> some.size() > 1)
                .flatMap(some -> choice(grounds, some, fit.size()));
    }

    /// The cheapest of variants that are practically equal, and what is said of it.
    ///
    /// @param of how many variants they are
    static Optional<Decision.Outcome> choice(Decision.Grounds grounds, List<String> equal, int of) {
        var costs = grounds.costs().orElseThrow();
        var cheapest =
                equal.stream()
                        .filter(arm -> !breaches(grounds, arm))
                        .filter(arm -> !costs.of(arm).isEmpty())
                        .min((one, other) ->
                                Double.compare(
                                        Elimination.mean(costs, one),
                                        Elimination.mean(costs, other)));
        return cheapest.map(arm -> said(grounds, arm, equal, of));
    }

    private static Decision.Outcome said(
            Decision.Grounds grounds, String arm, List<String> equal, int of) {
        var costs = grounds.costs().orElseThrow();
        var cost = grounds.rule().cheaper().orElseThrow();
        var equality =
                "%s: worse than any other variant in by no more than %s, if at all"
                        .formatted(
                                Quoted.all(equal),
                                grounds.rule().negligible().orElseThrow().text());
        if (arm.equals(grounds.design().control().key())) {
            return Decision.Outcome.without(
                    Decision.Verdict.FUTILE,
                    "Practically equal to the best on %s are %s. The control is the cheapest of them (%s %s per unit)."
                            .formatted(
                                    grounds.metric(),
                                    equality,
                                    Quoted.of(cost),
                                    Numbers.brief(Elimination.mean(costs, arm))));
        }
        return Decision.Outcome.ship(
                arm,
                "%s is the cheapest (%s %s per unit) of %d variants that are practically equal to the best of %d on %s (%s)."
                        .formatted(
                                Quoted.of(arm),
                                Quoted.of(cost),
                                Numbers.brief(Elimination.mean(costs, arm)),
                                equal.size(),
                                of,
                                grounds.metric(),
                                equality));
    }

    /// The minimum effect in the metric's own unit: a relative one by the control's mean.
    static Optional<Double> tolerance(Decision.Grounds grounds) {
        return grounds.rule()
                .negligible()
                .map(effect ->
                        effect.isRelative()
                                ? effect.size()
                                        * Math.abs(
                                                grounds.primary()
                                                        .items()
                                                        .map(items ->
                                                                Elimination.mean(
                                                                        items,
                                                                        grounds.design()
                                                                                .control()
                                                                                .key()))
                                                        .orElse(0.0))
                                : effect.size());
    }

    static boolean breaches(Decision.Grounds grounds, String arm) {
        return grounds.guardrails().stream().anyMatch(one -> Decision.isBreached(one, arm));
    }

    /// The variant with the best mean on the primary metric.
    static Optional<String> best(Decision.Grounds grounds, List<String> arms) {
        return grounds.primary()
                .items()
                .flatMap(items -> Elimination.best(arms, items, mean -> grounds.sign() * mean));
    }
}
