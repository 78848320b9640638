package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ArrivalsTest {
    @TempDir Path data;
    private Bench bench;
    private String id = "";

    @BeforeEach
    void start() {
        bench = new Bench(data);
        id =
                bench.create(
                                "Experiment",
                                "{'name': 'x', 'slug': 'x', 'primaryMetric': 'bought', 'variants': ['a', 'b']}")
                        .path("$id")
                        .stringValue();
        bench.verb("Experiment", "start", id, "{}");
        bench.goOn(Duration.ofHours(1));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void expose(String subject, String variant, String at) {
        var _ =
                bench.create(
                        "Event",
                        "{'type': 'experiment.exposure', 'experiment': '%s', 'variant': '%s', 'userId': '%s', 'timestamp': '%s'}"
                                .formatted(id, variant, subject, at));
    }

    private JsonNode arms() {
        return bench.read(work -> work.results(id)).path("primary").path("arms");
    }

    @Test
    void what_belongs_to_no_experiment_counts_for_the_metric_of_its_type() {
        expose("u1", "a", "2026-03-30T09:10:00Z");
        expose("u2", "b", "2026-03-30T09:10:00Z");
        bench.create("Event", "{'type': 'bought', 'userId': 'u1', 'value': 2.5}");
        bench.create("Event", "{'type': 'bought', 'userId': 'u2'}");
        bench.create(
                "Event",
                "{'type': 'bought', 'userId': 'u2', 'timestamp': '2026-03-30T09:09:59.999Z'}");
        bench.create("Event", "{'type': 'bought', 'userId': 'stranger'}");
        bench.create("Event", "{'type': 'looked', 'userId': 'u1'}");
        assertThat(arms().toString())
                .isEqualTo(
                        "[{\"key\":\"a\",\"n\":1,\"mean\":2.5,\"sum\":2.5},{\"key\":\"b\",\"n\":1,\"mean\":1.0,\"sum\":1.0}]");
    }

    @Test
    void the_first_exposure_makes_an_experiment_running() {
        expose("u1", "a", "2026-03-30T09:10:00Z");
        assertThat(bench.get("Experiment", id, "{}").orElseThrow().path("status").stringValue())
                .isEqualTo("Running");
        var event = bench.find("Event", "{'experiment': '%s', 'variant': 'a'}".formatted(id), "{}");
        assertThat(event)
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.path("userId").stringValue()).isEqualTo("u1");
                    assertThat(one.path("timestamp").stringValue())
                            .isEqualTo("2026-03-30T09:10:00.000Z");
                });
        var answer = bench.write(work -> work.assign(id, Bench.value("'u1'"), json("{}")));
        assertThat(answer.path("key").stringValue()).isEqualTo("a");
    }

    @Test
    void the_same_event_id_twice_is_one_event() {
        expose("u1", "a", "2026-03-30T09:10:00Z");
        var first =
                bench.create(
                        "Event", "{'type': 'bought', 'userId': 'u1', 'value': 2, 'eventId': 7}");
        var again =
                bench.create(
                        "Event", "{'type': 'bought', 'userId': 'u1', 'value': 3, 'eventId': 7}");
        assertThat(again).isEqualTo(first);
        bench.create("Event", "{'type': 'looked', 'userId': 'u1', 'eventId': 7}");
        assertThat(bench.count("Event", "{'userId': 'u1', 'eventId': '7'}", "{}")).isEqualTo(2);
        assertThat(arms().path(0).path("sum").doubleValue()).isEqualTo(2);
    }

    @Test
    void what_cannot_be_is_refused() {
        assertThat(
                        refusal(() ->
                                bench.create(
                                        "Event",
                                        "{'type': 'experiment.exposure', 'experiment': '%s', 'variant': 'c', 'userId': 'u1'}"
                                                .formatted(id))))
                .isEqualTo(
                        "invalid_value: The experiment has no variant 'c'. | Name one of: 'a', 'b'.");
        assertThat(bench.count("Event", "{}", "{}")).isZero();
    }
}
