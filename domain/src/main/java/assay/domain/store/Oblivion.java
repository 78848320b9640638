package assay.domain.store;

import java.util.List;

/// Removes a subject from the stream of events and from all that was computed of it.
final class Oblivion {
    private final SqlConnection connection;

    Oblivion(Transaction transaction) {
        this.connection = transaction.writing();
    }

    /// A total of the subject.
    private record Counted(long measure, int cell, double value, double other) {}

    /// Removes the subject.
    ///
    /// @return how many events there were
    long forget(String subject) {
        var trail = new Trail(connection);
        trail.complete();
        for (var counted : counted(subject)) {
            if (counted.cell() != 0) {
                var cells = Cells.of(connection, counted.measure());
                cells.remove(counted.cell(), counted.value(), counted.other());
                cells.save(connection, counted.measure());
            }
            connection.change(
                    "DELETE FROM total WHERE measure = ? AND subject = ?",
                    counted.measure(),
                    subject);
        }
        unenrol(subject);
        connection.change(
                """
                UPDATE recorded SET events = recorded.events - gone.n FROM
                  (SELECT e.experiment, e.iteration, coalesce(e.metric, '') AS metric, count(*) AS n
                   FROM (SELECT seq FROM trail WHERE subject = ?1 UNION ALL SELECT seq FROM trail_new WHERE subject = ?1) t
                   CROSS JOIN event e ON e.seq = t.seq
                   WHERE e.experiment IS NOT NULL GROUP BY 1, 2, 3) gone
                WHERE recorded.experiment = gone.experiment AND recorded.iteration = gone.iteration
                  AND recorded.metric = gone.metric\
                """,
                subject);
        var forgotten = trail.remove(subject);
        unlink(subject);
        return forgotten;
    }

    /// An event of somebody else may name the subject as who it was before it was known. What
    /// stands here is what the index says.
    private void unlink(String subject) {
        connection.change(
                """
                UPDATE event SET doc = json_remove(doc, '$.anonymousId')
                WHERE experiment IS NULL AND doc ->> '$.anonymousId' <> subject AND doc ->> '$.anonymousId' = ?\
                """,
                subject);
    }

    private List<Counted> counted(String subject) {
        return connection.rows(
                "SELECT t.measure, t.cell, m.text, t.exposed_at, "
                        + Tally.COLUMNS
                        + " FROM measure m CROSS JOIN total t ON t.measure = m.id AND t.subject = ?",
                row -> {
                    var tally = new Tally(Measure.read(row.getString(3)), row.getLong(4), row, 5);
                    return new Counted(row.getLong(1), row.getInt(2), tally.value(), tally.other());
                },
                subject);
    }

    private void unenrol(String subject) {
        for (var stream : streams()) {
            connection.change(
                    """
                    UPDATE enrolled SET units = units - 1 WHERE (experiment, iteration, cohort, arm) IN
                      (SELECT experiment, iteration, cohort, iif(several, '', variant) FROM exposure
                       WHERE experiment = ? AND iteration = ? AND subject = ?)\
                    """,
                    stream.experiment(),
                    stream.iteration(),
                    subject);
            connection.change(
                    "DELETE FROM exposure WHERE experiment = ? AND iteration = ? AND subject = ?",
                    stream.experiment(),
                    stream.iteration(),
                    subject);
        }
    }

    /// The iterations in which anybody is exposed.
    private List<Tail.Stream> streams() {
        return connection.rows(
                "SELECT experiment, iteration FROM recorded WHERE metric = ''",
                row -> new Tail.Stream(row.getString(1), row.getLong(2)));
    }
}
