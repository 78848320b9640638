package assay.domain.loop;

import static assay.domain.work.Bench.value;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import assay.domain.JsonText;
import assay.domain.Refused;
import assay.domain.prompt.Code;
import assay.domain.store.Leases.Spent;
import assay.domain.work.Bench;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A started experiment over a dataset of sums, and somebody who runs its units.
final class Course implements AutoCloseable {
    /// A function of a judge says how long the output is, in tenths.
    private static final Code CODE =
            (_, values) -> {
                var all = tools.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
                values.forEach(one -> all.add(one.path("output").stringValue().length() / 10.0));
                return all;
            };

    final Bench bench;
    final String id;

    /// @param items of the dataset; each has the attribute `even`
    /// @param more fields of the experiment, with a comma in front
    Course(Path data, int items, String more) {
        this(data, items, "", more);
    }

    /// @param judge a judge called `judge`; empty for none
    Course(Path data, int items, String judge, String more) {
        this.bench = new Bench(data);
        var list = Json.items(items);
        bench.create("Dataset", "{'name': 'Sums', 'slug': 'sums', 'items': " + list + "}");
        bench.create("Prompt", "{'name': 'Plain', 'template': '{{a}} + 1 = ?'}");
        bench.create("Prompt", "{'name': 'Kind', 'template': 'Please, {{a}} + 1?', 'model': 'm'}");
        if (!judge.isEmpty()) {
            bench.create("Judge", judge);
        }
        this.id =
                bench.create(
                                "Experiment",
                                """
                                {'name': 'Sums', 'dataset': 'sums', 'primaryMetric': 'right', 'attributes': ['even'],
                                 'variants': [{'key': 'control', 'prompt': 'plain'}, {'key': 'kind', 'prompt': 'kind'}]%s}
                                """
                                        .formatted(more))
                        .path("$id")
                        .stringValue();
        bench.verb("Experiment", "start", id, "{}");
    }

    private static final class Json {
        static String items(int items) {
            return IntStream.range(0, items)
                    .mapToObj(i ->
                            "{'id': 'i%d', 'input': {'a': %d}, 'expected': '%d', 'attributes': {'even': %b}}"
                                    .formatted(i, i, i + 1, i % 2 == 0))
                    .toList()
                    .toString();
        }
    }

    ObjectNode next(String options) {
        return bench.write(work -> work.loop(CODE).next(work.experiment(id), value(options)));
    }

    ObjectNode judge(String options) {
        return bench.write(work -> work.loop(CODE).judge(work.experiment(id), value(options)));
    }

    ObjectNode record(JsonNode lease, String content) {
        return bench.write(
                work -> work.loop(CODE).record(lease.stringValue(), JsonText.json(content)));
    }

    Refused refused(Runnable call) {
        return catchThrowableOfType(Refused.class, call::run);
    }

    /// The units that a call leases.
    List<JsonNode> lease(int n) {
        return next("{'n': %d}".formatted(n)).path("units").valueStream().toList();
    }

    Spent spent() {
        return bench.read(work -> work.loop(CODE).spent(work.experiment(id)));
    }

    ObjectNode results() {
        return bench.write(work -> work.results(id));
    }

    @Override
    public void close() {
        bench.close();
    }
}
