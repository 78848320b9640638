package assay.domain.noun;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

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
        Map<String, Set<String>> byUpdate) {
    public LifeCycle {
        moves = Collections.unmodifiableMap(new LinkedHashMap<>(moves));
        byUpdate = Collections.unmodifiableMap(new LinkedHashMap<>(byUpdate));
    }

    /// The state of an object, "" when it has none.
    public String state(JsonNode document) {
        return document.path(field).asString("");
    }

    /// Where the verb leads from a state; empty when it does not start there.
    public Optional<String> next(String verb, String from) {
        return Optional.ofNullable(moves.getOrDefault(verb, Map.of()).get(from));
    }

    /// Every state the verb can lead to.
    public SequencedSet<String> targets(String verb) {
        return new LinkedHashSet<>(moves.getOrDefault(verb, Map.of()).values());
    }

    /// The verbs that start from a state, in the order of the declaration.
    public List<String> legal(String from) {
        return moves.keySet().stream().filter(verb -> next(verb, from).isPresent()).toList();
    }

    /// True when a plain update may take an object from one state to another.
    public boolean updatable(String from, String to) {
        return byUpdate.getOrDefault(from, Set.of()).contains(to);
    }
}
