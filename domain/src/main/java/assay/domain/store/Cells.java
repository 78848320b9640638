package assay.domain.store;

import assay.stats.ExactSum;
import assay.stats.JointMoments;
import assay.stats.Moments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The sums of one measure by cohort and arm, over the units that have come to anything. Sums are
/// exact, so units may come, change and go in any order.
final class Cells {
    private final List<Sums> all = new ArrayList<>();

    /// One cell; they are numbered from 1 on.
    private static final class Sums {
        private final int number;
        private final int cohort;
        private final String arm;
        private final JointMoments moments;
        private long nonzero;
        private boolean changed;

        Sums(int number, int cohort, String arm, JointMoments moments, long nonzero) {
            this.number = number;
            this.cohort = cohort;
            this.arm = arm;
            this.moments = moments;
            this.nonzero = nonzero;
        }
    }

    /// What is stored of a measure.
    static Cells of(SqlConnection connection, long measure) {
        var cells = new Cells();
        connection.each(
                "SELECT number, cohort, arm, units, nonzero, sum, squares, other_sum, other_squares, products"
                        + " FROM cell WHERE measure = ? ORDER BY number",
                row -> {
                    var units = row.getLong(4);
                    var moments =
                            JointMoments.ofSums(
                                    Moments.ofSums(
                                            units,
                                            ExactSum.fromBytes(row.getBytes(6)),
                                            ExactSum.fromBytes(row.getBytes(7))),
                                    Moments.ofSums(
                                            units,
                                            ExactSum.fromBytes(row.getBytes(8)),
                                            ExactSum.fromBytes(row.getBytes(9))),
                                    ExactSum.fromBytes(row.getBytes(10)));
                    return cells.all.add(
                            new Sums(
                                    row.getInt(1),
                                    row.getInt(2),
                                    row.getString(3),
                                    moments,
                                    row.getLong(5)));
                },
                measure);
        return cells;
    }

    /// Counts a unit.
    ///
    /// @return the number of its cell
    int add(int cohort, String arm, double value, double other) {
        var number = cell(cohort, arm).number;
        add(number, value, other);
        return number;
    }

    /// Counts a unit in the cell of a number.
    void add(int number, double value, double other) {
        var cell = all.get(number - 1);
        cell.moments.add(value, other);
        cell.nonzero += value == 0 ? 0 : 1;
        cell.changed = true;
    }

    /// Takes out a unit that was counted with the same numbers.
    void remove(int number, double value, double other) {
        var cell = all.get(number - 1);
        cell.moments.remove(value, other);
        cell.nonzero -= value == 0 ? 0 : 1;
        cell.changed = true;
    }

    private Sums cell(int cohort, String arm) {
        for (var cell : all) {
            if (cell.cohort == cohort && cell.arm.equals(arm)) {
                return cell;
            }
        }
        var made = new Sums(all.size() + 1, cohort, arm, new JointMoments(), 0);
        all.add(made);
        return made;
    }

    /// Keeps what has changed.
    void save(SqlConnection connection, long measure) {
        connection.changeAll(
                "INSERT OR REPLACE INTO cell (measure, number, cohort, arm, units, nonzero, sum, squares, other_sum,"
                        + " other_squares, products) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                all.stream()
                        .filter(cell -> cell.changed)
                        .map(cell -> {
                            var value = cell.moments.x();
                            var other = cell.moments.y();
                            return new @Nullable Object[] {
                                measure,
                                cell.number,
                                cell.cohort,
                                cell.arm,
                                cell.moments.n(),
                                cell.nonzero,
                                value.sum().toBytes(),
                                value.squares().toBytes(),
                                other.sum().toBytes(),
                                other.squares().toBytes(),
                                cell.moments.products().toBytes()
                            };
                        })
                        .toList());
    }

    /// The cells in order of cohort and arm, units included that came to nothing.
    ///
    /// @param exposed units by cohort and arm, those of several arms under ""
    /// @param onlyMeasured true if units that did nothing are not measured
    List<Cell> list(Map<Integer, Map<String, Long>> exposed, boolean onlyMeasured) {
        var sorted = new TreeMap<Integer, SequencedMap<String, Cell>>();
        if (!onlyMeasured) {
            exposed.forEach((cohort, arms) ->
                    arms.forEach((arm, units) -> {
                        if (!arm.isEmpty() && units > 0) {
                            put(sorted, new Cell(cohort, arm, units, 0, zeros(units)));
                        }
                    }));
        }
        for (var cell : all) {
            var units =
                    onlyMeasured
                            ? cell.moments.n()
                            : exposed.getOrDefault(cell.cohort, Map.of())
                                    .getOrDefault(cell.arm, 0L);
            if (units > 0) {
                put(sorted, new Cell(cell.cohort, cell.arm, units, cell.nonzero, of(cell, units)));
            }
        }
        return sorted.values().stream().flatMap(arms -> arms.values().stream()).toList();
    }

    private static void put(Map<Integer, SequencedMap<String, Cell>> sorted, Cell cell) {
        sorted.computeIfAbsent(cell.cohort(), _ -> new TreeMap<>()).put(cell.arm(), cell);
    }

    /// The rest of the units count with 0.
    private static JointMoments of(Sums cell, long units) {
        var value = cell.moments.x();
        var other = cell.moments.y();
        return JointMoments.ofSums(
                Moments.ofSums(units, value.sum(), value.squares()),
                Moments.ofSums(units, other.sum(), other.squares()),
                cell.moments.products());
    }

    private static JointMoments zeros(long units) {
        var zeros = Moments.ofSums(units, new ExactSum(), new ExactSum());
        return JointMoments.ofSums(zeros, zeros, new ExactSum());
    }
}
