package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.store.Exports;
import assay.domain.store.Transaction;
import assay.domain.work.Bench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CorrectionTest {
    private static final String METRICS =
            """
            {'primaryMetric': 'paid', 'metrics': [
              {'name': 'paid', 'type': 'sum'},
              {'name': 'buyers', 'type': 'proportion', 'event': 'paid', 'role': 'secondary'},
              {'name': 'orders', 'type': 'count', 'event': 'paid', 'role': 'secondary'},
              {'name': 'basket', 'type': 'mean', 'event': 'paid', 'role': 'secondary'},
              {'name': 'way', 'type': 'funnel', 'steps': ['seen', 'paid'], 'role': 'secondary'}]}\
            """;

    @TempDir Path data;
    private Bench bench;
    private Trial trial;

    @BeforeEach
    void open() {
        bench = new Bench(data);
        trial = Trial.start(bench, METRICS);
        var _ = trial.expose("s", 1);
        bench.goOn(Duration.ofHours(1));
        trial.record("[{'subject': 's0', 'metric': 'seen'}]");
        trial.record("[{'subject': 's0', 'value': 12, 'eventId': 'o1'}]");
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private JsonNode record(String sent) {
        return bench.write(work -> work.record(trial.id, Bench.value(sent)));
    }

    /// The sums of all metrics over the one unit, by name.
    private String sums() {
        var results = trial.results();
        var sums = new ArrayList<String>();
        sums.add("paid " + sum(results.path("primary")));
        for (var metric : results.path("secondary")) {
            sums.add(metric.path("metric").stringValue() + " " + sum(metric));
        }
        return String.join(", ", sums);
    }

    private static double sum(JsonNode metric) {
        return metric.path("arms")
                .valueStream()
                .mapToDouble(arm -> arm.path("sum").asDouble(0))
                .sum();
    }

    @Test
    void of_a_value_goes_through_all_numbers() {
        assertThat(sums()).isEqualTo("paid 12.0, buyers 1.0, orders 1.0, basket 12.0, way 1.0");
        bench.goOn(Duration.ofHours(1));
        assertThat(record("{'corrects': 'o1', 'value': 2.5}"))
                .isEqualTo(json("{'recorded': 0, 'duplicates': 0, 'corrected': 1}"));
        assertThat(sums()).isEqualTo("paid 2.5, buyers 1.0, orders 1.0, basket 2.5, way 1.0");
        assertThat(record("{'corrects': 'o1', 'value': 0, 'metric': 'paid', 'subject': 's0'}"))
                .isEqualTo(json("{'recorded': 0, 'duplicates': 0, 'corrected': 1}"));
        assertThat(sums()).isEqualTo("paid 0.0, buyers 0.0, orders 1.0, basket 0.0, way 1.0");
    }

    @Test
    void with_null_takes_the_event_back_until_it_is_given_a_value_again() {
        record("{'corrects': 'o1', 'value': null}");
        assertThat(sums()).isEqualTo("paid 0.0, buyers 0.0, orders 0.0, basket 0.0, way 0.0");
        record("{'corrects': 'o1', 'value': 3}");
        assertThat(sums()).isEqualTo("paid 3.0, buyers 1.0, orders 1.0, basket 3.0, way 1.0");
    }

    @Test
    void sent_again_changes_nothing() {
        record("{'corrects': 'o1', 'value': 3}");
        assertThat(record("{'corrects': 'o1', 'value': 3}"))
                .isEqualTo(json("{'recorded': 0, 'duplicates': 1, 'corrected': 0}"));
    }

    @Test
    void of_an_event_of_the_same_call_comes_after_it() {
        assertThat(
                        record(
                                "[{'corrects': 'o2', 'value': 5}, {'subject': 's0', 'value': 1, 'eventId': 'o2'}]"))
                .isEqualTo(json("{'recorded': 1, 'duplicates': 0, 'corrected': 1}"));
        assertThat(sums()).startsWith("paid 17.0");
    }

    @Test
    void of_an_event_of_no_experiment_is_by_its_id() {
        var event = bench.create("Event", "{'type': 'paid', 'userId': 's0', 'value': 100}");
        assertThat(sums()).startsWith("paid 112.0");
        record("{'corrects': '%s', 'value': 1}".formatted(event.path("$id").stringValue()));
        assertThat(sums()).startsWith("paid 13.0");
        assertThat(
                        bench.find("Event", "{'type': 'paid'}", "{'sort': '$createdAt'}").stream()
                                .map(one -> one.path("value").asDouble(0)))
                .containsExactlyInAnyOrder(100.0, 1.0);
    }

    @Test
    void is_what_an_export_has() throws InterruptedException {
        record("[{'corrects': 'o1', 'value': 2}, {'corrects': 'o1', 'value': 4}]");
        record("[{'subject': 's0', 'value': 1, 'eventId': 'o3'}]");
        record("{'corrects': 'o3', 'value': null}");
        var values = new ArrayList<String>();
        try (var transaction = bench.folder().begin("default", Transaction.Mode.READ)) {
            new Exports(transaction)
                    .events(
                            trial.id,
                            1,
                            row ->
                                    values.add(
                                            row.path("metric").asString("exposure")
                                                    + " "
                                                    + row.path("value").asDouble(0)));
        }
        assertThat(values).containsExactly("exposure 0.0", "seen 1.0", "paid 4.0");
    }

    @Test
    void goes_with_its_subject() {
        record("{'corrects': 'o1', 'value': 2}");
        assertThat(bench.write(work -> work.forget(Bench.value("'s0'"))).path("events").intValue())
                .isEqualTo(5);
        assertThat(bench.count("Event", "{}", "{}")).isZero();
        assertThat(sums()).startsWith("paid 0.0");
    }

    @Test
    void that_comes_after_the_conclusion_changes_no_result_of_it() {
        var event = bench.create("Event", "{'type': 'paid', 'userId': 's0', 'value': 100}");
        var concluded = bench.verb("Experiment", "conclude", trial.id, "{}");
        var other = Trial.start(bench, METRICS);
        bench.write(work ->
                work.record(
                        other.id,
                        Bench.value(
                                "{'corrects': '%s', 'value': 1}"
                                        .formatted(event.path("$id").stringValue()))));
        assertThat(trial.results().path("primary"))
                .isEqualTo(concluded.path("results").path("primary"));
    }

    @Test
    void is_not_what_another_outcome_under_a_known_id_is_which_is_told() {
        assertThat(record("[{'subject': 's0', 'value': 12, 'eventId': 'o1'}]"))
                .isEqualTo(json("{'recorded': 0, 'duplicates': 1}"));
        assertThat(record("[{'subject': 's0', 'value': 13, 'eventId': 'o1'}]"))
                .isEqualTo(
                        json(
                                "{'recorded': 0, 'duplicates': 1, 'conflicting': [{'metric': 'paid', 'eventId': 'o1'}]}"));
        assertThat(sums()).startsWith("paid 12.0");
    }
}
