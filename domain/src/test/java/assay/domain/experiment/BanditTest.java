package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.domain.work.Bench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BanditTest {
    @TempDir Path data;
    Bench bench;
    String id = "";

    @BeforeEach
    void open() {
        bench = new Bench(data);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    void start(String allocation, String more) {
        var design =
                json(
                        "{'name': 'x', 'primaryMetric': 'done', 'variants': ['control', 'b', 'c'], 'allocation': %s}"
                                .formatted(allocation));
        design.setAll(json(more));
        id = bench.create("Experiment", design.toString()).path("$id").stringValue();
        bench.verb("Experiment", "start", id, "{}");
    }

    /// A batch of units, of which those of an arm are converted with its rate.
    ///
    /// @return how many units each arm got
    Map<String, Integer> batch(String prefix, int units, Map<String, Double> rates, long seed) {
        var random = new Random(seed);
        var got = new java.util.TreeMap<String, Integer>();
        bench.write(work -> {
            var names = JsonNodeFactory.instance.arrayNode();
            for (var i = 0; i < units; i++) {
                names.add(prefix + i);
            }
            var given = work.assign(id, names, json("{}"));
            var outcomes = JsonNodeFactory.instance.arrayNode();
            for (var i = 0; i < units; i++) {
                var arm = given.path(i).path("key").stringValue();
                got.merge(arm, 1, Integer::sum);
                if (random.nextDouble() < rates.getOrDefault(arm, 0.0)) {
                    outcomes.addObject().put("subject", prefix + i);
                }
            }
            return work.record(id, outcomes);
        });
        return got;
    }

    ObjectNode experiment() {
        return bench.get("Experiment", id, "{}").orElseThrow();
    }

    ObjectNode results() {
        return bench.read(work -> work.results(id));
    }

    static final Map<String, Double> RATES = Map.of("control", 0.1, "b", 0.4, "c", 0.1);

    @Test
    void moves_the_traffic_to_the_arm_that_does_well_when_the_time_has_come() {
        start("{'policy': 'thompson', 'every': '1h', 'burnIn': 50}", "{}");
        var _ = batch("a", 600, RATES, 1);
        bench.goOn(Duration.ofMinutes(59));
        var _ = batch("b", 10, RATES, 2);
        assertThat(experiment().has("cohorts")).isFalse();
        bench.goOn(Duration.ofMinutes(1));
        var got = batch("c", 1000, RATES, 3);
        var cohorts = experiment().path("cohorts");
        assertThat(cohorts).hasSize(2);
        var weights = cohorts.get(1).path("weights");
        assertThat(weights.path("b").asDouble()).isCloseTo(0.9, within(0.001));
        assertThat(weights.path("c").asDouble()).isCloseTo(0.05, within(0.001));
        assertThat(got.get("b")).isBetween(860, 940);
        assertThat(cohorts.get(1).path("belief").path("b").path("chanceBest").asDouble())
                .isGreaterThan(0.99);
        assertThat(cohorts.get(1).path("belief").path("b").path("n").asInt()).isBetween(150, 260);
    }

    @Test
    void may_count_units_in_place_of_time() {
        start("{'policy': 'topTwo', 'every': '500 units', 'burnIn': 50}", "{}");
        for (var i = 0; i < 6; i++) {
            var _ = batch("u" + i + "-", 250, RATES, i);
        }
        assertThat(experiment().path("cohorts")).hasSize(3);
        var weights = experiment().path("cohorts").get(2).path("weights");
        assertThat(weights.path("b").asDouble()).isBetween(0.4, 0.55);
    }

    @Test
    void waits_until_every_arm_has_its_burn_in() {
        start("{'policy': 'thompson', 'every': '10 units', 'burnIn': 100}", "{}");
        var _ = batch("a", 240, RATES, 1);
        var _ = batch("b", 100, RATES, 2);
        assertThat(experiment().has("cohorts")).isFalse();
        var _ = batch("c", 100, RATES, 3);
        assertThat(experiment().path("cohorts").size()).isLessThanOrEqualTo(2);
    }

    @Test
    void writes_each_reallocation_into_the_log() {
        start("{'policy': 'thompson', 'every': '300 units', 'burnIn': 50}", "{}");
        var _ = batch("a", 400, RATES, 1);
        var _ = batch("b", 400, RATES, 2);
        var history = bench.read(work -> work.history(id));
        var logged =
                history.valueStream()
                        .filter(entry -> entry.path("verb").asString("").equals("reallocate"))
                        .toList();
        assertThat(logged).hasSize(1);
        assertThat(logged.getFirst().path("reason").stringValue()).isEqualTo("thompson");
        assertThat(
                        logged.getFirst()
                                .path("changes")
                                .path("cohorts")
                                .path("after")
                                .get(1)
                                .path("belief")
                                .has("b"))
                .isTrue();
    }

    @Test
    void keeps_who_was_exposed_where_it_was() {
        start("{'policy': 'thompson', 'every': '300 units', 'burnIn': 50}", "{}");
        var before = bench.write(work -> work.assign(id, names(400), json("{}")));
        var _ = batch("more", 400, RATES, 2);
        assertThat(experiment().path("cohorts").size()).isGreaterThan(1);
        var after = bench.write(work -> work.assign(id, names(400), json("{}")));
        for (var i = 0; i < 400; i++) {
            assertThat(after.get(i).path("key")).isEqualTo(before.get(i).path("key"));
        }
    }

    static tools.jackson.databind.node.ArrayNode names(int count) {
        var names = JsonNodeFactory.instance.arrayNode();
        for (var i = 0; i < count; i++) {
            names.add("s" + i);
        }
        return names;
    }

    @Test
    void shows_estimates_that_are_valid_and_says_so() {
        start("{'policy': 'thompson', 'every': '300 units', 'burnIn': 50}", "{}");
        for (var i = 0; i < 8; i++) {
            var _ = batch("u" + i + "-", 400, Map.of("control", 0.2, "b", 0.5, "c", 0.2), i);
        }
        var results = results();
        assertThat(results.path("verdict").stringValue()).isEqualTo("ship");
        assertThat(results.path("winner").stringValue()).isEqualTo("b");
        var comparison = results.path("primary").path("comparisons").get(0);
        assertThat(comparison.path("difference").asDouble()).isCloseTo(0.3, within(0.12));
        assertThat(comparison.has("bayes")).isFalse();
        assertThat(comparison.has("relative")).isFalse();
        var adaptive = results.path("validity").path("adaptive");
        assertThat(adaptive.path("policy").stringValue()).isEqualTo("thompson");
        assertThat(adaptive.path("reallocations").asInt()).isGreaterThan(3);
        assertThat(adaptive.path("method").stringValue()).contains("inverse propensity");
        assertThat(results.path("text").stringValue())
                .contains("The traffic follows the data (thompson, ");
        assertThat(results.path("validity").path("srm").path("ok").booleanValue()).isTrue();
        assertThat(refusal(() -> bench.read(work -> work.results(id, json("{'trend': true}")))))
                .startsWith("invalid_request: The traffic of this experiment follows the data");
    }

    @Test
    void with_a_lower_floor_goes_by_each_arm_alone() {
        start("{'policy': 'thompson', 'every': '300 units', 'burnIn': 50, 'floor': 0.01}", "{}");
        for (var i = 0; i < 4; i++) {
            var _ = batch("u" + i + "-", 400, RATES, i);
        }
        var results = results();
        assertThat(results.path("validity").path("adaptive").path("method").stringValue())
                .startsWith("each arm has a confidence sequence by itself");
        assertThat(results.path("primary").path("comparisons").get(0).has("lower")).isTrue();
    }

    @Test
    void of_a_metric_to_be_lowered_moves_to_the_lowest() {
        start(
                "{'policy': 'thompson', 'every': '300 units', 'burnIn': 50}",
                "{'metrics': [{'name': 'done', 'direction': 'decrease'}]}");
        var rates = Map.of("control", 0.4, "b", 0.4, "c", 0.1);
        var _ = batch("a", 600, rates, 1);
        var _ = batch("b", 10, rates, 2);
        assertThat(experiment().path("cohorts").get(1).path("weights").path("c").asDouble())
                .isGreaterThan(0.85);
    }

    /// A bandit between equal arms that is looked at after every batch names a winner in at most
    /// one of twenty.
    @Test
    @Tag("heavy")
    void between_equal_arms_seldom_names_a_winner() {
        var equal = Map.of("control", 0.2, "b", 0.2, "c", 0.2);
        var wins = 0;
        for (var run = 0; run < 100; run++) {
            start("{'policy': 'thompson', 'every': '200 units', 'burnIn': 50}", "{}");
            for (var i = 0; i < 10; i++) {
                var _ = batch("u%d-%d-".formatted(run, i), 200, equal, run * 100L + i);
                if (results().path("verdict").stringValue().equals("ship")) {
                    wins++;
                    break;
                }
            }
        }
        assertThat(wins).isLessThanOrEqualTo(8);
    }
}
