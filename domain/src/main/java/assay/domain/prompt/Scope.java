package assay.domain.prompt;

import assay.domain.Change;
import assay.domain.noun.Json;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import assay.domain.store.Transaction;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// One unit of work as this package sees it: whose it is, when it happens, and where what it does
/// is kept.
///
/// @param find the live object with an id or with a value in a unique field
/// @param require the same, refusing when there is none
/// @param create makes an object by its verb, hooks and log included
/// @param entity an object as callers see it
/// @param changes hears of everything that is changed besides
public record Scope(
        Nouns nouns,
        Transaction transaction,
        Objects objects,
        String actor,
        Instant now,
        BiFunction<Noun, String, Optional<StoredObject>> find,
        BiFunction<Noun, String, StoredObject> require,
        BiFunction<Noun, ObjectNode, ObjectNode> create,
        Function<StoredObject, ObjectNode> entity,
        Consumer<Change> changes) {
    /// A unit of work in which this package makes no objects.
    ///
    /// @param find the live object with an id or with a value in a unique field
    /// @param require the same, refusing when there is none
    public static Scope withoutCreate(
            Nouns nouns,
            Transaction transaction,
            Objects objects,
            String actor,
            Instant now,
            BiFunction<Noun, String, Optional<StoredObject>> find,
            BiFunction<Noun, String, StoredObject> require,
            Consumer<Change> changes) {
        return new Scope(
                nouns,
                transaction,
                objects,
                actor,
                now,
                find,
                require,
                (made, _) -> {
                    throw new IllegalStateException("no " + made.name() + " is made here");
                },
                StoredObject::document,
                changes);
    }

    /// Logs a verb that changed no field of an object but did something beside it, and tells of it.
    public void log(StoredObject object, String verb, String event, ObjectNode detail) {
        objects.log(
                object,
                new Objects.Entry(verb, event, actor, Optional.empty()),
                now.toEpochMilli(),
                detail);
        changes.accept(
                new Change(verb, object.type(), object.id(), Json.object(), detail.deepCopy()));
    }
}
