package assay.domain.store;

import assay.domain.JsonTree;
import assay.domain.noun.Noun;
import assay.domain.query.Cursor;
import assay.domain.query.Query;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The objects of a tenant and their past, within one transaction.
public final class Objects {
    static final String COLUMNS =
            "o.id, o.type, o.version, o.created_at, o.created_by, o.updated_at, o.doc";
    private static final String STATES = " AND " + Sources.STATES;
    private static final String MATCHING =
            " FROM object_text CROSS JOIN object o ON o.seq = object_text.rowid"
                    + " WHERE object_text MATCH ? AND o.deleted_at IS NULL";
    private static final String LOG =
            "SELECT seq, object, type, verb, event, actor, reason, at, version, doc, detail, run FROM action";
    private static final String ACTIONS = LOG + " WHERE object = ?";

    private final Transaction transaction;
    private final Optional<String> run;

    public Objects(Transaction transaction) {
        this(transaction, Optional.empty());
    }

    /// @param run the id of the script run that what is logged belongs to
    public Objects(Transaction transaction, Optional<String> run) {
        this.transaction = transaction;
        this.run = run;
    }

    /// The live object with this id.
    public Optional<StoredObject> get(String id) {
        return transaction
                .reading()
                .row(
                        "SELECT "
                                + COLUMNS
                                + " FROM object o WHERE o.id = ? AND o.deleted_at IS NULL",
                        Objects::read,
                        id);
    }

    /// The object with this id, deleted or not.
    Optional<StoredObject> present(String id) {
        return transaction
                .reading()
                .row("SELECT " + COLUMNS + " FROM object o WHERE o.id = ?", Objects::read, id);
    }

    /// The live object of a noun that has this value in a unique field.
    ///
    /// @param value text, a number or a truth value
    public Optional<StoredObject> byUnique(Noun noun, String field, JsonNode value) {
        return transaction
                .reading()
                .row(
                        "SELECT %s FROM object o WHERE %s = ? AND o.type = '%s' AND o.deleted_at IS NULL"
                                .formatted(COLUMNS, Sources.document("o", field), noun.name()),
                        Objects::read,
                        Place.plain(value));
    }

    /// The live objects of a noun that have this text in an indexed field, in the order in which
    /// they were made.
    public List<StoredObject> inOrder(Noun noun, String field, String text) {
        return transaction
                .reading()
                .rows(
                        "SELECT %s FROM object o WHERE %s = ? AND o.type = '%s' AND o.deleted_at IS NULL ORDER BY o.seq"
                                .formatted(COLUMNS, Sources.document("o", field), noun.name()),
                        Objects::read,
                        text);
    }

    /// The same, those that were deleted among them.
    public List<StoredObject> everInOrder(Noun noun, String field, String text) {
        return transaction
                .reading()
                .rows(
                        "SELECT %s FROM object o WHERE %s = ? AND o.type = '%s' ORDER BY o.seq"
                                .formatted(COLUMNS, Sources.document("o", field), noun.name()),
                        Objects::read,
                        text);
    }

    /// The live objects of a noun that were made last, the newest first.
    public List<StoredObject> newest(Noun noun, int limit) {
        return transaction
                .reading()
                .rows(
                        "SELECT %s FROM object o WHERE o.type = '%s' AND o.deleted_at IS NULL ORDER BY o.created_at DESC, o.id DESC LIMIT ?"
                                .formatted(COLUMNS, noun.name()),
                        Objects::read,
                        limit);
    }

    /// True for nouns whose rows are kept apart from the objects.
    public static boolean areApart(Noun noun) {
        return Sources.isNarrow(noun);
    }

    /// The row of such a noun with this id.
    ///
    /// @param asOf a moment after which it must not have been kept
    public Optional<StoredObject> apart(Noun noun, String id, Optional<Instant> asOf) {
        // Most of those that are asked for are new, and this tells so in a fraction of the time.
        if (!Sources.has(transaction.reading(), noun, id)) {
            return Optional.empty();
        }
        return transaction
                .reading()
                .row(
                        "SELECT %s FROM %s WHERE o.id = ?"
                                .formatted(COLUMNS, Sources.from(noun, "o", asOf)),
                        Objects::read,
                        id);
    }

    /// True when an object has or had this id. Events are not objects.
    public boolean isTaken(String id) {
        return transaction.reading().number("SELECT EXISTS (SELECT 1 FROM object WHERE id = ?)", id)
                == 1;
    }

