package assay.domain.noun;

import assay.domain.Nearest;
import assay.domain.Quoted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The life cycle in a definition: `{field, initial, fixedStart, moves: {verb: {from: to}},
/// byUpdate: {from: to}}`.
///
/// `from` is a state, several joined by `|`, `""` for an object without a state, or `*` for every
/// state other than the target. The `to` of `byUpdate` may likewise be several, or `*`.
final class LifeCycleSyntax {
    private static final List<String> KEYS =
            List.of("field", "initial", "fixedStart", "moves", "byUpdate");

    private final Definition definition;
    private final ObjectNode json;
    private final Field.Choice field;

    private LifeCycleSyntax(Definition definition, ObjectNode json) {
        this.definition = definition;
        this.json = json;
        var name = json.path("field").asString("");
        if (!(definition.field("$lifeCycle", name) instanceof Field.Choice choice)
                || choice.array()) {
            throw definition.refused(
                    "$lifeCycle",
                    "keeps its states in '%s'".formatted(name),
                    "Name an enum field.");
        }
        this.field = choice;
    }

    static LifeCycle parse(Definition definition, JsonNode json) {
        return new LifeCycleSyntax(definition, definition.object("$lifeCycle", json)).lifeCycle();
    }

    private LifeCycle lifeCycle() {
        for (var key : json.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw definition.refused(
                        "$lifeCycle",
                        "has the unknown member " + Quoted.of(key),
                        Nearest.hint(key, KEYS) + "Use " + String.join(", ", KEYS) + ".");
            }
        }
        var initial = json.path("initial").asString("");
        return new LifeCycle(
                field.name(),
                initial.isEmpty() ? initial : state(initial),
                json.path("fixedStart").asBoolean(false),
                moves(),
                byUpdate(initial));
    }

    private SequencedMap<String, Map<String, String>> moves() {
        var moves = new LinkedHashMap<String, Map<String, String>>();
        for (var verb : definition.object("$lifeCycle", json.path("moves")).properties()) {
            definition.requireVerb("$lifeCycle", verb.getKey());
            var ways = new LinkedHashMap<String, String>();
            for (var way : definition.object("$lifeCycle", verb.getValue()).properties()) {
                var to = state(way.getValue().asString(""));
                for (var from : from(way.getKey(), to)) {
                    if (ways.put(from, to) != null) {
                        throw definition.refused(
                                "$lifeCycle",
                                "lets %s leave '%s' twice".formatted(verb.getKey(), from),
                                "Keep one of the two.");
                    }
                }
            }
            moves.put(verb.getKey(), ways);
        }
        return moves;
    }

    private Map<String, Set<String>> byUpdate(String initial) {
        var byUpdate = new LinkedHashMap<String, Set<String>>();
        for (var way : definition.object("$lifeCycle", json.path("byUpdate")).properties()) {
            var text = way.getValue().asString("");
            for (var from : way.getKey().equals("*") ? every("") : states(way.getKey())) {
                byUpdate.computeIfAbsent(from, _ -> new LinkedHashSet<>())
                        .addAll(text.equals("*") ? every(initial) : states(text));
            }
        }
        return byUpdate;
    }

    private List<String> from(String text, String target) {
        if (!text.equals("*")) {
            return states(text);
        }
        var every = every("");
        every.remove(target);
        return every;
    }

    /// All members, and no state at all where objects may begin without one.
    private List<String> every(String initial) {
        var every = new ArrayList<>(field.members());
        if (initial.isEmpty()) {
            every.addFirst("");
        }
        return every;
    }

    private List<String> states(String text) {
        if (text.isEmpty()) {
            return List.of("");
        }
        var states = new ArrayList<String>();
        for (var word : text.split("\\|", -1)) {
            states.add(state(word));
        }
        return states;
    }

    private String state(String word) {
        var state = word.strip();
        if (!field.members().contains(state)) {
            throw definition.refused(
                    "$lifeCycle",
                    "names the unknown state " + Quoted.of(state),
                    Nearest.hint(state, field.members())
                            + "Name one of: "
                            + String.join(", ", field.members())
                            + ".");
        }
        return state;
    }
}
