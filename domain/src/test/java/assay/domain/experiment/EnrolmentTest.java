package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Who enters an experiment, and why somebody does not.
@DisplayNameGeneration(ReplaceUnderscores.class)
class EnrolmentTest extends OnBench {
    JsonNode assign(String id, String subjects, String options) {
        return bench.write(work -> work.assign(id, Bench.value(subjects), json(options)));
    }

    String answer(String id, String subjects, String options) {
        var answer = assign(id, subjects, options);
        return answer.path("key").asString("nothing") + ", " + answer.path("reason").stringValue();
    }

    JsonNode many(String id, int count) {
        var names = JsonNodeFactory.instance.arrayNode();
        IntStream.range(0, count).forEach(i -> names.add("user-" + i));
        return bench.write(work -> work.assign(id, names, json("{}")));
    }

    static Map<String, Long> counts(JsonNode answers) {
        return answers.valueStream()
                .collect(
                        Collectors.groupingBy(
                                one -> one.path("key").asString("nothing"), Collectors.counting()));
    }

    JsonNode experiment(String id) {
        return bench.get("Experiment", id, "{}").orElseThrow();
    }

    long exposed(String id) {
        return bench.count(
                "Event", "{'type': 'experiment.exposure', 'experiment': '%s'}".formatted(id), "{}");
    }

    @Nested
    class An_audience {
        @Test
        void takes_in_by_the_attributes_of_the_call_or_of_the_subject() {
            var id = start("{'audience': {'plan': 'pro'}}");
            assertThat(
                            assign(id, "'ada'", "{'attributes': {'plan': 'pro'}}")
                                    .path("exposed")
                                    .booleanValue())
                    .isTrue();
            assertThat(answer(id, "'bob'", "{'attributes': {'plan': 'free'}}"))
                    .isEqualTo("nothing, outside the audience: plan eq 'pro' does not hold");
            assertThat(
                            assign(
                                            id,
                                            "['cid', {'subject': 'dan', 'attributes': {'plan': 'free'}}, {'subject': 'eve'}]",
                                            "{'attributes': {'plan': 'pro'}}")
                                    .valueStream()
                                    .map(one -> one.path("exposed").booleanValue()))
                    .containsExactly(true, false, true);
        }

        @Test
        void does_not_put_out_whoever_is_in() {
            var id = start("{'audience': {'plan': 'pro'}}");
            assign(id, "'ada'", "{'attributes': {'plan': 'pro'}}");
            assertThat(
                            assign(id, "'ada'", "{'attributes': {'plan': 'free'}}")
                                    .path("reason")
                                    .stringValue())
                    .isEqualTo("assigned before");
        }

        @Test
        void may_be_a_segment_as_it_was_at_the_start() {
            var segment =
                    bench.create(
                                    "Segment",
                                    "{'name': 'Pro', 'criteria': '{\\u0022plan\\u0022: \\u0022pro\\u0022}'}")
                            .path("$id")
                            .stringValue();
            var id = start("{'audience': {'segment': '%s'}}".formatted(segment));
            bench.update("Segment", segment, "{'criteria': null}");
            assertThat(experiment(id).path("audience"))
                    .isEqualTo(
                            Bench.value(
                                    "{'segment': '%s', 'rules': [{'plan': 'pro'}]}"
                                            .formatted(segment)));
            assertThat(answer(id, "'bob'", "{'attributes': {'plan': 'free'}}"))
                    .isEqualTo("nothing, outside the audience: plan eq 'pro' does not hold");
            assertThat(refusal(() -> start("{'audience': {'segment': '%s'}}".formatted(segment))))
                    .startsWith(
                            "invalid_value: The criteria of segment '%s' are no rules on attributes: nothing."
                                    .formatted(segment));
            assertThat(refusal(() -> start("{'audience': {'segment': 'segment_nobody00'}}")))
                    .startsWith(
                            "invalid_value: There is no segment 'segment_nobody00' to be the audience.");
        }

        @Test
        void wants_attributes_as_an_object() {
            var id = start("{}");
            assertThat(refusal(() -> assign(id, "'ada'", "{'attributes': 'pro'}")))
                    .startsWith("invalid_value: 'pro' is not valid for attributes.");
            assertThat(refusal(() -> assign(id, "[{'subject': 'ada', 'plan': 'pro'}]", "{}")))
                    .startsWith("unknown_field: A subject has no member 'plan'.");
        }
    }

