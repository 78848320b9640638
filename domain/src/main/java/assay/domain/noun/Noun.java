package assay.domain.noun;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// A declared type of object. Immutable; fields and verbs are in the order of the declaration.
///
/// @param name PascalCase, such as `FeatureFlag`
/// @param description one sentence for agents; empty when the declaration has none
/// @param fields declared fields by name
/// @param verbs custom verbs by name; create, update and delete are not among them
/// @param disabled those of create, update, delete that this noun does not have
/// @param computed fields that only the engine writes
/// @param effects verb -> field -> what the verb writes besides the state, unless the caller names
///   the field: `$now`, `$now?` (only when absent), `+1`, or a JSON value as text. The verb may be
///   `create`
/// @param aliases other names that input may use -> field
/// @param joined text fields that also take an array of texts, stored joined by commas
public record Noun(
        String name,
        String description,
        SequencedMap<String, Field> fields,
        SequencedMap<String, Verb> verbs,
        Set<String> disabled,
        Set<String> computed,
        Optional<LifeCycle> lifeCycle,
        Map<String, Map<String, String>> effects,
        Map<String, String> aliases,
        Set<String> joined) {
    private static final List<Verb> BUILT_IN = List.of(Verb.CREATE, Verb.UPDATE, Verb.DELETE);

    public Noun {
        fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
        verbs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(verbs));
        disabled = Collections.unmodifiableSet(new LinkedHashSet<>(disabled));
        computed = Collections.unmodifiableSet(new LinkedHashSet<>(computed));
        effects = Collections.unmodifiableMap(new LinkedHashMap<>(effects));
        aliases = Collections.unmodifiableMap(new LinkedHashMap<>(aliases));
        joined = Collections.unmodifiableSet(new LinkedHashSet<>(joined));
    }

    /// A noun without aliases and joined fields.
    public Noun(
            String name,
            String description,
            SequencedMap<String, Field> fields,
            SequencedMap<String, Verb> verbs,
            Set<String> disabled,
            Set<String> computed,
            Optional<LifeCycle> lifeCycle,
            Map<String, Map<String, String>> effects) {
        this(
                name,
                description,
                fields,
                verbs,
                disabled,
                computed,
                lifeCycle,
                effects,
                Map.of(),
                Set.of());
    }

    /// What ids of this noun begin with, before the underscore: `featureFlag`.
    public String prefix() {
        return Linguistics.lowerFirst(name);
    }

    /// As addresses write it: `feature-flags`.
    public String slug() {
        return Linguistics.slug(name);
    }

    /// Every verb that writes an event: create, update and delete unless disabled, then the custom
    /// ones.
    public List<Verb> everyVerb() {
        return Stream.concat(
                        BUILT_IN.stream().filter(verb -> !disabled.contains(verb.name())),
                        verbs.values().stream())
                .toList();
    }

    /// A verb by the name it is called by, create, update and delete included.
    ///
    /// @throws Refused if there is no such verb or it is disabled
    public Verb requireVerb(String verb) {
        if (disabled.contains(verb)) {
            throw listing(
                    new Refused(
                            Reason.UNKNOWN_VERB,
                            "%s has no %s: it is disabled in the definition.".formatted(name, verb),
                            "Call one of: %s.".formatted(String.join(", ", callable()))));
        }
        for (var known : BUILT_IN) {
            if (known.name().equals(verb)) {
                return known;
            }
        }
        return Optional.ofNullable(verbs.get(verb))
                .orElseThrow(() ->
                        listing(
                                new Refused(
                                        Reason.UNKNOWN_VERB,
                                        "%s has no verb %s.".formatted(name, Quoted.of(verb)),
                                        "%sCall one of: %s."
                                                .formatted(
                                                        Nearest.hint(verb, callable()),
                                                        String.join(", ", callable())))));
    }

    /// False for the noun of the hooks themselves: theirs would have no end.
    public boolean isHookable() {
        return !name.equals("Hook");
    }

    /// The verb that a BEFORE hook of this name belongs to, such as `starting`.
    public Optional<Verb> before(String activity) {
        return hooked(Verb::activity, activity);
    }

    /// The verb that an AFTER hook of this name belongs to, such as `started`.
    public Optional<Verb> after(String event) {
        return hooked(Verb::event, event);
    }

    /// The enum field that holds the word of the verb, which is the state the verb leads to in a
    /// noun without a life cycle. Empty when there is none: then the verb is an event only.
    public Optional<Field.Choice> impliedState(Verb verb) {
        return lifeCycle.isPresent()
                ? Optional.empty()
                : fields.values().stream()
                        .filter(field -> !field.array())
                        .filter(Field.Choice.class::isInstance)
                        .map(Field.Choice.class::cast)
                        .filter(choice -> choice.members().contains(verb.past()))
                        .findFirst();
    }

    private Optional<Verb> hooked(Function<Verb, String> name, String hook) {
        var canonical = Conjugation.canonical(hook);
        return everyVerb().stream()
                .filter(verb -> List.of(hook, canonical).contains(name.apply(verb)))
                .findFirst();
    }

    private List<String> callable() {
        var names = new ArrayList<>(List.of("get", "find", "findOne", "count"));
        everyVerb().forEach(verb -> names.add(verb.name()));
        return names;
    }

    private Refused listing(Refused refused) {
        var legal = Json.array();
        callable().forEach(legal::add);
        return refused.with("legal", legal);
    }
}
