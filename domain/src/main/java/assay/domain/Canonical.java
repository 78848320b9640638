package assay.domain;

import java.math.BigInteger;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// JSON in one form, so that equal values have equal text however they were written down: members
/// in the order of their names, whole numbers without a point, all others as the shortest text that
/// is the same double.
public final class Canonical {
    private static final double EXACT = 1L << 53;

    private Canonical() {}

    /// The text of a value in that form.
    public static String text(JsonNode json) {
        return JsonTree.text(of(json));
    }

    /// SHA-256 of the text, as 64 hexadecimal digits.
    public static String digest(JsonNode json) {
        return Fingerprint.of(text(json));
    }

    private static JsonNode of(JsonNode json) {
        var nodes = JsonNodeFactory.instance;
        if (json.isObject()) {
            var sorted = nodes.objectNode();
            for (var name : new TreeSet<>(json.propertyNames())) {
                sorted.set(name, of(json.get(name)));
            }
            return sorted;
        }
        if (json.isArray()) {
            var list = nodes.arrayNode();
            json.forEach(member -> list.add(of(member)));
            return list;
        }
        if (json.isNumber()) {
            var value = json.doubleValue();
            var isWhole = value == Math.rint(value) && Math.abs(value) <= EXACT;
            if (Double.isInfinite(value)) {
                return nodes.numberNode(new BigInteger(json.asString()));
            }
            // A writer may give a large double without a point or an exponent.
            return isWhole ? nodes.numberNode((long) value) : nodes.numberNode(value);
        }
        return json;
    }
}
