package assay.domain.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The units of an iteration and what each came to, computed from the events themselves. Whatever
/// else says what a unit comes to must agree with this to the last bit.
final class RawUnits {
    private static final String UNIT =
            "SELECT x.subject, x.variant, x.cohort, x.at, x.attributes, ";
    private static final String EXPOSED = "x.experiment = ? AND x.iteration = ? AND x.several = 0";

    /// Which events belong to the iteration.
    private static final String OF_EXPERIMENT =
            "e.experiment = x.experiment AND e.iteration = x.iteration AND ";

    private static final String OF_NONE = "e.experiment IS NULL AND ";

    private final SqlConnection connection;
    private final String experiment;
    private final long iteration;
    private final Measure measure;
    private final Terms terms;
    private final long to;

    /// @param to the last event that counts
    RawUnits(Transaction transaction, String experiment, long iteration, Measure measure, long to) {
        this.connection = transaction.reading();
        this.experiment = experiment;
        this.iteration = iteration;
        this.measure = measure;
        this.terms = new Terms(transaction.store().nouns(), measure);
        this.to = to;
    }

    /// Hands over every unit that was seen in one arm only, in order of subjects.
    void each(BiConsumer<Events.Exposure, Tally> taker) {
        var sql =
                new StringBuilder(UNIT)
                        .append("NULL, NULL, 1, 0 FROM exposure x WHERE ")
                        .append(EXPOSED);
        var parameters = new ArrayList<@Nullable Object>(List.of(experiment, iteration));
        events(OF_EXPERIMENT, sql, parameters);
        if (terms.areOfNoExperiment(connection)) {
            events(OF_NONE, sql, parameters);
        }
        sql.append(" ORDER BY 1");
        var reading = new Reading(taker);
        connection.each(sql.toString(), reading::row, parameters.toArray());
        reading.end();
    }

    /// Adds what units did.
    private void events(String which, StringBuilder sql, List<@Nullable Object> parameters) {
        for (var table : Trail.TABLES) {
            unitAndTerms(which, sql, parameters);
            sql.append(" FROM exposure x CROSS JOIN ")
                    .append(table)
                    .append(" t ON t.subject = x.subject AND t.seq <= ?")
                    .append(" CROSS JOIN event e ON e.seq = t.seq WHERE ");
            parameters.add(to);
            condition(which, sql, parameters);
        }
        unitAndTerms(which, sql, parameters);
        sql.append(" FROM event e NOT INDEXED CROSS JOIN exposure x ON x.subject = e.subject")
                .append(" WHERE e.seq > ? AND e.seq <= ? AND ");
        parameters.add(new Trail(connection).mark());
        parameters.add(to);
        condition(which, sql, parameters);
    }

    private void unitAndTerms(String which, StringBuilder sql, List<@Nullable Object> parameters) {
        sql.append(" UNION ALL ").append(UNIT).append("e.at, coalesce(e.value, 1), e.sign, ");
        terms.add(name(which), sql, parameters);
    }

    private void condition(String which, StringBuilder sql, List<@Nullable Object> parameters) {
        sql.append(EXPOSED).append(" AND ").append(which);
        parameters.add(experiment);
        parameters.add(iteration);
        terms.addNames(name(which), sql, parameters);
    }

    /// What holds the name of an event.
    private static String name(String which) {
        return which.equals(OF_NONE) ? "e.kind" : "e.metric";
    }

    /// Rows of one subject follow each other.
    private final class Reading {
        private final BiConsumer<Events.Exposure, Tally> taker;
        private Optional<Events.Exposure> exposure = Optional.empty();
        private Tally tally = new Tally(measure, 0);

        Reading(BiConsumer<Events.Exposure, Tally> taker) {
            this.taker = taker;
        }

        boolean row(ResultSet row) throws SQLException {
            var subject = row.getString(1);
            if (exposure.filter(unit -> unit.subject().equals(subject)).isEmpty()) {
                end();
                var unit = Events.exposure(row);
                exposure = Optional.of(unit);
                tally = new Tally(measure, unit.at());
            }
            var terms = row.getInt(9);
            if (terms != 0) {
                tally.add(new Tally.Fact(row.getLong(6), row.getDouble(7), terms, row.getInt(8)));
            }
            return true;
        }

        void end() {
            exposure.ifPresent(unit -> taker.accept(unit, tally));
        }
    }
}
