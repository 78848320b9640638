package assay.domain.loop;

import static assay.domain.work.Bench.value;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.IsoTime;
import assay.domain.Reason;
import assay.domain.store.Leases.Spent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LoopTest {
    @TempDir Path data;

    private static String unit(JsonNode one) {
        return one.path("item").path("id").stringValue()
                + "/"
                + one.path("variant").stringValue()
                + "/"
                + one.path("repetition").asInt();
    }

    @Nested
    class Leasing_units {
        @Test
        void gives_the_messages_that_the_model_is_to_be_sent() {
            try (var course = new Course(data, 3, "")) {
                var answer = course.next("{'n': 6, 'ttl': '5m'}");
                var unit =
                        answer.path("units")
                                .valueStream()
                                .filter(one -> unit(one).equals("i2/kind/1"))
                                .findFirst()
                                .orElseThrow();
                ((tools.jackson.databind.node.ObjectNode) unit).remove("lease");
                assertThat(unit)
                        .isEqualTo(
                                value(
                                        """
                                        {'item': {'id': 'i2', 'input': {'a': 2}, 'expected': '3'}, 'variant': 'kind', 'repetition': 1,
                                         'messages': [{'role': 'user', 'content': 'Please, 2 + 1?'}], 'model': 'm', 'expiresAt': '%s'}
                                        """
                                                .formatted(
                                                        IsoTime.text(
                                                                course.bench
                                                                        .now()
                                                                        .plusSeconds(300)))));
                assertThat(answer.path("left")).isEqualTo(value("0"));
                assertThat(answer.path("why").stringValue())
                        .isEqualTo("6 leased; record each by its lease before it runs out.");
            }
        }

        @Test
        void
                runs_both_arms_of_an_item_beside_each_other_and_all_its_repetitions_before_the_next_item() {
            try (var course = new Course(data, 20, ", 'repetitions': 2")) {
                var units = course.lease(80);
                var items = new ArrayList<String>();
                var firstArms = new HashSet<String>();
                for (var i = 0; i < 80; i += 2) {
                    assertThat(units.get(i).path("item")).isEqualTo(units.get(i + 1).path("item"));
                    assertThat(units.get(i).path("variant"))
                            .isNotEqualTo(units.get(i + 1).path("variant"));
                    assertThat(units.get(i).path("repetition").asInt()).isEqualTo(i / 2 % 2 + 1);
                    items.add(units.get(i).path("item").path("id").stringValue());
                    firstArms.add(units.get(i).path("variant").stringValue());
                }
                var order = items.stream().distinct().toList();
                assertThat(order).hasSize(20).isNotEqualTo(order.stream().sorted().toList());
                assertThat(items)
                        .isEqualTo(order.stream().flatMap(item -> Stream.of(item, item)).toList());
                assertThat(firstArms).containsExactlyInAnyOrder("control", "kind");
            }
        }

        @Test
        void exposes_a_unit_once_with_its_item_as_attribute() {
            try (var course = new Course(data, 3, "")) {
                course.lease(2);
                course.bench.goOn(Duration.ofHours(1));
                course.lease(4);
                var results = course.results();
                assertThat(
                                results.path("primary")
                                        .path("arms")
                                        .valueStream()
                                        .map(arm -> arm.path("key").stringValue())
                                        .toList())
                        .containsExactlyInAnyOrder("control", "kind");
                var events = course.bench.find("Event", "{}", "{'limit': 100}");
                assertThat(events).hasSize(4);
                assertThat(
                                events.stream()
                                        .filter(one ->
                                                one.path("userId")
                                                        .stringValue()
                                                        .equals("i2/kind/1"))
                                        .findFirst()
                                        .orElseThrow()
                                        .path("properties"))
                        .isEqualTo(value("{'even': true, '$item': 'i2', '$repetition': 1}"));
                assertThat(
                                course.bench
                                        .get("Experiment", course.id, "{}")
                                        .orElseThrow()
                                        .path("status"))
                        .isEqualTo(value("'Running'"));
            }
        }

        @Test
        void gives_a_unit_again_when_its_lease_has_run_out_and_to_nobody_before() {
            try (var course = new Course(data, 2, "")) {
                var mine = course.next("{'n': 3, 'worker': 'a', 'ttl': '1m'}");
                var others = course.next("{'n': 3, 'worker': 'b', 'ttl': '10m'}");
                assertThat(others.path("units")).hasSize(1);
                assertThat(others.path("why").stringValue())
                        .isEqualTo("Nothing is left besides: 1 unit leased.");
                var nothing = course.next("{'worker': 'b'}");
                assertThat(nothing)
                        .isEqualTo(
                                value(
                                        "{'units': [], 'left': 0, 'held': 4, 'why': 'Nothing is left to lease: leases hold 4 units, the first until %s; what is not recorded by then comes back.'}"
                                                .formatted(
                                                        IsoTime.text(
                                                                course.bench
                                                                        .now()
                                                                        .plusSeconds(60)))));
                course.bench.goOn(Duration.ofMinutes(1));
                var again = course.next("{'n': 10, 'worker': 'b'}");
                assertThat(again.path("units").valueStream().map(LoopTest::unit).toList())
                        .isEqualTo(mine.path("units").valueStream().map(LoopTest::unit).toList());
                assertThat(course.spent()).isEqualTo(new Spent(4, 10, 0, 4));
            }
        }

        @Test
        void says_when_all_is_done() {
            try (var course = new Course(data, 1, "")) {
                for (var unit : course.lease(2)) {
                    course.record(unit.path("lease"), "{'output': '1', 'score': 1}");
                }
                assertThat(course.next("{}"))
                        .isEqualTo(
                                value(
                                        "{'units': [], 'left': 0, 'held': 0, 'why': 'Every unit is recorded: read the results, and conclude.'}"));
            }
        }

        @Test
        void runs_an_arm_that_joins_later_on_what_the_others_have_run() {
            try (var course = new Course(data, 3, "")) {
                var before = course.lease(4);
                course.bench.update(
                        "Experiment",
                        course.id,
                        """
                        {'variants': [{'key': 'control'}, {'key': 'kind'},
                         {'key': 'late', 'prompt': {'template': '{{a}}'}}]}
                        """);
                var after = course.lease(5);
                assertThat(
                                after.subList(0, 2).stream()
                                        .map(one ->
                                                one.path("item").path("id").stringValue()
                                                        + one.path("variant").stringValue())
                                        .toList())
                        .isEqualTo(
                                List.of(
                                        before.get(0).path("item").path("id").stringValue()
                                                + "late",
                                        before.get(2).path("item").path("id").stringValue()
                                                + "late"));
                assertThat(
                                after.subList(2, 5).stream()
                                        .map(one -> one.path("variant").stringValue())
                                        .toList())
                        .containsExactlyInAnyOrder("control", "kind", "late");
            }
        }

        @Test
        void runs_no_arm_any_more_that_has_lost_where_such_arms_are_dropped() {
            try (var course =
                    new Course(
                            data,
                            60,
                            ", 'allocation': 'elimination', 'metrics': [{'name': 'right', 'type': 'proportion'}]")) {
                for (var unit : course.lease(80)) {
                    var isKind = unit.path("variant").stringValue().equals("kind");
                    course.record(unit.path("lease"), "{'score': %d}".formatted(isKind ? 1 : 0));
                }
                var answer = course.next("{'n': 10}");
                assertThat(answer.path("units")).isEmpty();
                assertThat(answer.path("why").stringValue())
                        .isEqualTo(
                                "Every other variant has lost against 'kind': read the results, and conclude.");
                var dropped =
                        course.bench
                                .get("Experiment", course.id, "{}")
                                .orElseThrow()
                                .path("dropped");
                assertThat(dropped).hasSize(1);
                assertThat(dropped.path(0).path("arm")).isEqualTo(value("'control'"));
            }
        }

        @Test
        void waits_for_the_start_and_stops_with_a_pause() {
            try (var course = new Course(data, 1, "")) {
                course.bench.verb("Experiment", "pause", course.id, "{}");
                assertThat(course.refused(() -> course.next("{}")).problem())
                        .isEqualTo(
                                "Experiment '%s' is paused and leases nothing."
                                        .formatted(course.id));
                var draft =
                        course.bench
                                .create(
                                        "Experiment",
                                        "{'name': 'x', 'dataset': 'sums', 'primaryMetric': 'right'}")
                                .path("$id")
                                .stringValue();
                var refused =
                        course.refused(() ->
                                course.bench.write(work ->
                                        work.loop((_, values) -> values)
                                                .next(work.experiment(draft), value("{}"))));
                assertThat(refused.problem())
                        .isEqualTo(
                                "Experiment '%s' has not started; nobody can lease units of it."
                                        .formatted(draft));
            }
        }
    }

    @Nested
    class A_budget {
        @Test
        void of_units_counts_a_unit_once_however_often_it_is_leased() {
            try (var course = new Course(data, 5, ", 'budget': {'units': 3}")) {
                assertThat(course.lease(10)).hasSize(3);
                course.bench.goOn(Duration.ofHours(1));
                var again = course.lease(10);
                assertThat(again).hasSize(3);
                again.forEach(unit -> course.record(unit.path("lease"), "{'score': 1}"));
                var refused = course.refused(() -> course.next("{}"));
                assertThat(refused.reason()).isEqualTo(Reason.BUDGET_EXHAUSTED);
                assertThat(refused.problem())
                        .isEqualTo(
                                "The budget of experiment '%s' is used up, 3 of 3 units, and nobody holds a lease."
                                        .formatted(course.id));
            }
        }

        /// Nine units that cost a billion each are more than 64 bits hold in billionths.
        @Test
        void that_is_told_of_more_money_than_there_is_stays_used_up() {
            try (var course =
                    new Course(
                            data,
                            10,
                            ", 'budget': {'money': 999999999, 'perUnit': {'money': 0.1}}")) {
                course.lease(12)
                        .forEach(unit ->
                                course.record(
                                        unit.path("lease"),
                                        "{'score': 1, 'metrics': {'costUsd': 1e9}}"));
                assertThat(course.spent()).isEqualTo(new Spent(12, 0, 4e9, 0));
                assertThat(course.refused(() -> course.next("{}")).reason())
                        .isEqualTo(Reason.BUDGET_EXHAUSTED);
            }
        }

        @Test
        void without_a_bound_reserves_nothing() {
            try (var course =
                    new Course(data, 10, ", 'budget': {'perUnit': {'money': 999999999}}")) {
                assertThat(course.lease(20)).hasSize(20);
                assertThat(course.next("{}").path("units")).isEmpty();
            }
        }

        @Test
        void of_money_is_held_by_leases_and_given_back_when_less_was_used() {
            try (var course =
                    new Course(data, 5, ", 'budget': {'money': 1, 'perUnit': {'money': 0.3}}")) {
                var units = course.lease(10);
                assertThat(units).hasSize(3);
                assertThat(course.next("{}").path("why").stringValue())
                        .startsWith(
                                "The budget is used up or reserved, 0.9 of 1 money: leases hold 3 units");
                course.record(
                        units.get(0).path("lease"), "{'score': 1, 'metrics': {'costUsd': 0.1}}");
                assertThat(course.lease(10)).hasSize(1);
                // Nobody says what it cost, so it cost what was held for it.
                course.record(units.get(1).path("lease"), "{'score': 1}");
                assertThat(course.lease(10)).isEmpty();
                assertThat(course.spent()).isEqualTo(new Spent(4, 0, 0.4, 2));
            }
        }

        @Test
        void keeps_what_was_held_by_a_lease_that_ran_out_because_it_may_be_spent() {
            try (var course =
                    new Course(data, 5, ", 'budget': {'tokens': 130, 'perUnit': {'tokens': 40}}")) {
                var units = course.lease(2);
                course.bench.goOn(Duration.ofHours(1));
                assertThat(course.lease(10)).hasSize(1);
                assertThat(course.spent()).isEqualTo(new Spent(2, 40, 0, 2));
                course.bench.goOn(Duration.ofHours(1));
                assertThat(course.refused(() -> course.next("{}")).problem())
                        .isEqualTo(
                                "The budget of experiment '%s' is used up, 120 of 130 tokens, and nobody holds a lease (2 leases ran out without a record, and may have spent what was reserved)."
                                        .formatted(course.id));
                // One of the two was given to nobody else, and tells what it came to after all.
                for (var unit : units) {
                    course.refused(() ->
                            course.record(
                                    unit.path("lease"),
                                    "{'score': 1, 'metrics': {'inputTokens': 5, 'outputTokens': 5}}"));
                }
                assertThat(course.spent()).isEqualTo(new Spent(2, 50, 0, 1));
                assertThat(course.lease(10)).hasSize(1);
            }
        }

        @Test
        void of_tokens_is_kept_by_a_model_that_may_answer_without_end() {
            for (var most : List.of("9223372036854775807", "1" + "0".repeat(30))) {
                try (var course =
                        new Course(
                                data.resolve(most),
                                2,
                                ", 'budget': {'tokens': 100}, 'variants': ["
                                        + List.of("control", "kind").stream()
                                                .map(key ->
                                                        "{'key': '%s', 'prompt': {'template': '{{a}} %s', 'parameters': {'max_tokens': %s}}}"
                                                                .formatted(key, key, most))
                                                .collect(java.util.stream.Collectors.joining(","))
                                        + "]")) {
                    assertThat(course.refused(() -> course.next("{}")).reason())
                            .isEqualTo(Reason.BUDGET_EXHAUSTED);
                }
            }
        }

        @Test
        void is_not_used_up_while_leases_of_another_purpose_hold_it() {
            try (var course =
                    new Course(
                            data,
                            2,
                            "{'name': 'judge', 'slug': 'judge', 'kind': 'model', 'template': 'Rate {{output}}', 'scale': {'min': 1, 'max': 5}}",
                            ", 'judge': 'judge', 'budget': {'tokens': 100, 'perUnit': {'tokens': 50}}")) {
                var run = course.lease(2);
                course.record(
                        run.getFirst().path("lease"),
                        "{'output': 'x', 'metrics': {'inputTokens': 1, 'outputTokens': 1}}");
                course.bench.update(
                        "Experiment",
                        course.id,
                        "{'budget': {'tokens': 60, 'perUnit': {'tokens': 50}}}");
                var until = IsoTime.text(course.bench.now().plusSeconds(600));
                var judge = course.judge("{}");
                assertThat(judge.path("units")).isEmpty();
                assertThat(judge.path("left")).isEqualTo(value("1"));
                assertThat(judge.path("held")).isEqualTo(value("1"));
                assertThat(judge.path("why").stringValue())
                        .isEqualTo(
                                "The budget is used up or reserved, 52 of 60 tokens: leases hold 1 unit, the first until %s; what they do not use is free again."
                                        .formatted(until));
                course.record(
                        run.get(1).path("lease"),
                        "{'output': 'x', 'metrics': {'inputTokens': 1, 'outputTokens': 1}}");
                var granted = course.judge("{'n': 1}");
                assertThat(granted.path("units")).hasSize(1);
                assertThat(granted.path("left")).isEqualTo(value("1"));
                assertThat(course.next("{}").path("why").stringValue())
                        .isEqualTo(
                                "The budget is used up or reserved, 54 of 60 tokens: leases hold 1 judgement, the first until %s; what they do not use is free again."
                                        .formatted(until));
            }
        }

        @Test
        void may_be_raised_while_the_experiment_runs_which_then_goes_on() {
            try (var course = new Course(data, 5, ", 'budget': {'units': 1}")) {
                course.record(course.lease(10).getFirst().path("lease"), "{'score': 1}");
                assertThat(course.results().path("verdict")).isEqualTo(value("'futile'"));
                course.bench.update("Experiment", course.id, "{'budget': {'units': 4}}");
                assertThat(course.results().path("verdict")).isEqualTo(value("'keep_running'"));
                assertThat(course.lease(10)).hasSize(3);
            }
        }

        @Test
        void is_not_made_less_than_what_is_used_up_and_what_open_leases_reserve() {
            try (var course =
                    new Course(data, 5, ", 'budget': {'tokens': 500, 'perUnit': {'tokens': 50}}")) {
                var units = course.lease(3);
                course.record(
                        units.getFirst().path("lease"),
                        "{'score': 1, 'metrics': {'inputTokens': 20, 'outputTokens': 10}}");
                var refused =
                        course.refused(() ->
                                course.bench.update(
                                        "Experiment",
                                        course.id,
                                        "{'budget': {'tokens': 129, 'perUnit': {'tokens': 50}}}"));
                assertThat(refused.reason()).isEqualTo(Reason.INVALID_VALUE);
                assertThat(refused.field()).hasValue("budget.tokens");
                assertThat(refused.problem())
                        .isEqualTo(
                                "The budget would be less than what experiment '%s' has leased: 130 of 129 tokens, which open leases reserve or recorded ones used up."
                                        .formatted(course.id));
                assertThat(refused.repair()).startsWith("Send at least {tokens: 130}, ");
                for (var less : List.of("{'units': 2}", "{'units': 1}")) {
                    assertThat(
                                    course.refused(() ->
                                                    course.bench.update(
                                                            "Experiment",
                                                            course.id,
                                                            "{'budget': %s}".formatted(less)))
                                            .field())
                            .hasValue("budget.units");
                }
                course.bench.update(
                        "Experiment",
                        course.id,
                        "{'budget': {'units': 3, 'tokens': 130, 'perUnit': {'tokens': 50}}}");
                assertThat(course.next("{}").path("held")).isEqualTo(value("2"));
            }
        }
    }

    @Nested
    class Recording_a_lease {
        @Test
        void answers_the_same_when_it_is_sent_again_and_refuses_something_else() {
            try (var course = new Course(data, 2, "")) {
                var lease = course.lease(1).getFirst().path("lease");
                var first =
                        course.record(
                                lease, "{'output': 'x', 'score': 1, 'metrics': {'latencyMs': 5}}");
                var again =
                        course.record(
                                lease,
                                "{'metrics': {'latencyMs': 5.0}, 'score': 1, 'output': 'x', 'worker': 'a'}");
                assertThat(again).isEqualTo(first);
                assertThat(course.bench.count("Event", "{'type': 'experiment.outcome'}", "{}"))
                        .isEqualTo(3);
                var other = course.refused(() -> course.record(lease, "{'score': 0}"));
                assertThat(other.reason()).isEqualTo(Reason.NOT_UNIQUE);
                assertThat(other.problem())
                        .isEqualTo(
                                "Lease '%s' is recorded already, with something else."
                                        .formatted(lease.stringValue()));
            }
        }

        @Test
        void may_come_late_unless_somebody_else_was_given_the_unit() {
            try (var course = new Course(data, 2, "")) {
                var units = course.lease(2);
                course.bench.goOn(Duration.ofHours(1));
                course.record(units.get(0).path("lease"), "{'score': 1}");
                var again = course.lease(1).getFirst();
                assertThat(unit(again)).isEqualTo(unit(units.get(1)));
                var late =
                        course.refused(
                                () -> course.record(units.get(1).path("lease"), "{'score': 1}"));
                assertThat(late.reason()).isEqualTo(Reason.LEASE_EXPIRED);
                course.record(again.path("lease"), "{'score': 0}");
            }
        }

        @Test
        void is_for_the_worker_who_has_it() {
            try (var course = new Course(data, 1, "")) {
                var lease = course.next("{'worker': 'a'}").path("units").path(0).path("lease");
                assertThat(
                                course.refused(() ->
                                                course.record(lease, "{'score': 1, 'worker': 'b'}"))
                                        .reason())
                        .isEqualTo(Reason.FORBIDDEN);
                course.record(lease, "{'score': 1, 'worker': 'a'}");
            }
        }

        @Test
        void takes_a_failed_run_for_an_outcome() {
            try (var course = new Course(data, 1, "")) {
                var units = course.lease(2);
                var answer =
                        course.record(
                                units.get(0).path("lease"),
                                "{'error': 'timeout', 'metrics': {'latencyMs': 30000}}");
                assertThat(answer.path("status")).isEqualTo(value("'failed'"));
                var outcomes =
                        course
                                .bench
                                .find("Event", "{'type': 'experiment.outcome'}", "{'limit': 10}")
                                .stream()
                                .map(one ->
                                        one.path("data").path("metric").stringValue()
                                                + "="
                                                + one.path("value").doubleValue())
                                .toList();
                assertThat(outcomes)
                        .containsExactlyInAnyOrder("latencyMs=30000.0", "error=1.0", "right=0.0");
            }
        }

        @Test
        void needs_a_score_where_nobody_judges() {
            try (var course = new Course(data, 1, "")) {
                var lease = course.lease(1).getFirst().path("lease");
                assertThat(course.refused(() -> course.record(lease, "{'output': 'x'}")).problem())
                        .isEqualTo("The record has no score, and the experiment names no judge.");
                assertThat(
                                course.refused(() ->
                                                course.record(
                                                        lease,
                                                        "{'score': 1, 'metrics': {'latencyMs': 'slow'}}"))
                                        .problem())
                        .isEqualTo("'slow' is not a number, which 'latencyMs' needs.");
                assertThat(
                                course.refused(() ->
                                                course.record(
                                                        lease,
                                                        "{'score': 1, 'output': '%s'}"
                                                                .formatted("x".repeat(100_001))))
                                        .reason())
                        .isEqualTo(Reason.TOO_LARGE);
            }
        }

        @Test
        void scores_by_a_judge_that_asks_nobody() {
            try (var course =
                    new Course(
                            data,
                            1,
                            "{'name': 'judge', 'slug': 'judge', 'kind': 'numeric'}",
                            ", 'judge': 'judge'")) {
                var units = course.lease(2);
                var answer = course.record(units.get(0).path("lease"), "{'output': 'It is 1.'}");
                assertThat(answer.path("score")).isEqualTo(value("1.0"));
                assertThat(answer.path("pass")).isEqualTo(value("true"));
                assertThat(
                                course.refused(() ->
                                                course.record(
                                                        units.get(1).path("lease"),
                                                        "{'output': '2', 'score': 1}"))
                                        .repair())
                        .isEqualTo("Leave score out.");
                for (var record :
                        List.of(
                                "{'output': '2', 'metrics': {'right': 1}}",
                                "{'error': 'lost', 'metrics': {'right': 1}}")) {
                    var refused =
                            course.refused(() -> course.record(units.get(1).path("lease"), record));
                    assertThat(refused.field()).hasValue("metrics.right");
                    assertThat(refused.repair()).isEqualTo("Leave it out of metrics.");
                }
            }
        }

        @Test
        void uses_up_nothing_less_than_nothing_and_fails_only_with_a_reason() {
            try (var course = new Course(data, 1, "")) {
                var lease = course.lease(1).getFirst().path("lease");
                for (var usage : List.of("inputTokens", "outputTokens", "costUsd", "latencyMs")) {
                    assertThat(
                                    course.refused(() ->
                                                    course.record(
                                                            lease,
                                                            "{'score': 1, 'metrics': {'%s': -5}}"
                                                                    .formatted(usage)))
                                            .field())
                            .hasValue("metrics." + usage);
                }
                assertThat(course.record(lease, "{'score': 1, 'error': ''}").path("status"))
                        .isEqualTo(value("'recorded'"));
            }
        }

        @Test
        void is_scored_by_the_judge_as_it_was_when_the_experiment_began() {
            try (var course =
                    new Course(
                            data,
                            1,
                            "{'name': 'judge', 'slug': 'judge', 'kind': 'numeric'}",
                            ", 'judge': 'judge'")) {
                assertThat(
                                course.refused(() ->
                                                course.bench.update(
                                                        "Judge", "judge", "{'tolerance': 5}"))
                                        .reason())
                        .isEqualTo(Reason.ILLEGAL_TRANSITION);
                course.bench.verb("Experiment", "stop", course.id, "{}");
                course.bench.update("Judge", "judge", "{'tolerance': 5}");
            }
        }

        @Test
        void ends_with_the_experiment_but_for_what_was_recorded() {
            try (var course = new Course(data, 1, "")) {
                var units = course.lease(2);
                var first = course.record(units.get(0).path("lease"), "{'score': 1}");
                course.bench.verb("Experiment", "stop", course.id, "{}");
                assertThat(course.record(units.get(0).path("lease"), "{'score': 1}"))
                        .isEqualTo(first);
                assertThat(
                                course.refused(() ->
                                                course.record(
                                                        units.get(1).path("lease"), "{'score': 1}"))
                                        .reason())
                        .isEqualTo(Reason.ILLEGAL_TRANSITION);
            }
        }

        @Test
        void is_refused_for_a_lease_of_an_iteration_that_has_ended() {
            try (var course = new Course(data, 1, "")) {
                var lease = course.lease(1).getFirst().path("lease");
                course.bench.verb(
                        "Experiment", "iterate", course.id, "{'repetitions': 2, 'reason': 'more'}");
                assertThat(course.refused(() -> course.record(lease, "{'score': 1}")).reason())
                        .isEqualTo(Reason.LEASE_EXPIRED);
                assertThat(course.lease(10)).hasSize(4);
            }
        }
    }

    @Nested
    class Judging_outputs {
        static final String PAIRS =
                """
                {'name': 'judge', 'slug': 'judge', 'kind': 'pairwise-model',
                 'template': '{{input.a}}: A {{first}} B {{second}}'}
                """;

        @Test
        void asks_a_model_that_does_not_learn_whose_output_it_is() {
            try (var course =
                    new Course(
                            data,
                            1,
                            "{'name': 'judge', 'slug': 'judge', 'kind': 'model', 'template': 'Rate {{output}}', 'scale': {'min': 1, 'max': 5}}",
                            ", 'judge': 'judge'")) {
                for (var unit : course.lease(2)) {
                    course.record(
                            unit.path("lease"),
                            "{'output': '%s'}".formatted(unit.path("variant").stringValue()));
                }
                assertThat(course.next("{}").path("why").stringValue())
                        .isEqualTo(
                                "Every unit is run; the judge has 2 outputs to judge: call $.Experiment.judge('%s')."
                                        .formatted(course.id));
                var asked = course.judge("{'n': 5}");
                var one = asked.path("units").path(0);
                assertThat(one.propertyNames())
                        .containsExactly("lease", "item", "repetition", "messages", "expiresAt");
                assertThat(asked.path("why").stringValue())
                        .isEqualTo("These are all that wait now.");
                assertThat(
                                course.record(one.path("lease"), "{'answer': 'Fine. Score: 4'}")
                                        .path("score"))
                        .isEqualTo(value("0.75"));
                assertThat(
                                course.record(
                                                asked.path("units").path(1).path("lease"),
                                                "{'error': 'overloaded'}")
                                        .path("status"))
                        .isEqualTo(value("'waits for the judge'"));
                assertThat(course.judge("{}").path("units")).hasSize(1);
            }
        }

        @Test
        void prefers_of_two_outputs_by_what_the_model_says_of_their_shuffled_places() {
            try (var course = new Course(data, 40, PAIRS, ", 'judge': 'judge'")) {
                for (var unit : course.lease(80)) {
                    course.record(
                            unit.path("lease"),
                            "{'output': '%s'}".formatted(unit.path("variant").stringValue()));
                }
                var asked = course.judge("{'n': 100}").path("units").valueStream().toList();
                assertThat(asked).hasSize(40);
                var first = 0;
                for (var one : asked) {
                    var isFirst =
                            one.path("messages")
                                    .path(0)
                                    .path("content")
                                    .stringValue()
                                    .contains("A kind");
                    first += isFirst ? 1 : 0;
                    assertThat(
                                    course.record(
                                                    one.path("lease"),
                                                    "{'winner': '%s'}"
                                                            .formatted(isFirst ? "A" : "B"))
                                            .path("score"))
                            .isEqualTo(value("1.0"));
                }
                assertThat(first).isBetween(8, 32);
            }
        }

        @Test
        void settles_pairs_of_which_an_output_is_missing_without_a_judge() {
            try (var course = new Course(data, 3, PAIRS, ", 'judge': 'judge'")) {
                var units = course.lease(6);
                for (var i = 0; i < 6; i++) {
                    var isControl = units.get(i).path("variant").stringValue().equals("control");
                    var fails = i / 2 == 0 ? isControl : i / 2 == 1 ? !isControl : true;
                    course.record(
                            units.get(i).path("lease"),
                            fails ? "{'error': 'no'}" : "{'output': 'x'}");
                }
                assertThat(course.judge("{'n': 10}").path("units")).isEmpty();
                assertThat(
                                course
                                        .bench
                                        .find(
                                                "Event",
                                                "{'type': 'experiment.outcome'}",
                                                "{'limit': 100}")
                                        .stream()
                                        .filter(one ->
                                                one.path("data")
                                                        .path("metric")
                                                        .stringValue()
                                                        .equals("preference"))
                                        .map(one -> one.path("value").doubleValue())
                                        .sorted()
                                        .toList())
                        .containsExactly(0.0, 0.5, 1.0);
            }
        }
    }

    @Nested
    class A_run {
        @Test
        void is_what_came_of_a_unit_and_can_be_found() {
            try (var course = new Course(data, 2, "")) {
                var units = course.next("{'n': 3, 'worker': 'a'}").path("units");
                var leased = IsoTime.text(course.bench.now());
                course.bench.goOn(Duration.ofSeconds(5));
                var answer =
                        course.record(
                                units.path(0).path("lease"),
                                "{'output': {'text': 'x', 'more': null}, 'score': 0.5, 'metrics': {'latencyMs': 5}}");
                course.record(units.path(1).path("lease"), "{'error': 'timeout'}");
                var run =
                        course.bench
                                .get("Run", answer.path("unit").stringValue(), "{}")
                                .orElseThrow();
                assertThat(
                                run.retain(
                                        "experiment",
                                        "iteration",
                                        "item",
                                        "variant",
                                        "repetition",
                                        "status",
                                        "worker",
                                        "output",
                                        "score",
                                        "metrics",
                                        "error",
                                        "leasedAt",
                                        "recordedAt"))
                        .isEqualTo(
                                value(
                                        """
                                        {'experiment': '%s', 'iteration': 1, 'item': '%s', 'variant': '%s', 'repetition': 1,
                                         'status': 'Recorded', 'worker': 'a', 'score': 0.5, 'metrics': {'latencyMs': 5},
                                         'leasedAt': '%s', 'recordedAt': '%s', 'output': {'text': 'x', 'more': null}}
                                        """
                                                .formatted(
                                                        course.id,
                                                        answer.path("item").stringValue(),
                                                        units.path(0).path("variant").stringValue(),
                                                        leased,
                                                        IsoTime.text(course.bench.now()))));
                assertThat(
                                course.bench.count(
                                        "Run",
                                        "{'experiment': '%s', 'status': 'Leased'}"
                                                .formatted(course.id),
                                        "{}"))
                        .isEqualTo(1);
                assertThat(
                                course.bench.find(
                                        "Run",
                                        "{'status': 'Failed', 'recordedAt': {'$gte': '%s'}}"
                                                .formatted(IsoTime.text(course.bench.now())),
                                        "{'limit': 5, 'sort': '-leasedAt'}"))
                        .hasSize(1);
                assertThat(
                                course.bench.find(
                                        "Run",
                                        "{'status': 'Leased'}",
                                        "{'asOf': '%s'}".formatted(leased)))
                        .hasSize(3);
            }
        }

        @Test
        void is_erased_with_its_item_and_never_leased_again() {
            try (var course = new Course(data, 2, "")) {
                var units = course.lease(4);
                var item = units.get(0).path("item").path("id").stringValue();
                for (var unit : units) {
                    course.record(unit.path("lease"), "{'output': 'secret', 'score': 1}");
                }
                var forgotten = course.bench.write(work -> work.forget(value("'" + item + "'")));
                assertThat(forgotten.path("events").asInt()).isEqualTo(6);
                var runs =
                        course.bench.find("Run", "{'item': '%s'}".formatted(item), "{'limit': 9}");
                assertThat(runs).hasSize(2);
                assertThat(runs).allSatisfy(run -> assertThat(run.has("output")).isFalse());
                assertThat(course.next("{}").path("units")).isEmpty();
                assertThat(course.spent().units()).isEqualTo(4);
                assertThat(
                                course.refused(() ->
                                                course.record(
                                                        units.get(0).path("lease"),
                                                        "{'output': 'secret', 'score': 1}"))
                                        .reason())
                        .isEqualTo(Reason.LEASE_EXPIRED);
            }
        }
    }

    @Nested
    class Places_of_items {
        @Test
        void hold_each_item_once_in_each_repetition_whatever_their_number() {
            for (var items : List.of(1L, 2L, 3L, 7L, 100L, 1_025L)) {
                var places = new Places("seed", items, 3);
                var seen = new HashSet<Long>();
                for (var i = 0L; i < 3 * items; i++) {
                    var place = places.at(i);
                    assertThat(place.repetition()).isEqualTo((int) (i % 3) + 1);
                    assertThat(place.item()).isBetween(0L, items - 1);
                    assertThat(place.item()).isEqualTo(places.at(i - i % 3).item());
                    seen.add(place.item());
                }
                assertThat(seen).hasSize((int) (long) items);
            }
        }
    }
}