    @Nested
    class An_override {
        @Test
        void decides_before_everything_else_and_does_not_count() {
            var id = start("{'audience': {'plan': 'pro'}, 'overrides': {'qa': 'treatment'}}");
            assertThat(assign(id, "'qa'", "{}"))
                    .isEqualTo(
                            json("{'key': 'treatment', 'value': null, 'iteration': 1, 'exposed': false, 'reason': 'override: not counted'}")
                                    .put("iteration", 1L));
            assertThat(experiment(id).path("status").stringValue()).isEqualTo("Started");
            bench.update("Experiment", id, "{'overrides': {'qa': 'control'}}");
            assertThat(assign(id, "'qa'", "{}").path("key").stringValue()).isEqualTo("control");
            assertThat(exposed(id)).isZero();
        }
    }

    @Nested
    class A_layer {
        @Test
        void has_no_subject_in_two_of_its_experiments() {
            var first = start("{'layer': {'name': 'checkout', 'share': 60}}");
            var second = start("{'layer': {'name': 'checkout', 'share': 40}}");
            var other = start("{'layer': 'search'}");
            assertThat(experiment(first).path("layerBuckets"))
                    .isEqualTo(Bench.value("[[0, 6000]]"));
            assertThat(experiment(second).path("layerBuckets"))
                    .isEqualTo(Bench.value("[[6000, 10000]]"));
            var a = many(first, 3_000);
            var b = many(second, 3_000);
            var all = many(other, 3_000);
            for (var i = 0; i < 3_000; i++) {
                assertThat(a.path(i).hasNonNull("key")).isNotEqualTo(b.path(i).hasNonNull("key"));
                assertThat(all.path(i).hasNonNull("key")).isTrue();
            }
            assertThat(counts(a).get("nothing")).isBetween(1_050L, 1_350L);
            assertThat(counts(a).get("control")).isBetween(780L, 1_020L);
        }

        @Test
        void refuses_more_than_is_left_and_says_who_has_the_rest() {
            var first = start("{'name': 'Cart', 'layer': {'name': 'checkout', 'share': 70}}");
            var second = draft("{'layer': {'name': 'checkout', 'share': 50}}");
            assertThat(refusal(() -> verb("start", second)))
                    .isEqualTo(
                            "invalid_value: The layer 'checkout' has 30 %% of its subjects left, not 50 %%: 'Cart' (%s) has 70 %%. | Set layer.share to at most 30, end one of them first, or use another layer."
                                    .formatted(first));
            verb("stop", first);
            verb("start", second);
            assertThat(experiment(second).path("layerBuckets"))
                    .isEqualTo(Bench.value("[[0, 5000]]"));
        }

        @Test
        void fills_the_gaps_that_others_leave() {
            var first = start("{'layer': {'name': 'l', 'share': 20}}");
            start("{'layer': {'name': 'l', 'share': 50}}");
            verb("stop", first);
            var third = start("{'layer': {'name': 'l', 'share': 45}}");
            assertThat(experiment(third).path("layerBuckets"))
                    .isEqualTo(Bench.value("[[0, 2000], [7000, 9500]]"));
        }

        @Test
        void is_kept_during_a_pause() {
            var first = start("{'layer': {'name': 'l', 'share': 60}}");
            verb("pause", first);
            var second = draft("{'layer': {'name': 'l', 'share': 60}}");
            assertThat(refusal(() -> verb("start", second)))
                    .startsWith("invalid_value: The layer 'l'");
        }
    }

    @Nested
    class A_holdout {
        @Test
        void leaves_its_control_out_of_others_and_measures_them_against_everyone_else() {
            var holdout =
                    start(
                            "{'slug': 'h', 'variants': null, 'name': 'Holdout 2026', 'allocation': {'design': 'holdout', 'share': 20}}");
            var id = start("{'holdout': 'h'}");
            assertThat(experiment(id).path("holdout").stringValue()).isEqualTo(holdout);
            var answers = many(id, 2_000);
            var held = counts(answers).getOrDefault("nothing", 0L);
            assertThat(held).isBetween(330L, 470L);
            assertThat(
                            answers.valueStream()
                                    .filter(one -> !one.hasNonNull("key"))
                                    .map(one -> one.path("reason").stringValue())
                                    .distinct())
                    .containsExactly("held out by 'Holdout 2026'");
            assertThat(exposed(holdout)).isEqualTo(2_000);
            assertThat(exposed(id)).isEqualTo(2_000 - held);
            assertThat(experiment(holdout).path("status").stringValue()).isEqualTo("Running");
            assertThat(counts(many(holdout, 2_000)).get("heldout")).isEqualTo(held);
        }

