package assay.stats.vectors;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One input with the outputs it must lead to.
record Case(String name, JsonNode input, JsonNode expected, JsonNode tolerance) {
    static List<Case> read(Path file) {
        return JsonMapper.shared()
                .readTree(file.toFile())
                .valueStream()
                .map(node ->
                        new Case(
                                node.get("name").stringValue(),
                                node.get("input"),
                                node.get("expected"),
                                node.get("tolerance")))
                .toList();
    }

    /// How far from `expected` an output of this name may lie.
    double allowance(String field, double expected) {
        var fields = tolerance.get("fields");
        var limits = fields != null && fields.has(field) ? fields.get(field) : tolerance;
        return Math.max(
                limits.get("abs").doubleValue(),
                limits.get("rel").doubleValue() * Math.abs(expected));
    }
}