    /// An object as it was at a moment, also one that is deleted now.
    ///
    /// @param time milliseconds since 1970
    public Optional<StoredObject> past(String id, long time) {
        var first =
                transaction
                        .reading()
                        .row(ACTIONS + STATES + " ORDER BY seq LIMIT 1", Objects::readAction, id);
        return transaction
                .reading()
                .row(
                        ACTIONS + STATES + " AND at <= ? ORDER BY seq DESC LIMIT 1",
                        Objects::readAction,
                        id,
                        time)
                .filter(action -> !action.verb().equals(Action.DELETE))
                .flatMap(action ->
                        first.map(made ->
                                new StoredObject(
                                        id,
                                        action.type(),
                                        action.version(),
                                        made.at(),
                                        made.actor(),
                                        action.at(),
                                        action.document())));
    }

    /// Where the page after an object begins.
    ///
    /// @param question checksum that the cursor is bound to
    public Cursor cursorAfter(Query query, StoredObject last, long question) {
        return new Cursor(question, Select.cursorValues(query, last));
    }

    /// The objects that a query asks for, in its order.
    public List<StoredObject> find(Query query) {
        return Select.objects(query, transaction.store().nouns(), COLUMNS)
                .rows(transaction.reading(), Objects::read);
    }

    /// How many objects meet the condition of a query, its limit and offset aside.
    public long count(Query query) {
        return Select.count(query, transaction.store().nouns())
                .rows(transaction.reading(), row -> row.getLong(1))
                .getFirst();
    }

    /// The live objects of any noun that have these words, the best match first.
    public List<StoredObject> search(String words, int limit, int offset) {
        return transaction
                .reading()
                .rows(
                        "SELECT "
                                + COLUMNS
                                + MATCHING
                                + " ORDER BY bm25(object_text), o.id LIMIT ? OFFSET ?",
                        Objects::read,
                        Words.match(words),
                        limit,
                        offset);
    }

    /// How many live objects of any noun have these words.
    public long searchCount(String words) {
        return transaction.reading().number("SELECT count(*)" + MATCHING, Words.match(words));
    }

    /// Live objects by type.
    public SequencedMap<String, Long> counts() {
        return countsBy(
                "SELECT type, count(*) FROM object WHERE deleted_at IS NULL GROUP BY type ORDER BY type");
    }

    /// Live objects of a noun by the value of an indexed field.
    public SequencedMap<String, Long> countsBy(Noun noun, String field) {
        var column = Sources.document(field);
        return countsBy(
                "SELECT %s, count(*) FROM object WHERE type = '%s' AND deleted_at IS NULL GROUP BY %s ORDER BY %s"
                        .formatted(column, noun.name(), column, column));
    }

    private SequencedMap<String, Long> countsBy(String sql) {
        var counts = new LinkedHashMap<String, Long>();
        transaction
                .reading()
                .each(
                        sql,
                        row ->
                                counts.put(
                                        java.util.Objects.requireNonNullElse(row.getString(1), ""),
                                        row.getLong(2)));
        return counts;
    }

    /// Runs several changes of which, if one is refused, none is kept.
    public <T> T withinSavepoint(Supplier<T> changes) {
        var connection = transaction.writing();
        connection.run("SAVEPOINT several");
        try {
            var result = changes.get();
            connection.run("RELEASE several");
            return result;
        } catch (RuntimeException failure) {
            if (!connection.broken()) {
                connection.run("ROLLBACK TO several");
                connection.run("RELEASE several");
            }
            throw failure;
        }
    }

    /// How SQLite would run a query.
    List<String> plan(Query query) {
        return Select.objects(query, transaction.store().nouns(), COLUMNS)
                .explained()
                .rows(transaction.reading(), row -> row.getString("detail"));
    }

    /// Takes the lock for writing, so that what is read from now on is still true when it is
    /// changed.
    ///
    /// @throws Conflict if the unit must be run again in mode WRITE
    public void prepareToWrite() {
        transaction.writing();
    }

    /// Keeps a new object and logs the verb that made it.
    public void insert(Noun noun, StoredObject made, Entry entry) {
        insert(transaction.writing(), noun, made, entry, run);
    }