        /// Two experiments with some of the traffic each: who would enter neither is not compared.
        @Test
        void compares_who_is_held_out_with_all_who_entered_any_experiment_of_it() {
            var holdout =
                    start(
                            "{'slug': 'h', 'variants': null, 'allocation': {'design': 'holdout', 'share': 50}}");
            var first = start("{'holdout': 'h', 'trafficAllocation': 30}");
            var second = start("{'holdout': 'h', 'trafficAllocation': 40}");
            var entered = new HashSet<String>();
            var held = new HashSet<String>();
            for (var id : List.of(first, second)) {
                var answers = many(id, 1_000);
                for (var i = 0; i < answers.size(); i++) {
                    var answer = answers.path(i);
                    if (answer.hasNonNull("key")) {
                        entered.add("user-" + i);
                    } else if (answer.path("reason").stringValue().startsWith("held out")) {
                        held.add("user-" + i);
                    }
                }
            }
            assertThat(entered).doesNotContainAnyElementsOf(held);
            assertThat(held.size() + entered.size()).isBetween(500, 660);
            var buyer = held.iterator().next();
            assertThat(
                            refusal(() ->
                                    bench.write(work ->
                                            work.record(
                                                    first,
                                                    Bench.value(
                                                            "{'subject': '%s', 'value': 3}"
                                                                    .formatted(buyer))))))
                    .isEqualTo(
                            "unknown_id: Subject '%s' is held out of this experiment. | Send what subjects do with $.Event.create: that counts for every experiment and for the holdout."
                                    .formatted(buyer));
            bench.create("Event", "{'type': 'done', 'userId': '%s', 'value': 3}".formatted(buyer));
            var arms =
                    bench.read(work -> work.results(holdout, json("{}")))
                            .path("primary")
                            .path("arms");
            assertThat(arms.findValuesAsString("key")).containsExactly("heldout", "everyone");
            assertThat(arms.findValuesAsString("n"))
                    .containsExactly("" + held.size(), "" + entered.size());
            assertThat(arms.findValuesAsString("sum")).containsExactly("3.0", "0.0");
        }

        @Test
        void lets_everybody_in_once_it_has_ended() {
            var holdout =
                    start("{'variants': null, 'allocation': {'design': 'holdout', 'share': 50}}");
            var id = start("{'holdout': '%s'}".formatted(holdout));
            assertThat(counts(many(id, 100))).containsKey("nothing");
            verb("stop", holdout);
            assertThat(counts(many(id, 100))).doesNotContainKey("nothing");
        }

        @Test
        void must_run_before_others_can_name_it() {
            var draft = draft("{'variants': null, 'allocation': 'holdout'}");
            var plain = start("{}");
            assertThat(refusal(() -> start("{'holdout': 'nobody'}")))
                    .startsWith(
                            "invalid_value: There is no experiment 'nobody' to be the holdout.");
            assertThat(refusal(() -> start("{'holdout': '%s'}".formatted(plain))))
                    .startsWith(
                            "invalid_value: Experiment '%s' is not a holdout.".formatted(plain));
            assertThat(refusal(() -> start("{'holdout': '%s'}".formatted(draft))))
                    .startsWith(
                            "invalid_value: The holdout '%s' is Draft and holds nobody out."
                                    .formatted(draft));
        }
    }

    @Nested
    class Time {
        @Test
        void that_a_start_is_set_for_is_waited_for_as_a_draft() {
            var id = draft("{'startAt': '2026-03-31T09:00:00Z'}");
            var scheduled = verb("start", id);
            assertThat(scheduled.path("status").stringValue()).isEqualTo("Draft");
            assertThat(scheduled.path("scheduled").booleanValue()).isTrue();
            assertThat(verb("start", id)).isEqualTo(scheduled);
            bench.goOn(Duration.ofDays(1));
            var started = verb("start", id);
            assertThat(started.path("status").stringValue()).isEqualTo("Started");
            assertThat(started.has("scheduled")).isFalse();
            assertThat(started.path("startAt").stringValue()).isEqualTo("2026-03-31T09:00:00.000Z");
        }

        @Test
        void of_a_start_may_be_taken_back() {
            var id = draft("{'startAt': '2026-03-31T09:00:00Z'}");
            verb("start", id);
            assertThat(bench.update("Experiment", id, "{'startAt': null}").has("scheduled"))
                    .isFalse();
        }

