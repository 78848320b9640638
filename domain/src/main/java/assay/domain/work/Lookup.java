package assay.domain.work;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Field;
import assay.domain.noun.Noun;
import assay.domain.noun.Value;
import assay.domain.query.Filter;
import assay.domain.query.Path;
import assay.domain.query.Query;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Finds the object that a caller means by an id, or by a value of a unique field such as `slug` or
/// `key`. An id match wins.
final class Lookup {
    static final String EVENT = "Event";

    /// Objects whose names are compared with one that is not there.
    private static final int MOST_COMPARED = 200;

    private final Objects objects;

    Lookup(Objects objects) {
        this.objects = objects;
    }

    /// @param asOf the past moment whose state is asked for
    Optional<StoredObject> find(Noun noun, String idOrKey, Optional<Instant> asOf) {
        return byId(noun, idOrKey, asOf)
                .or(() ->
                        noun.fields().values().stream()
                                .filter(field -> field.index() == Field.Index.UNIQUE)
                                .flatMap(field -> byKey(noun, field, idOrKey, asOf).stream())
                                .findFirst());
    }

    /// The object with an id, if it is one of the noun.
    Optional<StoredObject> byId(Noun noun, String id, Optional<Instant> asOf) {
        if (Objects.areApart(noun)) {
            return objects.apart(noun, id, asOf);
        }
        return asOf.map(time -> objects.past(id, time.toEpochMilli()))
                .orElseGet(() -> objects.get(id))
                .filter(object -> object.type().equals(noun.name()));
    }

    private Optional<StoredObject> byKey(
            Noun noun, Field field, String key, Optional<Instant> asOf) {
        JsonNode value = JsonNodeFactory.instance.stringNode(key);
        if (asOf.isEmpty()) {
            return objects.byUnique(noun, field.name(), value);
        }
        var path = new Path(field.name(), List.of(), new Path.Column.Stored(field));
        return objects
                .find(
                        new Query(
                                noun,
                                new Filter.Compare(
                                        path, Filter.Comparison.EQUAL, field.kind(), value),
                                List.of(),
                                1,
                                0,
                                Optional.empty(),
                                List.of(),
                                List.of(),
                                asOf))
                .stream()
                .findFirst();
    }

    /// The live object, or the refusal that says how to find it.
    StoredObject require(Noun noun, String idOrKey) {
        return find(noun, idOrKey, Optional.empty())
                .orElseThrow(() -> unknown(noun, idOrKey, near(noun, idOrKey)));
    }

    /// What a caller that wrote no id probably meant: the key or the name of one of the newest
    /// objects.
    private Optional<StoredObject> near(Noun noun, String key) {
        if (Value.isId(key) || Objects.areApart(noun)) {
            return Optional.empty();
        }
        var byWord = new LinkedHashMap<String, StoredObject>();
        for (var object : objects.newest(noun, MOST_COMPARED)) {
            for (var field : noun.fields().values()) {
                if (field.index() == Field.Index.UNIQUE || field.name().equals("name")) {
                    var word = object.document().path(field.name()).asString("");
                    if (!word.isEmpty()) {
                        byWord.putIfAbsent(word, object);
                    }
                }
            }
        }
        return Nearest.to(key, byWord.keySet()).map(byWord::get);
    }

    private static Refused unknown(Noun noun, String idOrKey, Optional<StoredObject> near) {
        if (near.isEmpty()) {
            return unknown(noun, idOrKey);
        }
        var id = near.get().id();
        var name = near.get().document().path("name").asString(id);
        return new Refused(
                        Reason.UNKNOWN_ID,
                        "No %s with the id %s exists.".formatted(noun.name(), Quoted.of(idOrKey)),
                        "Did you mean %s, which is called %s? Else find the id with search {\"type\": \"%s\"}."
                                .formatted(Quoted.of(id), Quoted.of(name), noun.name()))
                .field("id")
                .with("type", JsonNodeFactory.instance.stringNode(noun.name()))
                .with("id", JsonNodeFactory.instance.stringNode(idOrKey))
                .with("suggestion", JsonNodeFactory.instance.stringNode(id));
    }

    /// The refusal for an object that is not there.
    static Refused unknown(Noun noun, String idOrKey) {
        return new Refused(
                        Reason.UNKNOWN_ID,
                        "No %s with the id %s exists.".formatted(noun.name(), Quoted.of(idOrKey)),
                        "Find the id with search {\"type\": \"%s\"}, or with $.%s.find() in a script."
                                .formatted(noun.name(), noun.name()))
                .field("id")
                .with("type", JsonNodeFactory.instance.stringNode(noun.name()))
                .with("id", JsonNodeFactory.instance.stringNode(idOrKey));
    }
}
