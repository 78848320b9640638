package assay.domain.recipe;

import assay.domain.noun.Json;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The types that a parameter may have, by the words of JSON Schema.
enum Type {
    STRING("a text", JsonNode::isString),
    NUMBER("a number", JsonNode::isNumber),
    INTEGER("a whole number", Type::isWhole),
    BOOLEAN("true or false", JsonNode::isBoolean),
    ARRAY("an array", JsonNode::isArray),
    OBJECT("an object", JsonNode::isObject);

    private final String phrase;

    @SuppressWarnings("ImmutableEnumChecker") // Method references without state.
    private final Predicate<JsonNode> admits;

    Type(String phrase, Predicate<JsonNode> admits) {
        this.phrase = phrase;
        this.admits = admits;
    }

    static Optional<Type> of(String word) {
        return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Type::word).toList();
    }

    /// The name in a declaration, such as `integer`.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// As a sentence names it, such as `a whole number`.
    String phrase() {
        return phrase;
    }

    boolean admits(JsonNode value) {
        return admits.test(value);
    }

    /// What a value of another type was probably meant to be.
    Optional<JsonNode> meant(JsonNode value) {
        var read = value.isString() ? Json.value(value.stringValue().strip()) : Optional.of(value);
        return switch (this) {
            case STRING ->
                    value.isNumber() || value.isBoolean()
                            ? Optional.of(Json.text(value.asString()))
                            : Optional.empty();
            case ARRAY ->
                    value.isContainer()
                            ? Optional.empty()
                            : read.filter(this::admits)
                                    .or(() -> Optional.of(Json.array().add(value)));
            case NUMBER, INTEGER, BOOLEAN, OBJECT -> read.filter(this::admits);
        };
    }

    /// A value for when nobody gives an example.
    JsonNode sample() {
        return switch (this) {
            case STRING -> Json.text("text");
            case NUMBER, INTEGER -> JsonNodeFactory.instance.numberNode(1);
            case BOOLEAN -> JsonNodeFactory.instance.booleanNode(true);
            case ARRAY -> Json.array();
            case OBJECT -> Json.object();
        };
    }

    private static boolean isWhole(JsonNode value) {
        return value.isNumber()
                && value.decimalValue(new BigDecimal("0.5")).stripTrailingZeros().scale() <= 0;
    }
}
