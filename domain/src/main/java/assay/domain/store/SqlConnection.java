package assay.domain.store;

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
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/// One connection with its prepared statements. Used by one thread at a time. After any failure it
/// is broken and must be thrown away: the driver's idea of the transaction may then be wrong.
final class SqlConnection implements AutoCloseable {
    private static final int MOST_STATEMENTS = 256;
    private static final int LOCK_WAIT_MILLIS = 60_000;

    private final Connection jdbc;
    private final Path file;
    private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(64, 0.75f, true);
    private @Nullable RuntimeException failure;

    private SqlConnection(Connection jdbc, Path file) {
        this.jdbc = jdbc;
        this.file = file;
    }

    /// Opens the file, making it when it is not there; the name `:memory:` stands for a database
    /// that lives no longer than the connection.
    static SqlConnection open(Path file, boolean readOnly) {
        var config = new SQLiteConfig();
        config.setGetGeneratedKeys(false);
        config.setBusyTimeout(LOCK_WAIT_MILLIS);
        try {
            var connection =
                    new SqlConnection(
                            JDBC.createConnection("jdbc:sqlite:" + file, config.toProperties()),
                            file);
            Functions.addTo(connection.jdbc);
            connection.run("PRAGMA journal_mode = WAL");
            connection.run("PRAGMA synchronous = FULL");
            if (readOnly) {
                connection.run("PRAGMA query_only = ON");
            }
            return connection;
        } catch (SQLException failure) {
            throw StoreFailure.of(failure, file);
        }
    }

    boolean broken() {
        return failure != null;
    }

    /// Throws again what broke this connection, if anything did.
    void check() {
        if (failure != null) {
            throw failure;
        }
    }

    /// Reads one row's columns into a value.
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// Runs a statement that is used seldom; nothing is prepared for later.
    void run(String sql) {
        try (var statement = jdbc.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    /// The same, but being refused the lock is an answer, not a failure.
    ///
    /// @return false when another connection holds the lock or has written since our snapshot
    boolean tryRun(String sql) {
        try (var statement = jdbc.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 0");
            statement.execute(sql);
            statement.execute("PRAGMA busy_timeout = " + LOCK_WAIT_MILLIS);
            return true;
        } catch (SQLException failure) {
            if (StoreFailure.isBusy(failure)) {
                var _ = failed(failure);
                return false;
            }
            throw failed(failure);
        }
    }

    /// Runs a change.
    void change(String sql, @Nullable Object... parameters) {
        try {
            bound(sql, parameters).executeUpdate();
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    /// Runs the same change for many rows of parameters.
    void changeAll(String sql, List<@Nullable Object[]> rows) {
        try {
            var statement = statement(sql);
            for (var row : rows) {
                bind(statement, row);
                statement.addBatch();
            }
            statement.executeBatch();
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

    /// Marks this connection as broken and says what the caller should see. A question that was
    /// refused breaks nothing.
    private RuntimeException failed(SQLException cause) {
        var refused = Functions.refusalIn(cause);
        if (refused.isPresent()) {
            return refused.get();
        }
        var seen = StoreFailure.of(cause, file);
        failure = seen;
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
