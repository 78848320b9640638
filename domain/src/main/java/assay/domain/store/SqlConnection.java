package assay.domain.store;

import assay.domain.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/// One connection with its prepared statements. Used by one thread at a time.
///
/// After a failure it is broken and must be thrown away: SQLite may have ended the transaction by
/// itself, and what was sent next would be kept for good. So it answers everything after with the
/// same failure.
final class SqlConnection implements AutoCloseable {
    private static final int MOST_STATEMENTS = 256;

    /// What a connection may keep of the file. Indexes on what arrives in any order are touched all
    /// over, and what is not kept is read again.
    private static final int CACHE_KIB = 32 * 1024;

    /// Pages that come again within so many are written back to the file once.
    private static final int PAGES_TO_CHECKPOINT = 4_000;

    private static final int LOCK_WAIT_MILLIS = 60_000;
    private static final int MOST_ATTEMPTS = 500;
    private static final long PAUSE_NANOS = 10_000_000;

    private final Connection jdbc;
    private final Path file;
    private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(64, 0.75f, true);
    private final Functions functions = new Functions();
    private Optional<RuntimeException> failure = Optional.empty();

    private SqlConnection(Connection jdbc, Path file) {
        this.jdbc = jdbc;
        this.file = file;
    }

    /// Opens a file for reading and writing, making it when it is not there; the name `:memory:`
    /// stands for a database that lives no longer than the connection.
    static SqlConnection open(Path file) {
        var connection = connect(file, "jdbc:sqlite:" + file, new SQLiteConfig());
        connection.closedOnFailure(() -> {
            connection.useWriteAheadLog();
            connection.run("PRAGMA cache_size = -" + CACHE_KIB);
            connection.run("PRAGMA wal_autocheckpoint = " + PAGES_TO_CHECKPOINT);
        });
        return connection;
    }

    /// Opens a file of which nothing may be changed. A folder that cannot be written either has no
    /// room for the files through which readers and writers agree, so it is read as if nobody
    /// wrote.
    static SqlConnection openReadOnly(Path file) {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        var connection = connect(file, "jdbc:sqlite:" + file, config);
        try {
            connection.closedOnFailure(() -> connection.number("PRAGMA user_version"));
            return connection;
        } catch (Refused cannotBeRead) {
            var folder = file.toAbsolutePath().getParent();
            if (folder == null || Files.isWritable(folder) || !Files.isReadable(file)) {
                throw cannotBeRead;
            }
            return connect(file, "jdbc:sqlite:" + file.toUri() + "?immutable=1", config);
        }
    }

    private static SqlConnection connect(Path file, String url, SQLiteConfig config) {
        config.setGetGeneratedKeys(false);
        config.setBusyTimeout(LOCK_WAIT_MILLIS);
        try {
            var connection =
                    new SqlConnection(JDBC.createConnection(url, config.toProperties()), file);
            connection.functions.addTo(connection.jdbc);
            return connection;
        } catch (SQLException failure) {
            throw StoreFailure.of(failure, file);
        }
    }

    /// Does something that this connection is of no use without.
    void closedOnFailure(Runnable beginning) {
        try {
            beginning.run();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /// Two processes that make a file at once stand in each other's way here, and SQLite does not
    /// wait by itself.
    private void useWriteAheadLog() {
        for (var attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
            if (tryRun("PRAGMA journal_mode = WAL")) {
                return;
            }
            failure = Optional.empty();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        run("PRAGMA journal_mode = WAL");
    }

    boolean broken() {
        return failure.isPresent();
    }

    private void requireSound() {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /// Reads one row's columns into a value.
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// Runs a statement that is used seldom; nothing is prepared for later.
    void run(String sql) {
        requireSound();
        try (var statement = jdbc.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    /// Begins or ends a transaction.
    void control(String sql) {
        try {
            var _ = statement(sql).execute();
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    /// The same as [#run], but being refused the lock is an answer, not a failure.
    ///
    /// @return false when another connection holds the lock or has written since our snapshot
    boolean tryRun(String sql) {
        requireSound();
        try (var statement = jdbc.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 0");
            statement.execute(sql);
            statement.execute("PRAGMA busy_timeout = " + LOCK_WAIT_MILLIS);
            return true;
        } catch (SQLException failure) {
            if (StoreFailure.isBusy(failure)) {
                this.failure = Optional.of(new Conflict());
                return false;
            }
            throw failed(failure);
        }
    }

    /// Runs a change.
    void change(String sql, @Nullable Object... parameters) {
        var _ = changed(sql, parameters);
    }

    /// Runs a change.
    ///
    /// @return how many rows it changed
    int changed(String sql, @Nullable Object... parameters) {
        try {
            return bound(sql, parameters).executeUpdate();
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    /// Runs the same change for many rows of parameters.
    ///
    /// @return how many rows of the table each changed
    int[] changeAll(String sql, List<@Nullable Object[]> rows) {
        try {
            var statement = statement(sql);
            for (var row : rows) {
                bind(statement, row);
                statement.addBatch();
            }
            return statement.executeBatch();
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    <T> List<T> rows(String sql, Reader<T> reader, @Nullable Object... parameters) {
        try (var rows = bound(sql, parameters).executeQuery()) {
            var all = new ArrayList<T>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    /// Hands over each row as it comes, so that the rows need not fit into memory.
    void each(String sql, Reader<?> reader, @Nullable Object... parameters) {
        try (var rows = bound(sql, parameters).executeQuery()) {
            while (rows.next()) {
                reader.read(rows);
            }
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    <T> Optional<T> row(String sql, Reader<T> reader, @Nullable Object... parameters) {
        try (var rows = bound(sql, parameters).executeQuery()) {
            return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    long number(String sql, @Nullable Object... parameters) {
        return row(sql, row -> row.getLong(1), parameters).orElse(0L);
    }

    private PreparedStatement bound(String sql, @Nullable Object... parameters)
            throws SQLException {
        var statement = statement(sql);
        bind(statement, parameters);
        return statement;
    }

    private static void bind(PreparedStatement statement, @Nullable Object... parameters)
            throws SQLException {
        for (var i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }

    private PreparedStatement statement(String sql) throws SQLException {
        requireSound();
        functions.beginStatement();
        var known = prepared.get(sql);
        if (known != null) {
            return known;
        }
        if (prepared.size() >= MOST_STATEMENTS) {
            var eldest = prepared.entrySet().iterator();
            eldest.next().getValue().close();
            eldest.remove();
        }
        var statement = jdbc.prepareStatement(sql);
        prepared.put(sql, statement);
        return statement;
    }

    /// What the caller should see of a failure. A pattern that was stopped is the caller's own and
    /// leaves the connection as it was.
    private RuntimeException failed(SQLException cause) {
        var stopped = Functions.refusalIn(cause);
        if (stopped.isPresent()) {
            return stopped.get();
        }
        var seen = StoreFailure.of(cause, file);
        failure = Optional.of(seen);
        return seen;
    }

    @Override
    public void close() {
        try {
            jdbc.close();
        } catch (SQLException failure) {
            throw StoreFailure.of(failure, file);
        }
    }
}
