package assay.domain.work;

import assay.domain.IsoTime;
import assay.domain.noun.Field;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.query.Path.Column.Meta;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects as callers see them: one flat JSON object, what the server keeps about it in front.
final class Entities {
    /// Objects that an included list holds at most.
    private static final int LONGEST_LIST = 100;

    private final Nouns nouns;
    private final Objects objects;
    private final String context;

    Entities(Nouns nouns, Objects objects, String tenant) {
        this.nouns = nouns;
        this.objects = objects;
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
                    java.util.stream.Stream.concat(
                                    java.util.stream.Stream.of(Meta.TYPE.word(), Meta.ID.word()),
                                    java.util.stream.Stream.concat(
                                            fields.stream(), include.stream()))
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
                var id = object.document().path(reference.name()).asString("");
                if (!id.isEmpty()) {
                    json.set(
                            reference.name(),
                            read(id, asOf)
                                    .<tools.jackson.databind.JsonNode>map(this::entity)
                                    .orElse(NullNode.getInstance()));
                }
            }
            case Field.Reverse reverse -> {
                var target = nouns.require(reverse.target());
                var found = objects.referring(target, reverse.field(), object.id(), LONGEST_LIST);
                if (reverse.array()) {
                    var list = json.putArray(reverse.name());
                    found.forEach(one -> list.add(entity(one)));
                    json.put(
                            reverse.name() + "Total",
                            objects.referringCount(target, reverse.field(), object.id()));
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

    private Optional<StoredObject> read(String id, Optional<Instant> asOf) {
        return asOf.map(time -> objects.past(id, time.toEpochMilli()))
                .orElseGet(() -> objects.get(id));
    }
}
