package assay.domain.experiment;

import assay.stats.assignment.SampleRatio;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How many units were exposed, by cohort and arm; under the arm "" those seen in several.
record Exposed(Map<Integer, Map<String, Long>> byCohort) {
    /// The sample-ratio check alarms below this.
    static final double ALARM = 0.001;

    /// Units of an arm over all cohorts.
    long of(String arm) {
        return byCohort.values().stream().mapToLong(arms -> arms.getOrDefault(arm, 0L)).sum();
    }

    /// All units, those seen in several arms included.
    long total() {
        return byCohort.values().stream()
                .flatMap(arms -> arms.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    /// Units seen in several arms.
    long several() {
        return of("");
    }

    /// The always-valid p-values of the sample-ratio check within each cohort, over all counting
    /// looks.
    record Ratio(SequencedMap<Integer, Double> byCohort) {
        /// Of a single check.
        static Ratio of(double pValue) {
            var ratios = new TreeMap<Integer, Double>();
            ratios.put(1, pValue);
            return new Ratio(ratios);
        }

        /// The p-value over all cohorts: the smallest one, times their number.
        double pValue() {
            var least = byCohort.values().stream().mapToDouble(Double::doubleValue).min().orElse(1);
            return Math.min(1, least * Math.max(1, byCohort.size()));
        }

        boolean isOk() {
            return pValue() >= ALARM;
        }

        ObjectNode numbers() {
            var json = JsonNodeFactory.instance.objectNode();
            byCohort.forEach((cohort, p) -> json.put(Integer.toString(cohort), p));
            return json;
        }
    }

    Ratio ratio(Design design, Earlier before) {
        var cohorts = new TreeMap<>(byCohort);
        cohorts.putIfAbsent(1, new HashMap<>());
        var ratios = new TreeMap<Integer, Double>();
        cohorts.forEach((cohort, arms) -> {
            var observed =
                    design.arms().stream().map(arm -> arms.getOrDefault(arm.key(), 0L)).toList();
            var least = before.leastRatio(cohort);
            ratios.put(
                    cohort,
                    SampleRatio.sequential(
                                    observed,
                                    shares(design, cohort),
                                    SampleRatio.DEFAULT_CONCENTRATION)
                            .map(test -> test.runningPValue(least))
                            .toOptional()
                            .orElse(0.0));
        });
        return new Ratio(ratios);
    }

    private static List<Double> shares(Design design, int index) {
        return design.cohorts().stream()
                .filter(cohort -> cohort.index() == index)
                .findFirst()
                .orElse(design.cohort())
                .shares();
    }
}
