package assay.domain.loop;

import assay.domain.experiment.Leased;
import assay.domain.noun.Json;
import assay.domain.noun.Value;
import assay.domain.store.Items;
import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What whoever runs or judges a unit gets to see of it.
final class Shown {
    private Shown() {}

    /// An item: `{id, input, expected?}`. What a test split expects is only for those who have to
    /// score by it themselves.
    static ObjectNode item(Items.Item item, Leased leased) {
        var json = Json.object().put("id", item.id());
        json.set("input", item.input());
        if (!leased.isTest() || leased.judge().isEmpty()) {
            item.expected().ifPresent(expected -> json.set("expected", expected));
        }
        return json;
    }

    /// So many of something: `1 unit`, `4 units`.
    static String count(long count, String what) {
        return "%,d %s%s".formatted(count, what, count == 1 ? "" : "s");
    }

    /// A number in the one form that documents have.
    static JsonNode number(long count) {
        return Value.number(BigDecimal.valueOf(count));
    }
}
