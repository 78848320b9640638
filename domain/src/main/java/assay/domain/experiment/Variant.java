package assay.domain.experiment;

import assay.domain.noun.Value;
import java.math.BigDecimal;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One arm of an experiment.
///
/// @param weight its share relative to the other arms; exact, 0 when nobody new gets it
/// @param control true for the arm that the others are compared with
/// @param rest what else was declared: `value`, `description`, and members that only its user knows
public record Variant(
        String key, String name, BigDecimal weight, boolean control, ObjectNode rest) {
    /// The stored form.
    ObjectNode toJson() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("key", key).put("name", name);
        json.set("weight", Value.number(weight));
        json.put("control", control);
        return json.setAll(rest);
    }

    Variant withControl(boolean isControl) {
        return new Variant(key, name, weight, isControl, rest);
    }
}
