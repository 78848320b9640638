package assay.domain.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// What judges said of things that were judged again. The newest word on a thing in a place counts.
public final class Calibrations {
    private final Transaction transaction;

    public Calibrations(Transaction transaction) {
        this.transaction = transaction;
    }

    /// One thing that a judge judged, and what is known besides.
    ///
    /// @param score the judge's, 0 to 1
    /// @param again its score when it was asked once more
    /// @param human a person's score, 0 to 1
    /// @param position `first` or `second`: where the output stood whose score it is
    /// @param length of the output, or how much longer it was than the other one
    public record Row(
            String item,
            double score,
            OptionalDouble again,
            OptionalDouble human,
            Optional<String> position,
            OptionalDouble length) {}

    /// Keeps rows, each in place of the one with the same item and position.
    ///
    /// @param at milliseconds since 1970
    public void keep(String judge, List<Row> rows, long at, String actor) {
        transaction
                .writing()
                .changeAll(
                        """
                        INSERT INTO calibration (judge, item, position, score, again, human, length, at, actor)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (judge, item, position) DO UPDATE SET score = excluded.score, again = excluded.again,
                          human = excluded.human, length = excluded.length, at = excluded.at, actor = excluded.actor\
                        """,
                        rows.stream()
                                .map(row ->
                                        new @Nullable Object[] {
                                            judge,
                                            row.item(),
                                            row.position().orElse(""),
                                            row.score(),
                                            number(row.again()),
                                            number(row.human()),
                                            number(row.length()),
                                            at,
                                            actor
                                        })
                                .toList());
    }

    private static @Nullable Double number(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    /// The rows of a judge in the order in which they were first kept.
    public List<Row> of(String judge) {
        return transaction
                .reading()
                .rows(
                        "SELECT item, score, again, human, position, length FROM calibration WHERE judge = ? ORDER BY seq",
                        Calibrations::read,
                        judge);
    }

    /// How many rows a judge has.
    public long count(String judge) {
        return transaction
                .reading()
                .number("SELECT count(*) FROM calibration WHERE judge = ?", judge);
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(
                row.getString(1),
                row.getDouble(2),
                optional(row, 3),
                optional(row, 4),
                Optional.of(row.getString(5)).filter(position -> !position.isEmpty()),
                optional(row, 6));
    }

    private static OptionalDouble optional(ResultSet row, int column) throws SQLException {
        var value = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
