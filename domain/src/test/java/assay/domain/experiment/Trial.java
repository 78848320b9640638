package assay.domain.experiment;

import static assay.domain.JsonText.json;

import assay.domain.Caller;
import assay.domain.work.Bench;
import assay.domain.work.Looks;
import assay.domain.work.UnitOfWork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A started experiment on a bench, of which results are read as the tools read them: each look is
/// logged.
final class Trial {
    private static final Caller ADA = new Caller("default", "ada", false);

    final Bench bench;
    final String id;

    private Trial(Bench bench, String id) {
        this.bench = bench;
        this.id = id;
    }

    /// @param design members that replace those of a plain A/B test of `done`
    static Trial start(Bench bench, String design) {
        var whole =
                json(
                        "{'name': 'x', 'primaryMetric': 'done', 'variants': ['control', 'treatment']}");
        whole.setAll(json(design));
        var id = bench.create("Experiment", whole.toString()).path("$id").stringValue();
        bench.verb("Experiment", "start", id, "{}");
        return new Trial(bench, id);
    }

    /// Exposes subjects `{prefix}0` and on.
    ///
    /// @return their arms
    Map<String, String> expose(String prefix, int subjects) {
        var names = JsonNodeFactory.instance.arrayNode();
        IntStream.range(0, subjects).forEach(i -> names.add(prefix + i));
        var arms = new HashMap<String, String>();
        var answers = bench.write(work -> work.assign(id, names, json("{}")));
        for (var i = 0; i < subjects; i++) {
            arms.put(prefix + i, answers.path(i).path("key").asString(""));
        }
        return arms;
    }

    /// Exposes subjects and records for each the next value of its arm's list.
    void fill(String prefix, int subjects, Map<String, List<Double>> values) {
        var arms = expose(prefix, subjects);
        var outcomes = JsonNodeFactory.instance.arrayNode();
        var turns = new HashMap<String, Integer>();
        for (var i = 0; i < subjects; i++) {
            var arm = arms.getOrDefault(prefix + i, "");
            var list = values.getOrDefault(arm, List.of());
            if (!list.isEmpty()) {
                var turn = turns.merge(arm, 1, Integer::sum) - 1;
                outcomes.addObject()
                        .put("subject", prefix + i)
                        .put("value", list.get(turn % list.size()));
            }
        }
        bench.write(work -> work.record(id, outcomes));
    }

    void record(String outcomes) {
        bench.write(work -> work.record(id, Bench.value(outcomes)));
    }

    ObjectNode results() {
        return (ObjectNode) results("{}");
    }

    JsonNode results(String options) {
        return look(work -> work.results(id, json(options)));
    }

    /// A unit of work that reads, and whose looks are logged.
    JsonNode look(Function<UnitOfWork, JsonNode> reading) {
        var looks = new ArrayList<Experiments.PendingLook>();
        var results =
                bench.read(work -> {
                    var read = reading.apply(work);
                    looks.addAll(work.looks());
                    return read;
                });
        try {
            new Looks(bench.folder()).log(ADA, looks, true);
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
        return results;
    }

    /// So many ones among zeros.
    static List<Double> share(int ones, int of) {
        return IntStream.range(0, of).mapToObj(i -> i < ones ? 1.0 : 0.0).toList();
    }
}
