package assay.domain.work;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Field;
import assay.domain.noun.Noun;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The checks of a write that need to know the other objects and the versions before.
final class Integrity {
    private final Objects objects;

    Integrity(Objects objects) {
        this.objects = objects;
    }

    /// Refuses if the caller has seen another version than the current one.
    ///
    /// @param claims the versions that the caller says are current; absent ones claim nothing
    static void checkVersion(StoredObject current, List<JsonNode> claims) {
        for (var claim : claims) {
            var isStale =
                    !(claim.isMissingNode() || claim.isNull())
                            && !(claim.isNumber() && claim.doubleValue() == current.version());
            if (isStale) {
                throw new Refused(
                                Reason.STALE_VERSION,
                                "%s is at version %d, not at %s: somebody changed it since you read it."
                                        .formatted(
                                                Quoted.of(current.id()),
                                                current.version(),
                                                Quoted.of(claim)),
                                "Read it again, redo your change on the new state, and send that version.")
                        .field("$version")
                        .with(
                                "currentVersion",
                                JsonNodeFactory.instance.numberNode(current.version()));
            }
        }
    }

    /// Refuses a value that another live object has in a unique field.
    void checkUnique(Noun noun, StoredObject object) {
        for (var field : noun.fields().values()) {
            var value = object.document().path(field.name());
            if (field.index() == Field.Index.UNIQUE && value.isValueNode() && !value.isNull()) {
                objects.byUnique(noun, field.name(), value)
                        .filter(other -> !other.id().equals(object.id()))
                        .ifPresent(other -> {
                            throw taken(field, value, other.id());
                        });
            }
        }
    }

    private static Refused taken(Field field, JsonNode value, String by) {
        return new Refused(
                        Reason.NOT_UNIQUE,
                        "%s %s is taken by %s.".formatted(field.name(), Quoted.of(value), by),
                        "Choose another %s, or update the object that has it."
                                .formatted(field.name()))
                .field(field.name())
                .with("existingId", JsonNodeFactory.instance.stringNode(by));
    }

    /// Refuses a reference that is new and does not lead to a live object of its type.
    void checkReferences(Noun noun, ObjectNode before, ObjectNode document) {
        for (var field : noun.fields().values()) {
            var value = document.path(field.name());
            if (field instanceof Field.Reference reference
                    && !value.equals(before.path(field.name()))) {
                (value.isArray() ? value.valueStream() : Stream.of(value))
                        .filter(JsonNode::isString)
                        .forEach(id -> checkReference(reference, id.stringValue()));
            }
        }
    }

    private void checkReference(Field.Reference reference, String id) {
        if (objects.get(id).filter(target -> target.type().equals(reference.target())).isEmpty()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "'%s' refers to %s, but there is no such %s."
                                    .formatted(reference.name(), Quoted.of(id), reference.target()),
                            "Create the %s first, or send the $id of one that exists."
                                    .formatted(reference.target()))
                    .field(reference.name());
        }
    }
}
