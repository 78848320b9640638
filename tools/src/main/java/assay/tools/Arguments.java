package assay.tools;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The arguments of a tool call, read one by one. A wrong type is refused with the name and the
/// repair.
record Arguments(ObjectNode json) {
    /// Refuses names that the tool does not have, so that a slip of the pen is not silently without
    /// effect.
    void requireOnly(List<String> known) {
        for (var name : json.propertyNames()) {
            if (!known.contains(name)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "There is no argument %s.".formatted(Quoted.of(name)),
                                Nearest.hint(name, known)
                                        + "Send only: %s.".formatted(String.join(", ", known)))
                        .field(name);
            }
        }
    }

    /// The names of the arguments that have a value.
    Set<String> names() {
        return json.propertyStream()
                .filter(member -> !isAbsent(member.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// A text; empty when it is absent, null or blank.
    Optional<String> text(String name) {
        var value = json.path(name);
        if (isAbsent(value)) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw invalid(name, value, "a string");
        }
        return Optional.of(value.stringValue()).filter(text -> !text.isBlank());
    }

    boolean flag(String name) {
        var value = json.path(name);
        if (isAbsent(value)) {
            return false;
        }
        if (!value.isBoolean()) {
            throw invalid(name, value, "true or false");
        }
        return value.booleanValue();
    }

    ObjectNode object(String name) {
        var value = json.path(name);
        if (isAbsent(value)) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw invalid(name, value, "an object");
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static Refused invalid(String name, JsonNode value, String wanted) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s is not valid for '%s'.".formatted(Quoted.of(value), name),
                        "Send %s as %s.".formatted(name, wanted))
                .field(name);
    }
}
