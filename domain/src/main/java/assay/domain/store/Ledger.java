package assay.domain.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Which measures are kept, and up to which event each is folded. Nothing else folds, so a rebuild
/// is the same as going on from the beginning.
final class Ledger {
    /// A reader rather goes through an iteration once than through a longer tail.
    private static final long LONGEST_TAIL = 200_000;

    /// Measures that nobody has got round to keep, at most.
    private static final int MOST_WANTED = 10_000;

    private final Transaction transaction;
    private final SqlConnection connection;

    Ledger(Transaction transaction) {
        this.transaction = transaction;
        this.connection = transaction.reading();
    }

    /// A measure that was read and is not kept.
    record Wanted(Tail.Stream stream, Measure measure) {}

    /// The cells of a measure.
    ///
    /// @param exposed units by cohort and arm
    List<Cell> cells(Tail.Stream stream, Measure measure, Map<Integer, Map<String, Long>> exposed) {
        var onlyMeasured = measure.kind() == Measure.Kind.MEAN;
        var newest = newest();
        var kept = find(stream, measure);
        if (kept.isEmpty() && transaction.store().wanted().size() < MOST_WANTED) {
            transaction.store().wanted().add(new Wanted(stream, measure));
            transaction.store().notice();
        }
        if (kept.filter(one -> newest - one.watermark() <= LONGEST_TAIL).isEmpty()) {
            return raw(stream, measure).list(exposed, onlyMeasured);
        }
        var measured = kept.get();
        if (newest - measured.watermark() >= Bookkeeper.LONG) {
            transaction.store().notice();
        }
        var folding = folding(measured, newest);
        if (newest > measured.watermark()) {
            folding.take(Tail.read(connection, measured.watermark(), newest, Optional.of(stream)));
        }
        return folding.cells().list(exposed, onlyMeasured);
    }

    /// The same from all events of the iteration.
    Cells raw(Tail.Stream stream, Measure measure) {
        var cells = new Cells();
        new RawUnits(transaction, stream.experiment(), stream.iteration(), measure, closing(stream))
                .each((unit, tally) -> {
                    if (tally.isMeasured()) {
                        var _ =
                                cells.add(
                                        unit.cohort(),
                                        unit.variant(),
                                        tally.value(),
                                        tally.other());
                    }
                });
        return cells;
    }

    private Folding folding(Folding.Measured measured, long to) {
        return new Folding(connection, transaction.store().nouns(), measured, to);
    }

    private long newest() {
        return connection.number("SELECT coalesce(max(seq), 0) FROM event");
    }

    /// The last event that counts for an iteration; beyond all events as long as it goes on.
    long closing(Tail.Stream stream) {
        return connection
                .row(
                        "SELECT seq FROM closing WHERE experiment = ? AND iteration = ?",
                        row -> row.getLong(1),
                        stream.experiment(),
                        stream.iteration())
                .orElse(Long.MAX_VALUE);
    }

    private Optional<Folding.Measured> find(Tail.Stream stream, Measure measure) {
        return connection.row(
                "SELECT id, watermark FROM measure WHERE experiment = ? AND iteration = ? AND text = ?",
                row ->
                        new Folding.Measured(
                                row.getLong(1), stream, measure, row.getLong(2), closing(stream)),
                stream.experiment(),
                stream.iteration(),
                measure.text());
    }

    /// Keeps a measure. Nothing counts before the first exposure of an iteration, and what units
    /// did until then is looked up when they are exposed.
    void keep(Tail.Stream stream, Measure measure) {
        transaction
                .writing()
                .change(
                        "INSERT INTO measure (experiment, iteration, text, watermark) VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        stream.experiment(),
                        stream.iteration(),
                        measure.text(),
                        firstExposure(stream).orElseGet(() -> newest() + 1) - 1);
    }

    private OptionalLong firstExposure(Tail.Stream stream) {
        return connection
                .row(
                        "SELECT first FROM recorded WHERE experiment = ? AND iteration = ? AND metric = ''",
                        row -> OptionalLong.of(row.getLong(1)),
                        stream.experiment(),
                        stream.iteration())
                .orElse(OptionalLong.empty());
    }

    /// Keeps the measures that were read since the last time, of iterations that have any event.
    void keepWanted() {
        for (var wanted : List.copyOf(transaction.store().wanted())) {
            if (firstExposure(wanted.stream()).isPresent()) {
                keep(wanted.stream(), wanted.measure());
            }
            transaction.store().wanted().remove(wanted);
        }
    }

    /// True when at least so many events are not folded for some measure, or a measure was read
    /// that is not kept.
    boolean isBehind(long events) {
        return backlog() >= events || !transaction.store().wanted().isEmpty();
    }

    /// How many events the measure that is furthest behind, or the trail, has not seen.
    long backlog() {
        var newest = newest();
        // The newest events may have been forgotten since they were folded.
        return Math.max(
                0,
                newest
                        - Math.min(
                                new Trail(connection).mark(),
                                connection.number(
                                        "SELECT coalesce(min(watermark), ?) FROM measure",
                                        newest)));
    }

    /// Takes everything back that was folded.
    void startAgain() {
        connection.change("DELETE FROM total");
        connection.change("DELETE FROM cell");
        connection.change("UPDATE measure SET watermark = 0");
    }

    /// Folds the oldest events that are not.
    ///
    /// @param most events to fold
    void step(long most) {
        var _ = transaction.writing();
        var newest = newest();
        var from = newest - backlog();
        if (from >= newest) {
            return;
        }
        var to = Math.min(Math.min(from + most, newest), nextMark(from, newest));
        new Trail(connection).extend(to);
        if (connection.number("SELECT EXISTS (SELECT 1 FROM measure WHERE watermark = ?)", from)
                == 1) {
            var tail = Tail.read(connection, from, to, Optional.empty());
            for (var behind : behind(from, tail)) {
                var folding = folding(behind, to);
                folding.take(tail);
                folding.save();
            }
            connection.change("UPDATE measure SET watermark = ? WHERE watermark = ?", to, from);
        }
    }

    /// How far something has come that is further than an event, so that both go on together.
    private long nextMark(long from, long newest) {
        var mark = new Trail(connection).mark();
        return Math.min(
                mark > from ? mark : newest,
                connection.number(
                        "SELECT coalesce(min(watermark), ?) FROM measure WHERE watermark > ?",
                        newest,
                        from));
    }

    /// The measures that have come as far as the beginning of a tail and may see something new.
    private List<Folding.Measured> behind(long from, Tail tail) {
        var rows =
                connection.rows(
                        "SELECT id, experiment, iteration, text FROM measure WHERE watermark = ?",
                        row -> {
                            var stream = new Tail.Stream(row.getString(2), row.getLong(3));
                            return tail.mayConcern(stream)
                                    ? Optional.of(new Row(row.getLong(1), stream, row.getString(4)))
                                    : Optional.<Row>empty();
                        },
                        from);
        return rows.stream()
                .flatMap(Optional::stream)
                .map(row ->
                        new Folding.Measured(
                                row.id(),
                                row.stream(),
                                Measure.read(row.text()),
                                from,
                                closing(row.stream())))
                .toList();
    }

    private record Row(long id, Tail.Stream stream, String text) {}
}
