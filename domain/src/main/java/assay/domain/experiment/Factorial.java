package assay.domain.experiment;

import assay.stats.Alternative;
import assay.stats.Estimate;
import assay.stats.Sample;
import assay.stats.factorial.Cell;
import assay.stats.factorial.Factor;
import assay.stats.factorial.FactorialModel;
import assay.stats.factorial.Term;
import assay.stats.sequential.AsymptoticSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What each factor of a multivariate experiment does by itself, the others averaged without
/// weights, and how far two factors change each other's effect. Describes; the verdict compares
/// variants with the control.
record Factorial(Design design, Factors factors, Analysis primary) {

    /// The effects on the primary metric; empty unless the design has factors, every combination of
    /// levels is an arm, and the metric is a mean of some kind.
    static Optional<JsonNode> of(Decision.Grounds grounds) {
        return grounds.design()
                .factors()
                .filter(_ -> grounds.primary().metric().type() != Metric.Type.QUANTILE)
                .map(factors -> new Factorial(grounds.design(), factors, grounds.primary()).json());
    }

    private JsonNode json() {
        var effects = new ArrayList<ObjectNode>();
        var names = factors.names();
        for (var first = 0; first < names.size(); first++) {
            add(effects, List.of(first));
        }
        for (var first = 0; first < names.size(); first++) {
            for (var second = first + 1; second < names.size(); second++) {
                add(effects, List.of(first, second));
            }
        }
        var all = effects.size();
        var json = JsonNodeFactory.instance.objectNode();
        json.put(
                "note",
                "Effects of factors, the others averaged; intervals hold over all looks and all %d effects. They describe: the verdict compares variants."
                        .formatted(all));
        effects.forEach(effect -> interval(effect, all));
        json.putArray("effects").addAll(effects);
        return json;
    }

    /// Adds the effects of a term, one for each combination of other levels than the reference
    /// ones.
    private void add(List<ObjectNode> effects, List<Integer> term) {
        for (var levels : otherLevels(term)) {
            effect(term, levels).ifPresent(effects::add);
        }
    }

    private List<List<String>> otherLevels(List<Integer> term) {
        List<List<String>> combinations = List.of(List.of());
        for (var factor : term) {
            var longer = new ArrayList<List<String>>();
            for (var start : combinations) {
                for (var level : levels(factor).subList(1, levels(factor).size())) {
                    var combination = new ArrayList<>(start);
                    combination.add(level);
                    longer.add(combination);
                }
            }
            combinations = longer;
        }
        return combinations;
    }

    private List<String> levels(int factor) {
        return factors.levels().getOrDefault(factors.names().get(factor), List.of());
    }

    /// One effect, from the cells in which the factors of the term have the reference level or the
    /// other one.
    private Optional<ObjectNode> effect(List<Integer> term, List<String> levels) {
        var model = new ArrayList<Factor>();
        for (var f = 0; f < factors.names().size(); f++) {
            var place = term.indexOf(f);
            model.add(
                    new Factor(
                            factors.names().get(f),
                            place < 0
                                    ? levels(f)
                                    : List.of(levels(f).getFirst(), levels.get(place))));
        }
        var cells = new ArrayList<Cell>();
        factors.cells()
                .forEach((arm, cell) -> {
                    var inModel =
                            IntStream.range(0, model.size())
                                    .allMatch(f -> model.get(f).levels().contains(cell.get(f)));
                    if (inModel) {
                        sample(arm).ifPresent(sample -> cells.add(new Cell(cell, sample)));
                    }
                });
        var asked = new Term(term.stream().map(model::get).toList());
        return FactorialModel.of(model, cells)
                .flatMap(fitted -> fitted.effect(asked, design.rule().alpha()))
                .toOptional()
                .map(inference -> {
                    var json =
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("kind", term.size() == 1 ? "main" : "interaction");
                    var of = json.putArray("factors");
                    for (var i = 0; i < term.size(); i++) {
                        of.addObject()
                                .put("factor", factors.names().get(term.get(i)))
                                .put("from", levels(term.get(i)).getFirst())
                                .put("to", levels.get(i));
                    }
                    var n = cells.stream().mapToLong(cell -> cell.sample().n()).sum();
                    return json.put("n", n)
                            .put("effect", inference.estimate().value())
                            .put("standardError", inference.estimate().standardError());
                });
    }

    private Optional<Sample> sample(String arm) {
        return Optional.ofNullable(primary.arms().get(arm))
                .flatMap(side -> {
                    var shown = side.shown();
                    return shown.mean()
                            .flatMap(mean ->
                                    shown.variance()
                                            .map(variance ->
                                                    Sample.of(side.units(), mean, variance)));
                });
    }

    /// Always-valid, and shared among all effects that are shown.
    private void interval(ObjectNode effect, int effects) {
        var estimate =
                new Estimate(
                        effect.path("effect").doubleValue(),
                        effect.path("standardError").doubleValue());
        AsymptoticSequence.tunedFor(
                        design.rule().plannedSample(),
                        design.rule().alpha() / effects,
                        Alternative.TWO_SIDED)
                .at(effect.path("n").longValue(), estimate)
                .toOptional()
                .ifPresent(look ->
                        effect.put("lower", look.interval().lower())
                                .put("upper", look.interval().upper()));
    }
}
