package assay.domain.noun;

import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// A declared type of object. Immutable; fields and verbs are in the order of the declaration.
///
/// @param name PascalCase, such as `FeatureFlag`
/// @param description one sentence for agents; empty when the declaration has none
/// @param fields declared fields by name
/// @param verbs custom verbs by name; create, update and delete are not among them
/// @param disabled those of create, update, delete that this noun does not have
/// @param computed fields that only the engine writes
/// @param effects verb -> field -> what the verb writes besides the state: `$now`, `$now?` (only
///   when absent), `+1`, or a JSON value as text
public record Noun(
        String name,
        String description,
        SequencedMap<String, Field> fields,
        SequencedMap<String, Verb> verbs,
        Set<String> disabled,
        Set<String> computed,
        Optional<LifeCycle> lifeCycle,
        Map<String, Map<String, String>> effects) {}