        @Test
        void of_a_start_is_set_for_a_design_that_can_start() {
            var id = draft("{'startAt': '2026-03-31T09:00:00Z', 'variants': ['a']}");
            assertThat(refusal(() -> verb("start", id)))
                    .startsWith("missing_field: The experiment has 1 variant");
        }

        @Test
        void of_its_end_lets_nobody_new_in() {
            var id = start("{'endAt': '2026-03-30T10:00:00Z'}");
            var known = assign(id, "'ada'", "{}").path("key").stringValue();
            bench.goOn(Duration.ofHours(1));
            assertThat(answer(id, "'ada'", "{}")).isEqualTo(known + ", assigned before");
            assertThat(answer(id, "'bob'", "{}"))
                    .isEqualTo("nothing, past endAt: nobody new enters");
        }
    }

    @Nested
    class Another_cohort {
        @Test
        void draws_new_subjects_by_new_weights_and_keeps_those_who_are_in() {
            var id = start("{'variants': [{'key': 'a', 'value': 1}, {'key': 'b', 'value': 2}]}");
            var before = many(id, 400);
            bench.goOn(Duration.ofDays(1));
            bench.update(
                    "Experiment",
                    id,
                    "{'variants': [{'key': 'a', 'weight': 0}, {'key': 'b', 'weight': 1}, {'key': 'c', 'weight': 1}]}");
            var after = many(id, 1_000);
            var keys = new HashSet<String>();
            for (var i = 0; i < 1_000; i++) {
                if (i < 400) {
                    assertThat(after.path(i).path("key")).isEqualTo(before.path(i).path("key"));
                } else {
                    keys.add(after.path(i).path("key").stringValue());
                }
            }
            assertThat(keys).containsExactlyInAnyOrder("b", "c");
            var experiment = (ObjectNode) experiment(id);
            assertThat(experiment.path("cohorts"))
                    .isEqualTo(
                            Bench.value(
                                    """
                                    [{'cohort': 1, 'from': '2026-03-30T09:00:00.000Z', 'trafficAllocation': 100, 'weights': {'a': 1, 'b': 1}},
                                     {'cohort': 2, 'from': '2026-03-31T09:00:00.000Z', 'trafficAllocation': 100, 'weights': {'a': 0, 'b': 1, 'c': 1}}]\
                                    """));
            assertThat(experiment.path("variants"))
                    .isEqualTo(
                            Bench.value(
                                    """
                                    [{'key': 'a', 'name': 'a', 'weight': 0, 'control': true, 'value': 1},
                                     {'key': 'b', 'name': 'b', 'weight': 1, 'control': false, 'value': 2},
                                     {'key': 'c', 'name': 'c', 'weight': 1, 'control': false}]\
                                    """));
            var cohorts = Design.of(id, experiment).cohorts();
            assertThat(cohorts.get(0).shares()).containsExactly(0.5, 0.5, 0.0);
            assertThat(cohorts.get(1).shares()).containsExactly(0.0, 0.5, 0.5);
        }

        @Test
        void opens_for_another_traffic_allocation() {
            var id = start("{'trafficAllocation': 10}");
            bench.update("Experiment", id, "{'trafficAllocation': 50}");
            bench.update("Experiment", id, "{'trafficAllocation': 50, 'name': 'y'}");
            assertThat(experiment(id).path("cohorts").size()).isEqualTo(2);
            assertThat(counts(many(id, 1_000)).get("nothing")).isBetween(440L, 560L);
        }

        @Test
        void takes_no_variant_away_and_makes_none_another() {
            var id = start("{'variants': [{'key': 'a', 'value': 1}, {'key': 'b', 'value': 2}]}");
            assertThat(refusal(() -> bench.update("Experiment", id, "{'variants': ['a', 'c']}")))
                    .isEqualTo(
                            "illegal_transition: Variant 'b' cannot be taken away while the experiment runs. | Send it with weight 0, then nobody new gets it; or begin the next iteration with $.Experiment.iterate(id, {variants: […]}, {reason: '…'}).");
            assertThat(
                            refusal(() ->
                                    bench.update(
                                            "Experiment",
                                            id,
                                            "{'variants': [{'key': 'a', 'value': 5}, {'key': 'b'}]}")))
                    .startsWith("illegal_transition: Variant 'a' cannot become another treatment");
            assertThat(
                            refusal(() ->
                                    bench.update(
                                            "Experiment",
                                            id,
                                            "{'variants': [{'key': 'a'}, {'key': 'b', 'control': true}]}")))
                    .startsWith("illegal_transition: Variant 'a' cannot become another treatment");
            assertThat(experiment(id).has("cohorts")).isFalse();
        }
    }
}
