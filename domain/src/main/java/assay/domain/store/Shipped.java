package assay.domain.store;

import assay.domain.JsonTree;
import assay.domain.noun.Field;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The objects that come with Assay. Every tenant has them from the start, as its own: it may
/// change them and delete them, and a newer Assay respects that.
///
/// Each is a file `assay/shipped/{name}.json` with its fields and, in `$type`, `$id`, `$day` and
/// `$revision`, what it is, since when, and with which edition of the whole collection it last
/// changed. A field that is `{"$file": name}` is the text of the file beside it.
final class Shipped {
    /// The edition of the collection, the largest `$revision` in it. A file says which it has seen.
    static final String NEWEST = "2";

    /// The files, in the order in which they are added.
    static final List<String> FILES =
            List.of(
                    "ab-test",
                    "prompt-experiment",
                    "check-all",
                    "conclude-decided",
                    "clone-experiment",
                    "roll-out-winner",
                    "report-conclusion");

    private static final String ACTOR = "assay";
    private static final Optional<String> REASON = Optional.of("ships with Assay");

    private Shipped() {}

    /// True for a database that has seen this edition, or a newer one.
    ///
    /// @param seen the edition, empty for none
    static boolean isComplete(String seen) {
        return edition(seen) >= edition(NEWEST);
    }

    /// Adds what the database has not seen yet, and brings up to date what nobody has touched.
    ///
    /// @param seen the edition that was added before, empty for none
    static void addTo(SqlConnection connection, Nouns nouns, String seen) {
        if (isComplete(seen)) {
            return;
        }
        for (var name : FILES) {
            var file = read(name);
            if (file.path("$revision").intValue() > edition(seen)) {
                add(connection, nouns.require(file.path("$type").stringValue()), file);
            }
        }
    }

    private static int edition(String seen) {
        return seen.isEmpty() ? 0 : Integer.parseInt(seen);
    }

    private static void add(SqlConnection connection, Noun noun, ObjectNode file) {
        var id = file.path("$id").stringValue();
        var at = millis(file.path("$day").stringValue());
        var document = document(noun, file);
        if (isTaken(connection, noun, id, document)) {
            return;
        }
        var last = last(connection, id);
        if (last.isEmpty()) {
            var made = new StoredObject(id, noun.name(), 1, at, ACTOR, at, document);
            Objects.insert(connection, noun, made, entry("create", "Created"), Optional.empty());
        } else if (isUntouched(connection, id)) {
            Objects.update(
                    connection,
                    noun,
                    last.get().next(document, at),
                    entry("update", "Updated"),
                    Optional.empty());
        }
    }

    /// The beginning of a day in UTC. A parser of dates would cost a first search more than all
    /// else here.
    private static long millis(String day) {
        var parts = day.split("-", -1);
        return LocalDate.of(
                                Integer.parseInt(parts[0]),
                                Integer.parseInt(parts[1]),
                                Integer.parseInt(parts[2]))
                        .toEpochDay()
                * Duration.ofDays(1).toMillis();
    }

    private static Objects.Entry entry(String verb, String event) {
        return new Objects.Entry(verb, event, ACTOR, REASON);
    }

    /// The document that a file describes.
    static ObjectNode document(Noun noun, ObjectNode file) {
        var document = JsonNodeFactory.instance.objectNode();
        for (var field : noun.fields().keySet()) {
            var value = file.get(field);
            if (value != null) {
                var beside = value.path("$file");
                document.set(
                        field,
                        beside.isString()
                                ? JsonNodeFactory.instance.stringNode(text(beside.stringValue()))
                                : value);
            }
        }
        return document;
    }

    /// True when another object has one of the unique values: its maker was first.
    private static boolean isTaken(
            SqlConnection connection, Noun noun, String id, ObjectNode document) {
        for (var field : noun.fields().values()) {
            if (field.index() == Field.Index.UNIQUE
                    && document.has(field.name())
                    && connection.number(
                                    "SELECT count(*) FROM object WHERE %s = ? AND type = '%s' AND deleted_at IS NULL AND id <> ?"
                                            .formatted(Sources.document(field.name()), noun.name()),
                                    Place.plain(document.path(field.name())),
                                    id)
                            > 0) {
                return true;
            }
        }
        return false;
    }

    /// The object, deleted or not.
    private static Optional<StoredObject> last(SqlConnection connection, String id) {
        return connection.row(
                "SELECT " + Objects.COLUMNS + " FROM object o WHERE o.id = ?", Objects::read, id);
    }

    /// True when nobody but Assay has ever done anything to the object.
    private static boolean isUntouched(SqlConnection connection, String id) {
        return connection.number(
                        "SELECT count(*) FROM action WHERE object = ? AND actor <> ?", id, ACTOR)
                == 0;
    }

    /// One file as it stands.
    static ObjectNode read(String name) {
        return (ObjectNode) JsonTree.read(text(name + ".json"));
    }

    private static String text(String name) {
        try (var in = Shipped.class.getResourceAsStream("/assay/shipped/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
