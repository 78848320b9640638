package assay.domain.store;

import assay.domain.JsonTree;
import assay.domain.noun.Nouns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /// A unit that the tail may change.
    private static final class Unit {
        private final String subject;

        /// When it was exposed, and what it came to before the tail; none has if nothing is stored.
        private Optional<Tally> tally = Optional.empty();

        /// It was counted in before the tail, 0 for none.
        private int cell;

        /// Its first exposure, where that has to be known.
        private Optional<Exposed> exposed = Optional.empty();

        Unit(String subject) {
            this.subject = subject;
        }
    }

    private record Exposed(String arm, int cohort, long at, boolean several) {}

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
        var touched = new HashSet<>(facts.keySet());
        touched.addAll(exposed);
        if (touched.isEmpty()) {
            return;
        }
        // In order, so that what lies beside each other in the store is read and written once.
        var units = touched.stream().sorted().map(Unit::new).toList();
        readTotals(units);
        // Whoever is counted is where its exposures put it, unless some are in the tail.
        readExposures(
                units.stream()
                        .filter(unit -> unit.cell == 0 || exposed.contains(unit.subject))
                        .toList());
        var again =
                units.stream()
                        .filter(unit -> mustBeComputed(unit, exposed))
                        .map(unit -> unit.subject)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        var computed = again.isEmpty() ? Map.<String, List<Tally.Fact>>of() : allFacts(again);
        for (var unit : units) {
            if (again.contains(unit.subject)) {
                replace(
                        unit,
                        new Tally(measured.measure(), at(unit)),
                        computed.getOrDefault(unit.subject, List.of()));
            } else if (unit.tally.isPresent() || unit.exposed.isPresent()) {
                replace(
                        unit,
                        unit.tally.orElseGet(() -> new Tally(measured.measure(), at(unit))),
                        facts.getOrDefault(unit.subject, List.of()));
            }
        }
    }

    private boolean mustBeComputed(Unit unit, Set<String> exposed) {
        if (unit.tally.isEmpty() && unit.exposed.isEmpty()) {
            return false;
        }
        return unit.exposed.filter(Exposed::several).isEmpty()
                && (exposed.contains(unit.subject)
                        || !Tally.isAdditive(measured.measure())
                        || hasMoved(unit));
    }

    private static boolean hasMoved(Unit unit) {
        return unit.tally.isPresent()
                && unit.exposed.filter(now -> !unit.tally.get().isOf(now.at())).isPresent();
    }

    private static long at(Unit unit) {
        return unit.exposed.map(Exposed::at).orElseGet(() -> unit.tally.orElseThrow().exposedAt());
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
                                    .add(new Tally.Fact(row.at(), row.value(), bits, row.sign()));
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

    private static String array(Stream<String> subjects) {
        var array = JsonNodeFactory.instance.arrayNode();
        subjects.forEach(array::add);
        return JsonTree.text(array);
    }

    private static String subjects(List<Unit> units) {
        return array(units.stream().map(unit -> unit.subject));
    }

    private void readTotals(List<Unit> units) {
        connection.each(
                "SELECT j.key, t.cell, t.exposed_at, "
                        + Tally.COLUMNS
                        + " FROM json_each(?) j CROSS JOIN total t ON t.measure = ? AND t.subject = j.value",
                row -> {
                    var unit = units.get(row.getInt(1));
                    unit.cell = row.getInt(2);
                    unit.tally = Optional.of(new Tally(measured.measure(), row.getLong(3), row, 4));
                    return unit;
                },
                subjects(units),
                measured.id());
    }

    private void readExposures(List<Unit> units) {
        if (units.isEmpty()) {
            return;
        }
        connection.each(
                "SELECT j.key, x.variant, x.cohort, x.at, x.several FROM json_each(?) j"
                        + " CROSS JOIN exposure x ON x.experiment = ? AND x.iteration = ? AND x.subject = j.value",
                row -> {
                    var unit = units.get(row.getInt(1));
                    unit.exposed =
                            Optional.of(
                                    new Exposed(
                                            row.getString(2),
                                            row.getInt(3),
                                            row.getLong(4),
                                            row.getInt(5) != 0));
                    return unit;
                },
                subjects(units),
                measured.stream().experiment(),
                measured.stream().iteration());
    }

    /// All that subjects ever did that counts, up to the end of the tail.
    private Map<String, List<Tally.Fact>> allFacts(Set<String> subjects) {
        var facts = new HashMap<String, List<Tally.Fact>>();
        var list = array(subjects.stream());
        var trail = new Trail(connection);
        var sql = new StringBuilder("SELECT e.subject, e.at, e.value, e.sign, ");
        var parameters = new ArrayList<@Nullable Object>();
        terms.add("e.metric", sql, parameters);
        sql.append(" FROM ")
                .append(trail.of(list, to, parameters))
                .append(" p CROSS JOIN event e ON e.seq = p.seq AND e.experiment = ? AND ");
        parameters.add(measured.stream().experiment());
        terms.addNames("e.metric", sql, parameters);
        sql.append(" AND e.iteration = ?");
        parameters.add(measured.stream().iteration());
        if (terms.areOfNoExperiment(connection)) {
            sql.append(" UNION ALL SELECT e.subject, e.at, coalesce(e.value, 1), e.sign, ");
            terms.add("e.kind", sql, parameters);
            sql.append(" FROM ")
                    .append(trail.of(list, to, parameters))
                    .append(" p CROSS JOIN event e ON e.seq = p.seq AND e.experiment IS NULL AND ");
            terms.addNames("e.kind", sql, parameters);
        }
        connection.each(
                sql.toString(),
                row -> {
                    var bits = row.getInt(5);
                    return bits != 0
                            && facts.computeIfAbsent(row.getString(1), _ -> new ArrayList<>(4))
                                    .add(
                                            new Tally.Fact(
                                                    row.getLong(2),
                                                    row.getDouble(3),
                                                    bits,
                                                    row.getInt(4)));
                },
                parameters.toArray());
        return facts;
    }

    /// Takes a unit out as it was and counts it as it is now.
    ///
    /// @param tally what the facts are added to; it may be the one that the unit had
    private void replace(Unit unit, Tally tally, List<Tally.Fact> facts) {
        if (unit.cell != 0) {
            var before = unit.tally.orElseThrow();
            cells.remove(unit.cell, before.value(), before.other());
        }
        var isSeveral = unit.exposed.filter(Exposed::several).isPresent();
        if (!isSeveral) {
            facts.forEach(tally::add);
        }
        if (isSeveral || tally.isEmpty()) {
            if (unit.tally.isPresent()) {
                gone.add(new @Nullable Object[] {measured.id(), unit.subject});
            }
            return;
        }
        var stored = tally.stored();
        var row = new @Nullable Object[4 + stored.length];
        row[0] = measured.id();
        row[1] = unit.subject;
        row[2] = tally.isMeasured() ? count(unit, tally) : 0;
        row[3] = at(unit);
        System.arraycopy(stored, 0, row, 4, stored.length);
        totals.add(row);
    }

    /// @return the cell that the unit is counted in
    private int count(Unit unit, Tally tally) {
        if (unit.exposed.isPresent()) {
            var exposed = unit.exposed.get();
            return cells.add(exposed.cohort(), exposed.arm(), tally.value(), tally.other());
        }
        cells.add(unit.cell, tally.value(), tally.other());
        return unit.cell;
    }

    /// Keeps what the tail has changed.
    void save() {
        connection.changeAll(
                "INSERT OR REPLACE INTO total (measure, subject, cell, exposed_at, "
                        + Tally.COLUMNS
                        + ") VALUES (?, ?, ?, ?, "
                        + Tally.places(measured.measure())
                        + ")",
                totals);
        connection.changeAll("DELETE FROM total WHERE measure = ? AND subject = ?", gone);
        cells.save(connection, measured.id());
    }
}
