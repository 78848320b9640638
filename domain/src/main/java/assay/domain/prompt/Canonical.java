package assay.domain.prompt;

import assay.domain.Fingerprint;
import assay.domain.JsonTree;
import assay.domain.noun.Json;
import java.math.BigDecimal;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// One spelling for all JSON that means the same: members in order of their names, numbers without
/// needless digits.
public final class Canonical {
    private Canonical() {}

    static String text(JsonNode json) {
        return JsonTree.text(ordered(json));
    }

    /// SHA-256 of that spelling, as 64 hexadecimal digits.
    public static String hash(JsonNode json) {
        return Fingerprint.of(text(json));
    }

    private static JsonNode ordered(JsonNode json) {
        if (json.isObject()) {
            var sorted = new TreeMap<String, JsonNode>();
            json.properties()
                    .forEach(member -> sorted.put(member.getKey(), ordered(member.getValue())));
            var object = Json.object();
            sorted.forEach(object::set);
            return object;
        }
        if (json.isArray()) {
            var array = Json.array();
            json.forEach(member -> array.add(ordered(member)));
            return array;
        }
        return json.isNumber() ? number(json.decimalValue(BigDecimal.ZERO)) : json;
    }

    private static JsonNode number(BigDecimal value) {
        var bare = value.stripTrailingZeros();
        return bare.scale() <= 0 && bare.precision() - bare.scale() <= 30
                ? JsonNodeFactory.instance.numberNode(bare.toBigInteger())
                : JsonNodeFactory.instance.numberNode(bare);
    }
}
