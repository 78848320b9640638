package assay.domain.noun;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The move that a verb makes with one object, found to be allowed.
///
/// @param target the state it leads to
/// @param isArrived true when the object is in that state already and the verb does not start there
record Transition(
        Noun noun, Verb verb, ObjectNode current, String field, String target, boolean isArrived) {

    /// The move of a verb from the current state; empty when the verb is an event only.
    ///
    /// @throws Refused if the verb does not start there
    static Optional<Transition> of(Noun noun, Verb verb, ObjectNode current) {
        if (noun.lifeCycle().isEmpty()) {
            return noun.impliedState(verb)
                    .map(choice ->
                            new Transition(
                                    noun,
                                    verb,
                                    current,
                                    choice.name(),
                                    verb.past(),
                                    current.path(choice.name()).asString("").equals(verb.past())));
        }
        var cycle = noun.lifeCycle().get();
        var targets = cycle.targets(verb.name());
        if (targets.isEmpty()) {
            return Optional.empty();
        }
        var from = cycle.state(current);
        var target = cycle.next(verb.name(), from);
        var isArrived = target.isEmpty() && List.copyOf(targets).equals(List.of(from));
        if (target.isEmpty() && !isArrived) {
            throw refused(noun, cycle, verb, current);
        }
        return Optional.of(
                new Transition(noun, verb, current, cycle.field(), target.orElse(from), isArrived));
    }

    /// Lets the caller name the state that the verb leads to, or the one it starts from: an object
    /// is often handed back as it was read.
    ///
    /// @throws Refused if it is another one
    void checkWanted(Optional<JsonNode> wanted, String reached) {
        var named = wanted.filter(state -> !state.equals(current.get(field)));
        if (named.isPresent() && !named.get().asString("").equals(reached)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s leads to %s '%s', not to %s."
                                    .formatted(verb.name(), field, reached, Quoted.of(named.get())),
                            "Leave %s out.".formatted(field))
                    .field(field);
        }
    }

    /// Refuses a verb that found its work done and brings other data along.
    void refuseChange() {
        noun.lifeCycle()
                .ifPresent(cycle -> {
                    throw refused(noun, cycle, verb, current);
                });
    }

    /// Lets a plain write of the state pass where the life cycle allows it.
    ///
    /// @throws Refused if only a verb leads there
    static void checkWritten(Noun noun, LifeCycle cycle, ObjectNode current, JsonNode wanted) {
        var from = cycle.state(current);
        var to = wanted.isNull() ? "" : wanted.asString("");
        var isState =
                noun.fields().get(cycle.field()) instanceof Field.Choice choice
                        && choice.members().contains(to);
        if (to.equals(from) || cycle.updatable(from, to) || !(isState || wanted.isNull())) {
            return;
        }
        var problem =
                "%s is %s, and its %s cannot be set to %s."
                        .formatted(
                                subject(noun, current),
                                shown(from),
                                cycle.field(),
                                to.isEmpty() ? "null" : to);
        throw cycle.legal(from).stream()
                .filter(verb -> cycle.next(verb, from).equals(Optional.of(to)))
                .findFirst()
                .map(verb ->
                        withFix(
                                illegal(
                                        noun,
                                        cycle,
                                        from,
                                        problem,
                                        "Call %s instead.".formatted(verb)),
                                noun,
                                verb,
                                current))
                .orElseGet(() -> illegal(noun, cycle, from, problem, leave(cycle, from)));
    }

    private static Refused refused(Noun noun, LifeCycle cycle, Verb verb, ObjectNode current) {
        var from = cycle.state(current);
        var starts =
                cycle.moves().getOrDefault(verb.name(), Map.of()).keySet().stream()
                        .map(Transition::shown)
                        .toList();
        var problem =
                "%s is %s, and %s starts from %s only."
                        .formatted(
                                subject(noun, current),
                                shown(from),
                                verb.name(),
                                String.join(", ", starts));
        return cycle.legal(from).stream()
                .filter(step ->
                        cycle.next(step, from)
                                .flatMap(state -> cycle.next(verb.name(), state))
                                .isPresent())
                .findFirst()
                .map(step ->
                        withFix(
                                illegal(
                                        noun,
                                        cycle,
                                        from,
                                        problem,
                                        "Call %s first, then %s.".formatted(step, verb.name())),
                                noun,
                                step,
                                current))
                .orElseGet(() -> illegal(noun, cycle, from, problem, leave(cycle, from)));
    }

    private static Refused illegal(
            Noun noun, LifeCycle cycle, String from, String problem, String repair) {
        var legal = Json.array();
        cycle.legal(from).forEach(legal::add);
        return new Refused(Reason.ILLEGAL_TRANSITION, problem, repair)
                .field(cycle.field())
                .with("type", Json.text(noun.name()))
                .with("state", Json.text(from))
                .with("legal", legal);
    }

    private static Refused withFix(Refused refused, Noun noun, String verb, ObjectNode current) {
        var id = current.path("$id").asString("");
        return id.isEmpty()
                ? refused
                : refused.fix("await $.%s.%s('%s')".formatted(noun.name(), verb, id));
    }

    /// What can be done from a state, as a sentence.
    private static String leave(LifeCycle cycle, String from) {
        var verbs = cycle.legal(from);
        var states = cycle.byUpdate().getOrDefault(from, Set.of());
        if (verbs.isEmpty() && states.isEmpty()) {
            return "Leave it as it is: nothing leads on from %s.".formatted(shown(from));
        }
        if (verbs.isEmpty()) {
            return "Update %s to one of: %s.".formatted(cycle.field(), String.join(", ", states));
        }
        return "Call one of: %s.".formatted(String.join(", ", verbs));
    }

    private static String subject(Noun noun, ObjectNode current) {
        var id = current.path("$id").asString("");
        return id.isEmpty() ? "This " + noun.name() : "%s %s".formatted(noun.name(), Quoted.of(id));
    }

    private static String shown(String state) {
        return state.isEmpty() ? "without a state" : state;
    }
}
