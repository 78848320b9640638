package assay.domain.experiment;

import assay.domain.store.UnitValue;
import assay.stats.JointMoments;
import assay.stats.paired.Pairs;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What each item came to under each arm: the mean over its repetitions, once all of them are
/// recorded. An item that counted before it is finished would change afterwards, and evidence that
/// was gathered on what it was would not hold.
///
/// @param byArm by the key of the arm, then by item
record ItemMeans(Map<String, SortedMap<String, Double>> byArm) {
    private static final class Sum {
        private long n;
        private double sum;

        void add(double value) {
            n++;
            sum += value;
        }
    }

    /// @param units recorded ones, with their values
    static ItemMeans of(Design design, Metric metric, Iterable<UnitValue> units) {
        var repetitions = design.leased().map(Leased::repetitions).orElse(1);
        var sums = new HashMap<String, TreeMap<String, Sum>>();
        for (var unit : units) {
            var value = metric.bounds().map(one -> one.clamped(unit.value())).orElse(unit.value());
            sums.computeIfAbsent(unit.arm(), _ -> new TreeMap<>())
                    .computeIfAbsent(WorkUnits.item(unit), _ -> new Sum())
                    .add(value);
        }
        var byArm = new HashMap<String, SortedMap<String, Double>>();
        sums.forEach((arm, items) -> {
            var means = new TreeMap<String, Double>();
            items.forEach((item, sum) -> {
                if (sum.n >= repetitions) {
                    means.put(item, sum.sum / sum.n);
                }
            });
            byArm.put(arm, means);
        });
        return new ItemMeans(byArm);
    }

    /// Those of one arm.
    SortedMap<String, Double> of(String arm) {
        return byArm.getOrDefault(arm, Collections.emptySortedMap());
    }

    /// The items that are finished under both arms.
    Pairs pairs(String control, String treatment) {
        var pairs = new Pairs();
        var before = of(control);
        of(treatment)
                .forEach((item, mean) -> {
                    var other = before.get(item);
                    if (other != null) {
                        pairs.add(other, mean);
                    }
                });
        return pairs;
    }

    /// An arm by itself.
    Side.Totals side(Metric metric, String arm) {
        var moments = new JointMoments();
        var nonzero = 0L;
        for (var mean : of(arm).values()) {
            moments.add(mean, 0);
            nonzero += mean == 0 ? 0 : 1;
        }
        return new Side.Totals(metric, nonzero, moments);
    }
}
