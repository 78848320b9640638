package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The things that a multivariate experiment varies at once.
///
/// @param levels the levels of each factor as texts, the reference first
/// @param cells the levels of each arm by its key, in the order of the factors
public record Factors(
        SequencedMap<String, List<String>> levels, SequencedMap<String, List<String>> cells) {
    private static final int MOST_CELLS = 64;

    /// The names of the factors in order.
    public List<String> names() {
        return List.copyOf(levels.keySet());
    }

    /// Checks factors as callers send them.
    ///
    /// @param given `{name: [level, level, …]}`; levels are texts, numbers or truth values
    /// @throws Refused if it is something else, or makes too many variants
    static ObjectNode parse(JsonNode given) {
        if (!(given instanceof ObjectNode factors) || factors.isEmpty()) {
            throw refused(
                    "factors",
                    "%s is not a set of factors.".formatted(Quoted.of(given)),
                    "Send factors as {name: [levels]}, such as {color: ['red', 'blue'], size: ['small', 'large']}.");
        }
        var cells = 1L;
        for (var factor : factors.properties()) {
            var path = "factors." + factor.getKey();
            var levels = factor.getValue();
            if (!levels.isArray()
                    || levels.size() < 2
                    || levels.valueStream()
                            .anyMatch(level -> !level.isValueNode() || level.isNull())
                    || texts(levels).stream().distinct().count() < levels.size()) {
                throw refused(
                        path,
                        "%s is not a list of levels.".formatted(Quoted.of(levels)),
                        "Give the factor %s two or more different levels, as texts, numbers or truth values."
                                .formatted(Quoted.of(factor.getKey())));
            }
            cells = Math.min(cells * levels.size(), MOST_CELLS + 1L);
        }
        if (cells > MOST_CELLS) {
            throw refused(
                    "factors",
                    "The factors make more than %d variants.".formatted(MOST_CELLS),
                    "Drop a factor or some levels, or send the variants to be compared along with the factors.");
        }
        return factors;
    }

    private static List<String> texts(JsonNode levels) {
        return levels.valueStream().map(level -> level.asString("")).toList();
    }

    /// A variant for each combination of levels: its key is the levels with `/` between them, its
    /// value `{factor: level}`. The first one, of all reference levels, is the control.
    static ArrayNode variants(ObjectNode factors) {
        var cells = List.of(JsonNodeFactory.instance.objectNode());
        for (var factor : factors.properties()) {
            var longer = new ArrayList<ObjectNode>();
            for (var cell : cells) {
                for (var level : factor.getValue()) {
                    longer.add(cell.deepCopy().set(factor.getKey(), level));
                }
            }
            cells = List.copyOf(longer);
        }
        var variants = JsonNodeFactory.instance.arrayNode();
        for (var cell : cells) {
            var key =
                    cell.valueStream()
                            .map(level -> level.asString(""))
                            .collect(Collectors.joining("/"));
            variants.addObject()
                    .put("key", key)
                    .put("control", variants.size() == 1)
                    .set("value", cell);
        }
        return variants;
    }

    /// Reads the factors of a design.
    ///
    /// @throws Refused if the value of an arm does not say its level of each factor, or two arms
    ///   have the same levels
    static Factors of(JsonNode json, List<Design.Arm> arms) {
        var levels = new LinkedHashMap<String, List<String>>();
        json.properties().forEach(factor -> levels.put(factor.getKey(), texts(factor.getValue())));
        var cells = new LinkedHashMap<String, List<String>>();
        for (var arm : arms) {
            var cell = cell(levels, arm);
            if (cells.containsValue(cell)) {
                throw refused(
                        "variants",
                        "Variant %s has the same levels as another one."
                                .formatted(Quoted.of(arm.key())),
                        "Give every variant levels of its own, or leave variants out.");
            }
            cells.put(arm.key(), cell);
        }
        return new Factors(levels, cells);
    }

    private static List<String> cell(Map<String, List<String>> levels, Design.Arm arm) {
        var cell = new ArrayList<String>();
        levels.forEach((name, known) -> {
            var level = arm.value().path(name).asString("");
            if (!known.contains(level)) {
                throw refused(
                        "variants",
                        "Variant %s has no level of the factor %s."
                                .formatted(Quoted.of(arm.key()), Quoted.of(name)),
                        "Give every variant a value with a level of each factor, such as {key, value: {%s: '%s'}}, or leave variants out: then each combination becomes one."
                                .formatted(name, known.getFirst()));
            }
            cell.add(level);
        });
        return List.copyOf(cell);
    }

    private static Refused refused(String field, String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field(field);
    }
}
