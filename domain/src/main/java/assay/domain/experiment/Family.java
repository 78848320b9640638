package assay.domain.experiment;

import assay.stats.multiplicity.Correction;
import assay.stats.multiplicity.EBenjaminiHochberg;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The p-values of all questions of an experiment over all counting looks, and what is left of them
/// once they are adjusted for their number.
///
/// @param raw per metric and treatment, the smallest of all counting looks
/// @param adjusted the same, adjusted within the family
/// @param good per treatment on the primary metric, adjusted, counting only looks at which it was
///   on the good side
record Family(
        Map<String, SequencedMap<String, Double>> raw,
        Map<String, SequencedMap<String, Double>> adjusted,
        SequencedMap<String, Double> good) {
    private record Question(String metric, Analysis.Comparison comparison) {}

    static Family of(Rule rule, Analysis primary, List<Analysis> secondary, Earlier before) {
        var questions = new ArrayList<Question>();
        primary.comparisons().forEach(one -> questions.add(new Question("", one)));
        var own = questions.size();
        for (var analysis : secondary) {
            analysis.comparisons()
                    .forEach(one -> questions.add(new Question(analysis.metric().name(), one)));
        }
        var family = rule.scope() == Rule.Scope.ALL ? questions.size() : own;
        var p = new double[questions.size()];
        var good = new double[questions.size()];
        var sign = primary.metric().direction().sign();
        for (var i = 0; i < p.length; i++) {
            var question = questions.get(i);
            p[i] = least(question, before);
            good[i] = i < own ? leastGood(question.comparison(), sign, before) : p[i];
        }
        var adjusted = adjusted(rule, questions, p, family);
        var adjustedGood = adjusted(rule, questions, good, family);
        var raw = new LinkedHashMap<String, SequencedMap<String, Double>>();
        var all = new LinkedHashMap<String, SequencedMap<String, Double>>();
        var wins = new LinkedHashMap<String, Double>();
        for (var i = 0; i < p.length; i++) {
            var question = questions.get(i);
            var arm = question.comparison().arm();
            raw.computeIfAbsent(question.metric(), _ -> new LinkedHashMap<>()).put(arm, p[i]);
            all.computeIfAbsent(question.metric(), _ -> new LinkedHashMap<>())
                    .put(arm, adjusted[i]);
            if (i < own) {
                wins.put(arm, adjustedGood[i]);
            }
        }
        return new Family(raw, all, wins);
    }

    /// Those beyond the family stay as they are.
    private static double[] adjusted(Rule rule, List<Question> questions, double[] p, int family) {
        var within = java.util.Arrays.copyOf(p, family);
        var adjusted =
                switch (rule.correction()) {
                    case HOLM -> Correction.HOLM.adjust(within);
                    case BONFERRONI -> Correction.BONFERRONI.adjust(within);
                    case NONE -> within;
                    case E_BH -> EBenjaminiHochberg.adjust(logEValues(questions, family));
                };
        var all = p.clone();
        System.arraycopy(adjusted, 0, all, 0, family);
        return all;
    }

    /// The evidence of this look: unlike the smallest p-value, the largest e-value of all looks is
    /// none.
    private static double[] logEValues(List<Question> questions, int family) {
        return questions.stream()
                .limit(family)
                .mapToDouble(question -> question.comparison().logEValue())
                .toArray();
    }

    private static double least(Question question, Earlier before) {
        var arm = question.comparison().arm();
        return Math.min(
                question.comparison().pValue(),
                question.metric().isEmpty()
                        ? before.leastP(arm)
                        : before.leastP(question.metric(), arm));
    }

    private static double leastGood(Analysis.Comparison comparison, int sign, Earlier before) {
        return Math.min(goodPValue(comparison, sign), before.leastGoodP(comparison.arm()));
    }

    /// What later looks need of a comparison: the p-value counts toward a win only if it was small
    /// because the treatment was better.
    static double goodPValue(Analysis.Comparison comparison, int sign) {
        var effect = comparison.difference().map(estimate -> estimate.value()).orElse(0.0);
        return sign * effect > 0 ? comparison.pValue() : 1;
    }

    /// Of the primary metric.
    SequencedMap<String, Double> primary() {
        return of(adjusted, "");
    }

    /// Of the primary metric, before the adjustment.
    SequencedMap<String, Double> rawPrimary() {
        return of(raw, "");
    }

    double rawPValue(String metric, String arm) {
        return of(raw, metric).getOrDefault(arm, 1.0);
    }

    double adjustedPValue(String metric, String arm) {
        return of(adjusted, metric).getOrDefault(arm, 1.0);
    }

    private static SequencedMap<String, Double> of(
            Map<String, SequencedMap<String, Double>> values, String metric) {
        return values.getOrDefault(metric, new LinkedHashMap<>());
    }
}
