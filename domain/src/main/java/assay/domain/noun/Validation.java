package assay.domain.noun;

import assay.domain.Reason;
import assay.domain.Refused;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// The checks between what a caller sends and what is stored. Pure: reads no store and no clock.
///
/// Documents hold the declared fields in the order of the definition; meta fields that a stored
/// document carries (those that begin with `$`) are kept as they are.
public final class Validation {
    private final Map<String, Rules> rules;
    private final boolean isForDrafts;

    /// The checks of the definitions, with those that some nouns add.
    ///
    /// @param rules what nouns demand beyond their definition, by the noun's name
    public Validation(Map<String, Rules> rules) {
        this(Map.copyOf(rules), false);
    }

    private Validation(Map<String, Rules> rules, boolean isForDrafts) {
        this.rules = rules;
        this.isForDrafts = isForDrafts;
    }

    /// The same checks for data that somebody may still complete: required fields may be missing.
    public Validation forDrafts() {
        return new Validation(rules, true);
    }

    /// The document of a new object: defaults, effects and the first state filled in.
    ///
    /// @throws Refused if the noun cannot be created or the data does not fit it
    public Checked create(Noun noun, ObjectNode data, Instant now) {
        noun.requireVerb("create");
        var write = new Write(noun, rules(noun), Json.object(), data, isForDrafts);
        write.takeFields();
        write.fillDefaults();
        noun.lifeCycle().ifPresent(cycle -> beginLife(noun, cycle, write));
        write.apply(Verb.CREATE, now);
        return write.checked();
    }

    /// The document after a plain change of fields: null clears a field, objects are replaced
    /// whole. A `$version` in the data is the caller's claim about `current`: it is not looked at
    /// here and not listed as ignored.
    ///
    /// @throws Refused if the data does not fit, or would move the object to a state that only a
    ///   verb leads to
    public Checked update(Noun noun, ObjectNode current, ObjectNode data) {
        noun.requireVerb("update");
        var write = new Write(noun, rules(noun), current, data, isForDrafts);
        checkState(noun, current, write);
        write.takeFields();
        return write.checked();
    }

    /// The document after a custom verb: its target state, its effects, and what the caller sent
    /// with it.
    ///
    /// An object that is in the target state already stays as it is, so that a call whose reply was
    /// lost can be sent again. A verb that leads to no state has always happened.
    ///
    /// @param verb one of the noun's custom verbs
    /// @throws Refused if the verb does not start from the current state or the data does not fit
    public Checked verb(Noun noun, Verb verb, ObjectNode current, ObjectNode data, Instant now) {
        var write = new Write(noun, rules(noun), current, data, isForDrafts);
        var transition = Transition.of(noun, verb, current);
        if (transition.isEmpty()) {
            checkState(noun, current, write);
            write.takeFields();
            write.apply(verb, now);
            return write.happened();
        }
        var move = transition.get();
        var wanted = write.drop(move.field());
        write.takeFields();
        if (move.isArrived()) {
            move.checkWanted(wanted, move.target());
            var checked = write.checked();
            if (checked.changed()) {
                move.refuseChange();
            }
            return checked;
        }
        write.apply(verb, now);
        var target = rules(noun).target(verb, move.target(), write.next());
        move.checkWanted(wanted, target);
        write.put(move.field(), Json.text(target));
        return write.checked();
    }

    private static void checkState(Noun noun, ObjectNode current, Write write) {
        if (noun.lifeCycle().isPresent()) {
            var cycle = noun.lifeCycle().get();
            write.given(cycle.field())
                    .ifPresent(wanted -> Transition.checkWritten(noun, cycle, current, wanted));
        }
    }

    private static void beginLife(Noun noun, LifeCycle cycle, Write write) {
        var state = cycle.state(write.next());
        if (state.isEmpty()) {
            if (!cycle.initial().isEmpty()) {
                write.put(cycle.field(), Json.text(cycle.initial()));
            }
        } else if (cycle.fixedStart() && !state.equals(cycle.initial())) {
            throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "%s begins as %s, not as %s."
                                    .formatted(noun.name(), cycle.initial(), state),
                            "Leave %s out, and change it with the verbs: %s."
                                    .formatted(
                                            cycle.field(),
                                            String.join(", ", cycle.moves().keySet())))
                    .field(cycle.field());
        }
    }

    /// What the noun demands beyond its definition.
    public Rules rules(Noun noun) {
        return rules.getOrDefault(noun.name(), Rules.NONE);
    }
}
