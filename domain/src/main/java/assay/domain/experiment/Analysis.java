package assay.domain.experiment;

import assay.domain.store.Events;
import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Difference;
import assay.stats.Estimate;
import assay.stats.Moments;
import assay.stats.sequential.AsymptoticSequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;

/// One metric of all arms, and every treatment beside the control. A pure function of the units.
///
/// @param nonzero per arm, the units that came to something other than 0
record Analysis(
        Metric metric,
        SequencedMap<String, Moments> arms,
        Map<String, Long> nonzero,
        List<Comparison> comparisons) {
    /// A treatment beside the control.
    ///
    /// @param absolute what this look alone says of the difference, empty as long as nothing can be
    ///   said
    /// @param relative the same of the lift, 0.1 for 10 % more
    /// @param burnedIn true when this comparison has the units and conversions that a decision
    ///   needs
    record Comparison(
            String arm,
            Optional<Estimate> difference,
            Optional<AsymptoticSequence.Look> absolute,
            Optional<Estimate> lift,
            Optional<AsymptoticSequence.Look> relative,
            boolean burnedIn,
            OptionalLong unitsToDecision) {
        /// The p-value of this look alone, 1 as long as it may not decide.
        double pValue() {
            return burnedIn ? absolute.map(AsymptoticSequence.Look::pValue).orElse(1.0) : 1;
        }
    }

    /// Sums up the units and compares the arms.
    ///
    /// @param share of alpha that each comparison may use up, 1 / their number
    static Analysis of(Design design, Metric metric, List<Events.Unit> units, double share) {
        var arms = new LinkedHashMap<String, Moments>();
        var nonzero = new LinkedHashMap<String, Long>();
        for (var arm : design.arms()) {
            arms.put(arm.key(), new Moments());
            nonzero.put(arm.key(), 0L);
        }
        for (var unit : units) {
            var moments = arms.get(unit.variant());
            var value = metric.aggregation().of(unit);
            if (moments != null && value.isPresent()) {
                moments.add(value.getAsDouble());
                if (value.getAsDouble() != 0) {
                    nonzero.merge(unit.variant(), 1L, Long::sum);
                }
            }
        }
        var comparisons = new ArrayList<Comparison>();
        for (var treatment : design.treatments()) {
            comparisons.add(compare(design, arms, nonzero, treatment.key(), share));
        }
        return new Analysis(metric, arms, nonzero, comparisons);
    }

    private static Comparison compare(
            Design design,
            Map<String, Moments> arms,
            Map<String, Long> nonzero,
            String treatment,
            double share) {
        var control = design.control().key();
        var rule = design.rule();
        var a = moments(arms, control);
        var b = moments(arms, treatment);
        var n = a.n() + b.n();
        var alpha = rule.alpha() * share;
        var sequence =
                AsymptoticSequence.tunedFor(
                        design.plannedPerComparison(), alpha, Alternative.TWO_SIDED);
        var difference = Difference.of(a, b);
        var estimate = difference.flatMap(Difference::absolute);
        var lift = difference.flatMap(Difference::relative);
        var conversions = nonzero.getOrDefault(control, 0L) + nonzero.getOrDefault(treatment, 0L);
        return new Comparison(
                treatment,
                estimate.toOptional(),
                estimate.flatMap(e -> sequence.at(n, e)).toOptional(),
                lift.toOptional(),
                lift.flatMap(e -> sequence.at(n, e)).toOptional(),
                Math.min(a.n(), b.n()) >= rule.burnInPerArm()
                        && conversions >= rule.burnInConversions(),
                unitsToDecision(sequence, alpha, n, estimate));
    }

    private static Moments moments(Map<String, Moments> arms, String key) {
        var moments = arms.get(key);
        return moments == null ? new Moments() : moments;
    }

    /// Units that the two arms still need together if the effect is what it seems to be now: the
    /// first n at which the interval around it would leave out 0.
    private static OptionalLong unitsToDecision(
            AsymptoticSequence sequence, double alpha, long n, Answer<Estimate> now) {
        var estimate = now.toOptional().filter(e -> e.value() != 0 && e.standardError() > 0);
        if (estimate.isEmpty()) {
            return OptionalLong.empty();
        }
        var perUnit = estimate.get().standardError() * Math.sqrt((double) n);
        var effect = estimate.get().value();
        for (double total = (double) n; total < 1e9; total = Math.max(total + 1, total * 1.02)) {
            var at = (long) Math.ceil(total);
            var p = sequence.at(at, new Estimate(effect, perUnit / Math.sqrt((double) at)));
            if (p.map(AsymptoticSequence.Look::pValue).toOptional().orElse(1.0) <= alpha) {
                return OptionalLong.of(at - n);
            }
        }
        return OptionalLong.empty();
    }
}
