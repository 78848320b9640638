package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.ArrayList;
import java.util.List;

/// What a design demands because its units are leased, and what it may only ask for because they
/// are.
final class LeasedRules {
    private LeasedRules() {}

    /// Refuses a design that cannot be analysed item by item, or needs to be and has no items.
    static void require(Design design) {
        if (design.leased().isEmpty()) {
            requireNothingOfItems(design);
            return;
        }
        for (var metric : metrics(design)) {
            if (!metric.type().canAdjust() && metric.type() != Metric.Type.UTILITY) {
                throw refused(
                        "metrics",
                        "Metric %s is a %s, and an experiment over a dataset compares means, item by item."
                                .formatted(Quoted.of(metric.name()), metric.type().word()),
                        "Use a proportion, count, sum, mean or utility; bound large values with a cap.");
            }
            if (metric.lookback().isPresent()) {
                throw refused(
                        "rule.cuped",
                        "An experiment over a dataset compares the same items under both variants; there is no time before them to adjust by.",
                        "Leave cuped and lookback out.");
            }
        }
        requireScaleOfJudge(design);
        if (design.eliminates()) {
            Elimination.require(design);
        }
    }

    /// A judge gives scores from 0 to 1.
    private static void requireScaleOfJudge(Design design) {
        var bounds = design.primary().bounds();
        var isJudged = design.leased().flatMap(Leased::judge).isPresent();
        if (isJudged
                && design.primary().type() != Metric.Type.UTILITY
                && bounds.filter(one -> !(one.holds(0) && one.holds(1))).isPresent()) {
            throw refused(
                    "metrics",
                    "Metric %s is declared to lie between %s and %s, and the judge scores from 0 to 1."
                            .formatted(
                                    Quoted.of(design.primary().name()),
                                    Numbers.brief(bounds.get().least()),
                                    Numbers.brief(bounds.get().most())),
                    "Declare it with {min: 0, max: 1}.");
        }
    }

    private static List<Metric> metrics(Design design) {
        var all = new ArrayList<>(List.of(design.primary()));
        all.addAll(design.guardrails());
        all.addAll(design.secondary());
        return all;
    }

    private static void requireNothingOfItems(Design design) {
        if (design.eliminates()) {
            throw refused(
                    "allocation",
                    "Elimination compares variants over the same items, and this experiment has no dataset.",
                    "Name a dataset, or let the traffic follow the data with allocation: 'topTwo'.");
        }
        if (design.rule().cheaper().isPresent()) {
            throw refused(
                    "rule.prefer",
                    "The rule prefers the cheaper of practically equal variants, which are compared over the same items, and this experiment has no dataset.",
                    "Name a dataset, or make the cost a guardrail with a margin.");
        }
        for (var metric : metrics(design)) {
            if (metric.type() == Metric.Type.UTILITY) {
                throw refused(
                        "metrics",
                        "Metric %s weighs what is recorded of one run of an item, and this experiment has no dataset."
                                .formatted(Quoted.of(metric.name())),
                        "Name a dataset, or record the utility as a metric of its own.");
            }
        }
    }

    private static Refused refused(String field, String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field(field);
    }
}
