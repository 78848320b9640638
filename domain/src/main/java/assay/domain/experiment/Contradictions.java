package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;

/// What a design cannot have at once. It is checked when an iteration begins, not when one is read:
/// one that runs keeps its design.
final class Contradictions {
    private Contradictions() {}

    /// @throws Refused naming the two that contradict each other
    static void require(Design design) {
        requireOwnGuardrails(design);
        requireRoomToDecide(design);
    }

    private static void requireOwnGuardrails(Design design) {
        var primary = design.primary().name();
        if (design.guardrails().stream().anyMatch(metric -> metric.name().equals(primary))) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "Metric %s is the primary metric and a guardrail as well."
                                    .formatted(Quoted.of(primary)),
                            "Take it out of guardrails: the rule rolls back anyway when the primary metric is shown to be worse.")
                    .field("guardrails");
        }
    }

    /// A rule that gives up before it may decide never decides.
    private static void requireRoomToDecide(Design design) {
        var rule = design.rule();
        if (rule.maxSample().isEmpty()) {
            return;
        }
        var most = rule.maxSample().getAsLong();
        var burnIn = burnIn(design);
        if (most < burnIn) {
            throw tooFew(
                    "The rule gives up at %d units and decides nothing before %d: two arms need %d each."
                            .formatted(most, burnIn, rule.burnInPerArm()),
                    "Give maxSample of %d or more, or a smaller rule.burnIn.perArm."
                            .formatted(burnIn));
        }
        if (!rule.methodology().isAnytime()) {
            var first = (long) Math.ceil(rule.plannedSample() * Stage.shares(rule).getFirst());
            if (most < first) {
                throw tooFew(
                        "The rule gives up at %d units, before its first look at %d."
                                .formatted(most, first),
                        "Leave maxSample out: the last planned look ends the experiment anyway.");
            }
        }
    }

    /// Units of all arms at which the first comparison can be decided.
    private static long burnIn(Design design) {
        var shares = design.shares();
        var control = shares.get(design.arms().indexOf(design.control()));
        var treatment =
                design.treatments().stream()
                        .mapToDouble(arm -> shares.get(design.arms().indexOf(arm)))
                        .max()
                        .orElse(0);
        var least = Math.min(control, treatment);
        return least > 0 ? (long) Math.ceil(design.rule().burnInPerArm() / least - 1e-6) : 0;
    }

    private static Refused tooFew(String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field("rule.maxSample");
    }
}
