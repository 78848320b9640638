package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.store.Events;
import assay.stats.assignment.SampleRatio;
import assay.stats.multiplicity.Correction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What the declared rule says of the data at one look. A pure function of the data and of the
/// looks before.
///
/// @param pValues per treatment, the smallest p-value of all counting looks, adjusted for the
///   number of treatments
/// @param rawPValues the same before the adjustment
/// @param winner set by SHIP alone
/// @param sampleRatioP the always-valid p-value of the sample-ratio check over all counting looks
record Decision(
        Verdict verdict,
        String why,
        Optional<String> winner,
        SequencedMap<String, Double> pValues,
        SequencedMap<String, Double> rawPValues,
        double sampleRatioP) {
    /// The sample-ratio check alarms below this.
    static final double SAMPLE_RATIO_ALARM = 0.001;

    private static final double MOST_IN_SEVERAL_ARMS = 0.01;

    /// What to do now.
    enum Verdict {
        SHIP,
        ROLLBACK,
        KEEP_RUNNING,
        FUTILE,
        INVALID;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Decides.
    ///
    /// @param units exposed units per arm; under "" those seen in several arms
    /// @param before counting looks of this iteration, oldest first
    static Decision of(
            Design design,
            Map<String, Long> units,
            Analysis primary,
            List<Analysis> guardrails,
            List<Events.Look> before) {
        var ratio = sampleRatioP(design, units, before);
        var sign = primary.metric().direction().sign();
        var raw = new LinkedHashMap<String, Double>();
        var good = new LinkedHashMap<String, Double>();
        for (var comparison : primary.comparisons()) {
            var arm = comparison.arm();
            raw.put(arm, least("p", arm, comparison.pValue(), before));
            good.put(arm, least("good", arm, goodPValue(comparison, sign), before));
        }
        var correction = design.rule().correction();
        var adjusted = adjusted(raw, correction);
        var said = verdict(design, units, primary, guardrails, adjusted(good, correction), ratio);
        return new Decision(said.verdict(), said.why(), said.winner(), adjusted, raw, ratio);
    }

    /// What later looks need of a comparison: the p-value counts toward a win only if it was small
    /// because the treatment was better.
    static double goodPValue(Analysis.Comparison comparison, int sign) {
        return sign * effect(comparison) > 0 ? comparison.pValue() : 1;
    }

    private static double least(String which, String arm, double now, List<Events.Look> before) {
        var least = now;
        for (var look : before) {
            least = Math.min(least, look.numbers().path(which).path(arm).asDouble(1));
        }
        return least;
    }

    private record Said(Verdict verdict, String why, Optional<String> winner) {
        static Said of(Verdict verdict, String why) {
            return new Said(verdict, why, Optional.empty());
        }
    }

    private static Said verdict(
            Design design,
            Map<String, Long> units,
            Analysis primary,
            List<Analysis> guardrails,
            Map<String, Double> good,
            double ratio) {
        var total = units.values().stream().mapToLong(Long::longValue).sum();
        var several = units.getOrDefault("", 0L);
        if (ratio < SAMPLE_RATIO_ALARM) {
            return Said.of(
                    Verdict.INVALID,
                    ("The arms did not receive the units that their weights promise (sample-ratio p %s): assignment or"
                                    + " logging is broken.")
                            .formatted(Numbers.brief(ratio)));
        }
        if (total > 0 && several > MOST_IN_SEVERAL_ARMS * total) {
            return Said.of(
                    Verdict.INVALID,
                    "%d of %d subjects were seen in several arms.".formatted(several, total));
        }
        var sign = primary.metric().direction().sign();
        var comparisons = primary.comparisons();
        var breached = breached(guardrails);
        var worse =
                comparisons.stream()
                        .filter(c -> c.burnedIn() && beyond(c, -sign, 0))
                        .map(Analysis.Comparison::arm)
                        .toList();
        if (comparisons.stream()
                .allMatch(c -> worse.contains(c.arm()) || breached.contains(c.arm()))) {
            return Said.of(
                    Verdict.ROLLBACK,
                    breached.isEmpty()
                            ? "Every treatment is worse than %s on %s."
                                    .formatted(
                                            Quoted.of(design.control().key()),
                                            Quoted.of(primary.metric().name()))
                            : worse.isEmpty()
                                    ? "Every treatment breaches a guardrail."
                                    : "Every treatment is worse than %s on %s or breaches a guardrail."
                                            .formatted(
                                                    Quoted.of(design.control().key()),
                                                    Quoted.of(primary.metric().name())));
        }
        var winner =
                comparisons.stream()
                        .filter(c -> c.burnedIn() && !breached.contains(c.arm()))
                        .filter(c -> good.getOrDefault(c.arm(), 1.0) <= design.rule().alpha())
                        .filter(c -> sign * effect(c) > 0)
                        .max(Comparator.comparingDouble(c -> sign * effect(c)));
        if (winner.isPresent()) {
            var arm = winner.get().arm();
            return new Said(
                    Verdict.SHIP,
                    "%s beats %s on %s (always-valid p %s, alpha %s)."
                            .formatted(
                                    Quoted.of(arm),
                                    Quoted.of(design.control().key()),
                                    Quoted.of(primary.metric().name()),
                                    Numbers.brief(good.getOrDefault(arm, 1.0)),
                                    Numbers.brief(design.rule().alpha())),
                    Optional.of(arm));
        }
        if (comparisons.stream().allMatch(c -> isNegligible(design.rule(), c))) {
            return Said.of(
                    Verdict.FUTILE,
                    "Every difference lies within the minimum effect of interest, %s."
                            .formatted(Numbers.brief(design.rule().minimumEffect().orElse(0))));
        }
        if (design.rule().maxSample().isPresent()
                && total >= design.rule().maxSample().getAsLong()) {
            return Said.of(
                    Verdict.FUTILE,
                    "The declared maximum of %d units is reached without a decision."
                            .formatted(design.rule().maxSample().getAsLong()));
        }
        return keepRunning(design, total, comparisons);
    }

    private static Said keepRunning(
            Design design, long total, List<Analysis.Comparison> comparisons) {
        if (total == 0) {
            return Said.of(Verdict.KEEP_RUNNING, "Nobody has been exposed yet.");
        }
        if (comparisons.stream().noneMatch(Analysis.Comparison::burnedIn)) {
            return Said.of(
                    Verdict.KEEP_RUNNING,
                    ("Too little data to decide: the rule waits for %d units per arm and %d units with an outcome other"
                                    + " than 0.")
                            .formatted(
                                    design.rule().burnInPerArm(),
                                    design.rule().burnInConversions()));
        }
        if (comparisons.stream().allMatch(c -> c.absolute().isEmpty())) {
            return Said.of(
                    Verdict.KEEP_RUNNING, "No arm varies at all, so no error bar can be given.");
        }
        return Said.of(
                Verdict.KEEP_RUNNING,
                "No treatment differs from %s beyond what chance explains."
                        .formatted(Quoted.of(design.control().key())));
    }

    private static boolean isNegligible(Rule rule, Analysis.Comparison comparison) {
        if (rule.minimumEffect().isEmpty() || !comparison.burnedIn()) {
            return false;
        }
        var most = rule.minimumEffect().getAsDouble();
        var look = rule.minimumEffectIsRelative() ? comparison.relative() : comparison.absolute();
        return look.filter(l -> l.interval().lower() > -most && l.interval().upper() < most)
                .isPresent();
    }

    private static List<String> breached(List<Analysis> guardrails) {
        var arms = new ArrayList<String>();
        for (var guardrail : guardrails) {
            var sign = guardrail.metric().direction().sign();
            for (var comparison : guardrail.comparisons()) {
                if (comparison.burnedIn()
                        && beyond(comparison, -sign, guardrail.metric().margin())) {
                    arms.add(comparison.arm());
                }
            }
        }
        return arms;
    }

    /// True when the whole interval lies further than a margin to one side of 0.
    private static boolean beyond(Analysis.Comparison comparison, int side, double margin) {
        return comparison
                .absolute()
                .map(look ->
                        side > 0
                                ? look.interval().lower() > margin
                                : look.interval().upper() < -margin)
                .orElse(false);
    }

    private static double effect(Analysis.Comparison comparison) {
        return comparison.difference().map(estimate -> estimate.value()).orElse(0.0);
    }

    private static double sampleRatioP(
            Design design, Map<String, Long> units, List<Events.Look> before) {
        var running = 1.0;
        for (var look : before) {
            running = Math.min(running, look.numbers().path("srm").asDouble(1));
        }
        var observed =
                design.arms().stream().map(arm -> units.getOrDefault(arm.key(), 0L)).toList();
        var least = running;
        return SampleRatio.sequential(observed, design.shares(), SampleRatio.DEFAULT_CONCENTRATION)
                .map(test -> test.runningPValue(least))
                .toOptional()
                .orElse(0.0);
    }

    private static SequencedMap<String, Double> adjusted(
            SequencedMap<String, Double> raw, Correction correction) {
        var p = correction.adjust(raw.values().stream().mapToDouble(Double::doubleValue).toArray());
        var adjusted = new LinkedHashMap<String, Double>();
        for (var arm : raw.keySet()) {
            adjusted.put(arm, p[adjusted.size()]);
        }
        return adjusted;
    }
}
