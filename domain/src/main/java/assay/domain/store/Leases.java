package assay.domain.store;

import assay.domain.JsonTree;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The work units of leased experiments, who has them for how long, and what that uses up.
public final class Leases {
    private static final String UNIT =
            "SELECT u.seq, u.id, u.experiment, u.iteration, u.arm, u.place, u.item, u.repetition, u.subject, u.status,"
                    + " u.worker, u.leased_at, u.recorded_at, u.output, u.score, u.error FROM work_unit u";

    /// More than any budget, and little enough that what open leases hold can be added.
    private static final long MOST_SPENT = 4_000_000_000_000_000_000L;

    private static final String LEASE =
            "SELECT l.id, l.unit, l.experiment, l.iteration, l.purpose, l.state, l.worker, l.at, l.expires_at, l.tokens,"
                    + " l.money, l.fingerprint, l.answer FROM lease l";
    private static final String WAITING =
            " WHERE u.experiment = ?1 AND u.iteration = ?2 AND u.status = 'judging'"
                    + " AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.unit = u.seq AND l.state = 'open'"
                    + "   AND l.purpose = 'judge' AND l.expires_at > ?3)"
                    + " AND (?4 = '' OR EXISTS (SELECT 1 FROM work_unit c WHERE c.experiment = ?1"
                    + "   AND c.iteration = ?2 AND c.arm = ?4 AND c.place = u.place AND c.status = 'recorded'))";
    private static final double BILLION = 1e9;

    private final Transaction transaction;

    public Leases(Transaction transaction) {
        this.transaction = transaction;
    }

    /// What has become of a unit.
    public enum Status {
        /// Somebody has it, or had it and let the lease run out.
        LEASED,
        /// It was run, and waits for a judge.
        JUDGING,
        RECORDED,
        /// It was run, and the run failed.
        FAILED,
        /// What came of it was erased.
        FORGOTTEN;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /// What a unit is leased for.
    public enum Purpose {
        /// To run the model.
        RUN,
        /// To say how good the output is.
        JUDGE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What has become of a lease.
    public enum State {
        /// It may be recorded, also late.
        OPEN,
        RECORDED,
        /// It had run out, and its unit was leased again.
        LOST;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A work unit.
    ///
    /// @param seq its number; 0 for one that is still to be kept
    /// @param place of its item and repetition in the order of the iteration, from 0 on
    /// @param subject what its events are kept under
    /// @param worker who had it last, if they said so
    public record Unit(
            long seq,
            String id,
            String experiment,
            long iteration,
            String arm,
            long place,
            String item,
            int repetition,
            String subject,
            Status status,
            Optional<String> worker,
            long leasedAt,
            OptionalLong recordedAt,
            Optional<String> output,
            OptionalDouble score,
            Optional<String> error) {
        /// True when it was run, whatever came of it.
        public boolean isRun() {
            return status != Status.LEASED && status != Status.FORGOTTEN;
        }
    }

    /// A lease.
    ///
    /// @param unit the number of its unit
    /// @param at milliseconds since 1970
    /// @param tokens what it reserves until it is recorded, and what it came to after that
    /// @param money the same, in billionths
    /// @param fingerprint of what was recorded
    /// @param answer what whoever recorded it was told
    public record Lease(
            String id,
            long unit,
            String experiment,
            long iteration,
            Purpose purpose,
            State state,
            Optional<String> worker,
            long at,
            long expiresAt,
            long tokens,
            long money,
            Optional<String> fingerprint,
            Optional<ObjectNode> answer) {}

    /// What an iteration has used up.
    ///
    /// @param units that were ever leased
    /// @param tokens that were recorded, or reserved by leases that ran out and were given to
    ///   somebody else: they may have been used
    /// @param money the same
    /// @param open leases that are not recorded, and whose units nobody else was given
    public record Spent(long units, long tokens, double money, long open) {}

    /// What open leases hold.
    ///
    /// @param money in billionths
    /// @param live how many have not run out
    /// @param until when the first of those runs out, milliseconds since 1970; 0 when there is none
    /// @param lapsed how many have run out, and hold what they reserved until they are recorded
    public record Held(long tokens, long money, long live, long until, long lapsed) {}

    /// What came of a unit.
    ///
    /// @param output as JSON
    public record Outcome(
            Status status,
            Optional<String> output,
            OptionalDouble score,
            ObjectNode metrics,
            Optional<String> error) {}

