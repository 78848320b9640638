package assay.domain.work;

import assay.domain.noun.Field;
import assay.domain.noun.LifeCycle;
import assay.domain.noun.Noun;
import assay.domain.noun.Verb;
import assay.domain.store.StoredObject;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// A write that the hooks before it may still refuse or change.
///
/// @param current what is stored; empty for a new object
/// @param sent what the caller sent, and what hooks changed of it
/// @param document what would be stored
/// @param state the field that the verb moves, if it moves one
record Proposal(
        Noun noun,
        Verb verb,
        Optional<StoredObject> current,
        ObjectNode sent,
        ObjectNode document,
        Optional<String> state) {

    static Proposal of(
            Noun noun,
            Verb verb,
            Optional<StoredObject> current,
            ObjectNode sent,
            ObjectNode document) {
        var state =
                noun.lifeCycle()
                        .map(LifeCycle::field)
                        .or(() -> noun.impliedState(verb).map(Field::name));
        return new Proposal(noun, verb, current, sent, document, state);
    }

    /// The object with the data in it, still in the state that the verb starts from.
    ObjectNode entity(Entities entities) {
        if (current.isEmpty()) {
            var made = JsonNodeFactory.instance.objectNode().put("$type", noun.name());
            return made.setAll(document);
        }
        var entity = entities.entity(current.get());
        entity.retain(
                entity.propertyNames().stream().filter(name -> name.startsWith("$")).toList());
        document.properties().stream()
                .filter(member -> !member.getKey().startsWith("$"))
                .forEach(member -> entity.set(member.getKey(), member.getValue()));
        if (noun.verbs().containsKey(verb.name())) {
            state.ifPresent(field ->
                    before(field)
                            .ifPresentOrElse(
                                    from -> entity.set(field, from), () -> entity.remove(field)));
        }
        return entity;
    }

    /// `{verb, data, from, to}`, the last two only of a noun whose objects have states.
    ObjectNode change() {
        var change = JsonNodeFactory.instance.objectNode().put("verb", verb.name());
        change.set("data", sent);
        state.ifPresent(field -> {
            change.set("from", before(field).orElse(NullNode.getInstance()));
            change.set("to", document.optional(field).orElse(NullNode.getInstance()));
        });
        return change;
    }

    private Optional<JsonNode> before(String field) {
        return current.flatMap(object -> object.document().optional(field));
    }
}
