package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.ArrayList;
import java.util.List;

/// What a design cannot have at once. It is checked when an iteration begins, not when one is read:
/// one that runs keeps its design.
final class Contradictions {
    private Contradictions() {}

    /// @throws Refused naming the two that contradict each other
    static void require(Design design) {
        requireSomebodyInControl(design);
        requireOwnGuardrails(design);
        requireRoomToDecide(design);
        design.allocation().ifPresent(allocation -> requireWorkingBandit(design, allocation));
        design.rule().programme().ifPresent(_ -> requireRejections(design));
    }

    private static void requireSomebodyInControl(Design design) {
        if (design.control().weight() == 0) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The control %s has weight 0, so there is nothing to compare the others with."
                                    .formatted(Quoted.of(design.control().key())),
                            "Give it a weight above 0, or name another variant in control.")
                    .field("variants");
        }
    }

    /// Where the traffic follows the data, only some comparisons are valid, and something must be
    /// left to move.
    private static void requireWorkingBandit(Design design, Allocation allocation) {
        var arms = design.arms().size();
        if (allocation.floor() * arms >= 1) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "A floor of %s for each of %d variants leaves no traffic to be moved."
                                    .formatted(Numbers.brief(allocation.floor()), arms),
                            "Send allocation.floor well below %s, such as 0.05."
                                    .formatted(Numbers.brief(1.0 / arms)))
                    .field("allocation.floor");
        }
        if (!design.rule().methodology().isAnytime()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The rule is '%s', whose test is wrong too often where the traffic follows the data."
                                    .formatted(design.rule().methodology().word()),
                            "Use the methodology 'sequential', or leave allocation out.")
                    .field("rule.methodology");
        }
        var deciding = new ArrayList<>(List.of(design.primary()));
        deciding.addAll(design.guardrails());
        for (var metric : deciding) {
            if (metric.type() == Metric.Type.RATIO || metric.type() == Metric.Type.QUANTILE) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "Metric %s is a %s, of which there is no valid comparison where the traffic follows the data."
                                        .formatted(Quoted.of(metric.name()), metric.type().word()),
                                "Decide by a proportion, count, sum or mean and make this one secondary, or leave allocation out.")
                        .field("metrics");
            }
            if (metric.lookback().isPresent()) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "Metric %s is adjusted by the time before (CUPED), and comparisons are not where the traffic follows the data."
                                        .formatted(Quoted.of(metric.name())),
                                "Leave rule.cuped and lookback out, or leave allocation out.")
                        .field("rule.cuped");
            }
        }
    }

    /// The rate of a programme holds for winners that were shown by e-values, or always-valid
    /// p-values that stand for them, and by all comparisons of an experiment together.
    private static void requireRejections(Design design) {
        var rule = design.rule();
        if (!rule.methodology().isAnytime()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The rule belongs to a programme and is '%s'; the rate of a programme holds for p-values that are valid at any time."
                                    .formatted(rule.methodology().word()),
                            "Use the methodology 'sequential', or leave programme out.")
                    .field("rule.methodology");
        }
        if (rule.policy().primary() == Policy.Shown.NOT_WORSE) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The rule belongs to a programme and ships what nothing is shown of, which is no discovery.",
                            "Use the preset 'clearSignals' or 'nonInferiority', or leave programme out.")
                    .field("rule.ship");
        }
        var isAdjusted =
                rule.correction() == Rule.Correction.HOLM
                        || rule.correction() == Rule.Correction.BONFERRONI;
        if (design.treatments().size() > 1 && !isAdjusted) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The rule belongs to a programme and has the correction '%s', which lets one of %d treatments win by chance more often than the alpha it is given."
                                    .formatted(
                                            rule.correction().word(), design.treatments().size()),
                            "Use the correction 'holm' or 'bonferroni', or leave programme out.")
                    .field("rule.correction");
        }
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
                    "The rule gives up at %s and decides nothing before %d: two arms need %d each."
                            .formatted(Numbers.counted(most), burnIn, rule.burnInPerArm()),
                    "Give maxSample of %d or more, or a smaller rule.burnIn.perArm."
                            .formatted(burnIn));
        }
        if (!rule.methodology().isAnytime()) {
            var first = (long) Math.ceil(rule.plannedSample() * Stage.shares(rule).getFirst());
            if (most < first) {
                throw tooFew(
                        "The rule gives up at %s, before its first look at %d."
                                .formatted(Numbers.counted(most), first),
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
