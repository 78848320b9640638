package assay.domain.experiment;

import assay.domain.JsonTree;
import assay.domain.store.UnitValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The primary metric within the groups that one declared attribute makes of the units. Looks at
/// every unit. Describes: a group decides nothing.
record Slices(Decision.Grounds grounds, Measured measured) {
    private static final int MOST = 20;

    /// Units with one value of the attribute.
    private record Group(JsonNode value, List<UnitValue> units) {}

    ObjectNode json(String attribute) {
        var design = grounds.design();
        if (!design.attributes().contains(attribute)) {
            throw Looking.unknownAttribute(attribute, design.attributes());
        }
        var units = measured.capped(design.primary());
        var groups = groups(attribute, units);
        var shown = Math.min(MOST, groups.size());
        var json = JsonNodeFactory.instance.objectNode().put("attribute", attribute);
        json.put(
                "note",
                "Intervals at alpha / (groups x treatments); of many groups some differ by chance, and none decides.");
        var list = json.putArray("groups");
        for (var group : groups.subList(0, shown)) {
            var analysis =
                    Analysis.ofUnits(
                            design,
                            design.primary(),
                            new Capped(group.units(), units.cap()),
                            1.0 / (design.treatments().size() * shown),
                            grounds.stage().inference(design.rule()));
            var one = list.addObject();
            one.set("value", group.value());
            var figures = Figures.metric(design, analysis, true);
            one.set("arms", figures.path("arms"));
            one.set("comparisons", figures.path("comparisons"));
        }
        if (groups.size() > shown) {
            json.put("smallerGroups", groups.size() - shown);
        }
        return json;
    }

    /// The groups, the largest first; units without the attribute have the value null.
    private List<Group> groups(String attribute, Capped units) {
        var groups = new LinkedHashMap<String, Group>();
        for (var unit : units.units()) {
            var value = unit.attributes().path(attribute);
            var known = value.isMissingNode() ? JsonNodeFactory.instance.nullNode() : value;
            groups.computeIfAbsent(JsonTree.text(known), _ -> new Group(known, new ArrayList<>()))
                    .units()
                    .add(unit);
        }
        return groups.entrySet().stream()
                .sorted(
                        Comparator.<Map.Entry<String, Group>>comparingInt(
                                        entry -> -entry.getValue().units().size())
                                .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getValue)
                .toList();
    }
}
