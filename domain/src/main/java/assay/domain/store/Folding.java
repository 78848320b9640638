package assay.domain.store;

import assay.domain.JsonTree;
import assay.domain.noun.Nouns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// Adds a tail of events to what is known of one measure: first in memory, which is all that a
/// reader needs, then to the store.
///
/// A unit's total takes its events one by one. Where that cannot be, since its exposure is new or
/// has changed, or the order of its events matters, the unit is computed again from all its events
/// up to the end of the tail.
final class Folding {
    private final SqlConnection connection;
    private final Measured measured;
    private final Terms terms;
    private final Cells cells;
    private final long to;
    private final List<@Nullable Object[]> totals = new ArrayList<>();
    private final List<@Nullable Object[]> gone = new ArrayList<>();

    /// A measure of an iteration, as the store knows it.
    ///
    /// @param watermark the last event that is folded
    /// @param closing the last event that counts
    record Measured(long id, Tail.Stream stream, Measure measure, long watermark, long closing) {}

    /// A unit as it was before the tail.
    ///
    /// @param at when it was exposed
    /// @param isStored true when it has a total
    /// @param cell it is counted in, 0 for none
    private record Unit(
            String subject,
            String arm,
            int cohort,
            long at,
            boolean several,
            boolean isStored,
            int cell,
            Tally tally) {
        boolean hasMoved() {
            return !tally.isOf(at);
        }
    }

    /// @param to the last event of the tail
    Folding(SqlConnection connection, Nouns nouns, Measured measured, long to) {
        this.connection = connection;
        this.measured = measured;
        this.terms = new Terms(nouns, measured.measure());
        this.cells = Cells.of(connection, measured.id());
        this.to = Math.min(to, measured.closing());
    }

    Cells cells() {
        return cells;
    }

    /// Takes in a tail that begins at the watermark.
    void take(Tail tail) {
        var facts = facts(tail);
        var exposed = tail.exposed(measured.stream());
        var touched = new TreeSet<>(facts.keySet());
        touched.addAll(exposed);
        if (touched.isEmpty()) {
            return;
        }
        var units = units(touched);
        var again = new HashSet<String>();
        units.forEach((subject, unit) -> {
            if (!unit.several()
                    && (exposed.contains(subject)
                            || unit.hasMoved()
                            || !Tally.isAdditive(measured.measure()))) {
                again.add(subject);
            }
        });
        var computed = again.isEmpty() ? Map.<String, List<Tally.Fact>>of() : allFacts(again);
        units.forEach((subject, unit) -> {
            if (again.contains(subject)) {
                var tally = new Tally(measured.measure(), unit.at());
                replace(unit, tally, computed.getOrDefault(subject, List.of()));
            } else {
                replace(unit, unit.tally(), facts.getOrDefault(subject, List.of()));
            }
        });
    }

    /// What the tail says of each subject.
    private Map<String, List<Tally.Fact>> facts(Tail tail) {
        var facts = new HashMap<String, List<Tally.Fact>>();
        var filtered = terms.areFiltered() ? passed(tail) : Map.<Long, Integer>of();
        for (var name : terms.names()) {
            var all = terms.of(name);
            tail.each(
                    measured.stream(),
                    name,
                    row -> {
                        var bits = terms.areFiltered() ? filtered.getOrDefault(row.seq(), 0) : all;
                        if (bits != 0 && row.seq() <= to) {
                            facts.computeIfAbsent(row.subject(), _ -> new ArrayList<>(2))
                                    .add(new Tally.Fact(row.at(), row.value(), bits));
                        }
                    });
        }
        return facts;
    }

    /// The terms that each event of the tail is of.
    private Map<Long, Integer> passed(Tail tail) {
        var passed = new HashMap<Long, Integer>();
        var sql = new StringBuilder("SELECT e.seq, ");
        var parameters = new ArrayList<@Nullable Object>();
        var name = "coalesce(e.metric, e.kind)";
        terms.add(name, sql, parameters);
        sql.append(" FROM event e NOT INDEXED WHERE e.seq > ? AND e.seq <= ? AND ");
        parameters.add(tail.from());
        parameters.add(tail.to());
        terms.addNames(name, sql, parameters);
        connection.each(
                sql.toString(),
                row -> passed.put(row.getLong(1), row.getInt(2)),
                parameters.toArray());
        return passed;
    }

