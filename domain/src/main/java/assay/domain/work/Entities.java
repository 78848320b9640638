package assay.domain.work;

import assay.domain.IsoTime;
import assay.domain.noun.Field;
import assay.domain.noun.Kind;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.query.Filter;
import assay.domain.query.Path;
import assay.domain.query.Path.Column.Meta;
import assay.domain.query.Query;
import assay.domain.query.SortKey;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects as callers see them: one flat JSON object, what the server keeps about it in front.
final class Entities {
    /// Objects that an included list holds at most.
    private static final int LONGEST_LIST = 100;

    private final Nouns nouns;
    private final assay.domain.store.Objects objects;
    private final Lookup lookup;
    private final String context;

    Entities(Nouns nouns, assay.domain.store.Objects objects, Lookup lookup, String tenant) {
        this.nouns = nouns;
        this.objects = objects;
        this.lookup = lookup;
        this.context = "assay://" + tenant;
    }

    /// The tenant's address.
    String context() {
        return context;
    }

    ObjectNode entity(StoredObject object) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("$type", object.type())
                .put("$id", object.id())
                .put("$context", context)
                .put("$version", object.version())
                .put("$createdAt", IsoTime.text(object.createdAt()))
                .put("$createdBy", object.createdBy())
                .put("$updatedAt", IsoTime.text(object.updatedAt()));
        return json.setAll(object.document());
    }

    /// The entity with relations put in and unwanted fields left out.
    ///
    /// @param asOf the past moment that included objects are read at
    ObjectNode entity(
            Noun noun,
            StoredObject object,
            List<String> include,
            List<String> fields,
            Optional<Instant> asOf) {
        var json = entity(object);
        if (!fields.isEmpty()) {
            json.retain(
                    Stream.of(List.of(Meta.TYPE.word(), Meta.ID.word()), fields, include)
                            .flatMap(List::stream)
                            .toList());
        }
        for (var name : include) {
            nouns.relation(noun, name).ifPresent(relation -> include(json, object, relation, asOf));
        }
        return json;
    }

    private void include(
            ObjectNode json, StoredObject object, Field relation, Optional<Instant> asOf) {
        switch (relation) {
            case Field.Reference reference -> {
                var value = object.document().path(reference.name());
                if (value.isArray()) {
                    var list = json.putArray(reference.name());
                    value.forEach(id -> list.add(referred(reference, id.stringValue(), asOf)));
                } else if (value.isString()) {
                    json.set(reference.name(), referred(reference, value.stringValue(), asOf));
                }
            }
            case Field.Reverse reverse -> {
                var query = referring(reverse, object.id(), asOf);
                var found = objects.find(query);
                if (reverse.array()) {
                    var list = json.putArray(reverse.name());
                    found.forEach(one -> list.add(entity(one)));
                    json.put(reverse.name() + "Total", objects.count(query));
                } else {
                    json.set(
                            reverse.name(),
                            found.isEmpty() ? NullNode.getInstance() : entity(found.getFirst()));
                }
            }
            case Field.Plain _, Field.Choice _ ->
                    throw new IllegalArgumentException(relation.name() + " is no relation");
        }
    }

    /// The object a reference leads to, null if it is gone.
    private JsonNode referred(Field.Reference reference, String id, Optional<Instant> asOf) {
        return lookup.byId(nouns.require(reference.target()), id, asOf)
                .<JsonNode>map(this::entity)
                .orElse(NullNode.getInstance());
    }

    /// The objects that refer to one, oldest first.
    private Query referring(Field.Reverse reverse, String id, Optional<Instant> asOf) {
        var target = nouns.require(reverse.target());
        var field = Objects.requireNonNull(target.fields().get(reverse.field()));
        var reference = new Path(field.name(), List.of(), new Path.Column.Stored(field));
        return new Query(
                target,
                new Filter.Compare(
                        reference,
                        Filter.Comparison.EQUAL,
                        Kind.TEXT,
                        JsonNodeFactory.instance.stringNode(id)),
                List.of(
                        new SortKey(
                                new Path(Meta.CREATED_AT.word(), List.of(), Meta.CREATED_AT),
                                false)),
                LONGEST_LIST,
                0,
                Optional.empty(),
                List.of(),
                List.of(),
                asOf);
    }
}
