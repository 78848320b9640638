package assay.domain.store;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A row of the action log: one verb done to one object.
///
/// @param verb what was called, such as `start`
/// @param event the event's word, such as `Started`
/// @param at milliseconds since 1970
/// @param version the object's version after it
/// @param document the object's fields after it
/// @param detail what it did elsewhere, such as `{exposures: 3}`
/// @param run the id of the script run that called it; empty when no recorded script did
public record Action(
        long seq,
        String object,
        String type,
        String verb,
        String event,
        String actor,
        Optional<String> reason,
        long at,
        int version,
        ObjectNode document,
        Optional<ObjectNode> detail,
        Optional<String> run) {
    /// The verb whose rows hide an object.
    public static final String DELETE = "delete";
}