    private static String array(Set<String> subjects) {
        var array = JsonNodeFactory.instance.arrayNode();
        subjects.forEach(array::add);
        return JsonTree.text(array);
    }

    /// Those of the subjects that are exposed.
    private Map<String, Unit> units(Set<String> subjects) {
        var units = new HashMap<String, Unit>();
        connection.each(
                "SELECT x.subject, x.variant, x.cohort, x.at, x.several, t.cell, t.exposed_at, "
                        + Tally.COLUMNS
                        + " FROM json_each(?) j CROSS JOIN exposure x ON x.experiment = ? AND x.iteration = ?"
                        + " AND x.subject = j.value LEFT JOIN total t ON t.measure = ? AND t.subject = j.value",
                row -> {
                    var subject = row.getString(1);
                    var at = row.getLong(4);
                    var cell = row.getInt(6);
                    var isStored = !row.wasNull();
                    return units.put(
                            subject,
                            new Unit(
                                    subject,
                                    row.getString(2),
                                    row.getInt(3),
                                    at,
                                    row.getInt(5) != 0,
                                    isStored,
                                    cell,
                                    isStored
                                            ? new Tally(measured.measure(), row.getLong(7), row, 8)
                                            : new Tally(measured.measure(), at)));
                },
                array(subjects),
                measured.stream().experiment(),
                measured.stream().iteration(),
                measured.id());
        return units;
    }

    /// All that subjects ever did that counts, up to the end of the tail.
    private Map<String, List<Tally.Fact>> allFacts(Set<String> subjects) {
        var facts = new HashMap<String, List<Tally.Fact>>();
        var list = array(subjects);
        var sql = new StringBuilder("SELECT e.subject, e.at, e.value, ");
        var parameters = new ArrayList<@Nullable Object>();
        terms.add("e.metric", sql, parameters);
        sql.append(
                " FROM json_each(?) j CROSS JOIN event e ON e.experiment = ? AND e.subject = j.value AND ");
        parameters.add(list);
        parameters.add(measured.stream().experiment());
        terms.addNames("e.metric", sql, parameters);
        sql.append(" AND e.iteration = ? AND e.seq <= ?");
        parameters.add(measured.stream().iteration());
        parameters.add(to);
        if (terms.areOfNoExperiment(connection)) {
            sql.append(" UNION ALL SELECT e.subject, e.at, coalesce(e.value, 1), ");
            terms.add("e.kind", sql, parameters);
            sql.append(
                    " FROM json_each(?) j CROSS JOIN event e ON e.experiment IS NULL AND e.subject = j.value AND ");
            parameters.add(list);
            terms.addNames("e.kind", sql, parameters);
            sql.append(" AND e.seq <= ?");
            parameters.add(to);
        }
        connection.each(
                sql.toString(),
                row -> {
                    var bits = row.getInt(4);
                    return bits != 0
                            && facts.computeIfAbsent(row.getString(1), _ -> new ArrayList<>(4))
                                    .add(new Tally.Fact(row.getLong(2), row.getDouble(3), bits));
                },
                parameters.toArray());
        return facts;
    }

    /// Takes a unit out as it was and counts it as it is now.
    ///
    /// @param tally what the facts are added to; it may be the one that the unit had
    private void replace(Unit unit, Tally tally, List<Tally.Fact> facts) {
        if (unit.cell() != 0) {
            cells.remove(unit.cell(), unit.tally().value(), unit.tally().other());
        }
        if (!unit.several()) {
            facts.forEach(tally::add);
        }
        if (unit.several() || tally.isEmpty()) {
            if (unit.isStored()) {
                gone.add(new @Nullable Object[] {measured.id(), unit.subject()});
            }
            return;
        }
        var cell =
                tally.isMeasured()
                        ? cells.add(unit.cohort(), unit.arm(), tally.value(), tally.other())
                        : 0;
        var stored = tally.stored();
        var row = new @Nullable Object[4 + stored.length];
        row[0] = measured.id();
        row[1] = unit.subject();
        row[2] = cell;
        row[3] = unit.at();
        System.arraycopy(stored, 0, row, 4, stored.length);
        totals.add(row);
    }

    /// Keeps what the tail has changed.
    void save() {
        connection.changeAll(
                "INSERT OR REPLACE INTO total (measure, subject, cell, exposed_at, "
                        + Tally.COLUMNS
                        + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                totals);
        connection.changeAll("DELETE FROM total WHERE measure = ? AND subject = ?", gone);
        cells.save(connection, measured.id());
    }
}
