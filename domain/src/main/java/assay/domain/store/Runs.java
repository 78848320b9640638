package assay.domain.store;

import assay.domain.Fingerprint;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// The scripts that were run and kept, with all it takes to run them again. Append-only, within one
/// transaction.
public final class Runs {
    private static final String COLUMNS =
            "SELECT r.id, r.at, r.actor, s.source, r.params, r.seed, r.program, r.result, r.idempotency_key,"
                    + " r.fingerprint, r.reply, r.seq, r.action_mark, r.event_mark, r.look_mark"
                    + " FROM run r JOIN script s ON s.hash = r.script WHERE ";

    private final Transaction transaction;

    public Runs(Transaction transaction) {
        this.transaction = transaction;
    }

    /// One run of a script.
    ///
    /// @param at where its clock stood, in milliseconds since 1970
    /// @param params JSON text; empty when it was erased
    /// @param seed what its ids and random numbers were made from
    /// @param program the version of Assay that ran it
    /// @param result fingerprint of its result's JSON text
    /// @param answer empty when it had no idempotency key
    public record Run(
            String id,
            long at,
            String actor,
            String source,
            Optional<String> params,
            long seed,
            String program,
            String result,
            Optional<Answer> answer) {}

    /// What a run answered to a call with an idempotency key.
    ///
    /// @param fingerprint of all that was sent with the key
    /// @param reply JSON text
    public record Answer(String key, String fingerprint, String reply) {}

    /// A run and its place among everything else that was written.
    ///
    /// @param seq its own number
    /// @param action the last number of the action log at its end
    /// @param event the last number of the events at its end
    /// @param look the last number of the looks that it could see
    record Place(Run run, long seq, long action, long event, long look) {}

    /// Records a run at the end of its transaction, before its looks are logged.
    public void add(Run run) {
        var connection = transaction.writing();
        var hash = Fingerprint.of(run.source());
        connection.change(
                "INSERT INTO script (hash, source) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
                hash,
                run.source());
        connection.change(
                """
                INSERT INTO run (id, at, actor, script, params, seed, program, result, idempotency_key, fingerprint, reply,
                  action_mark, event_mark, look_mark)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(seq), 0) FROM action),
                  (SELECT coalesce(max(seq), 0) FROM event), (SELECT coalesce(max(seq), 0) FROM look))\
                """,
                run.id(),
                run.at(),
                run.actor(),
                hash,
                run.params().orElse(null),
                run.seed(),
                run.program(),
                run.result(),
                run.answer().map(Answer::key).orElse(null),
                run.answer().map(Answer::fingerprint).orElse(null),
                run.answer().map(Answer::reply).orElse(null));
    }

    /// The run with this id.
    public Optional<Run> find(String id) {
        return transaction.reading().row(COLUMNS + "r.id = ?", Runs::read, id);
    }

    /// The answer that was given to the first call with this idempotency key.
    public Optional<Answer> answer(String key) {
        return transaction
                .reading()
                .row(
                        "SELECT idempotency_key, fingerprint, reply FROM run WHERE idempotency_key = ?",
                        row -> new Answer(row.getString(1), row.getString(2), row.getString(3)),
                        key);
    }

    /// The first run after the one with this number.
    Optional<Place> after(long seq) {
        return transaction
                .reading()
                .row(
                        COLUMNS + "r.seq > ? ORDER BY r.seq LIMIT 1",
                        row ->
                                new Place(
                                        read(row),
                                        row.getLong(12),
                                        row.getLong(13),
                                        row.getLong(14),
                                        row.getLong(15)),
                        seq);
    }

    private static Run read(ResultSet row) throws SQLException {
        return new Run(
                row.getString(1),
                row.getLong(2),
                row.getString(3),
                row.getString(4),
                Optional.ofNullable(row.getString(5)),
                row.getLong(6),
                row.getString(7),
                row.getString(8),
                answer(row));
    }

    private static Optional<Answer> answer(ResultSet row) throws SQLException {
        var key = Optional.ofNullable(row.getString(9));
        return key.isEmpty()
                ? Optional.empty()
                : Optional.of(new Answer(key.get(), row.getString(10), row.getString(11)));
    }
}
