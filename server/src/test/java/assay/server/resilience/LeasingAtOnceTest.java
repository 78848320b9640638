package assay.server.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import assay.server.http.HttpWire;
import assay.server.mcp.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Several workers over HTTP that lease the units of one experiment.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LeasingAtOnceTest {
    private static final int WORKERS = 8;
    private static final String SETUP =
            """
            await $.Dataset.create({ name: 'Items', slug: 'items',
              items: Array.from({ length: params }, (_, i) => ({ id: 'i' + i, input: { a: i } })) })
            await $.Experiment.create({ name: 'Race', slug: 'race', dataset: 'items', primaryMetric: 'right',
              variants: [{ key: 'control', prompt: { template: '{{a}}' } }, { key: 'kind', prompt: { template: 'Please {{a}}' } }] })
            return (await $.Experiment.start('race')).status
            """;

    /// Leases and records, as one that runs a model does.
    private static final String TURN =
            """
            const { units } = await $.Experiment.next('race', { n: params.n, worker: params.worker, ttl: '1h' })
            if (params.records) for (const { lease } of units) await $.Experiment.record(lease, { score: 1 })
            return units.map(unit => unit.item.id + '/' + unit.variant)
            """;

    @TempDir Path data;

    @Test
    void give_no_unit_to_two_of_them() throws Exception {
        race(20, 1, false);
    }

    @Test
    @Tag("heavy")
    void give_no_unit_to_two_of_them_one_by_one() throws Exception {
        race(2_000, 1, false);
    }

    @Test
    @Tag("heavy")
    void give_no_unit_to_two_of_them_ten_by_ten() throws Exception {
        race(10_000, 10, false);
    }

    @Test
    @Tag("heavy")
    void give_no_unit_to_two_of_them_and_record_ten_by_ten() throws Exception {
        race(5_000, 10, true);
    }

    private void race(int items, int n, boolean records) throws Exception {
        try (var server =
                        Program.http(
                                data,
                                List.of(),
                                "--sandbox",
                                "in-process",
                                "--script-time",
                                "60s");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(server.run(SETUP, JsonNodeFactory.instance.numberNode(items)))
                    .hasToString("\"Started\"");
            var leased = Collections.synchronizedList(new ArrayList<String>());
            var tasks = new ArrayList<Callable<Integer>>();
            for (var worker = 0; worker < WORKERS; worker++) {
                var name = "w" + worker;
                var wire = Program.another((HttpWire) server.wire());
                tasks.add(
                        () -> lease(new Program(server.process(), wire), name, n, records, leased));
            }
            var start = System.nanoTime();
            var calls = 0;
            for (var task : threads.invokeAll(tasks)) {
                calls += task.get();
            }
            var seconds = (System.nanoTime() - start) / 1e9;
            assertThat(leased).hasSize(2 * items).doesNotHaveDuplicates();
            System.out.printf(
                    "%d workers, n = %d%s: %,d leases in %.1f s, %,.0f leases/s, %,.0f calls/s%n",
                    WORKERS,
                    n,
                    records ? ", each recorded" : "",
                    leased.size(),
                    seconds,
                    leased.size() / seconds,
                    calls / seconds);
        }
    }

    private static int lease(
            Program server, String name, int n, boolean records, List<String> leased) {
        var params = Json.object().put("n", n).put("worker", name).put("records", records);
        for (var calls = 1; ; calls++) {
            var units = server.run(TURN, params);
            assertThat(units.isArray()).as(units.toString()).isTrue();
            if (units.isEmpty()) {
                return calls;
            }
            units.valueStream().map(JsonNode::stringValue).forEach(leased::add);
        }
    }
}
