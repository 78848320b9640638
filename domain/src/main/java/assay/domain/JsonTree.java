package assay.domain;

import java.io.OutputStream;
import java.io.StringWriter;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;
import tools.jackson.databind.util.RawValue;

/// JSON trees from text and back, without a mapper: what a mapper sets up first (date formats,
/// serializers) costs a process that answers one question more than the question does.
///
/// Reads one value with nothing behind it.
public final class JsonTree {
    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonTree() {}

    /// The value that a text spells. Of members with the same name the last counts.
    ///
    /// @throws JacksonException if the text is not one JSON value
    public static JsonNode read(String text) {
        return whole(JSON.createParser(ObjectReadContext.empty(), text), false);
    }

    /// The same, from UTF-8.
    public static JsonNode read(byte[] text) {
        return whole(JSON.createParser(ObjectReadContext.empty(), text), false);
    }

    /// The same, where two members of one name are an error.
    public static JsonNode readStrictly(String text) {
        return whole(JSON.createParser(ObjectReadContext.empty(), text), true);
    }

    private static JsonNode whole(JsonParser parser, boolean strict) {
        try (parser) {
            parser.nextToken();
            var value = value(parser, strict);
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "There is more text after the value");
            }
            return value;
        }
    }

    private static JsonNode value(JsonParser parser, boolean strict) {
        var token = parser.currentToken();
        if (token == null) {
            throw new StreamReadException(parser, "There is no value");
        }
        return switch (token) {
            case START_OBJECT -> object(parser, strict);
            case START_ARRAY -> {
                var array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser, strict));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    throw new StreamReadException(parser, "This is no value: " + token);
        };
    }

    private static ObjectNode object(JsonParser parser, boolean strict) {
        var object = NODES.objectNode();
        for (var name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            if (object.replace(name, value(parser, strict)) != null && strict) {
                throw new StreamReadException(parser, "There are two members '" + name + "'");
            }
        }
        return object;
    }

    private static JsonNode whole(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
                    NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    /// The tree as compact text; of a missing node, none.
    public static String text(JsonNode tree) {
        var text = new StringWriter();
        try (var generator = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            write(tree, generator, false);
        }
        return text.toString();
    }

    /// Appends the tree as compact UTF-8, which never holds a line feed. Half of a surrogate pair,
    /// which UTF-8 has no bytes for, becomes U+FFFD.
    public static void write(JsonNode tree, OutputStream out) {
        try (var generator = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            write(tree, generator, true);
        }
    }

    private static void write(JsonNode node, JsonGenerator to, boolean utf8) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                to.writeStartObject();
                for (var member : node.properties()) {
                    to.writeName(utf8 ? whole(member.getKey()) : member.getKey());
                    write(member.getValue(), to, utf8);
                }
                to.writeEndObject();
            }
            case ARRAY -> {
                to.writeStartArray();
                for (var element : node) {
                    write(element, to, utf8);
                }
                to.writeEndArray();
            }
            case STRING -> to.writeString(utf8 ? whole(node.stringValue()) : node.stringValue());
            case NUMBER -> number(node, to);
            case BOOLEAN -> to.writeBoolean(node.booleanValue());
            case NULL -> to.writeNull();
            case POJO -> raw((POJONode) node, to);
            case MISSING -> {}
            case BINARY -> throw new IllegalArgumentException("not JSON: " + node);
        }
    }

    private static String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .map(point ->
                                Character.getType(point) == Character.SURROGATE ? 0xFFFD : point)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }

    private static void number(JsonNode node, JsonGenerator to) {
        switch (Objects.requireNonNull(node.numberType())) {
            case INT -> to.writeNumber(node.intValue());
            case LONG -> to.writeNumber(node.longValue());
            case BIG_INTEGER -> to.writeNumber(node.bigIntegerValue());
            case FLOAT -> to.writeNumber(node.floatValue());
            case DOUBLE -> to.writeNumber(node.doubleValue());
            case BIG_DECIMAL -> to.writeNumber(node.decimalValue());
        }
    }

    private static void raw(POJONode node, JsonGenerator to) {
        if (!(node.getPojo() instanceof RawValue raw) || !(raw.rawValue() instanceof String json)) {
            throw new IllegalArgumentException("not JSON: " + node.getPojo());
        }
        to.writeRawValue(json);
    }
}
