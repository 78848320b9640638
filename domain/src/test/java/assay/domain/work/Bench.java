package assay.domain.work;

import assay.domain.Caller;
import assay.domain.JsonText;
import assay.domain.noun.Nouns;
import assay.domain.store.DataFolder;
import assay.domain.store.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A tenant in a folder of its own, with a noun that has a field of every kind and a clock that
/// stands still unless told to go on.
public final class Bench implements AutoCloseable {
    /// When every bench begins.
    public static final Instant MONDAY = Instant.parse("2026-03-30T09:00:00Z");

    private static final String PART =
            """
            {"name": "string!", "code": "string##", "serial": "int##", "price": "decimal(10,2)",
             "weight": "number#", "active": "boolean", "made": "datetime", "due": "date",
             "tags": "string[]", "sizes": "int[]", "spec": "json", "grade": "Low | High",
             "owner": "-> Contact", "makers": "-> Organization[]", "notes": "text"}
            """;

    private final DataFolder folder;
    private final Caller caller;
    private final Ids ids = new Ids(new Random(7));
    private Instant now = MONDAY;

    public Bench(Path data) {
        this(data, new Caller("default", "ada", false));
    }

    public Bench(Path data, Caller caller) {
        this.folder = new DataFolder(data, nouns(data), caller.readOnly());
        this.caller = caller;
    }

    /// The built-in nouns and Part.
    public static Nouns nouns(Path data) {
        try {
            var nouns = Files.createDirectories(data.resolve("nouns"));
            Files.writeString(nouns.resolve("Part.json"), PART);
            return Nouns.load(Optional.of(nouns));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public DataFolder folder() {
        return folder;
    }

    public Instant now() {
        return now;
    }

    public void goOn(Duration time) {
        now = now.plus(time);
    }

    /// One unit of work that is kept.
    public <T> T write(Function<UnitOfWork, T> work) {
        try (var transaction = folder.begin(caller.tenant(), Transaction.Mode.WRITE)) {
            var unit = unit(transaction);
            var result = work.apply(unit);
            transaction.commit();
            return result;
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }

    /// One unit of work that only reads.
    public <T> T read(Function<UnitOfWork, T> work) {
        try (var transaction = folder.begin(caller.tenant(), Transaction.Mode.READ)) {
            return work.apply(unit(transaction));
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }

    public UnitOfWork unit(Transaction transaction) {
        return new UnitOfWork(folder.nouns(), transaction, caller, now, ids);
    }

    public ObjectNode create(String noun, String data) {
        return write(work -> work.create(folder.nouns().require(noun), JsonText.json(data)));
    }

    public ObjectNode update(String noun, String id, String data) {
        return update(noun, id, data, "{}");
    }

    public ObjectNode update(String noun, String id, String data, String options) {
        return write(work ->
                work.update(
                        folder.nouns().require(noun),
                        id,
                        JsonText.json(data),
                        JsonText.json(options)));
    }

    public ObjectNode verb(String noun, String verb, String id, String data) {
        return write(
                work -> work.verb(folder.nouns().require(noun), verb, id, JsonText.json(data)));
    }

    public boolean delete(String noun, String id) {
        return write(work -> work.delete(folder.nouns().require(noun), id));
    }

    public ObjectNode rollback(String noun, String id, String to) {
        return write(work -> work.rollback(folder.nouns().require(noun), id, value(to)));
    }

    /// `get(id, options)`.
    public Optional<ObjectNode> get(String noun, String id, String options) {
        var declared = folder.nouns().require(noun);
        return read(work ->
                work.get(
                        declared,
                        id,
                        work.queries()
                                .find(
                                        declared,
                                        JsonNodeFactory.instance.nullNode(),
                                        JsonText.json(options))));
    }

    /// `find(filter, options)`.
    public List<ObjectNode> find(String noun, String filter, String options) {
        var declared = folder.nouns().require(noun);
        return read(work ->
                work.find(
                        work.queries()
                                .find(declared, JsonText.json(filter), JsonText.json(options))));
    }

    /// The names of what `find` gives, in its order.
    public List<String> names(String noun, String filter, String options) {
        return find(noun, filter, options).stream()
                .map(entity -> entity.path("name").asString(""))
                .toList();
    }

    public long count(String noun, String filter, String options) {
        var declared = folder.nouns().require(noun);
        return read(work ->
                work.count(
                        work.queries()
                                .find(declared, JsonText.json(filter), JsonText.json(options))));
    }

    /// One page of a search.
    public Page page(String noun, ObjectNode request) {
        var declared = folder.nouns().require(noun);
        return read(work ->
                work.page(
                        work.queries().search(declared, request),
                        assay.domain.query.QueryParser.question(
                                declared, request.path("filter"), request)));
    }

    /// The names on all pages of a search, followed by cursor.
    public List<String> allPages(String noun, String request, Runnable between) {
        var json = JsonText.json(request);
        var names = new ArrayList<String>();
        while (true) {
            var page = page(noun, json);
            page.results().forEach(entity -> names.add(entity.path("name").asString("")));
            if (page.cursor().isEmpty()) {
                return names;
            }
            between.run();
            json.put("cursor", page.cursor().get());
        }
    }

    /// JSON in which single quotes stand for double ones.
    public static JsonNode value(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    @Override
    public void close() {
        folder.close();
    }
}
