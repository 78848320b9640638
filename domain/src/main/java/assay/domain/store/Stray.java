package assay.domain.store;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Outcomes of one metric, and those among them that no results can count.
///
/// @param events all of them
/// @param unexposed of subjects that were never exposed
/// @param early before the exposure of their subject, and no covariate either
/// @param outside after the exposure, and outside the window of every measure that counts them
public record Stray(String metric, long events, long unexposed, long early, long outside) {
    /// The outcomes that somebody appended to an iteration after an event, by metric.
    ///
    /// @param measures that results look at
    static List<Stray> after(
            Transaction transaction,
            Tail.Stream stream,
            long after,
            String actor,
            List<Measure> measures) {
        var parameters = new ArrayList<@Nullable Object>();
        var sql =
                "SELECT e.metric, count(*), sum(x.subject IS NULL), sum(e.at < x.at AND NOT "
                        + condition(measures, parameters, Stray::lookback)
                        + "), sum(e.at >= x.at AND NOT "
                        + condition(measures, parameters, Stray::window)
                        + ") FROM event e NOT INDEXED LEFT JOIN exposure x"
                        + " ON x.experiment = e.experiment AND x.iteration = e.iteration AND x.subject = e.subject"
                        + " WHERE e.seq > ? AND e.experiment = ? AND e.iteration = ? AND e.created_by = ? AND e.corrects IS NULL"
                        + " AND e.metric IS NOT NULL GROUP BY 1 ORDER BY 1";
        parameters.addAll(List.of(after, stream.experiment(), stream.iteration(), actor));
        return transaction
                .reading()
                .rows(
                        sql,
                        row ->
                                new Stray(
                                        row.getString(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getLong(4),
                                        row.getLong(5)),
                        parameters.toArray());
    }

    /// Says of a measure when it counts an event, as SQL.
    private interface Counting {
        String of(Measure measure, List<@Nullable Object> parameters);
    }

    /// Whether any measure counts an event; of a metric that none looks at it is only told whether
    /// it came before the exposure.
    private static String condition(
            List<Measure> measures, List<@Nullable Object> parameters, Counting counting) {
        var names =
                measures.stream()
                        .flatMap(measure -> measure.terms().stream())
                        .map(Measure.Term::event)
                        .distinct()
                        .toList();
        if (names.isEmpty()) {
            return "(e.at >= x.at)";
        }
        var cases = new StringBuilder("(CASE e.metric");
        for (var name : names) {
            cases.append(" WHEN ? THEN ");
            parameters.add(name);
            cases.append(
                    measures.stream()
                            .filter(measure ->
                                    measure.terms().stream()
                                            .anyMatch(term -> term.event().equals(name)))
                            .map(measure -> counting.of(measure, parameters))
                            .collect(Collectors.joining(" OR ")));
        }
        return cases.append(" ELSE e.at >= x.at END)").toString();
    }

    private static String lookback(Measure measure, List<@Nullable Object> parameters) {
        parameters.add(measure.lookback().orElse(0));
        return "x.at - e.at <= ?";
    }

    private static String window(Measure measure, List<@Nullable Object> parameters) {
        parameters.add(measure.window().from());
        parameters.add(measure.window().to().orElse(Long.MAX_VALUE));
        return "(e.at - x.at >= ? AND e.at - x.at < ?)";
    }
}
