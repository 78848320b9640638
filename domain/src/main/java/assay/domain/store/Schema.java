package assay.domain.store;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Field;
import assay.domain.noun.Kind;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// The shape of a database file: numbered steps that never change once released, then the indexes
/// that the nouns ask for.
final class Schema {
    /// The newest step; `assay/store/{n}.sql` for each n from 1 on.
    private static final int NEWEST = 1;

    private Schema() {}

    static void bringUpToDate(SqlConnection connection, Nouns nouns, Path file) {
        var version = connection.number("PRAGMA user_version");
        if (version > NEWEST) {
            throw new Refused(
                    Reason.STORE_UNAVAILABLE,
                    "%s was written by a newer Assay (schema %d, this one knows %d)."
                            .formatted(file, version, NEWEST),
                    "Update Assay, or use another data folder.");
        }
        var wanted = indexes(nouns);
        var fingerprint = Integer.toHexString(wanted.hashCode());
        if (version == NEWEST && fingerprint.equals(fingerprint(connection))) {
            return;
        }
        connection.run("BEGIN IMMEDIATE");
        // Another process may have been here first, so the version is read again under the lock.
        for (var step = connection.number("PRAGMA user_version") + 1; step <= NEWEST; step++) {
            for (var statement : script("/assay/store/" + step + ".sql").split(";\\s*\\n", -1)) {
                if (!statement.isBlank()) {
                    connection.run(statement);
                }
            }
            connection.run("PRAGMA user_version = " + step);
        }
        makeIndexes(connection, wanted);
        connection.change("INSERT OR REPLACE INTO setting VALUES ('indexes', ?)", fingerprint);
        connection.run("COMMIT");
    }

    private static String fingerprint(SqlConnection connection) {
        return connection
                .row("SELECT value FROM setting WHERE name = 'indexes'", row -> row.getString(1))
                .orElse("");
    }

    private static void makeIndexes(SqlConnection connection, Map<String, String> wanted) {
        var present =
                connection.rows(
                        "SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE 'noun\\_%' ESCAPE '\\'",
                        row -> row.getString(1));
        for (var name : present) {
            if (!wanted.containsKey(name)) {
                connection.run("DROP INDEX " + name);
            }
        }
        wanted.forEach((name, definition) -> {
            if (!present.contains(name)) {
                connection.run(definition);
            }
        });
    }

    /// Index name -> statement that makes it.
    ///
    /// Each indexed field has one. The field that holds a noun's state also has one with each time
    /// behind it, because "those in this state, newest first" is what lists ask for.
    static SequencedMap<String, String> indexes(Nouns nouns) {
        var all = new LinkedHashMap<String, String>();
        for (var noun : nouns.all()) {
            if (noun.name().equals(Sources.EVENT)) {
                continue;
            }
            index(all, noun, "created", "created_at, id", false);
            index(all, noun, "updated", "updated_at, id", false);
            for (var field : noun.fields().values()) {
                var column = Sources.document(field.name());
                if (field.index() == Field.Index.UNIQUE) {
                    index(all, noun, field.name(), column, true);
                } else if (isIndexed(field)) {
                    index(all, noun, field.name(), column + ", created_at, id", false);
                }
            }
            noun.lifeCycle()
                    .ifPresent(states ->
                            noun.fields().values().stream()
                                    .filter(field -> field.kind() == Kind.TIME && isIndexed(field))
                                    .forEach(time ->
                                            index(
                                                    all,
                                                    noun,
                                                    states.field() + "_" + time.name(),
                                                    Sources.document(states.field())
                                                            + ", "
                                                            + Sources.document(time.name())
                                                            + ", id",
                                                    false)));
        }
        return all;
    }

    /// Enums, references and times are indexed without being marked.
    private static boolean isIndexed(Field field) {
        if (field instanceof Field.Reverse || field.array() || field.kind() == Kind.JSON) {
            return false;
        }
        return !(field instanceof Field.Plain plain)
                || plain.index() != Field.Index.NONE
                || plain.kind() == Kind.TIME
                || plain.kind() == Kind.DATE;
    }

    private static void index(
            Map<String, String> all, Noun noun, String name, String columns, boolean unique) {
        var index = "noun_" + noun.name() + "_" + name;
        all.put(
                index,
                (unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ")
                        + index
                        + " ON object ("
                        + columns
                        + ") WHERE type = '"
                        + noun.name()
                        + "' AND deleted_at IS NULL");
    }

    private static String script(String name) {
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "resource " + name + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
