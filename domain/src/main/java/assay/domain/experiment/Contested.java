package assay.domain.experiment;

import assay.domain.Quoted;
import java.util.List;
import java.util.Optional;

/// What is decided once variants that have lost are out: by who is left, not by the control alone.
final class Contested {
    private Contested() {}

    /// Decides; empty as long as several variants are in that are not shown to be practically
    /// equal.
    static Optional<Decision.Outcome> of(Decision.Grounds grounds, Elimination elimination) {
        var standing = elimination.standing();
        var control = grounds.design().control().key();
        var withdrawn = elimination.withdrawn();
        if (withdrawn.contains(control)
                || (!withdrawn.isEmpty() && standing.equals(List.of(control)))) {
            // What was taken out by hand has not lost against anything.
            return Optional.empty();
        }
        if (standing.size() == 1) {
            return Optional.of(alone(grounds, standing.getFirst(), control));
        }
        var tolerance = Cheaper.tolerance(grounds);
        if (tolerance.isEmpty()) {
            return Optional.empty();
        }
        var equal = elimination.equivalent(standing, tolerance.get());
        if (equal.isEmpty()) {
            return Optional.empty();
        }
        if (grounds.costs().isPresent()) {
            return Cheaper.choice(grounds, equal, total(grounds));
        }
        return equal.contains(control)
                ? Optional.of(
                        Decision.Outcome.without(
                                Decision.Verdict.FUTILE,
                                "No variant is better than %s on %s by more than the minimum effect of interest, %s."
                                        .formatted(
                                                grounds.control(),
                                                grounds.metric(),
                                                size(grounds))))
                : best(grounds, equal, standing);
    }

    /// What an experiment comes to that ends undecided after the control has lost: what is shown to
    /// be worse than another variant is not what everybody gets. Of those that are left it is the
    /// best one, first among those that are shown to be better than the control. Empty while the
    /// control is in, or was taken out by hand.
    ///
    /// The best variant goes out with chance at most alpha, so where no variant is better than the
    /// control this names one with no larger chance.
    static Optional<Decision.Outcome> atEnd(Decision.Grounds grounds, Elimination elimination) {
        var standing = elimination.standing();
        var control = grounds.design().control().key();
        if (standing.contains(control) || elimination.withdrawn().contains(control)) {
            return Optional.empty();
        }
        var fit = standing.stream().filter(arm -> !Cheaper.breaches(grounds, arm)).toList();
        if (fit.isEmpty()) {
            return Optional.of(
                    Decision.Outcome.without(
                            Decision.Verdict.ROLLBACK,
                            "%s has lost on %s, but of the variants that are left each breaches a guardrail: %s."
                                    .formatted(
                                            grounds.control(),
                                            grounds.metric(),
                                            Quoted.all(standing))));
        }
        var better = fit.stream().filter(arm -> elimination.isBetter(arm, control)).toList();
        return Cheaper.best(grounds, better.isEmpty() ? fit : better)
                .map(arm ->
                        Decision.Outcome.ship(
                                arm,
                                "%s has lost against another variant on %s. Of those that are left (%s) %s has the best mean; which of them is the best is not shown (chance that the best one is out at most %s)."
                                        .formatted(
                                                grounds.control(),
                                                grounds.metric(),
                                                Quoted.all(standing),
                                                Quoted.of(arm),
                                                Numbers.brief(grounds.rule().alpha()))));
    }

    private static Decision.Outcome alone(Decision.Grounds grounds, String arm, String control) {
        if (arm.equals(control)) {
            return Decision.Outcome.without(
                    Decision.Verdict.ROLLBACK,
                    "Every treatment is worse than another variant on %s; %s is the best of %d (chance of a better one among them at most %s)."
                            .formatted(
                                    grounds.metric(),
                                    Quoted.of(arm),
                                    total(grounds),
                                    Numbers.brief(grounds.rule().alpha())));
        }
        if (Cheaper.breaches(grounds, arm)) {
            return Decision.Outcome.without(
                    Decision.Verdict.ROLLBACK,
                    "%s is the best of %d on %s, and breaches a guardrail."
                            .formatted(Quoted.of(arm), total(grounds), grounds.metric()));
        }
        return Decision.Outcome.ship(
                arm,
                "%s is the best of %d variants on %s, %s among them: each of the others is shown to be worse than one that was in (chance that the best one is out at most %s)."
                        .formatted(
                                Quoted.of(arm),
                                total(grounds),
                                grounds.metric(),
                                grounds.control(),
                                Numbers.brief(grounds.rule().alpha())));
    }

    private static Optional<Decision.Outcome> best(
            Decision.Grounds grounds, List<String> equal, List<String> standing) {
        var fit = equal.stream().filter(arm -> !Cheaper.breaches(grounds, arm)).toList();
        var control = grounds.design().control().key();
        if (standing.contains(control)) {
            // Practically as good as the control and the rest is not better than the control.
            return Optional.empty();
        }
        return Cheaper.best(grounds, fit)
                .map(arm ->
                        Decision.Outcome.ship(
                                arm,
                                "%s beats %s on %s, and of %d variants none is better than it by more than %s (chance of an error at most %s)."
                                        .formatted(
                                                Quoted.of(arm),
                                                grounds.control(),
                                                grounds.metric(),
                                                total(grounds),
                                                size(grounds),
                                                Numbers.brief(grounds.rule().alpha()))));
    }

    private static String size(Decision.Grounds grounds) {
        return grounds.rule().negligible().orElseThrow().text();
    }

    private static int total(Decision.Grounds grounds) {
        return grounds.design().weighted().size();
    }
}