    /// What an iteration has used up so far.
    public Spent spent(String experiment, long iteration) {
        var open =
                transaction
                        .reading()
                        .number(
                                "SELECT count(*) FROM lease WHERE state = 'open' AND experiment = ? AND iteration = ?",
                                experiment,
                                iteration);
        return transaction
                .reading()
                .row(
                        "SELECT units, tokens, money FROM spent WHERE experiment = ? AND iteration = ?",
                        row ->
                                new Spent(
                                        row.getLong(1),
                                        row.getLong(2),
                                        row.getLong(3) / BILLION,
                                        open),
                        experiment,
                        iteration)
                .orElse(new Spent(0, 0, 0, open));
    }

    /// What was used up of the money, in billionths.
    public long spentMoney(String experiment, long iteration) {
        return transaction
                .reading()
                .number(
                        "SELECT coalesce(sum(money), 0) FROM spent WHERE experiment = ? AND iteration = ?",
                        experiment,
                        iteration);
    }

    /// What the open leases of an iteration hold, those that have run out included.
    ///
    /// @param now milliseconds since 1970
    public Held held(String experiment, long iteration, Purpose purpose, long now) {
        return transaction
                .reading()
                .row(
                        "SELECT coalesce(sum(tokens), 0), coalesce(sum(money), 0), coalesce(sum(expires_at > ?1), 0),"
                                + " coalesce(min(iif(expires_at > ?1, expires_at, NULL)), 0), coalesce(sum(expires_at <= ?1), 0)"
                                + " FROM lease WHERE state = 'open' AND experiment = ?2 AND iteration = ?3 AND purpose = ?4",
                        row ->
                                new Held(
                                        row.getLong(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getLong(4),
                                        row.getLong(5)),
                        now,
                        experiment,
                        iteration,
                        purpose.word())
                .orElseThrow();
    }

    /// The first place that no unit of an arm has been leased of.
    public long next(String experiment, long iteration, String arm) {
        return transaction
                .reading()
                .number(
                        "SELECT coalesce(max(place), -1) + 1 FROM work_unit WHERE experiment = ? AND iteration = ? AND arm = ?",
                        experiment,
                        iteration,
                        arm);
    }

    /// Leases that have run out and whose units nobody else was given, in the order of the places.
    ///
    /// @param arms of the units
    /// @param now milliseconds since 1970
    public List<Lease> expired(
            String experiment,
            long iteration,
            Purpose purpose,
            List<String> arms,
            long now,
            int limit) {
        return transaction
                .reading()
                .rows(
                        LEASE
                                + " JOIN work_unit u ON u.seq = l.unit WHERE l.state = 'open' AND l.experiment = ?"
                                + " AND l.iteration = ? AND l.purpose = ? AND l.expires_at <= ?"
                                + " AND u.arm IN (SELECT value FROM json_each(?)) ORDER BY u.place, u.seq LIMIT ?",
                        Leases::readLease,
                        experiment,
                        iteration,
                        purpose.word(),
                        now,
                        JsonTree.text(texts(arms)),
                        limit);
    }

    /// Units that wait for a judge and that nobody judges now, in the order of the places.
    ///
    /// @param control where two outputs are judged against each other: only units whose control of
    ///   the same place was run
    /// @param now milliseconds since 1970
    public List<Unit> toJudge(
            String experiment, long iteration, Optional<String> control, long now, int limit) {
        return transaction
                .reading()
                .rows(
                        UNIT + WAITING + " ORDER BY u.place, u.seq LIMIT ?5",
                        Leases::readUnit,
                        experiment,
                        iteration,
                        now,
                        control.orElse(""),
                        limit);
    }

    /// How many units wait for a judge and are judged by nobody now.
    ///
    /// @param control as in [#toJudge]
    /// @param now milliseconds since 1970
    public long waiting(String experiment, long iteration, Optional<String> control, long now) {
        return transaction
                .reading()
                .number(
                        "SELECT count(*) FROM work_unit u" + WAITING,
                        experiment,
                        iteration,
                        now,
                        control.orElse(""));
    }

    /// How many units of an iteration there are by status.
    ///
    /// @param arms of the units
    public SequencedMap<Status, Long> counts(String experiment, long iteration, List<String> arms) {
        var counts = new LinkedHashMap<Status, Long>();
        transaction
                .reading()
                .each(
                        "SELECT status, count(*) FROM work_unit WHERE experiment = ? AND iteration = ?"
                                + " AND arm IN (SELECT value FROM json_each(?)) GROUP BY status",
                        row -> counts.put(Status.of(row.getString(1)), row.getLong(2)),
                        experiment,
                        iteration,
                        JsonTree.text(texts(arms)));
        return counts;
    }

    /// The unit with this number.
    public Unit unit(long seq) {
        return transaction
                .reading()
                .row(UNIT + " WHERE u.seq = ?", Leases::readUnit, seq)
                .orElseThrow();
    }

    /// The unit of an arm in a place.
    public Optional<Unit> unit(String experiment, long iteration, String arm, long place) {
        return transaction
                .reading()
                .row(
                        UNIT
                                + " WHERE u.experiment = ? AND u.iteration = ? AND u.arm = ? AND u.place = ?",
                        Leases::readUnit,
                        experiment,
                        iteration,
                        arm,
                        place);
    }

    /// The lease with this id.
    public Optional<Lease> find(String id) {
        return transaction.reading().row(LEASE + " WHERE id = ?", Leases::readLease, id);
    }

    /// Keeps a unit that is leased for the first time.
    ///
    /// @return its number
    public long add(Unit unit, String actor) {
        var connection = transaction.writing();
        connection.change(
                "INSERT INTO work_unit (id, experiment, iteration, arm, place, item, repetition, subject, status, worker,"
                        + " leased_at, leased_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                unit.id(),
                unit.experiment(),
                unit.iteration(),
                unit.arm(),
                unit.place(),
                unit.item(),
                unit.repetition(),
                unit.subject(),
                unit.status().word(),
                unit.worker().orElse(null),
                unit.leasedAt(),
                actor);
        var seq = connection.number("SELECT last_insert_rowid()");
        spend(unit.experiment(), unit.iteration(), 1, 0, 0);
        return seq;
    }

    /// Keeps a lease. Leases of the same unit and purpose that are open are lost to it, and what
    /// they reserved counts as used up.
    public void grant(Lease lease) {
        var connection = transaction.writing();
        for (var before :
                connection.rows(
                        LEASE + " WHERE unit = ? AND state = 'open' AND purpose = ?",
                        Leases::readLease,
                        lease.unit(),
                        lease.purpose().word())) {
            connection.change("UPDATE lease SET state = 'lost' WHERE id = ?", before.id());
            spend(before.experiment(), before.iteration(), 0, before.tokens(), before.money());
        }
        connection.change(
                "INSERT INTO lease (id, unit, experiment, iteration, purpose, state, worker, at, expires_at, tokens, money)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                lease.id(),
                lease.unit(),
                lease.experiment(),
                lease.iteration(),
                lease.purpose().word(),
                lease.state().word(),
                lease.worker().orElse(null),
                lease.at(),
                lease.expiresAt(),
                lease.tokens(),
                lease.money());
        if (lease.purpose() == Purpose.RUN) {
            connection.change(
                    "UPDATE work_unit SET worker = ? WHERE seq = ?",
                    lease.worker().orElse(null),
                    lease.unit());
        }
    }

    /// Keeps that a lease was recorded.
    ///
    /// @param tokens what it came to
    /// @param money the same, in billionths
    public void close(Lease lease, long tokens, long money, String fingerprint, ObjectNode answer) {
        transaction
                .writing()
                .change(
                        "UPDATE lease SET state = 'recorded', tokens = ?, money = ?, fingerprint = ?, answer = ? WHERE id = ?",
                        tokens,
                        money,
                        fingerprint,
                        JsonTree.text(answer),
                        lease.id());
        spend(lease.experiment(), lease.iteration(), 0, tokens, money);
    }

    /// Keeps what came of a unit.
    ///
    /// @param now milliseconds since 1970
    public void record(Unit unit, Outcome outcome, long now) {
        transaction
                .writing()
                .change(
                        "UPDATE work_unit SET status = ?, output = ?, score = ?, metrics = ?, error = ?, recorded_at = ?"
                                + " WHERE seq = ?",
                        outcome.status().word(),
                        outcome.output().orElse(null),
                        number(outcome.score()),
                        outcome.metrics().isEmpty() ? null : JsonTree.text(outcome.metrics()),
                        outcome.error().orElse(null),
                        now,
                        unit.seq());
    }

    /// Keeps what a judge said of a unit, which then waits no more.
    public void judged(Unit unit, double score) {
        transaction
                .writing()
                .change(
                        "UPDATE work_unit SET status = iif(status = 'judging', 'recorded', status), score = ? WHERE seq = ?",
                        score,
                        unit.seq());
    }

    /// Sums that grow beyond [#MOST_SPENT] stay there: what a runner tells is not bounded by what
    /// was reserved.
    private void spend(String experiment, long iteration, long units, long tokens, long money) {
        transaction
                .writing()
                .change(
                        "INSERT INTO spent (experiment, iteration, units, tokens, money) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT (experiment, iteration) DO UPDATE SET units = units + excluded.units,"
                                + " tokens = min(tokens + excluded.tokens, ?6), money = min(money + excluded.money, ?6)",
                        experiment,
                        iteration,
                        units,
                        tokens,
                        money,
                        MOST_SPENT);
    }

    /// Erases what came of the units of an item, or of one unit by its subject or its id: outputs,
    /// scores, errors, and what was answered. The units stay as places that are taken, and what
    /// they used up stays used up.
    ///
    /// @return the subjects of their events, and the ids of their leases
    public Forgotten forget(String name) {
        var connection = transaction.writing();
        var units =
                connection.rows(
                        UNIT + " WHERE u.item = ?1 OR u.subject = ?1 OR u.id = ?1",
                        Leases::readUnit,
                        name);
        if (units.isEmpty()) {
            return new Forgotten(List.of(), List.of());
        }
        var leases = new ArrayList<String>();
        for (var unit : units) {
            leases.addAll(
                    connection.rows(
                            "SELECT id FROM lease WHERE unit = ?",
                            row -> row.getString(1),
                            unit.seq()));
            connection.change(
                    "UPDATE work_unit SET status = 'forgotten', worker = NULL, output = NULL, score = NULL, metrics = NULL,"
                            + " error = NULL WHERE seq = ?",
                    unit.seq());
            for (var open :
                    connection.rows(
                            LEASE + " WHERE unit = ? AND state = 'open'",
                            Leases::readLease,
                            unit.seq())) {
                spend(open.experiment(), open.iteration(), 0, open.tokens(), open.money());
            }
            connection.change(
                    "UPDATE lease SET state = 'lost', worker = NULL, fingerprint = NULL, answer = NULL WHERE unit = ?",
                    unit.seq());
        }
        return new Forgotten(units.stream().map(Unit::subject).toList(), List.copyOf(leases));
    }

    /// What was erased.
    ///
    /// @param subjects of the units
    /// @param leases ids of the leases that they were recorded by
    public record Forgotten(List<String> subjects, List<String> leases) {}

    private static ArrayNode texts(List<String> texts) {
        var array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    private static @Nullable Double number(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static Unit readUnit(ResultSet row) throws SQLException {
        var recordedAt = row.getLong(13);
        var wasRecorded = !row.wasNull();
        var score = row.getDouble(15);
        var isScored = !row.wasNull();
        return new Unit(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                row.getString(5),
                row.getLong(6),
                row.getString(7),
                row.getInt(8),
                row.getString(9),
                Status.of(row.getString(10)),
                Optional.ofNullable(row.getString(11)),
                row.getLong(12),
                wasRecorded ? OptionalLong.of(recordedAt) : OptionalLong.empty(),
                Optional.ofNullable(row.getString(14)),
                isScored ? OptionalDouble.of(score) : OptionalDouble.empty(),
                Optional.ofNullable(row.getString(16)));
    }

    private static Lease readLease(ResultSet row) throws SQLException {
        return new Lease(
                row.getString(1),
                row.getLong(2),
                row.getString(3),
                row.getLong(4),
                Purpose.valueOf(row.getString(5).toUpperCase(Locale.ROOT)),
                State.valueOf(row.getString(6).toUpperCase(Locale.ROOT)),
                Optional.ofNullable(row.getString(7)),
                row.getLong(8),
                row.getLong(9),
                row.getLong(10),
                row.getLong(11),
                Optional.ofNullable(row.getString(12)),
                Optional.ofNullable(row.getString(13))
                        .map(json -> (ObjectNode) JsonTree.read(json)));
    }
}
