package assay.domain.experiment;

import assay.domain.store.Cell;
import assay.domain.store.UnitValue;
import assay.stats.JointMoments;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Sums up units by cohort and arm.
final class Cells {
    private Cells() {}

    private static final class Sum {
        private long nonzero;
        private final JointMoments moments = new JointMoments();

        void add(UnitValue unit) {
            moments.add(unit.value(), unit.other());
            nonzero += unit.value() == 0 ? 0 : 1;
        }
    }

    static List<Cell> of(List<UnitValue> units) {
        var sums = new TreeMap<Integer, TreeMap<String, Sum>>();
        for (var unit : units) {
            sums.computeIfAbsent(unit.cohort(), _ -> new TreeMap<>())
                    .computeIfAbsent(unit.arm(), _ -> new Sum())
                    .add(unit);
        }
        var cells = new ArrayList<Cell>();
        sums.forEach((cohort, arms) ->
                arms.forEach((arm, sum) ->
                        cells.add(
                                new Cell(cohort, arm, sum.moments.n(), sum.nonzero, sum.moments))));
        return cells;
    }
}
