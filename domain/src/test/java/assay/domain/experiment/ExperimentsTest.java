package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.domain.Refused;
import assay.domain.work.Bench;
import assay.domain.work.Looks;
import assay.stats.assignment.Bucketing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExperimentsTest {
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

    /// A started experiment; members that are given replace those of a plain A/B test.
    void start(String design) {
        id = draft(design);
        verb("start", "{}");
    }

    String draft(String design) {
        var whole =
                json(
                        "{'name': 'x', 'primaryMetric': 'done', 'variants': ['control', 'treatment']}");
        whole.setAll(json(design));
        return bench.create("Experiment", whole.toString()).path("$id").stringValue();
    }

    ObjectNode verb(String verb, String data) {
        return bench.verb("Experiment", verb, id, data);
    }

    ObjectNode experiment() {
        return bench.get("Experiment", id, "{}").orElseThrow();
    }

    JsonNode assign(String subjects, String options) {
        return bench.write(work -> work.assign(id, Bench.value(subjects), json(options)));
    }

    ObjectNode record(String outcomes) {
        return bench.write(work -> work.record(id, Bench.value(outcomes)));
    }

    /// Reads results and logs the look, as the tools do.
    ObjectNode results() {
        var looks = new java.util.ArrayList<Experiments.PendingLook>();
        var results =
                bench.read(work -> {
                    var read = work.results(id);
                    looks.addAll(work.looks());
                    return read;
                });
        try {
            new Looks(bench.folder())
                    .log(new assay.domain.Caller("default", "ada", false), looks, true);
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
        requireFinite(results);
        return results;
    }

    static void requireFinite(JsonNode json) {
        if (json.isNumber()) {
            assertThat(json.doubleValue()).isFinite();
        }
        json.forEach(ExperimentsTest::requireFinite);
    }

    /// Exposes subjects `{prefix}0` and on, and records for each the value that belongs to its arm;
    /// null records nothing. The n-th subject of an arm gets the value in turn from the list of its
    /// arm.
    void fill(String prefix, int subjects, Map<String, List<Double>> values) {
        var names = JsonNodeFactory.instance.arrayNode();
        IntStream.range(0, subjects).forEach(i -> names.add(prefix + i));
        bench.write(work -> {
            var answers = work.assign(id, names, json("{}"));
            var outcomes = JsonNodeFactory.instance.arrayNode();
            var turns = new java.util.HashMap<String, Integer>();
            for (var i = 0; i < subjects; i++) {
                var arm = answers.path(i).path("key").asString("");
                var list = values.getOrDefault(arm, List.of());
                var turn = turns.merge(arm, 1, Integer::sum) - 1;
                if (!list.isEmpty()) {
                    outcomes.addObject()
                            .put("subject", prefix + i)
                            .put("value", list.get(turn % list.size()));
                }
            }
            return work.record(id, outcomes);
        });
    }

    static List<Double> share(int ones, int of) {
        return IntStream.range(0, of).mapToObj(i -> i < ones ? 1.0 : 0.0).toList();
    }

    @Nested
    class Assigning {
        @Test
        void draws_by_the_public_hash_of_seed_and_subject() {
            start(
                    "{'variants': [{'key': 'a', 'weight': 3, 'value': {'prompt': 'x'}}, {'key': 'b', 'weight': 1}]}");
            for (var i = 0; i < 50; i++) {
                var bucket = Bucketing.hash(id + "/1", "user-" + i, 2);
                var expected = bucket < 0.75 ? "a" : "b";
                assertThat(assign("'user-%d'".formatted(i), "{}").path("key").stringValue())
                        .isEqualTo(expected);
            }
            assertThat(assign("'user-0'", "{}"))
                    .isIn((Object) assigned("a", "{'prompt': 'x'}"), assigned("b", "null"));
        }

        JsonNode assigned(String key, String value) {
            var json = json("{'key': '%s', 'value': %s}".formatted(key, value));
            return json.put("iteration", 1L).put("exposed", true).put("reason", "assigned before");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{'value': 5, 'prompt': 'x'}            | 5",
                    "{'prompt': 'Summarize.'}               | 'Summarize.'",
                    "{'value': null, 'prompt': 'x'}         | 'x'",
                    "{'template': 't', 'model': 'small'}    | {'template': 't', 'model': 'small'}",
                    "{}                                     | null"
                })
        void serves_whatever_the_variant_holds(String variant, String value) {
            var a = json(variant).put("key", "a");
            var b = json(variant).put("key", "b");
            start(
                    "{'type': 'PromptExperiment', 'variants': [%s, %s]}"
                            .formatted(a, b)
                            .replace('"', '\''));
            assertThat(assign("'u1'", "{}").path("value")).isEqualTo(Bench.value(value));
        }

        @Test
        void keeps_to_weights_and_traffic_allocation() {
            start(
                    "{'variants': [{'key': 'a', 'weight': 3}, {'key': 'b', 'weight': 1}], 'trafficAllocation': 40}");
            var names = JsonNodeFactory.instance.arrayNode();
            IntStream.range(0, 4000).forEach(i -> names.add("s" + i));
            var shares =
                    assign(names.toString(), "{}")
                            .valueStream()
                            .collect(
                                    Collectors.groupingBy(
                                            a -> a.path("key").asString("none"),
                                            Collectors.counting()));
            assertThat(shares.get("a")).isBetween(1100L, 1300L);
            assertThat(shares.get("b")).isBetween(350L, 450L);
            assertThat(shares.values().stream().mapToLong(n -> n).sum()).isEqualTo(4000);
            assertThat(results().path("validity").path("srm").path("ok").booleanValue()).isTrue();
        }

        @Test
        void answers_an_array_in_its_order_and_a_subject_always_the_same() {
            start("{}");
            var first = assign("['u1', 'u2', 'u1', 7]", "{}");
            var again = assign("[7, 'u1', 'u2']", "{}");
            assertThat(first.valueStream().map(a -> a.path("key")).toList())
                    .containsExactly(
                            again.path(1).path("key"),
                            again.path(2).path("key"),
                            again.path(1).path("key"),
                            again.path(0).path("key"));
            assertThat(first.path(2).path("reason").stringValue()).isEqualTo("assigned before");
            assertThat(assign("[]", "{}").size()).isZero();
        }

        @Test
        void may_only_ask() {
            start("{}");
            assertThat(assign("'u1'", "{'expose': false}").path("exposed").booleanValue())
                    .isFalse();
            assertThat(experiment().path("status").stringValue()).isEqualTo("Started");
            assertThat(refusal(() -> assign("'u1'", "{'exposed': false}")))
                    .startsWith("unknown_field");
            assertThat(refusal(() -> assign("'u1'", "{'expose': 'no'}")))
                    .startsWith("invalid_value");
        }

        @Test
        void makes_it_running_at_the_first_exposure_with_one_row_and_one_change() {
            start("{}");
            var changes =
                    bench.write(work -> {
                        var _ = work.assign(id, Bench.value("['u1', 'u2']"), json("{}"));
                        return work.changes();
                    });
            assertThat(changes.stream().map(change -> change.action() + " " + change.after()))
                    .containsExactly("assign {\"exposures\":2}", "run {\"status\":\"Running\"}");
            bench.goOn(Duration.ofMinutes(1));
            assign("['u1', 'u3']", "{}");
            assign("['u1', 'u3']", "{}");
            assertThat(
                            bench.read(work -> work.history(id))
                                    .valueStream()
                                    .map(row ->
                                            row.path("version")
                                                    + " "
                                                    + row.path("verb").stringValue()
                                                    + " "
                                                    + row.path("at")
                                                            .stringValue()
                                                            .substring(14, 16)))
                    .containsExactly(
                            "1 create 00", "2 start 00", "2 assign 00", "3 run 00", "3 assign 01");
            assertThat(experiment().path("$updatedAt").stringValue())
                    .isEqualTo("2026-03-30T09:00:00.000Z");
            assertThat(bench.get("Experiment", id, "{'asOf': 'now'}")).contains(experiment());
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "''", "{}", "true", "[' ']"})
        void refuses_what_is_no_subject(String subject) {
            start("{}");
            assertThat(refusal(() -> assign(subject, "{}"))).startsWith("invalid_value");
        }
    }

    @Nested
    class What_each_state_serves {
        String known = "";

        @BeforeEach
        void exposed() {
            start("{'variants': [{'key': 'control'}, {'key': 'treatment'}]}");
            known = assign("'old'", "{}").path("key").stringValue();
        }

        String served(String subject) {
            return assign("'%s'".formatted(subject), "{}").path("key").asString("nothing");
        }

        @Test
        void a_draft_is_refused_and_an_archived_draft_serves_nothing() {
            id = draft("{'variants': null, 'primaryMetric': null}");
            assertThat(refusal(() -> assign("'u'", "{}")))
                    .startsWith(
                            "illegal_transition: Experiment '%s' has not started; nobody can assign subjects to it. | Start it first."
                                    .formatted(id));
            verb("archive", "{}");
            assertThat(served("u")).isEqualTo("nothing");
        }

        @Test
        void running_the_assigned_variant() {
            assertThat(served("old")).isEqualTo(known);
            assertThat(served("new")).isIn("control", "treatment");
        }

        @Test
        void paused_the_assigned_variant_and_nobody_new() {
            verb("pause", "{}");
            assertThat(served("old")).isEqualTo(known);
            assertThat(served("new")).isEqualTo("nothing");
            verb("resume", "{}");
            assertThat(experiment().path("status").stringValue()).isEqualTo("Running");
            assertThat(served("new")).isNotEqualTo("nothing");
        }

        @Test
        void stopped_what_serve_says() {
            verb("stop", "{}");
            assertThat(served("old")).isEqualTo(known);
            assertThat(served("new")).isEqualTo("nothing");
            bench.update("Experiment", id, "{'serve': 'none'}");
            assertThat(served("old")).isEqualTo("nothing");
            assertThat(refusal(() -> bench.update("Experiment", id, "{'serve': 'some'}")))
                    .startsWith("invalid_value: 'some' is not what an ended experiment can serve.");
        }

        @Test
        void concluded_and_completed_the_winner_or_the_control() {
            verb("conclude", "{'winner': 'treatment', 'reason': 'cheaper'}");
            assertThat(served("new")).isEqualTo("treatment");
            verb("complete", "{}");
            assertThat(served("old")).isEqualTo("treatment");
            bench.update("Experiment", id, "{'serve': 'none'}");
            assertThat(served("old")).isEqualTo("nothing");
            verb("archive", "{}");
            assertThat(served("old")).isEqualTo("nothing");
        }

        @Test
        void concluded_without_a_winner_the_control() {
            verb("conclude", "{}");
            assertThat(served("new")).isEqualTo("control");
        }
    }

    @Test
    void resuming_before_anybody_was_exposed_leads_back_to_started() {
        start("{}");
        verb("pause", "{}");
        assertThat(verb("resume", "{}").path("status").stringValue()).isEqualTo("Started");
        assertThat(verb("start", "{}").path("$version").intValue()).isEqualTo(4);
    }

    @Nested
    class Recording {
        @BeforeEach
        void exposed() {
            start("{'secondaryMetrics': ['cost']}");
            assign("['u1', 'u2']", "{}");
        }

        double sum() {
            return results()
                    .path("primary")
                    .path("arms")
                    .valueStream()
                    .mapToDouble(arm -> arm.path("sum").doubleValue())
                    .sum();
        }

        @Test
        void a_subject_alone_did_the_primary_metric_once_now() {
            assertThat(record("{'subject': 'u1'}").toString())
                    .isEqualTo("{\"recorded\":1,\"duplicates\":0}");
            assertThat(sum()).isEqualTo(1);
            var event = bench.find("Event", "{'type': 'experiment.outcome'}", "{}").getFirst();
            assertThat(event.path("name").stringValue()).isEqualTo("done");
            assertThat(event.path("userId").stringValue()).isEqualTo("u1");
        }

        @Test
        void a_batch_with_one_row_in_the_log() {
            assertThat(
                            record(
                                            "[{'subject': 'u1', 'value': 2.5}, {'subject': 'u2', 'value': true}, {'subject': 'u2', 'metric': 'cost', 'value': 9}]")
                                    .path("recorded")
                                    .intValue())
                    .isEqualTo(3);
            assertThat(sum()).isEqualTo(3.5);
            assertThat(
                            bench.read(work -> work.history(id))
                                    .valueStream()
                                    .filter(row -> row.path("verb").asString("").equals("record"))
                                    .map(row -> row.path("detail").toString()))
                    .containsExactly("{\"outcomes\":3}");
        }

        @Test
        void an_event_id_counts_once_in_its_experiment_and_metric() {
            record("{'subject': 'u1', 'eventId': 'e1'}");
            assertThat(
                            record(
                                            "[{'subject': 'u1', 'eventId': 'e1'}, {'subject': 'u1', 'eventId': 'e2'}, {'subject': 'u1', 'eventId': 'e1', 'metric': 'cost'}]")
                                    .toString())
                    .isEqualTo("{\"recorded\":2,\"duplicates\":1}");
            assertThat(sum()).isEqualTo(2);
            var other = id;
            start("{}");
            assign("'u1'", "{}");
            assertThat(record("{'subject': 'u1', 'eventId': 'e1'}").path("recorded").intValue())
                    .isEqualTo(1);
            assertThat(id).isNotEqualTo(other);
        }

        @Test
        void what_came_before_the_exposure_does_not_count_but_the_same_instant_does() {
            record("{'subject': 'u1', 'at': '2026-03-30T08:59:59.999Z', 'value': 100}");
            assertThat(sum()).isZero();
            record("{'subject': 'u1', 'at': '2026-03-30T11:00:00+02:00', 'value': 10}");
            assertThat(sum()).isEqualTo(10);
        }

        @ParameterizedTest(name = "{0}: {1}")
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                textBlock =
                        """
                        {'subject': 'u9'}                       | unknown_id: Subject 'u9' was never exposed in this experiment.
                        {}                                      | invalid_value: record needs a subject.
                        5                                       | invalid_value: record needs a subject.
                        {'subject': 'u1', 'vlaue': 1}           | unknown_field: An outcome has no field 'vlaue'.
                        {'subject': 'u1', 'value': 'much'}      | invalid_value: 'much' is not a value of an outcome.
                        {'subject': 'u1', 'value': null}        | invalid_value: null is not a value of an outcome.
                        {'subject': 'u1', 'value': 1e200}       | invalid_value: 1e200 is not a value of an outcome.
                        {'subject': 'u1', 'value': 1e-200}      | invalid_value: 1e-200 is not a value of an outcome.
                        {'subject': 'u1', 'at': 'soon'}         | invalid_value: 'soon' is not a time.
                        {'subject': 'u1', 'at': '+300000-01-01T00:00:00Z'} | invalid_value: '+300000-01-01T00:00:00Z' is not a time.
                        {'subject': 'u1', 'at': '2026-03-30T09:00:00.001Z'} | invalid_value: '2026-03-30T09:00:00.001Z' is later than now, 2026-03-30T09:00:00.000Z.
                        {'subject': 'u1', 'metric': ''}         | invalid_value: '' is not a valid metric.
                        """)
        void refuses(String outcome, String problem) {
            assertThat(refusal(() -> record(outcome))).startsWith(problem);
            assertThat(sum()).isZero();
        }

        @Test
        void tells_of_metrics_that_nobody_declared() {
            assertThat(
                            record(
                                            "[{'subject': 'u1', 'metric': 'dnoe'}, {'subject': 'u2', 'metric': 'dnoe'}, {'subject': 'u1', 'metric': 'cost'}]")
                                    .path("undeclared"))
                    .hasToString("[{\"metric\":\"dnoe\",\"nearest\":\"done\"}]");
            var results = results();
            assertThat(results.path("validity").path("outcomesOfOtherMetrics").intValue())
                    .isEqualTo(2);
            assertThat(results.path("text").stringValue())
                    .contains(
                            "The primary metric 'done' has no outcomes; 2 are of metrics not looked at.");
            record("{'subject': 'u1'}");
            assertThat(results().path("validity").has("outcomesOfOtherMetrics")).isFalse();
        }

        @Test
        void refuses_a_batch_whole_for_one_bad_outcome() {
            assertThat(refusal(() -> record("[{'subject': 'u1'}, {'subject': 'u9'}]")))
                    .startsWith("unknown_id");
            assertThat(sum()).isZero();
        }

        @Test
        void ends_with_the_experiment() {
            verb("stop", "{}");
            assertThat(refusal(() -> record("{'subject': 'u1'}")))
                    .startsWith(
                            "illegal_transition: Experiment '%s' is Stopped and takes no more outcomes."
                                    .formatted(id));
        }
    }

    @Nested
    class Results {
        static final String SMALL =
                "'rule': {'burnIn': {'perArm': 20, 'conversions': 5}, 'plannedSample': 400}";

        @Test
        void of_a_draft_are_refused() {
            id = draft("{}");
            assertThat(refusal(ExperimentsTest.this::results)).startsWith("illegal_transition");
        }

        @Test
        void begin_with_what_decides_also_without_a_unit() {
            start("{}");
            var results = results();
            assertThat(results.propertyNames())
                    .containsExactly(
                            "verdict",
                            "why",
                            "next",
                            "winner",
                            "confidence",
                            "confidenceMeans",
                            "validity",
                            "primary",
                            "rule",
                            "iteration",
                            "text");
            assertThat(results.path("verdict").stringValue()).isEqualTo("keep_running");
            assertThat(results.path("why").stringValue()).isEqualTo("Nobody has been exposed yet.");
            assertThat(results.path("confidence").doubleValue()).isZero();
            assertThat(results.path("primary"))
                    .isEqualTo(
                            counts(
                                    "{'metric': 'done', 'control': 'control', 'arms': [{'key': 'control', 'n': 0, 'sum': 0.0}, {'key': 'treatment', 'n': 0, 'sum': 0.0}], 'comparisons': [{'arm': 'treatment', 'pValue': 1.0, 'adjustedPValue': 1.0}]}"));
        }

        /// Counts are longs in results.
        private static JsonNode counts(String text) {
            var tree = Bench.value(text);
            tree.path("arms")
                    .forEach(arm -> ((ObjectNode) arm).put("n", arm.path("n").longValue()));
            return tree;
        }

        @Test
        void of_one_unit_have_its_arm() {
            start("{}");
            assign("'u1'", "{}");
            record("{'subject': 'u1', 'value': 3}");
            assertThat(
                            results()
                                    .path("primary")
                                    .path("arms")
                                    .valueStream()
                                    .filter(arm -> arm.path("n").intValue() == 1)
                                    .map(arm -> arm.path("mean").doubleValue()))
                    .containsExactly(3.0);
        }

        @Test
        void of_arms_that_do_not_vary_name_no_winner_and_divide_by_nothing() {
            start("{%s}".formatted(SMALL));
            fill("s", 200, Map.of("control", List.of(0.0), "treatment", List.of(1.0)));
            var results = results();
            assertThat(results.path("verdict").stringValue()).isEqualTo("keep_running");
            assertThat(results.path("why").stringValue())
                    .isEqualTo("No arm varies at all, so no error bar can be given.");
        }

        @Test
        void survive_the_largest_and_smallest_values() {
            start("{%s}".formatted(SMALL));
            fill(
                    "s",
                    200,
                    Map.of(
                            "control",
                            List.of(1e-30, -1e-30, 0.0, 1e-30),
                            "treatment",
                            List.of(1e30, -1e30, 1e30)));
            results();
            start("{%s}".formatted(SMALL));
            fill(
                    "t",
                    200,
                    Map.of(
                            "control",
                            List.of(1e30, 1e30, 1e-30),
                            "treatment",
                            List.of(1e30, 1e30, 1e30, -1e-30)));
            results();
        }

        @Test
        void wait_for_the_burn_in() {
            start("{}");
            fill("s", 150, Map.of("control", share(1, 10), "treatment", share(9, 10)));
            var results = results();
            assertThat(results.path("verdict").stringValue()).isEqualTo("keep_running");
            assertThat(results.path("validity").path("burnIn").path("met").booleanValue())
                    .isFalse();
            assertThat(results.path("validity").path("burnIn").path("missing").stringValue())
                    .contains("more units");
        }

        @Test
        void ship_what_beats_the_control_and_remember_when() {
            start("{%s}".formatted(SMALL));
            fill("s", 60, Map.of("control", share(5, 10), "treatment", share(5, 10)));
            assertThat(results().path("verdict").stringValue()).isEqualTo("keep_running");
            fill("t", 300, Map.of("control", share(2, 10), "treatment", share(8, 10)));
            bench.goOn(Duration.ofMinutes(1));
            var results = results();
            assertThat(results.path("verdict").stringValue()).isEqualTo("ship");
            assertThat(results.path("winner").stringValue()).isEqualTo("treatment");
            assertThat(results.path("confidence").doubleValue()).isBetween(95.0, 100.0);
            assertThat(results.path("firedAt").path("look").intValue()).isEqualTo(2);
            assertThat(results.path("firedAt").path("at").stringValue())
                    .isEqualTo("2026-03-30T09:01:00.000Z");
            bench.goOn(Duration.ofMinutes(1));
            var later = results();
            assertThat(later.path("firedAt")).isEqualTo(results.path("firedAt"));
            assertThat(later.path("validity").path("looks").intValue()).isEqualTo(3);
            assertThat(later.path("text").stringValue())
                    .startsWith("ship: 'treatment' beats 'control' on 'done'");
        }

        @Test
        void roll_back_what_is_worse() {
            start("{%s}".formatted(SMALL));
            fill("s", 300, Map.of("control", share(8, 10), "treatment", share(2, 10)));
            assertThat(results().path("verdict").stringValue()).isEqualTo("rollback");
        }

        @Test
        void never_ship_on_the_evidence_that_it_was_worse() {
            start("{%s}".formatted(SMALL));
            fill("s", 200, Map.of("control", share(8, 10), "treatment", share(2, 10)));
            assertThat(results().path("verdict").stringValue()).isEqualTo("rollback");
            fill("t", 200, Map.of("control", share(2, 10), "treatment", share(9, 10)));
            var results = results();
            assertThat(
                            results.path("primary")
                                    .path("comparisons")
                                    .path(0)
                                    .path("difference")
                                    .doubleValue())
                    .isPositive();
            assertThat(
                            results.path("primary")
                                    .path("comparisons")
                                    .path(0)
                                    .path("pValue")
                                    .doubleValue())
                    .isLessThan(0.05);
            assertThat(results.path("verdict").stringValue()).isEqualTo("keep_running");
        }

        @Test
        void turn_round_when_less_is_better() {
            start("{%s, 'metrics': [{'name': 'done', 'direction': 'decrease'}]}".formatted(SMALL));
            fill("s", 300, Map.of("control", share(8, 10), "treatment", share(2, 10)));
            assertThat(results().path("winner").stringValue()).isEqualTo("treatment");
        }

        @ParameterizedTest(name = "{0}")
        @ValueSource(strings = {"0.6", "{'relative': 1.2}"})
        void give_up_when_no_difference_of_interest_is_left(String effect) {
            start(
                    "{'rule': {'burnIn': {'perArm': 20, 'conversions': 5}, 'plannedSample': 400, 'minimumEffect': %s}}"
                            .formatted(effect));
            fill("s", 600, Map.of("control", share(5, 10), "treatment", share(5, 10)));
            assertThat(results().path("verdict").stringValue()).isEqualTo("futile");
        }

        @Test
        void give_up_at_the_declared_maximum() {
            start("{'rule': {'maxSample': 200}}");
            fill("s", 200, Map.of());
            assertThat(results().path("why").stringValue())
                    .isEqualTo("The declared maximum of 200 units is reached without a decision.");
        }

        @Test
        void are_invalid_when_the_arms_did_not_get_their_share() {
            start("{%s}".formatted(SMALL));
            var names = JsonNodeFactory.instance.arrayNode();
            IntStream.range(0, 2000)
                    .mapToObj(i -> "s" + i)
                    .filter(s -> Bucketing.hash(id + "/1", s, 2) < 0.5)
                    .limit(100)
                    .forEach(names::add);
            assign(names.toString(), "{}");
            var results = results();
            assertThat(results.path("verdict").stringValue()).isEqualTo("invalid");
            assertThat(results.path("validity").path("srm").path("ok").booleanValue()).isFalse();
        }

        @Test
        void roll_back_a_winner_that_breaches_a_guardrail() {
            start(
                    "{%s, 'guardrails': [{'name': 'errors', 'direction': 'decrease', 'margin': 0.1}]}"
                            .formatted(SMALL));
            fill("s", 300, Map.of("control", share(2, 10), "treatment", share(8, 10)));
            assertThat(results().path("verdict").stringValue()).isEqualTo("ship");
            bench.write(work -> {
                var outcomes = JsonNodeFactory.instance.arrayNode();
                for (var i = 0; i < 300; i++) {
                    var arm =
                            work.assign(id, Bench.value("'s%d'".formatted(i)), json("{}"))
                                    .path("key")
                                    .stringValue();
                    if (arm.equals("treatment") && i % 10 < 8) {
                        outcomes.addObject().put("subject", "s" + i).put("metric", "errors");
                    }
                }
                return work.record(id, outcomes);
            });
            var results = results();
            assertThat(results.path("verdict").stringValue()).isEqualTo("rollback");
            assertThat(results.path("why").stringValue())
                    .isEqualTo("Every treatment breaches a guardrail.");
            assertThat(results.path("guardrails").path(0).path("metric").stringValue())
                    .isEqualTo("errors");
        }

        @Test
        void adjust_for_three_arms_as_holm() {
            start("{%s, 'variants': ['control', 'b', 'c']}".formatted(SMALL));
            fill("s", 450, Map.of("control", share(4, 10), "b", share(8, 10), "c", share(5, 10)));
            var results = results();
            assertThat(results.path("winner").stringValue()).isEqualTo("b");
            var b = results.path("primary").path("comparisons").path(0);
            var c = results.path("primary").path("comparisons").path(1);
            assertThat(b.path("adjustedPValue").doubleValue())
                    .isEqualTo(2 * b.path("pValue").doubleValue());
            assertThat(c.path("adjustedPValue").doubleValue())
                    .isEqualTo(c.path("pValue").doubleValue());
        }

        @ParameterizedTest(name = "{0} of 2, -2, 0 is {1}, and without outcome {2}")
        @CsvSource({"sum,0.0,0.0", "mean,0.0,", "count,3.0,0.0", "proportion,1.0,0.0"})
        void make_one_number_of_a_unit(String type, double all, Double none) {
            start(
                    "{'variants': ['a', 'b'], 'metrics': [{'name': 'done', 'type': '%s'}]}"
                            .formatted(type));
            var arm = assign("'u1'", "{}").path("key").stringValue();
            var before = arm(arm);
            assertThat(before.has("mean") ? (Double) before.path("mean").doubleValue() : null)
                    .isEqualTo(none);
            record(
                    "[{'subject': 'u1', 'value': 2}, {'subject': 'u1', 'value': -2}, {'subject': 'u1', 'value': 0}]");
            assertThat(arm(arm).path("mean").doubleValue()).isEqualTo(all);
        }

        private JsonNode arm(String key) {
            return results()
                    .path("primary")
                    .path("arms")
                    .valueStream()
                    .filter(arm -> arm.path("key").stringValue().equals(key))
                    .findFirst()
                    .orElseThrow();
        }

        @Test
        void keep_the_smallest_p_of_the_looks_that_count() {
            start("{%s}".formatted(SMALL));
            fill("s", 300, Map.of("control", share(2, 10), "treatment", share(8, 10)));
            var early =
                    results()
                            .path("primary")
                            .path("comparisons")
                            .path(0)
                            .path("pValue")
                            .doubleValue();
            fill("t", 300, Map.of("control", share(5, 10), "treatment", share(5, 10)));
            assertThat(
                            results()
                                    .path("primary")
                                    .path("comparisons")
                                    .path(0)
                                    .path("pValue")
                                    .doubleValue())
                    .isLessThanOrEqualTo(early);
        }

        @Test
        void of_events_that_were_not_kept_are_logged_but_do_not_count()
                throws InterruptedException {
            start("{%s}".formatted(SMALL));
            List<Experiments.PendingLook> seen;
            try (var transaction =
                    bench.folder().begin("default", assay.domain.store.Transaction.Mode.WRITE)) {
                var work = bench.unit(transaction);
                var _ = work.assign(id, Bench.value("'u1'"), json("{}"));
                var _ = work.results(id);
                seen = work.looks();
            }
            new Looks(bench.folder())
                    .log(new assay.domain.Caller("default", "ada", false), seen, false);
            try (var transaction =
                    bench.folder().begin("default", assay.domain.store.Transaction.Mode.READ)) {
                assertThat(new assay.domain.store.Events(transaction).looks(id, 1))
                        .singleElement()
                        .extracting(look -> look.counts())
                        .isEqualTo(false);
            }
            assertThat(results().path("validity").path("looks").intValue()).isEqualTo(1);
        }
    }

    @Nested
    class Concluding {
        @Test
        void without_data_ends_without_a_winner_and_says_why() {
            start("{}");
            bench.goOn(Duration.ofHours(1));
            var concluded = verb("conclude", "{}");
            assertThat(concluded.path("status").stringValue()).isEqualTo("Concluded");
            assertThat(concluded.path("winner").isNull()).isTrue();
            assertThat(concluded.path("endedReason").stringValue())
                    .isEqualTo("Nobody has been exposed yet.");
            assertThat(concluded.path("endAt").stringValue()).isEqualTo("2026-03-30T10:00:00.000Z");
            assertThat(verb("conclude", "{}").path("$version"))
                    .isEqualTo(concluded.path("$version"));
        }

        @Test
        void names_the_winner_of_the_rule() {
            start("{%s}".formatted(Results.SMALL));
            fill("s", 300, Map.of("control", share(2, 10), "treatment", share(8, 10)));
            var concluded = verb("conclude", "{'winner': 'treatment'}");
            assertThat(concluded.path("winner").stringValue()).isEqualTo("treatment");
            assertThat(concluded.path("sampleSize").intValue()).isEqualTo(300);
            assertThat(concluded.path("conversions").intValue()).isBetween(130, 170);
            assertThat(concluded.path("results").path("verdict").stringValue()).isEqualTo("ship");
            assertThat(refusal(() -> verb("conclude", "{'winner': 'control'}")))
                    .isEqualTo(
                            "illegal_transition: Experiment '%s' is concluded already, with the winner 'treatment'. | Leave it as it is, or create a new experiment to measure again."
                                    .formatted(id));
        }

        @Test
        void leaves_only_steps_that_can_be_taken() {
            start("{}");
            verb("pause", "{}");
            assertThat(results().path("next").toString())
                    .contains(".resume(")
                    .doesNotContain("assign(");
            var stored = verb("conclude", "{}").path("results");
            assertThat(stored.path("next").toString())
                    .contains(
                            "assign serves 'control' to everybody", ".complete('%s')".formatted(id))
                    .doesNotContain("conclude(", "record(");
            assertThat(results().path("next")).isEqualTo(stored.path("next"));
            verb("complete", "{}");
            assertThat(results().path("next")).isEmpty();
            start("{}");
            verb("stop", "{}");
            assertThat(results().path("next")).isEmpty();
        }

        @Test
        void takes_another_winner_only_with_a_reason() {
            start("{}");
            assertThat(refusal(() -> verb("conclude", "{'winner': 'treatment'}")))
                    .isEqualTo(
                            "invalid_value: The rule has not named 'treatment' the winner: Nobody has been exposed yet. | Leave winner out to end without one, keep the experiment running, or give a reason beside it, {winner, reason}, which is recorded as an override.");
            assertThat(refusal(() -> verb("conclude", "{'winner': 'b', 'reason': 'x'}")))
                    .isEqualTo(
                            "invalid_value: The experiment has no variant 'b'. | Name one of: 'control', 'treatment'.");
            var concluded =
                    verb("conclude", "{'winner': 'treatment', 'reason': 'legal demands it'}");
            assertThat(concluded.path("endedReason").stringValue())
                    .isEqualTo("Override: legal demands it");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "winner",
                    "confidence",
                    "results",
                    "sampleSize",
                    "conversions",
                    "iteration"
                })
        void is_the_only_way_to_its_figures(String field) {
            start("{}");
            assertThat(refusal(() -> bench.update("Experiment", id, "{'%s': 5}".formatted(field))))
                    .startsWith("computed_field");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Started", "Running", "Paused"})
    void is_not_deleted_while_it_serves_anybody(String status) {
        start("{}");
        if (!status.equals("Started")) {
            assign("'ada'", "{}");
        }
        if (status.equals("Paused")) {
            verb("pause", "{}");
        }
        assertThat(refusal(() -> bench.delete("Experiment", id)))
                .isEqualTo(
                        "illegal_transition: Experiment '%s' is %s and cannot be deleted. | Stop it with $.Experiment.stop('%s'), or conclude it, then delete it."
                                .formatted(id, status, id));
        verb("stop", "{}");
        assertThat(bench.delete("Experiment", id)).isTrue();
    }

    @Nested
    class Starting {
        @ParameterizedTest(name = "{0}: {1}")
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                textBlock =
                        """
                        {'variants': ['a']}                             | missing_field: The experiment has 1 variant; a comparison needs two.
                        {'variants': null}                              | missing_field: The experiment has no variants; a comparison needs two.
                        {'primaryMetric': null}                         | missing_field: The experiment has no primaryMetric to decide by.
                        {'variants': [{'key': 'a', 'weight': 1}, {'key': 'b', 'weight': 0}]} | invalid_value: Only one variant has a weight above 0; a comparison needs two.
                        {'trafficAllocation': 0.01}                     | invalid_value: Variant 'treatment' would get fewer than 1 of 10,000 subjects.
                        """)
        void checks_the_design(String design, String problem) {
            id = draft(design);
            assertThat(refusal(() -> verb("start", "{}"))).startsWith(problem);
            assertThat(experiment().path("status").stringValue()).isEqualTo("Draft");
        }

        @ParameterizedTest(name = "{0}: {1}")
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                textBlock =
                        """
                        {'rule': {'alhpa': 0.1}}                        | invalid_value: The rule has the unknown member 'alhpa'.
                        {'rule': {'alpha': 5}}                          | invalid_value: 5 is not valid for rule.alpha.
                        {'rule': {'methodology': 'fixed'}}              | invalid_value: The methodology 'fixed' needs a planned sample: that is where it looks.
                        {'rule': {'burnIn': {'perArm': -1}}}            | invalid_value: -1 is not valid for rule.burnIn.perArm.
                        {'rule': {'minimumEffect': 'big'}}              | invalid_value: 'big' is not valid for rule.minimumEffect.
                        {'rule': {'burnIn': 5}}                         | invalid_value: 5 is not valid for rule.burnIn.
                        {'rule': {'burnIn': {'perArm': 0.5}}}           | invalid_value: 0.5 is not valid for rule.burnIn.perArm.
                        {'rule': {'burnIn': {'perarm': 5}}}             | invalid_value: The rule has the unknown member 'burnIn.perarm'.
                        {'rule': {'maxSample': 0.5}}                    | invalid_value: 0.5 is not valid for rule.maxSample.
                        {'rule': {'plannedSample': '400'}}              | invalid_value: '400' is not valid for rule.plannedSample.
                        {'rule': {'alpha': '0.05'}}                     | invalid_value: '0.05' is not valid for rule.alpha.
                        {'rule': {'correction': []}}                    | invalid_value: The rule has the unknown correction [].
                        {'rule': {'minimumEffect': {'absolute': 0.1}}}  | invalid_value: The rule has the unknown member 'minimumEffect.absolute'.
                        {'rule': {'minimumEffect': {}}}                 | invalid_value: {} is not valid for rule.minimumEffect.
                        {'metrics': [{'name': 'done', 'tpye': 'mean'}]} | invalid_value: Metric 'done' has the unknown member 'tpye'.
                        {'metrics': [{'name': 'done', 'type': 5}]}      | invalid_value: Metric 'done' has the unknown type 5.
                        {'metrics': [{'name': 'done', 'type': 'median'}]} | invalid_value: Metric 'done' has the unknown type 'median'.
                        {'metrics': [{'name': 'done', 'direction': 'sideways'}]} | invalid_value: Metric 'done' has the unknown direction 'sideways'.
                        {'guardrails': [{'name': 'e', 'margin': 'x'}]}  | invalid_value: 'x' is not valid for margin of metric 'e'.
                        """)
        void needs_a_rule_and_metrics_that_were_refused_otherwise_when_written(
                String design, String problem) {
            assertThat(refusal(() -> draft(design))).startsWith(problem);
        }

        @Test
        void takes_null_in_a_rule_for_absent() {
            start(
                    "{'rule': {'alpha': null, 'methodology': null, 'plannedSample': null, 'minimumEffect': null, 'maxSample': null, 'burnIn': null, 'correction': null}}");
            assertThat(results().path("rule"))
                    .isEqualTo(
                            Rule.of(json("{}"))
                                    .toJson()
                                    .put(
                                            "text",
                                            "Every look may decide: p-values and intervals hold over all looks together, and are sharpest near 5000 units. Ship the best treatment that beats 'control' on 'done' with a p of at most 0.05. Roll back when every treatment is shown to be worse than the control. Nothing is decided before 100 units per arm and 25 units with an outcome other than 0."));
        }

        @Test
        void names_the_field_of_a_metric_that_is_refused() {
            assertThatThrownBy(() -> draft("{'guardrails': ['a', {'name': 'e', 'margin': -1}]}"))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused ->
                                    assertThat(refused.field()).hasValue("guardrails[1].margin"));
        }

        @Test
        void sets_the_time_unless_it_is_set() {
            start("{}");
            assertThat(experiment().path("startAt").stringValue())
                    .isEqualTo("2026-03-30T09:00:00.000Z");
            start("{'startAt': '2026-01-01T00:00:00Z'}");
            assertThat(experiment().path("startAt").stringValue())
                    .isEqualTo("2026-01-01T00:00:00.000Z");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "'primaryMetric': 'x'",
                    "'audience': {'plan': 'pro'}",
                    "'rule': {'alpha': 0.2}",
                    "'layer': 'checkout'",
                    "'metrics': ['x']"
                })
        void freezes_what_the_results_rest_on(String change) {
            start("{}");
            assertThat(refusal(() -> bench.update("Experiment", id, "{%s}".formatted(change))))
                    .startsWith("illegal_transition: '");
            assertThat(refusal(() -> verb("pause", "{%s}".formatted(change))))
                    .startsWith("illegal_transition: '");
            assertThat(bench.update("Experiment", id, "{'name': 'y'}").path("name").stringValue())
                    .isEqualTo("y");
        }

        @Test
        void cannot_be_rolled_back_once_somebody_was_exposed() {
            start("{}");
            assertThat(bench.rollback("Experiment", id, "1").path("status").stringValue())
                    .isEqualTo("Draft");
            verb("start", "{}");
            assign("'u1'", "{}");
            assertThat(refusal(() -> bench.rollback("Experiment", id, "1")))
                    .startsWith("illegal_transition: Experiment '%s' has exposures".formatted(id));
        }
    }
}