    static void insert(
            SqlConnection connection,
            Noun noun,
            StoredObject made,
            Entry entry,
            Optional<String> run) {
        var document = JsonTree.text(made.document());
        connection.change(
                "INSERT INTO object (id, type, version, created_at, created_by, updated_at, doc)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                made.id(),
                made.type(),
                made.version(),
                made.createdAt(),
                made.createdBy(),
                made.updatedAt(),
                document);
        index(connection, connection.number("SELECT last_insert_rowid()"), noun, made);
        log(connection, made, document, entry, run);
    }

    /// Keeps the next version of an object, which may have been deleted before, and logs the verb
    /// that made it.
    public void update(Noun noun, StoredObject next, Entry entry) {
        update(transaction.writing(), noun, next, entry, run);
    }

    static void update(
            SqlConnection connection,
            Noun noun,
            StoredObject next,
            Entry entry,
            Optional<String> run) {
        var document = JsonTree.text(next.document());
        connection.change(
                "UPDATE object SET version = ?, updated_at = ?, doc = ?, deleted_at = NULL WHERE id = ?",
                next.version(),
                next.updatedAt(),
                document,
                next.id());
        var row = row(connection, next.id());
        unindex(connection, row);
        index(connection, row, noun, next);
        log(connection, next, document, entry, run);
    }

    /// Hides an object and frees its unique values; its past stays.
    public void delete(StoredObject last, Entry entry) {
        var connection = transaction.writing();
        connection.change(
                "UPDATE object SET version = ?, updated_at = ?, deleted_at = ? WHERE id = ?",
                last.version(),
                last.updatedAt(),
                last.updatedAt(),
                last.id());
        unindex(connection, row(connection, last.id()));
        log(connection, last, last.document().toString(), entry, run);
    }

    /// All that was done to an object, oldest first.
    public List<Action> history(String id) {
        return transaction.reading().rows(ACTIONS + " ORDER BY seq", Objects::readAction, id);
    }

    /// All that a run did, in order.
    public List<Action> logged(String run) {
        return transaction
                .reading()
                .rows(LOG + " WHERE run = ? ORDER BY seq", Objects::readAction, run);
    }

    /// Who does something, by which verb, and why.
    ///
    /// @param event the event's word in the log, such as `Started`
    public record Entry(String verb, String event, String actor, Optional<String> reason) {}

    /// Logs a verb that changed no field of an object but did something elsewhere.
    ///
    /// @param at milliseconds since 1970
    /// @param detail what it did, such as `{exposures: 3}`
    public void log(StoredObject object, Entry entry, long at, ObjectNode detail) {
        log(
                transaction.writing(),
                object,
                at,
                object.document().toString(),
                entry,
                detail.toString(),
                run);
    }

    private static void log(
            SqlConnection connection,
            StoredObject object,
            String document,
            Entry entry,
            Optional<String> run) {
        log(connection, object, object.updatedAt(), document, entry, null, run);
    }

    private static void log(
            SqlConnection connection,
            StoredObject object,
            long at,
            String document,
            Entry entry,
            @Nullable String detail,
            Optional<String> run) {
        connection.change(
                "INSERT INTO action (object, type, verb, event, actor, reason, at, version, doc, detail, run)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                object.id(),
                object.type(),
                entry.verb(),
                entry.event(),
                entry.actor(),
                entry.reason().orElse(null),
                at,
                object.version(),
                document,
                detail,
                run.orElse(null));
    }

    private static long row(SqlConnection connection, String id) {
        return connection.number("SELECT seq FROM object WHERE id = ?", id);
    }

    private static void unindex(SqlConnection connection, long row) {
        connection.change("DELETE FROM object_text WHERE rowid = ?", row);
    }

    private static void index(SqlConnection connection, long row, Noun noun, StoredObject object) {
        var words = Words.text(object.document(), Words.fields(noun));
        if (!words.isEmpty()) {
            connection.change("INSERT INTO object_text (rowid, words) VALUES (?, ?)", row, words);
        }
    }

    static StoredObject read(ResultSet row) throws SQLException {
        return new StoredObject(
                row.getString(1),
                row.getString(2),
                row.getInt(3),
                row.getLong(4),
                row.getString(5),
                row.getLong(6),
                document(row.getString(7)));
    }

    static Action readAction(ResultSet row) throws SQLException {
        return new Action(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                Optional.ofNullable(row.getString(7)),
                row.getLong(8),
                row.getInt(9),
                document(row.getString(10)),
                Optional.ofNullable(row.getString(11)).map(Objects::document),
                Optional.ofNullable(row.getString(12)));
    }

    private static ObjectNode document(String json) {
        return (ObjectNode) JsonTree.read(json);
    }
}
