package assay.domain.experiment;

import assay.domain.store.Cell;
import assay.stats.Alternative;
import assay.stats.Estimate;
import assay.stats.Moments;
import assay.stats.bayes.NormalEffect;
import assay.stats.comparison.Arm;
import assay.stats.comparison.Claim;
import assay.stats.comparison.Method;
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
    /// @param difference of the means, as soon as both arms have two units
    /// @param absolute what this look alone says of the difference, empty as long as nothing can be
    ///   said
    /// @param relative the same of the change over the control, 0.1 for 10 % more
    /// @param bayes describes; it does not protect against looking often
    /// @param burnedIn true when this comparison has the units and conversions that a decision
    ///   needs
    record Comparison(
            String arm,
            Optional<Estimate> difference,
            Optional<Claim> absolute,
            Optional<Estimate> lift,
            Optional<Claim> relative,
            Optional<NormalEffect> bayes,
            boolean burnedIn,
            OptionalLong unitsToDecision) {
        /// The p-value of this look alone, 1 as long as it may not decide.
        double pValue() {
            return burnedIn ? absolute.map(Claim::pValue).orElse(1.0) : 1;
        }
    }

    /// Sums up the cells and compares the arms.
    ///
    /// @param share of alpha that each comparison may use up, 1 / their number
    static Analysis of(Design design, Metric metric, List<Cell> cells, double share) {
        var arms = new LinkedHashMap<String, Moments>();
        var nonzero = new LinkedHashMap<String, Long>();
        for (var arm : design.arms()) {
            arms.put(arm.key(), new Moments());
            nonzero.put(arm.key(), 0L);
        }
        for (var cell : cells) {
            var moments = arms.get(cell.arm());
            if (moments != null) {
                moments.merge(cell.moments().x());
                nonzero.merge(cell.arm(), cell.nonzero(), Long::sum);
            }
        }
        var comparisons = new ArrayList<Comparison>();
        for (var treatment : design.treatments()) {
            comparisons.add(compare(design, metric, arms, nonzero, treatment.key(), share));
        }
        return new Analysis(metric, arms, nonzero, comparisons);
    }

    private static Comparison compare(
            Design design,
            Metric metric,
            Map<String, Moments> arms,
            Map<String, Long> nonzero,
            String treatment,
            double share) {
        var control = design.control().key();
        var rule = design.rule();
        var a = moments(arms, control);
        var b = moments(arms, treatment);
        var method =
                new Method(
                        new Method.Looking.Always(design.plannedPerComparison()),
                        rule.alpha() * share,
                        Alternative.TWO_SIDED,
                        Optional.empty(),
                        metric.direction() == Metric.Direction.DECREASE);
        var compared =
                assay.stats.comparison.Comparison.of(method, new Arm.Mean(a), new Arm.Mean(b));
        var estimate =
                compared.flatMap(comparison -> comparison.difference().absolute()).toOptional();
        var conversions = nonzero.getOrDefault(control, 0L) + nonzero.getOrDefault(treatment, 0L);
        return new Comparison(
                treatment,
                estimate,
                compared.flatMap(comparison -> comparison.absolute()).toOptional(),
                compared.flatMap(comparison -> comparison.difference().relative()).toOptional(),
                compared.flatMap(comparison -> comparison.relative()).toOptional(),
                compared.flatMap(comparison -> comparison.bayes()).toOptional(),
                Math.min(a.n(), b.n()) >= rule.burnInPerArm()
                        && conversions >= rule.burnInConversions(),
                unitsToDecision(method, design, a.n() + b.n(), estimate));
    }

    private static Moments moments(Map<String, Moments> arms, String key) {
        var moments = arms.get(key);
        return moments == null ? new Moments() : moments;
    }

    /// Units that the two arms still need together if the effect is what it seems to be now, at
    /// most a billion.
    private static OptionalLong unitsToDecision(
            Method method, Design design, long n, Optional<Estimate> now) {
        var sequence =
                AsymptoticSequence.tunedFor(
                        design.plannedPerComparison(), method.alpha(), method.alternative());
        return now.filter(estimate -> estimate.standardError() > 0)
                .flatMap(estimate -> sequence.unitsToExclude(n, estimate).toOptional())
                .filter(units -> units < 1_000_000_000)
                .map(units -> OptionalLong.of(Math.max(0, units - n)))
                .orElse(OptionalLong.empty());
    }
}
