package assay.domain.noun;

import assay.domain.JsonTree;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A noun as it is written down: a JSON object from names to lines of the noun language, with what
/// holds for the whole noun under keys that begin with `$`.
///
/// - `$description`: one sentence for agents
/// - `$computed`: the fields that only the engine writes
/// - `$aliases`: other names that input may use, each with the field it means
/// - `$joined`: text fields that also take an array of texts, stored joined by commas
/// - `$lifeCycle`: see [LifeCycleSyntax]
/// - `$effects`: verb -> field -> what the verb writes besides the state: `"$now"`, `"$now?"` (only
///   when absent), `"+1"` or a JSON value. The verb may be `create`
public final class Definition {
    static final List<String> KEYS =
            List.of("$description", "$computed", "$aliases", "$joined", "$lifeCycle", "$effects");

    private static final Set<String> CRUD = Set.of("create", "update", "delete");

    /// Functions that every noun has. A verb or a hook of these names could not be called.
    private static final Set<String> TAKEN =
            Set.of(
                    "create",
                    "created",
                    "creating",
                    "update",
                    "updated",
                    "updating",
                    "delete",
                    "deleted",
                    "deleting",
                    "get",
                    "find",
                    "findOne",
                    "count",
                    "createMany",
                    "updateMany",
                    "rollback",
                    "history",
                    "watch",
                    "before",
                    "after",
                    "then",
                    "constructor",
                    "prototype");

    private final String noun;
    private final ObjectNode json;
    private final SequencedMap<String, Field> fields = new LinkedHashMap<>();
    private final SequencedMap<String, Verb> verbs = new LinkedHashMap<>();
    private final Set<String> disabled = new LinkedHashSet<>();

    private Definition(String noun, ObjectNode json) {
        this.noun = noun;
        this.json = json;
    }

    /// Reads one definition. What concerns other nouns (targets, inverses) is checked by [Nouns].
    ///
    /// @param name the noun's name in PascalCase
    /// @throws Refused if anything in it is not in the language, naming noun and key
    public static Noun parse(String name, ObjectNode definition) {
        return new Definition(name, definition).noun();
    }

    static boolean isNounName(String name) {
        return isFieldName(name) && Character.isUpperCase(name.charAt(0)) && isLetters(name);
    }

