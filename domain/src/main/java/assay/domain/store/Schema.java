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
/// that the nouns ask for, then the objects that come with Assay.
final class Schema {
    /// The newest step; `assay/store/{n}.sql` for each n from 1 on.
    private static final int NEWEST = 8;

    private static final String INDEXES = "indexes";
    private static final String SHIPPED = "shipped";

    private Schema() {}

    /// Runs the steps that the file has not seen, and makes its indexes those of the nouns.
    ///
    /// @throws Refused if a newer version wrote the file, or if it holds twice what a noun now says
    ///   is unique
    static void bringUpToDate(SqlConnection connection, Nouns nouns, Path file) {
        var version = known(connection, file);
        var wanted = indexes(nouns);
        var fingerprint = Integer.toHexString(wanted.hashCode());
        if (version == NEWEST
                && fingerprint.equals(setting(connection, INDEXES))
                && Shipped.isComplete(setting(connection, SHIPPED))) {
            return;
        }
        connection.run("BEGIN IMMEDIATE");
        // Another process may have been here first, so the version is read again under the lock.
        var seen = known(connection, file);
        for (var step = seen + 1; step <= NEWEST; step++) {
            for (var statement : script("/assay/store/" + step + ".sql").split(";\\s*\\n", -1)) {
                if (!statement.isBlank()) {
                    connection.run(statement);
                }
            }
            connection.run("PRAGMA user_version = " + step);
        }
        makeIndexes(connection, wanted);
        set(connection, INDEXES, fingerprint);
        Shipped.addTo(connection, nouns, setting(connection, SHIPPED));
        set(connection, SHIPPED, Shipped.NEWEST);
        connection.run("COMMIT");
    }

    /// Checks a file that may only be read. Indexes do not matter then: without them queries are
    /// slower and say the same.
    ///
    /// @throws Refused if another version wrote the file
    static void requireCurrent(SqlConnection connection, Path file) {
        var version = known(connection, file);
        if (version < NEWEST) {
            throw new Refused(
                    Reason.STORE_UNAVAILABLE,
                    "%s was written by an older Assay (schema %d, this one reads %d), and is opened for reading only."
                            .formatted(file, version, NEWEST),
                    "Start Assay on it once without --read-only, which brings it up to date.");
        }
    }

    private static long known(SqlConnection connection, Path file) {
        var version = connection.number("PRAGMA user_version");
        if (version > NEWEST) {
            throw new Refused(
                    Reason.STORE_UNAVAILABLE,
                    "%s was written by a newer Assay (schema %d, this one knows %d)."
                            .formatted(file, version, NEWEST),
                    "Update Assay, or use another data folder.");
        }
        return version;
    }

    private static String setting(SqlConnection connection, String name) {
        return connection
                .row("SELECT value FROM setting WHERE name = ?", row -> row.getString(1), name)
                .orElse("");
    }

    private static void set(SqlConnection connection, String name, String value) {
        connection.change("INSERT OR REPLACE INTO setting VALUES (?, ?)", name, value);
    }

    private static void makeIndexes(SqlConnection connection, Map<String, String> wanted) {
        var present = new LinkedHashMap<String, String>();
        connection.each(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND name LIKE 'noun\\_%' ESCAPE '\\'",
                row -> present.put(row.getString(1), row.getString(2)));
        present.forEach((name, definition) -> {
            if (!definition.equals(wanted.get(name))) {
                connection.run("DROP INDEX \"" + name + "\"");
            }
        });
        wanted.forEach((name, definition) -> {
            if (!definition.equals(present.get(name))) {
                connection.run(definition);
            }
        });
    }

    /// Index name -> statement that makes it.
    ///
    /// Enums and references are asked for by one value, newest first; so is text. Times and numbers
    /// are sorted by. The field that holds a noun's state also has one with the first time field
    /// behind it, because "those in this state, by when they began" is what lists ask for.
    static SequencedMap<String, String> indexes(Nouns nouns) {
        var all = new LinkedHashMap<String, String>();
        for (var noun : nouns.all()) {
            if (Sources.isNarrow(noun)) {
                continue;
            }
            index(all, noun, "$created", "created_at, id", false);
            index(all, noun, "$updated", "updated_at, id", false);
            for (var field : noun.fields().values()) {
                if (isIndexed(field)) {
                    index(noun, field, all);
                }
            }
            noun.lifeCycle().ifPresent(states -> stateAndTime(all, noun, states.field()));
        }
        return all;
    }

    private static void index(Noun noun, Field field, Map<String, String> all) {
        var column = Sources.document(field.name());
        if (field.index() == Field.Index.UNIQUE) {
            index(all, noun, field.name(), column, true);
            return;
        }
        var columns =
                switch (field.kind()) {
                    case TEXT -> column + ", created_at, id";
                    case DECIMAL -> "CAST(" + column + " AS REAL), id";
                    case NUMBER, BOOLEAN, DATE, TIME, JSON -> column + ", id";
                };
        index(all, noun, field.name(), columns, false);
    }

    private static void stateAndTime(Map<String, String> all, Noun noun, String state) {
        noun.fields().values().stream()
                .filter(field -> field.kind() == Kind.TIME && isIndexed(field))
                .findFirst()
                .ifPresent(time ->
                        index(
                                all,
                                noun,
                                state + "$" + time.name(),
                                Sources.document(state)
                                        + ", "
                                        + Sources.document(time.name())
                                        + ", id",
                                false));
    }

    /// Enums, references and times are indexed without being marked.
    private static boolean isIndexed(Field field) {
        // Here and in the other classes of a first search, a switch over the types would be shorter
        // to read and longer to start.
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
                "CREATE %sINDEX \"%s\" ON object (%s) WHERE type = '%s' AND deleted_at IS NULL"
                        .formatted(unique ? "UNIQUE " : "", index, columns, noun.name()));
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
