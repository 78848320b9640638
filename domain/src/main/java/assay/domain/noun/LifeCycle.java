package assay.domain.noun;

import java.util.Map;
import java.util.Set;

/// The states of a noun, and what moves an object from one to another.
///
/// @param field the field that holds the state
/// @param initial what create writes when the field is absent; empty when objects begin without a
///   state. An object without a state is in the state ""
/// @param fixedStart true when create may not name another state than `initial`
/// @param moves verb -> from state -> to state. A verb of the noun that is missing here is an event
///   only
/// @param byUpdate from state -> the states that a plain update may write
public record LifeCycle(
        String field,
        String initial,
        boolean fixedStart,
        Map<String, Map<String, String>> moves,
        Map<String, Set<String>> byUpdate) {}
