package assay.server.resilience;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/// A tenant's file, looked at from outside.
record Database(Connection connection) implements AutoCloseable {
    static Database in(Path data) throws SQLException {
        return new Database(
                DriverManager.getConnection("jdbc:sqlite:" + data.resolve("default.db")));
    }

    String value(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "nothing";
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
