package assay.domain.recipe;

import assay.domain.JsonTree;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.noun.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One value that a recipe takes, as it was declared.
///
/// @param declared a part of a JSON Schema, see [Params]
record Parameter(ObjectNode declared) {
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    /// Why a value cannot be taken.
    ///
    /// @param where the path inside the value, empty for the value itself
    /// @param value the value, quoted
    /// @param problem such as `not true or false`
    /// @param repair what to send, without the full stop
    record Fault(String where, String value, String problem, String repair) {}

    private Optional<Type> type() {
        return Type.of(declared.path("type").asString(""));
    }

    private Optional<Parameter> items() {
        return declared.path("items") instanceof ObjectNode items
                ? Optional.of(new Parameter(items))
                : Optional.empty();
    }

    private List<JsonNode> members() {
        var members = new ArrayList<JsonNode>();
        declared.path("enum").forEach(members::add);
        return members;
    }

    /// What the value is for; empty when nobody said.
    String description() {
        return declared.path("description").asString("");
    }

    Optional<JsonNode> initial() {
        return Optional.ofNullable(declared.get("default"));
    }

    /// The first thing wrong with a value.
    Optional<Fault> fault(JsonNode value) {
        var members = members();
        if (!members.isEmpty() && !members.contains(value)) {
            return Optional.of(notMember(value, members));
        }
        var type = type();
        if (type.isPresent() && !type.get().admits(value)) {
            var meant = type.get().meant(value).map(Quoted::of);
            return Optional.of(
                    new Fault(
                            "",
                            Quoted.of(value),
                            "not " + type.get().phrase(),
                            "as " + meant.orElseGet(() -> type.get().phrase() + likeExample())));
        }
        return size(value).or(() -> insideFault(value));
    }

    private String likeExample() {
        var examples = declared.path("examples");
        return examples.isEmpty() ? "" : ", such as " + JsonTree.text(examples.get(0));
    }

    private static Fault notMember(JsonNode value, List<JsonNode> members) {
        var words = members.stream().map(member -> member.asString("")).toList();
        var list = String.join(", ", words);
        return new Fault(
                "",
                Quoted.of(value),
                "not in its list",
                "as "
                        + Nearest.to(value.asString(""), words)
                                .map(near -> "'%s', or another of: %s".formatted(near, list))
                                .orElse("one of: " + list));
    }

    private Optional<Fault> size(JsonNode value) {
        if (value.isNumber()) {
            return bound(value, "minimum", "", value.doubleValue(0))
                    .or(() -> bound(value, "maximum", "", value.doubleValue(0)));
        }
        return bound(value, value.isArray() ? "minItems" : "minProperties", " in it", value.size());
    }

    /// @param unit what follows the number in the sentence
    private Optional<Fault> bound(JsonNode value, String key, String unit, double size) {
        if (!declared.path(key).isNumber() || (!value.isNumber() && !value.isContainer())) {
            return Optional.empty();
        }
        var limit = declared.path(key);
        var isMost = key.startsWith("max");
        if (isMost ? size <= limit.doubleValue() : size >= limit.doubleValue()) {
            return Optional.empty();
        }
        return Optional.of(
                new Fault(
                        "",
                        Quoted.of(value),
                        isMost ? "too large" : value.isNumber() ? "too small" : "too short",
                        "with at %s %s%s".formatted(isMost ? "most" : "least", limit, unit)));
    }

    private Optional<Fault> insideFault(JsonNode value) {
        if (!value.isArray() || items().isEmpty()) {
            return Optional.empty();
        }
        for (var i = 0; i < value.size(); i++) {
            var at = "[" + i + "]";
            var fault = items().get().fault(value.get(i));
            if (fault.isPresent()) {
                return fault.map(inside ->
                        new Fault(
                                at + inside.where(),
                                inside.value(),
                                inside.problem(),
                                inside.repair()));
            }
        }
        return Optional.empty();
    }

    /// What the value was probably meant to be, if that can be taken.
    Optional<JsonNode> meant(JsonNode value) {
        if (fault(value).isEmpty()) {
            return Optional.of(value);
        }
        var words = members().stream().map(member -> member.asString("")).toList();
        return Nearest.to(value.asString(""), words)
                .filter(near -> isMisspelt(value.asString(""), near))
                .<JsonNode>map(Json::text)
                .or(() -> type().flatMap(type -> type.meant(value)))
                .filter(meant -> fault(meant).isEmpty());
    }

    /// Whether a word can be a slip of the pen for another: `arm1` is none for `arm2`.
    static boolean isMisspelt(String word, String near) {
        return !DIGITS.matcher(word).replaceAll("").equals(DIGITS.matcher(near).replaceAll(""))
                || !DIGITS.matcher(word + near).find();
    }

    /// A value that can be taken.
    JsonNode example() {
        var examples = declared.path("examples");
        if (!examples.isEmpty()) {
            return examples.get(0);
        }
        var members = members();
        return initial()
                .orElseGet(() ->
                        members.isEmpty()
                                ? sized(type().orElse(Type.STRING).sample())
                                : members.getFirst());
    }

    private JsonNode sized(JsonNode sample) {
        if (sample.isNumber()) {
            return declared.path("minimum").isNumber()
                    ? declared.path("minimum")
                    : declared.path("maximum").isNumber() ? declared.path("maximum") : sample;
        }
        if (sample.isArray()) {
            var list = Json.array();
            for (var i = 0; i < declared.path("minItems").asInt(0); i++) {
                list.add(items().map(Parameter::example).orElse(Json.text("text")));
            }
            return list;
        }
        return sample;
    }
}
