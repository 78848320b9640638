package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IterationsTest {
    @TempDir Path data;
    Bench bench;
    String id = "";

    @BeforeEach
    void open() {
        bench = new Bench(data);
        id =
                bench.create(
                                "Experiment",
                                "{'name': 'x', 'primaryMetric': 'done', 'variants': ['control', 'treatment']}")
                        .path("$id")
                        .stringValue();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    ObjectNode verb(String verb, String data) {
        return bench.verb("Experiment", verb, id, data);
    }

    JsonNode assign(int count) {
        var names = JsonNodeFactory.instance.arrayNode();
        IntStream.range(0, count).forEach(i -> names.add("user-" + i));
        return bench.write(work -> work.assign(id, names, json("{}")));
    }

    ObjectNode results(String options) {
        return (ObjectNode) bench.read(work -> work.results(id, json(options)));
    }

    @Test
    void begin_with_the_rule_in_words() {
        assertThat(verb("update", "{'rule': {'alpha': 0.1, 'text': 'old words'}}").path("rule"))
                .hasToString("{\"alpha\":0.1}");
        assertThat(verb("start", "{}").path("rule").path("text").stringValue())
                .contains("beats 'control' on 'done' with a p of at most 0.1.");
        assertThat(
                        verb("iterate", "{'primaryMetric': 'paid'}")
                                .path("rule")
                                .path("text")
                                .stringValue())
                .contains("beats 'control' on 'paid' with a p of at most 0.1.");
        var rule = verb("iterate", "{'rule': 'doNoHarm'}").path("rule");
        assertThat(rule.path("preset").stringValue()).isEqualTo("doNoHarm");
        assertThat(rule.path("text").stringValue())
                .contains("is not shown to be worse than 'control'");
        assertThat(results("{}").path("rule").path("text")).isEqualTo(rule.path("text"));
        assertThat(verb("update", "{'name': 'y', 'rule': 'doNoHarm'}").path("rule"))
                .isEqualTo(rule);
    }

    static long sample(JsonNode results) {
        return results.path("primary")
                .path("arms")
                .valueStream()
                .mapToLong(arm -> arm.path("n").longValue())
                .sum();
    }

    void started() {
        verb("start", "{}");
        assign(300);
        bench.goOn(Duration.ofDays(1));
    }

    @Test
    void the_next_one_begins_with_the_change_and_the_old_one_is_kept() {
        started();
        var next = verb("iterate", "{'primaryMetric': 'paid', 'reason': 'done counted carts'}");
        assertThat(next.path("status").stringValue()).isEqualTo("Started");
        assertThat(next.path("iteration").longValue()).isEqualTo(2);
        assertThat(next.path("primaryMetric").stringValue()).isEqualTo("paid");
        var ended =
                (ObjectNode)
                        bench.get("Experiment", id, "{}")
                                .orElseThrow()
                                .path("iterations")
                                .path(0)
                                .deepCopy();
        assertThat(ended.remove("summary").propertyNames())
                .containsExactly("verdict", "why", "winner", "confidence", "sampleSize");
        assertThat(ended.remove("rule").path("text").stringValue()).contains("on 'done'");
        assertThat(ended)
                .isEqualTo(
                        json(
                                """
                                {'iteration': 1, 'startedAt': '2026-03-30T09:00:00.000Z', 'endedAt': '2026-03-31T09:00:00.000Z',
                                 'seed': '%s/1',
                                 'variants': [{'key': 'control', 'name': 'control', 'weight': 1, 'control': true},
                                              {'key': 'treatment', 'name': 'treatment', 'weight': 1, 'control': false}],
                                 'primaryMetric': 'done', 'trafficAllocation': 100, 'reason': 'done counted carts'}\
                                """
                                        .formatted(id)));
        assertThat(
                        bench.read(work -> work.history(id))
                                .valueStream()
                                .filter(row -> row.path("verb").asString("").equals("iterate"))
                                .map(row ->
                                        row.path("event").stringValue()
                                                + ": "
                                                + row.path("reason").stringValue()))
                .containsExactly("Experiment.Iterated: done counted carts");
    }

    @Test
    void its_subjects_are_its_own_and_results_of_the_old_ones_can_be_read() {
        started();
        verb("iterate", "{'primaryMetric': 'paid'}");
        assertThat(sample(results("{}"))).isZero();
        assign(100);
        assertThat(bench.get("Experiment", id, "{}").orElseThrow().path("status").stringValue())
                .isEqualTo("Running");
        assertThat(sample(results("{}"))).isEqualTo(100);
        var old = results("{'iteration': 1}");
        assertThat(sample(old)).isEqualTo(300);
        assertThat(old.path("iteration").longValue()).isEqualTo(1);
        assertThat(old.path("primary").path("metric").stringValue()).isEqualTo("done");
        assertThat(refusal(() -> results("{'iteration': 3}")))
                .isEqualTo(
                        "invalid_value: Experiment '%s' has no iteration 3. | Send iteration as a number from 1 to 2."
                                .formatted(id));
    }

    @Test
    void subjects_are_drawn_anew_or_by_the_same_hash() {
        started();
        var first = assign(300);
        verb("iterate", "{'reshuffle': false}");
        var kept = assign(300);
        assertThat(
                        IntStream.range(0, 300)
                                .allMatch(i ->
                                        kept.path(i).path("key").equals(first.path(i).path("key"))))
                .isTrue();
        var shuffled = verb("iterate", "{}");
        assertThat(shuffled.has("seed")).isFalse();
        var third = assign(300);
        var same =
                IntStream.range(0, 300)
                        .filter(i -> third.path(i).path("key").equals(first.path(i).path("key")))
                        .count();
        assertThat(same).isBetween(110L, 190L);
    }

    @Test
    void one_may_begin_during_a_pause() {
        started();
        verb("pause", "{}");
        assertThat(verb("iterate", "{'trafficAllocation': 50}").path("status").stringValue())
                .isEqualTo("Paused");
        assertThat(verb("resume", "{}").path("status").stringValue()).isEqualTo("Started");
    }

    @Test
    void none_begins_before_the_start_or_after_the_end_or_with_a_design_that_cannot_start() {
        assertThat(refusal(() -> verb("iterate", "{}")))
                .isEqualTo(
                        "illegal_transition: Experiment '%1$s' has not started; it has no iteration to end. | Change a draft with $.Experiment.update('%1$s', {…}), then start it."
                                .formatted(id));
        started();
        assertThat(refusal(() -> verb("iterate", "{'variants': ['a']}")))
                .isEqualTo(
                        "missing_field: The experiment has 1 variant; a comparison needs two. | Call $.Experiment.iterate('%s', {variants: ['control', 'treatment']}, {reason: '…'})."
                                .formatted(id));
        assertThat(refusal(() -> verb("iterate", "{'reshuffle': 'no'}")))
                .startsWith("invalid_value: 'no' is not valid for reshuffle.");
        verb("stop", "{}");
        assertThat(refusal(() -> verb("iterate", "{}")))
                .startsWith(
                        "illegal_transition: Experiment '%s' is Stopped; no further iteration can begin."
                                .formatted(id));
    }
}
