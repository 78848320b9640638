package assay.domain.experiment;

import static assay.domain.JsonText.json;

import assay.domain.store.Events;
import assay.domain.store.UnitValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A leased experiment without a store: units are recorded one by one, and looks are taken with the
/// engine's own analysis and rule.
final class LeasedWorld {
    final ObjectNode document;
    private final Map<String, List<UnitValue>> values = new HashMap<>();
    private final Map<String, UnitValue> leased = new LinkedHashMap<>();
    private final Set<String> failed = new TreeSet<>();
    private Earlier looks = Earlier.NONE;
    private @Nullable ObjectNode read;
    private @Nullable Design design;

    /// @param members of the experiment beside its dataset
    LeasedWorld(int items, String members) {
        document =
                json(
                        """
                        {'type': 'PromptExperiment', 'dataset': 'd', 'split': 'validation', 'repetitions': 1,
                         'primaryMetric': 'score', 'variants': [{'key': 'control'}, {'key': 'treatment'}]}\
                        """);
        document.setAll(json(members));
        DesignFields.beforeVariants(document, document);
        var arms = document.path("variants").size();
        var total = (long) items * arms * document.path("repetitions").asInt(1);
        document.putObject("units").put("items", items).put("planned", total);
    }

    /// The design as the document says it now.
    Design design() {
        if (read == null || !document.equals(read)) {
            read = document.deepCopy();
            design = Design.of("e", document);
        }
        return Objects.requireNonNull(design);
    }

    private static UnitValue unit(String arm, String item, int repetition, double value) {
        return new UnitValue(
                item + "/" + arm + "/" + repetition,
                1,
                arm,
                0,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("$item", item)
                        .put("$repetition", repetition),
                value,
                0);
    }

    /// A unit that was leased and is not recorded.
    void lease(String arm, String item, int repetition) {
        var unit = unit(arm, item, repetition, 0);
        leased.putIfAbsent(unit.subject(), unit);
    }

    /// A unit that was recorded.
    ///
    /// @param metrics by the name of their event
    void record(String arm, String item, int repetition, Map<String, Double> metrics) {
        var unit = unit(arm, item, repetition, 1);
        leased.put(unit.subject(), unit);
        metrics.forEach((event, value) ->
                values.computeIfAbsent(event, _ -> new ArrayList<>())
                        .add(unit(arm, item, repetition, value)));
    }

    void record(String arm, String item, double score) {
        record(arm, item, 1, Map.of("score", score));
    }

    /// A failed run, which counts with 0.
    void fail(String arm, String item) {
        record(arm, item, 0);
        failed.add(item + "/" + arm + "/1");
    }

    Analysis analysis(Metric metric, double share) {
        return Analysis.ofUnits(
                design(),
                metric,
                new Capped(
                        values.getOrDefault(metric.usualEvent(), List.of()),
                        OptionalDouble.empty()),
                share,
                Inference.of(design().rule()));
    }

    Elimination elimination() {
        return new Elimination(design(), items("score"));
    }

    private ItemMeans items(String event) {
        return ItemMeans.of(
                design(), Metric.named(event, true), values.getOrDefault(event, List.of()));
    }

    /// Drops what has lost, as leasing does.
    List<Elimination.Dropped> drop() {
        var lost = elimination().now();
        lost.forEach(one ->
                document.withArray("dropped")
                        .addObject()
                        .put("arm", one.arm())
                        .put("why", one.why()));
        return lost;
    }

    Decision.Grounds grounds() {
        var design = design();
        var exposed = new HashMap<String, Long>();
        leased.values().forEach(unit -> exposed.merge(unit.arm(), 1L, Long::sum));
        var shares = 1.0 / design.treatments().size();
        return new Decision.Grounds(
                design,
                new Exposed(Map.of(1, exposed)),
                analysis(design.primary(), shares),
                design.guardrails().stream().map(one -> analysis(one, shares)).toList(),
                design.secondary().stream().map(one -> analysis(one, shares)).toList(),
                looks,
                Stage.of(design.rule(), leased.size(), looks),
                Optional.of(WorkUnits.of(design, List.copyOf(leased.values()), failed)),
                design.rule().cheaper().map(this::items));
    }

    /// A look, which is logged.
    Readout look() {
        var grounds = grounds();
        var readout =
                new Readout(
                        "e", grounds, Decision.of(grounds), 0, Map.of(), Optional.empty(), 0, 0);
        looks =
                looks.plus(
                        new Events.Look(
                                0,
                                0,
                                "ada",
                                0,
                                true,
                                readout.decision().verdict().word(),
                                readout.numbers()));
        return readout;
    }

    /// A look without the cost of drawing intervals: what the rule says, and no more.
    Decision decide() {
        return look().decision();
    }
}
