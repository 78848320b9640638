package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.store.StoredObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Gives each experiment of a layer buckets of its own. They are its own as long as it is Started,
/// Running or Paused.
final class Layers {
    private static final String RANGES = "layerBuckets";

    private Layers() {}

    /// Reserves the share of an experiment that starts, and notes the buckets.
    ///
    /// @throws Refused if the others have left too little, naming them
    static void reserve(Scope scope, String id, ObjectNode next) {
        var layer = Layer.of(next.path("layer"), Json.array());
        if (layer.isEmpty()) {
            next.remove(RANGES);
            return;
        }
        var others = others(scope, id, layer.get().name());
        var free = free(others);
        var left = free.stream().mapToInt(Range::size).sum();
        var wanted = layer.get().buckets();
        if (left < wanted) {
            throw full(layer.get(), left, others);
        }
        next.set(RANGES, taken(free, wanted));
    }

    /// An experiment with buckets of a layer.
    private record Holder(StoredObject experiment, Layer layer) {
        int size() {
            return layer.ranges().stream().mapToInt(Range::size).sum();
        }

        String text() {
            return "%s (%s) has %s %%"
                    .formatted(
                            Quoted.of(experiment.document().path("name").asString(experiment.id())),
                            experiment.id(),
                            percent(size()));
        }
    }

    private static List<Holder> others(Scope scope, String id, String name) {
        return Stream.of("Started", "Running", "Paused")
                .flatMap(status ->
                        scope.objects().inOrder(scope.experiments(), "status", status).stream())
                .filter(other -> !other.id().equals(id))
                .flatMap(other ->
                        Layer.of(other.document().path("layer"), other.document().path(RANGES))
                                .stream()
                                .map(layer -> new Holder(other, layer)))
                .filter(holder -> holder.layer().name().equals(name))
                .toList();
    }

    private static List<Range> free(List<Holder> others) {
        var free = new ArrayList<Range>();
        var from = 0;
        var ranges =
                others.stream()
                        .flatMap(holder -> holder.layer().ranges().stream())
                        .sorted(Comparator.comparingInt(Range::from))
                        .toList();
        for (var range : ranges) {
            if (range.from() > from) {
                free.add(new Range(from, range.from()));
            }
            from = Math.max(from, range.to());
        }
        if (from < Range.BUCKETS) {
            free.add(new Range(from, Range.BUCKETS));
        }
        return free;
    }

    private static ArrayNode taken(List<Range> free, int wanted) {
        var taken = Json.array();
        var left = wanted;
        for (var range : free) {
            var size = Math.min(left, range.size());
            if (size > 0) {
                taken.addArray().add(range.from()).add(range.from() + size);
                left -= size;
            }
        }
        return taken;
    }

    private static Refused full(Layer layer, int left, List<Holder> others) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "The layer %s has %s %% of its subjects left, not %s %%: %s."
                                .formatted(
                                        Quoted.of(layer.name()),
                                        percent(left),
                                        layer.share().stripTrailingZeros().toPlainString(),
                                        others.stream()
                                                .map(Holder::text)
                                                .collect(Collectors.joining(", "))),
                        left == 0
                                ? "End one of them first, or use another layer."
                                : "Set layer.share to at most %s, end one of them first, or use another layer."
                                        .formatted(percent(left)))
                .field("layer");
    }

    private static String percent(int buckets) {
        return BigDecimal.valueOf(buckets, 2).stripTrailingZeros().toPlainString();
    }
}
