package assay.domain.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A file as an older Assay left it.
final class OlderFile {
    private OlderFile() {}

    /// Makes a file of a version of the schema, and leaves it open.
    static SqlConnection make(Path file, int version) throws IOException {
        var connection = SqlConnection.open(file);
        for (var number = 1; number <= version; number++) {
            step(connection, number);
        }
        return connection;
    }

    private static void step(SqlConnection connection, int number) throws IOException {
        try (var step = Schema.class.getResourceAsStream("/assay/store/" + number + ".sql")) {
            var script = new String(step.readAllBytes(), StandardCharsets.UTF_8);
            for (var statement : script.split(";\\s*\\n", -1)) {
                if (!statement.isBlank()) {
                    connection.run(statement);
                }
            }
            connection.run("PRAGMA user_version = " + number);
        }
    }
}