    static boolean isFieldName(String name) {
        if (name.isEmpty() || name.length() > 64 || !isLetter(name.charAt(0))) {
            return false;
        }
        for (var i = 1; i < name.length(); i++) {
            var c = name.charAt(i);
            if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '_') {
                return false;
            }
        }
        return true;
    }

    private Noun noun() {
        if (!isNounName(noun)) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "%s is not a name for a noun.".formatted(Quoted.of(noun)),
                    "Use a capital and then letters only, at most 64, such as FeatureFlag.");
        }
        for (var line : json.properties()) {
            read(line.getKey(), line.getValue());
        }
        checkHookNames();
        var lifeCycle =
                Optional.ofNullable(json.get("$lifeCycle"))
                        .map(cycle -> LifeCycleSyntax.parse(this, cycle));
        return new Noun(
                noun,
                description(),
                fields,
                verbs,
                disabled,
                fieldList("$computed"),
                lifeCycle,
                effects(),
                aliases(),
                joined());
    }

    private void read(String key, JsonNode line) {
        if (key.startsWith("$")) {
            if (!KEYS.contains(key)) {
                throw refused(
                        key,
                        "is not a key of a definition",
                        Nearest.hint(key, KEYS) + "Use one of: " + String.join(", ", KEYS) + ".");
            }
        } else if (!isFieldName(key)) {
            throw refused(
                    key,
                    "is not a name",
                    "Begin with a letter and go on with letters, digits or '_', at most 64.");
        } else if (line.isNull()) {
            disable(key);
        } else if (!line.isString()) {
            throw refused(
                    key,
                    "is declared as " + Quoted.of(line),
                    "Write a text in the noun language, such as \"string\".");
        } else if (isVerb(key, line.stringValue())) {
            verbs.put(key, verb(key, line.stringValue()));
        } else {
            fields.put(key, FieldSyntax.parse(noun, key, line.stringValue()));
        }
    }

    private void disable(String key) {
        if (!CRUD.contains(key)) {
            throw refused(
                    key,
                    "is null, which disables a verb",
                    "Use null for create, update or delete only; take the key out otherwise.");
        }
        disabled.add(key);
    }

    private static boolean isVerb(String key, String word) {
        return word.length() > 1
                && Character.isUpperCase(word.charAt(0))
                && isLetters(word)
                && Character.isLowerCase(key.charAt(0))
                && Base.of(word).isEmpty()
                && !CRUD.contains(key)
                && !key.equals("get")
                && !key.equals("find");
    }

    private Verb verb(String key, String past) {
        if (TAKEN.contains(key)) {
            throw refused(key, "is a function that every noun has", "Give the verb another name.");
        }
        return Conjugation.verb(key, past);
    }

    /// A verb may share its name with its own event, never with a hook of another verb.
    private void checkHookNames() {
        var owner = new LinkedHashMap<String, String>();
        verbs.keySet().forEach(verb -> owner.put(verb, verb));
        for (var verb : verbs.values()) {
            for (var hook : List.of(verb.activity(), verb.event())) {
                var other = owner.putIfAbsent(hook, verb.name());
                if (TAKEN.contains(hook) || (other != null && !other.equals(verb.name()))) {
                    throw refused(
                            verb.name(),
                            "has a hook named '%s', which is taken".formatted(hook),
                            "Give the verb another name or another event.");
                }
            }
        }
    }

    private String description() {
        var text = json.path("$description");
        if (!text.isMissingNode() && !text.isString()) {
            throw refused("$description", "is not text", "Write one sentence.");
        }
        return text.asString("");
    }

    private Set<String> fieldList(String key) {
        var names = new LinkedHashSet<String>();
        var list = json.path(key);
        if (!list.isMissingNode() && !list.isArray()) {
            throw refused(key, "is not an array", "Write an array of names of fields.");
        }
        list.forEach(name -> names.add(field(key, name.asString("")).name()));
        return names;
    }

    private Set<String> joined() {
        var names = fieldList("$joined");
        for (var name : names) {
            if (field("$joined", name).kind() != Kind.TEXT || field("$joined", name).array()) {
                throw refused(
                        "$joined", "names '%s', which is not text".formatted(name), "Take it out.");
            }
        }
        return names;
    }

    private Map<String, String> aliases() {
        var aliases = new LinkedHashMap<String, String>();
        for (var entry : object("$aliases", json.path("$aliases")).properties()) {
            if (!isFieldName(entry.getKey()) || fields.containsKey(entry.getKey())) {
                throw refused(
                        "$aliases",
                        "has the alias %s, which is a field or not a name"
                                .formatted(Quoted.of(entry.getKey())),
                        "Take it out.");
            }
            aliases.put(entry.getKey(), field("$aliases", entry.getValue().asString("")).name());
        }
        return aliases;
    }

    private Map<String, Map<String, String>> effects() {
        var effects = new LinkedHashMap<String, Map<String, String>>();
        for (var entry : object("$effects", json.path("$effects")).properties()) {
            var verb = entry.getKey();
            if (!verb.equals("create")) {
                requireVerb("$effects", verb);
            }
            var writes = new LinkedHashMap<String, String>();
            object("$effects", entry.getValue())
                    .properties()
                    .forEach(write ->
                            writes.put(write.getKey(), effect(write.getKey(), write.getValue())));
            effects.put(verb, writes);
        }
        return effects;
    }

    private String effect(String name, JsonNode value) {
        var field = field("$effects", name);
        var text = value.asString("");
        if (text.startsWith("$now") || text.equals("+1")) {
            var kind = text.equals("+1") ? Kind.NUMBER : Kind.TIME;
            if (!List.of("$now", "$now?", "+1").contains(text) || field.kind() != kind) {
                throw refused(
                        "$effects",
                        "writes %s to '%s'".formatted(Quoted.of(text), name),
                        "Write \"$now\" or \"$now?\" to datetimes, \"+1\" to numbers, a JSON value"
                                + " to any field.");
            }
            return text;
        }
        try {
            return JsonTree.text(Value.stored(noun, field, value));
        } catch (Refused unfit) {
            throw refused("$effects", "does not fit: " + unfit.getMessage(), unfit.repair());
        }
    }

    ObjectNode object(String key, JsonNode value) {
        if (value.isMissingNode()) {
            return Json.object();
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw refused(key, "is not an object", "Write a JSON object.");
    }

    Field field(String key, String name) {
        var field = fields.get(name);
        if (field == null || field instanceof Field.Reverse) {
            throw refused(
                    key,
                    "names %s, which is no stored field".formatted(Quoted.of(name)),
                    Nearest.hint(name, fields.keySet())
                            + "Name one of: "
                            + String.join(", ", fields.keySet())
                            + ".");
        }
        return field;
    }

    void requireVerb(String key, String name) {
        if (!verbs.containsKey(name)) {
            throw refused(
                    key,
                    "names %s, which is no verb".formatted(Quoted.of(name)),
                    Nearest.hint(name, verbs.keySet())
                            + "Name one of: "
                            + String.join(", ", verbs.keySet())
                            + ".");
        }
    }

    Refused refused(String key, String problem, String repair) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s: the key %s %s.".formatted(noun, Quoted.of(key), problem),
                        repair)
                .field(key);
    }

    private static boolean isLetters(String word) {
        for (var i = 0; i < word.length(); i++) {
            if (!isLetter(word.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
