package assay.domain.noun;

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
}
