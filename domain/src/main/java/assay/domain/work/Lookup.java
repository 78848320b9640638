package assay.domain.work;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Field;
import assay.domain.noun.Noun;
import assay.domain.query.Filter;
import assay.domain.query.Path;
import assay.domain.query.Query;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Finds the object that a caller means by an id, or by a value of a unique field such as `slug` or
/// `key`. An id match wins.
final class Lookup {
    static final String EVENT = "Event";

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
        if (noun.name().equals(EVENT)) {
            return objects.event(noun, id, asOf);
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
        return find(noun, idOrKey, Optional.empty()).orElseThrow(() -> unknown(noun, idOrKey));
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
