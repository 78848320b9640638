package assay.domain.experiment;

import assay.domain.store.UnitValue;
import assay.stats.fixed.Quantiles;
import java.util.List;
import java.util.OptionalDouble;

/// Units of which none counts more than a quantile of them all, whatever arm they are in, so that
/// the arms cannot be capped differently; of a metric without such a cap, units as they are.
///
/// @param cap what the quantile is, empty without units and without such a cap
record Capped(List<UnitValue> units, OptionalDouble cap) {
    static Capped of(Metric metric, List<UnitValue> units) {
        if (units.isEmpty() || !metric.cap().map(Metric.Cap::isQuantile).orElse(false)) {
            return new Capped(units, OptionalDouble.empty());
        }
        var level = metric.cap().orElseThrow().size();
        var sorted = units.stream().mapToDouble(UnitValue::value).sorted().toArray();
        var most = Quantiles.of(sorted, level);
        return new Capped(
                units.stream().map(unit -> capped(unit, most)).toList(), OptionalDouble.of(most));
    }

    private static UnitValue capped(UnitValue unit, double most) {
        return unit.value() <= most
                ? unit
                : new UnitValue(
                        unit.subject(),
                        unit.cohort(),
                        unit.arm(),
                        unit.exposedAt(),
                        unit.attributes(),
                        most,
                        unit.other());
    }
}
