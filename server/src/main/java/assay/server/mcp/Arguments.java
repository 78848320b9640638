package assay.server.mcp;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.tools.Tool;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The `arguments` of a tool call, held against the top level of the tool's input schema. Whatever
/// lies deeper the tool checks itself, and says it better.
///
/// A violation is a [Refused] and not a protocol error, because models correct themselves from
/// results.
final class Arguments {
    private Arguments() {}

    static ObjectNode of(ObjectNode params, Tool tool) {
        var given = params.get("arguments");
        if (given == null || given.isNull()) {
            given = Json.object();
        }
        if (!(given instanceof ObjectNode arguments)) {
            throw new Refused(
                    Reason.INVALID_REQUEST,
                    "The arguments of '" + tool.name() + "' are " + name(given) + ".",
                    "Send arguments as one JSON object, for example {}.");
        }
        var schema = tool.definition().path("inputSchema");
        for (var required : schema.path("required")) {
            if (!arguments.has(required.asString())) {
                throw new Refused(
                                Reason.MISSING_FIELD,
                                "'" + tool.name() + "' needs '" + required.asString() + "'.",
                                "Send " + required.asString() + " in the arguments.")
                        .field(required.asString());
            }
        }
        for (var argument : arguments.properties()) {
            var type = schema.path("properties").path(argument.getKey()).path("type");
            if (!matches(argument.getValue(), type)) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "'" + argument.getKey() + "' is " + name(argument.getValue()) + ".",
                                "Send " + argument.getKey() + " as " + allowed(type) + ".")
                        .field(argument.getKey());
            }
        }
        return arguments;
    }

    /// True as well when the schema says nothing, and for null, by which models leave things out.
    private static boolean matches(JsonNode value, JsonNode type) {
        if (type.isArray()) {
            for (var one : type) {
                if (matches(value, one)) {
                    return true;
                }
            }
            return false;
        }
        if (value.isNull() || !type.isString()) {
            return true;
        }
        return switch (type.stringValue()) {
            case "string" -> value.isString();
            case "integer" ->
                    value.isIntegralNumber() || (value.isNumber() && value.asDouble() % 1 == 0);
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            default -> true;
        };
    }

    private static String allowed(JsonNode type) {
        if (!type.isArray()) {
            return withArticle(type.stringValue());
        }
        return String.join(
                " or ", type.valueStream().map(one -> withArticle(one.asString())).toList());
    }

    private static String name(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            default -> "no value";
        };
    }

    private static String withArticle(String type) {
        var vowel = type.startsWith("i") || type.startsWith("o") || type.startsWith("a");
        return (vowel ? "an " : "a ") + type;
    }
}
