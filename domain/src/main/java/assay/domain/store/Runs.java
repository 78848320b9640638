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

    /// What is answered in place of a reply that was erased.
    private static final String ERASED =
            "{\"result\":null,\"logs\":[],\"changes\":[],\"erased\":true}";

    /// Records a run at the end of its transaction, before its looks are logged. What names a
    /// subject that was forgotten in this transaction is left out.
    public void add(Run run) {
        insert(
                transaction.forgotten().stream().anyMatch(subject -> names(run, subject))
                        ? erased(run)
                        : run);
    }

    private static boolean names(Run run, String subject) {
        return Mention.of(subject, run.source())
                || run.params().filter(params -> Mention.of(subject, params)).isPresent()
                || run.answer().filter(answer -> Mention.of(subject, answer.reply())).isPresent();
    }

    private static Run erased(Run run) {
        return new Run(
                run.id(),
                run.at(),
                run.actor(),
                "",
                Optional.empty(),
                run.seed(),
                run.program(),
                run.result(),
                run.answer().map(answer -> new Answer(answer.key(), answer.fingerprint(), ERASED)));
    }

    /// Erases the script, the params and the reply of every run in which a subject is named. The
    /// runs stay.
    ///
    /// @return how many there were
    public long forget(String subject) {
        var connection = transaction.writing();
        transaction.forgotten().add(subject);
        var named =
                connection.rows(
                        "SELECT r.id, s.source, coalesce(r.params, ''), coalesce(r.reply, '') FROM run r"
                                + " JOIN script s ON s.hash = r.script WHERE instr(s.source, ?1) OR instr(r.params, ?1)"
                                + " OR instr(r.reply, ?1)",
                        row ->
                                Mention.of(subject, row.getString(2))
                                                || Mention.of(subject, row.getString(3))
                                                || Mention.of(subject, row.getString(4))
                                        ? Optional.of(row.getString(1))
                                        : Optional.<String>empty(),
                        Mention.part(subject));
        var ids = named.stream().flatMap(Optional::stream).toList();
        if (!ids.isEmpty()) {
            var empty = script(connection, "");
            for (var id : ids) {
                connection.change(
                        "UPDATE run SET script = ?, params = NULL, reply = iif(reply IS NULL, NULL, ?) WHERE id = ?",
                        empty,
                        ERASED,
                        id);
            }
            connection.change("DELETE FROM script WHERE hash NOT IN (SELECT script FROM run)");
        }
        return ids.size();
    }

    private static String script(SqlConnection connection, String source) {
        var hash = Fingerprint.of(source);
        connection.change(
                "INSERT INTO script (hash, source) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
                hash,
                source);
        return hash;
    }

    private void insert(Run run) {
        var connection = transaction.writing();
        var hash = script(connection, run.source());
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
