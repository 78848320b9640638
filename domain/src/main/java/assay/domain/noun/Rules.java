package assay.domain.noun;

import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What one noun demands beyond its definition.
public interface Rules {
    /// A noun whose definition says it all.
    Rules NONE = new Rules() {};

    /// Rewrites what the caller sent, before any check. Names are those of the definition already.
    default void prepare(ObjectNode data) {}

    /// The state a verb really leads to.
    ///
    /// @param target the state that the life cycle names
    /// @param next the document about to be stored, but for its state
    default String target(Verb verb, String target, ObjectNode next) {
        return target;
    }

    /// What to do instead of writing a computed field, as a sentence.
    default String insteadOf(String computed) {
        return "Leave %s out.".formatted(computed);
    }

    /// Checks a document about to be stored, and brings its parts into the one form that is stored.
    ///
    /// @param data what the caller sent, after [#prepare]
    /// @param next the document; each of its fields has passed its own check
    /// @throws assay.domain.Refused if it cannot be
    default void complete(ObjectNode data, ObjectNode next) {}

    /// Keeps what came with a new object and stands apart from its document.
    ///
    /// @param sent what the caller sent, after the hooks
    /// @param document as it was stored
    default void created(String id, ObjectNode sent, ObjectNode document) {}

    /// True when an object is where the verb leads already, although the word of its state is
    /// another one.
    ///
    /// @param current what is stored
    /// @param sent what the caller sent with the verb
    /// @throws assay.domain.Refused if it is there, and the caller wants it otherwise
    default boolean isDone(Verb verb, String id, ObjectNode current, ObjectNode sent) {
        return false;
    }

    /// Computed fields that a caller may propose along with the verb; [#writing] decides on them.
    default Set<String> proposals(Verb verb) {
        return Set.of();
    }

    /// What a verb adds to a stored object, once all checks of the definition are passed.
    ///
    /// @param current what is stored
    /// @param next the document about to be stored
    /// @param sent what the caller sent with the verb, proposals included
    /// @throws assay.domain.Refused if it cannot be
    default void writing(
            Verb verb, String id, ObjectNode current, ObjectNode next, ObjectNode sent) {}

    /// Looks at an object that is about to be brought back to an old state.
    ///
    /// @throws assay.domain.Refused if it cannot be
    default void rollingBack(String id) {}

    /// Looks at an object that is about to be deleted.
    ///
    /// @throws assay.domain.Refused if it cannot be
    default void deleting(String id, ObjectNode current) {}
}
