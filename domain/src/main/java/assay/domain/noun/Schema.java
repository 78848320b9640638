package assay.domain.noun;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a noun is, said for its callers: as JSON and as the TypeScript that scripts are written
/// against.
public final class Schema {
    private Schema() {}

    /// All nouns, by name: `{$type, entities, descriptions}`.
    public static ObjectNode all(Nouns nouns) {
        var json = Json.object().put("$type", "Schema");
        var entities = json.putArray("entities");
        var descriptions = json.putObject("descriptions");
        for (var noun : nouns.all()) {
            entities.add(noun.name());
            if (!noun.description().isEmpty()) {
                descriptions.put(noun.name(), noun.description());
            }
        }
        return json;
    }

    /// One noun: `{$type, entity, description, fields, verbs, lifeCycle, crud}`.
    ///
    /// The state "no state" of a life cycle is written as null.
    public static ObjectNode json(Nouns nouns, Noun noun) {
        var json = Json.object().put("$type", "Schema").put("entity", noun.name());
        if (!noun.description().isEmpty()) {
            json.put("description", noun.description());
        }
        var fields = json.putObject("fields");
        noun.fields()
                .values()
                .forEach(field -> fields.set(field.name(), field(nouns, noun, field)));
        nouns.reverses(noun).values().stream()
                .filter(reverse -> !fields.has(reverse.name()))
                .forEach(reverse -> fields.set(reverse.name(), reverse(reverse)));
        var verbs = json.putObject("verbs");
        noun.verbs().values().forEach(verb -> verbs.set(verb.name(), verb(noun, verb)));
        noun.lifeCycle().ifPresent(cycle -> json.set("lifeCycle", lifeCycle(cycle)));
        var crud = json.putArray("crud");
        List.of("create", "get", "find", "update", "delete").stream()
                .filter(name -> !noun.disabled().contains(name))
                .forEach(crud::add);
        return json;
    }

    /// The declaration of `$` with all nouns.
    ///
    /// @param extra further lines for the interface of a noun's functions, by the noun's name, such
    ///   as `results(id: id): Promise<json>`; under the empty name further lines for `$` itself. A
    ///   line that begins with a verb's name and a bracket replaces the call of that verb
    public static String typescript(Nouns nouns, Map<String, List<String>> extra) {
        return TypeScript.of(nouns, nouns.all(), extra);
    }

    /// The declaration of `$` with one noun, complete in itself.
    ///
    /// @param extra as for all nouns
    public static String typescript(Nouns nouns, Noun noun, Map<String, List<String>> extra) {
        return TypeScript.of(nouns, List.of(noun), extra);
    }

    private static ObjectNode field(Nouns nouns, Noun noun, Field field) {
        var json =
                switch (field) {
                    case Field.Plain plain -> {
                        var type = Json.object().put("type", plain.base().word());
                        plain.digits()
                                .ifPresent(digits ->
                                        type.put("precision", digits.precision())
                                                .put("scale", digits.scale()));
                        plain.initial().ifPresent(value -> type.set("default", value));
                        yield type;
                    }
                    case Field.Choice choice -> choice(noun, choice);
                    case Field.Reference reference -> reference(nouns, noun, reference);
                    case Field.Reverse reverse -> reverse(reverse);
                };
        flag(json, "required", field.required());
        flag(json, "unique", field.index() == Field.Index.UNIQUE);
        flag(json, "indexed", field.index() != Field.Index.NONE);
        flag(json, "array", field.array() && field.kind() != Kind.JSON && !isRelation(field));
        flag(json, "computed", noun.computed().contains(field.name()) || json.has("computed"));
        return json;
    }

    private static ObjectNode choice(Noun noun, Field.Choice choice) {
        var json = Json.object().put("type", "enum");
        choice.members().forEach(json.putArray("values")::add);
        noun.lifeCycle()
                .filter(cycle -> cycle.field().equals(choice.name()))
                .map(LifeCycle::initial)
                .filter(initial -> !initial.isEmpty())
                .or(choice::initial)
                .ifPresent(initial -> json.put("default", initial));
        return json;
    }

    private static ObjectNode reference(Nouns nouns, Noun noun, Field.Reference reference) {
        var json = Json.object().put("type", "relation").put("target", reference.target());
        nouns.find(reference.target()).stream()
                .flatMap(target -> nouns.reverses(target).values().stream())
                .filter(reverse -> reverse.target().equals(noun.name()))
                .filter(reverse -> reverse.field().equals(reference.name()))
                .findFirst()
                .ifPresent(reverse -> json.put("inverse", reverse.name()));
        return json.put("cardinality", reference.array() ? "many-to-many" : "many-to-one");
    }

    private static ObjectNode reverse(Field.Reverse reverse) {
        return Json.object()
                .put("type", "relation")
                .put("target", reverse.target())
                .put("inverse", reverse.field())
                .put("cardinality", reverse.array() ? "one-to-many" : "one-to-one")
                .put("computed", true);
    }

    private static ObjectNode verb(Noun noun, Verb verb) {
        var json = Json.object();
        noun.lifeCycle().ifPresent(cycle -> moves(cycle, verb, json));
        noun.impliedState(verb)
                .ifPresent(choice -> json.put(targetKey(choice.name()), verb.past()));
        json.putArray("lifecycle")
                .add(verb.activity())
                .add(verb.name())
                .add(verb.event())
                .add(verb.event() + "By");
        return json;
    }

    private static void moves(LifeCycle cycle, Verb verb, ObjectNode json) {
        var moves = cycle.moves().getOrDefault(verb.name(), Map.of());
        if (moves.isEmpty()) {
            return;
        }
        var from = Json.array();
        moves.keySet().forEach(state -> addState(from, state));
        var targets = new LinkedHashSet<>(moves.values());
        if (targets.size() == 1) {
            json.put(targetKey(cycle.field()), targets.getFirst());
            json.set("from", from);
            json.put("to", targets.getFirst());
        } else {
            json.set("from", from);
            var to = json.putArray("to");
            moves.values().forEach(to::add);
        }
    }

    private static ObjectNode lifeCycle(LifeCycle cycle) {
        var json = Json.object().put("field", cycle.field());
        if (!cycle.initial().isEmpty()) {
            json.put("initial", cycle.initial());
        }
        flag(json, "fixedStart", cycle.fixedStart());
        var byUpdate = Json.object();
        cycle.byUpdate()
                .forEach((from, to) ->
                        to.forEach(state -> addState(byUpdate.withArrayProperty(from), state)));
        if (!byUpdate.isEmpty()) {
            json.set("byUpdate", byUpdate);
        }
        return json;
    }

    private static void addState(ArrayNode states, String state) {
        if (state.isEmpty()) {
            states.addNull();
        } else {
            states.add(state);
        }
    }

    private static String targetKey(String field) {
        return "target" + Linguistics.upperFirst(field);
    }

    private static boolean isRelation(Field field) {
        return field instanceof Field.Reference || field instanceof Field.Reverse;
    }

    private static void flag(ObjectNode json, String name, boolean isSet) {
        if (isSet) {
            json.put(name, true);
        }
    }
}
