package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.domain.work.Bench;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PlanTest {
    static ObjectNode plan(String design) {
        return Experiments.plan(json(design));
    }

    @Nested
    class Of_a_design {
        /// power.prop.test(p1 = .1, p2 = .11, power = .8) gives 14750.79 units per arm.
        @Test
        void with_one_look_is_that_of_r() {
            var plan = plan("{'baseline': 0.1, 'minimumEffect': 0.01}");
            assertThat(plan.path("fixed")).hasToString("{\"perArm\":14751,\"total\":29502}");
        }

        /// power.t.test(delta = 1, sd = 4, power = .9) gives 337.2008 units per arm.
        @Test
        void of_a_mean_with_one_look_is_that_of_r() {
            var plan =
                    plan("{'baseline': {'mean': 10, 'sd': 4}, 'minimumEffect': 1, 'power': 0.9}");
            assertThat(plan.path("fixed")).hasToString("{\"perArm\":338,\"total\":676}");
        }

        @ParameterizedTest(name = "{0}")
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{'baseline': 0.1, 'minimumEffect': 0.05}",
                    "{'baseline': 0.1, 'minimumEffect': 0.01, 'arms': 4}",
                    "{'baseline': {'mean': 7, 'sd': 3}, 'minimumEffect': 0.7, 'arms': 5}"
                })
        void has_as_many_units_in_all_as_its_arms_have(String design) {
            var plan = plan(design);
            var arms = plan.path("assumes").path("arms").asLong();
            for (var size : List.of(plan.path("alwaysValid"), plan.path("fixed"))) {
                assertThat(size.path("total").asLong())
                        .isEqualTo(arms * size.path("perArm").asLong());
            }
            plan.path("curve")
                    .forEach(point ->
                            assertThat(point.path("total").asLong())
                                    .isEqualTo(arms * point.path("perArm").asLong()));
        }

        /// Jennison and Turnbull (2000) have 1.024 for the bounds of O'Brien and Fleming, four
        /// looks and a power of 0.8; those that spend like them are a little wider.
        @Test
        void with_planned_looks_takes_a_little_more_at_most_and_less_on_average() {
            var plan =
                    plan(
                            "{'baseline': 0.1, 'minimumEffect': 0.01, 'rule': {'methodology': 'groupSequential', 'plannedSample': 20000}}");
            var most = plan.path("groupSequential").path("total").asLong();
            assertThat((double) most / plan.path("fixed").path("total").asLong())
                    .isCloseTo(1.02, within(.005));
            assertThat(plan.path("groupSequential").path("meanTotal").asLong())
                    .isBetween(most * 3 / 4, most * 9 / 10);
            assertThat(plan.path("groupSequential").path("looks").asInt()).isEqualTo(4);
            assertThat(plan.path("plannedSample").asLong()).isEqualTo(most);
            assertThat(plan.path("why").stringValue())
                    .isEqualTo("A decision takes %,d units in all.".formatted(most));
            assertThat(plan.path("curve").path(3).path("groupSequential").asDouble())
                    .isBetween(0.5, 1.0);
            assertThat(plan.path("asDeclared").path("power").asDouble()).isBetween(0.6, 0.7);
            assertThat(plan.path("text").stringValue())
                    .contains(" on average with 4 planned looks");
        }

        @Test
        void costs_more_with_looks_at_will_but_less_than_that_on_average() {
            var plan = plan("{'baseline': 0.1, 'minimumEffect': {'relative': 0.1}}");
            var fixed = plan.path("fixed").path("total").asLong();
            var always = plan.path("alwaysValid");
            assertThat(always.path("total").asLong()).isBetween(fixed * 3 / 2, fixed * 2);
            assertThat(always.path("meanTotal").asLong())
                    .isLessThan(always.path("total").asLong() * 3 / 4);
            assertThat(plan.path("plannedSample").asLong())
                    .isEqualTo(always.path("total").asLong());
        }

        @Test
        void says_how_long_it_takes_and_whether_that_is_possible() {
            var plan =
                    plan(
                            "{'baseline': 0.1, 'minimumEffect': 0.02, 'perDay': 1000, 'days': 30, 'trafficAllocation': 50}");
            var total = plan.path("alwaysValid").path("total").asDouble();
            assertThat(plan.path("feasible").booleanValue()).isTrue();
            assertThat(plan.path("alwaysValid").path("days").asDouble())
                    .isCloseTo(total / 500, within(0.01));
            assertThat(plan.path("detectable").path("sample").asLong()).isEqualTo(15_000);
        }

        @Test
        void that_is_not_possible_says_what_would_help() {
            var plan = plan("{'baseline': 0.1, 'minimumEffect': 0.01, 'perDay': 100, 'days': 14}");
            assertThat(plan.path("feasible").booleanValue()).isFalse();
            assertThat(plan.path("text").stringValue())
                    .contains("there will be only 1,400: the chance to find the effect is")
                    .contains("What would help: Let it run for");
            for (var step : plan.path("next")) {
                var code = step.path("code").stringValue();
                var design = code.substring("await $.Experiment.plan(".length(), code.length() - 1);
                assertThat(plan(design).path("feasible").booleanValue())
                        .as(step.path("why").stringValue())
                        .isTrue();
            }
            assertThat(plan.path("next")).hasSize(2);
        }

        @Test
        void detects_what_it_says_that_it_detects() {
            for (var metric : new String[] {"0.2", "{'mean': 5, 'sd': 12}"}) {
                var plan =
                        plan(
                                "{'baseline': %s, 'minimumEffect': 0.1, 'sample': 8000}"
                                        .formatted(metric));
                var effect = plan.path("detectable").path("alwaysValid").path("absolute");
                var back = plan("{'baseline': %s, 'minimumEffect': %s}".formatted(metric, effect));
                assertThat(back.path("alwaysValid").path("total").asDouble())
                        .isCloseTo(8000, within(20.0));
            }
        }

        @Test
        void with_more_arms_pays_for_each_comparison() {
            var two = plan("{'baseline': 0.1, 'minimumEffect': 0.02}");
            var four = plan("{'baseline': 0.1, 'minimumEffect': 0.02, 'arms': 4}");
            assertThat(four.path("assumes").path("alphaPerComparison").asDouble())
                    .isCloseTo(0.05 / 3, within(1e-12));
            assertThat(four.path("alwaysValid").path("perArm").asLong())
                    .isGreaterThan(two.path("alwaysValid").path("perArm").asLong());
            assertThat(four.path("plannedSample").asLong())
                    .isEqualTo(four.path("alwaysValid").path("total").asLong());
        }

        @Test
        void with_unequal_weights_takes_more_in_all() {
            var even = plan("{'baseline': {'mean': 0, 'sd': 1}, 'minimumEffect': 0.1}");
            var uneven =
                    plan(
                            "{'baseline': {'mean': 0, 'sd': 1}, 'minimumEffect': 0.1,"
                                    + " 'variants': [{'key': 'control', 'weight': 9}, {'key': 'b', 'weight': 1}]}");
            // 1 / (4 x 0.9 x 0.1)
            assertThat(
                            uneven.path("alwaysValid").path("total").asDouble()
                                    / even.path("alwaysValid").path("total").asDouble())
                    .isCloseTo(2.78, within(0.05));
            assertThat(
                            uneven.path("fixed").path("total").asDouble()
                                    / even.path("fixed").path("total").asDouble())
                    .isCloseTo(2.78, within(0.05));
        }

        @Test
        void whose_rule_expects_another_sample_shows_what_that_costs() {
            var plan = plan("{'baseline': 0.1, 'minimumEffect': 0.02, 'plannedSample': 200000}");
            assertThat(plan.path("asDeclared").path("total").asLong())
                    .isGreaterThan(plan.path("alwaysValid").path("total").asLong() * 11 / 10);
        }

        @Test
        void has_a_curve_that_reaches_the_power_at_its_sample() {
            var curve =
                    plan("{'baseline': 0.1, 'minimumEffect': 0.02, 'power': 0.9}").path("curve");
            assertThat(curve.get(3).path("alwaysValid").asDouble()).isCloseTo(0.9, within(0.001));
            assertThat(IntStream.range(1, 6))
                    .allSatisfy(i ->
                            assertThat(curve.get(i).path("fixed").asDouble())
                                    .isGreaterThanOrEqualTo(
                                            curve.get(i - 1).path("fixed").asDouble()));
        }

        @Test
        void is_told_in_words() {
            assertThat(
                            plan("{'baseline': 0.1, 'minimumEffect': 0.01, 'perDay': 1000}")
                                    .path("text")
                                    .stringValue())
                    .matches(
                            "To find a change of \\+0\\.01 \\(\\+10 %\\) from 0\\.1 with a chance of 80 % at alpha 0\\.05:"
                                    + " [\\d,]+ units in all \\(\\d+ days\\) if you look as often as you like, [\\d,]+ on average;"
                                    + " 29,502 \\(30 days\\) with a single look at the end\\.");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{'minimumEffect': 0.1}                      | missing_field",
                    "{'baseline': 0.1}                           | missing_field",
                    "{'baseline': 1.2, 'minimumEffect': 0.1}     | invalid_value",
                    "{'baseline': 0.95, 'minimumEffect': 0.1}    | invalid_value",
                    "{'baseline': {'mean': 3}, 'minimumEffect': 1} | invalid_value",
                    "{'baseline': 0.1, 'minimumEffect': 0}       | invalid_value",
                    "{'baseline': 0.1, 'minimumEffect': 0.1, 'power': 1} | invalid_value",
                    "{'baseline': 0.1, 'minimumEffect': 0.1, 'arms': 1} | invalid_value",
                    "{'base': 0.1}                               | unknown_field"
                })
        void is_refused_when_it_cannot_be(String design, String reason) {
            assertThat(refusal(() -> plan(design))).startsWith(reason + ": ");
        }
    }

    @Nested
    class Over_a_dataset {
        static final String ITEMS =
                "{'dataset': 'd', 'baseline': {'mean': 0.5, 'sd': 0.4}, 'minimumEffect': 0.05, %s}";

        /// Items differ by a standard deviation of 0.4 sqrt(2 (1 - 0.6) / 3); with that,
        /// power.t.test gives 134.92 for two samples whose difference varies as much.
        @Test
        void reckons_with_what_two_runs_of_an_item_have_in_common() {
            var plan = plan(ITEMS.formatted("'correlation': 0.6, 'repetitions': 3"));
            assertThat(plan.path("fixed"))
                    .hasToString("{\"perArm\":405,\"total\":810,\"items\":135}");
            assertThat(plan.path("assumes").path("pairing"))
                    .hasToString("{\"repetitions\":3,\"correlation\":0.6}");
            assertThat(plan.path("text").stringValue())
                    .contains(
                            " items) if you look as often as you like",
                            "Each item is compared with itself, with a correlation of 0.6 between two runs of it.");
        }

        @Test
        void takes_a_quarter_where_three_quarters_of_the_variance_are_the_items() {
            var alone = plan(ITEMS.formatted("'arms': 3"));
            var paired = plan(ITEMS.formatted("'arms': 3, 'correlation': 0.75"));
            assertThat(
                            paired.path("alwaysValid").path("total").doubleValue()
                                    / alone.path("alwaysValid").path("total").doubleValue())
                    .isCloseTo(0.25, within(0.01));
            assertThat(paired.path("alwaysValid").path("items").asLong() * 3)
                    .isEqualTo(paired.path("alwaysValid").path("total").asLong());
            assertThat(alone.path("assumes").path("notes").path(0).stringValue())
                    .endsWith("so this is reckoned without; send correlation, such as 0.5.");
        }

        /// The planned sample is what tunes the sequence to these items; an exact method is tuned
        /// to half the units of two arms.
        @Test
        void names_the_planned_sample_that_tunes_the_sequence_to_its_items() {
            var asymptotic = plan(ITEMS.formatted("'correlation': 0.5"));
            var exact =
                    plan(
                            ITEMS.formatted(
                                    "'correlation': 0.5, 'metrics': [{'name': 'outcome', 'type': 'mean', 'min': 0, 'max': 1}]"));
            assertThat(exact.path("plannedSample").asLong())
                    .isEqualTo(exact.path("alwaysValid").path("total").asLong());
            assertThat(asymptotic.path("plannedSample").asLong())
                    .isEqualTo(asymptotic.path("alwaysValid").path("items").asLong());
        }

        @Test
        void is_refused_a_correlation_that_cannot_be_or_means_nothing() {
            assertThat(refusal(() -> plan(ITEMS.formatted("'correlation': 1"))))
                    .isEqualTo(
                            "invalid_value: 1 is not a correlation of two runs of the same item. | Give a number from 0 on and below 1, such as 0.5; 0 if runs of the same item have nothing in common.");
            assertThat(
                            refusal(() ->
                                    plan(
                                            "{'baseline': 0.1, 'minimumEffect': 0.01, 'correlation': 0.5}")))
                    .isEqualTo(
                            "invalid_value: A correlation is that of two runs of the same item, and this design has no dataset. | Leave correlation out, or name the dataset.");
        }
    }

    @Test
    void hands_on_the_whole_design_in_the_code_that_creates_it() {
        var code =
                plan("{'baseline': 0.1, 'minimumEffect': 0.05, 'primaryMetric': 'paid', 'metrics': [{'name': 'paid', 'window': '7d'}], 'guardrails': ['error'], 'trafficAllocation': 50}")
                        .path("next")
                        .path(0)
                        .path("code")
                        .stringValue();
        assertThat(code)
                .matches(
                        "await \\$\\.Experiment\\.create\\(\\{\"name\":\"New experiment\",\"primaryMetric\":\"paid\",\"variants\":\\[\"control\",\"treatment\"],\"metrics\":\\[\\{\"name\":\"paid\",\"window\":\"7d\"}],\"guardrails\":\\[\"error\"],\"trafficAllocation\":50,\"rule\":\\{\"plannedSample\":\\d+}}\\)");
        assertThat(
                        plan("{'baseline': 0.1, 'minimumEffect': 0.05, 'factors': {'color': ['red', 'blue']}}")
                                .path("next")
                                .path(0)
                                .path("code")
                                .stringValue())
                .contains("\"factors\":{\"color\":[\"red\",\"blue\"]}")
                .doesNotContain("variants");
    }

    @Test
    void says_what_it_does_not_reckon_with() {
        assertThat(
                        plan("{'baseline': 0.1, 'minimumEffect': 0.05, 'allocation': 'thompson', 'metrics': [{'name': 'outcome', 'numerator': 'a', 'denominator': 'b'}]}")
                                .path("assumes")
                                .path("notes"))
                .hasToString(
                        "[\"The shares are taken to stay as they are; a bandit moves them, and its comparisons take more units.\","
                                + "\"The baseline is taken for a rate of units that come to 0 or 1, and 'outcome' is a ratio: give {mean, sd} of its units.\"]");
    }

    @Nested
    class Of_an_experiment extends OnBench {
        ObjectNode of(String id, String more) {
            return bench.read(
                    work -> work.plan(JsonNodeFactory.instance.stringNode(id), Bench.value(more)));
        }

        @Test
        void is_that_of_its_design() {
            var id =
                    draft(
                            "{'rule': {'alpha': 0.01}, 'plan': {'baseline': 0.1, 'minimumEffect': 0.01, 'perDay': 1000}}");
            var plan = of(id, "null");
            var same =
                    plan("{'alpha': 0.01, 'baseline': 0.1, 'minimumEffect': 0.01, 'perDay': 1000}");
            assertThat(plan.path("alwaysValid")).isEqualTo(same.path("alwaysValid"));
            assertThat(plan.path("asDeclared").path("plannedSample").asLong()).isEqualTo(5_000);
            assertThat(plan.path("next").get(0).path("code").stringValue())
                    .isEqualTo(
                            "await $.Experiment.update('%s', {rule: {\"alpha\":0.01,\"plannedSample\":%d}})"
                                    .formatted(id, plan.path("plannedSample").asLong()));
        }

        @Test
        void goes_by_what_was_observed_once_the_control_has_its_burn_in() {
            var id = draft("{'plan': {'baseline': 0.5, 'minimumEffect': 0.02, 'perDay': 7}}");
            bench.verb("Experiment", "start", id, "{}");
            bench.goOn(Duration.ofDays(2));
            bench.write(work -> {
                var names = JsonNodeFactory.instance.arrayNode();
                IntStream.range(0, 800).forEach(i -> names.add("s" + i));
                var outcomes = JsonNodeFactory.instance.arrayNode();
                var controls = 0;
                JsonNode answers = work.assign(id, names, json("{}"));
                for (var i = 0; i < 800; i++) {
                    if (answers.path(i).path("key").stringValue().equals("control")
                            && controls++ % 4 == 0) {
                        outcomes.addObject().put("subject", "s" + i);
                    }
                }
                return work.record(id, outcomes);
            });
            var plan = of(id, "{}");
            assertThat(plan.path("soFar").path("units").asLong()).isEqualTo(800);
            assertThat(plan.path("assumes").path("perDay").asDouble()).isEqualTo(400);
            assertThat(plan.path("assumes").path("type").stringValue()).isEqualTo("proportion");
            assertThat(plan.path("assumes").path("baseline").asDouble())
                    .isCloseTo(0.25, within(0.002));
            assertThat(of(id, "{'baseline': 0.4}").path("assumes").path("baseline").asDouble())
                    .isEqualTo(0.4);
        }

        private List<String> warnings(String fields) {
            var id = draft(fields);
            return bench.write(work -> {
                work.verb(bench.folder().nouns().require("Experiment"), "start", id, json("{}"));
                return work.warnings().stream()
                        .map(one ->
                                one.why() + " | " + one.next().getFirst().code().replace(id, "ID"))
                        .toList();
            });
        }

        /// power.prop.test(n = 100, p1 = .1, p2 = .11) gives 0.0419.
        @Test
        void with_a_last_look_that_is_too_early_is_warned_of() {
            assertThat(
                            warnings(
                                    "{'rule': {'methodology': 'fixed', 'plannedSample': 200}, 'plan': {'baseline': 0.1, 'minimumEffect': 0.01}}"))
                    .containsExactly(
                            "The rule looks for the last time at 200 units, where the chance to find the effect is 4.19 %; for 80 % it takes 29,502."
                                    + " | await $.Experiment.iterate('ID', {rule: {\"methodology\":\"fixed\",\"plannedSample\":29502}}, {reason: 'planned anew'})");
            assertThat(
                            warnings(
                                    "{'rule': {'methodology': 'fixed', 'plannedSample': 30000}, 'plan': {'baseline': 0.1, 'minimumEffect': 0.01}}"))
                    .isEmpty();
        }

        @Test
        void that_is_tuned_for_far_too_few_units_is_warned_of() {
            assertThat(
                            warnings(
                                    "{'rule': {'plannedSample': 100}, 'plan': {'baseline': 0.1, 'minimumEffect': 0.01, 'sample': 60000}}"))
                    .singleElement()
                    .asString()
                    .matches(
                            "With a plannedSample of 100 the rule takes 7\\d,\\d{3} units in all to decide, and there will be only 60,000; with 51,336 it takes 51,336\\."
                                    + " \\| await \\$\\.Experiment\\.iterate\\('ID', \\{rule: \\{\"plannedSample\":51336}}, \\{reason: 'planned anew'}\\)");
        }

        @Test
        void whose_rule_gives_up_before_it_can_decide_is_warned_of() {
            assertThat(
                            warnings(
                                    "{'rule': {'maxSample': 300}, 'plan': {'baseline': 0.1, 'minimumEffect': 0.01, 'perDay': 10000, 'days': 14}}"))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "A decision takes 51,336 units in all (5.2 days), and the rule gives up at 300: the chance to find the effect is 0")
                    .endsWith("await $.Experiment.plan('ID', {rule: {\"maxSample\":51336}})");
        }

        @Test
        void of_several_factors_that_names_none_is_warned_of() {
            assertThat(warnings("{'type': 'Multivariate'}"))
                    .singleElement()
                    .asString()
                    .startsWith("The type is Multivariate and there are no factors");
        }

        @Test
        void that_starts_without_a_chance_is_warned_of_and_started() {
            var id =
                    draft(
                            "{'endAt': '2026-04-13T09:00:00Z', 'plan': {'baseline': 0.1, 'minimumEffect': 0.01, 'perDay': 100}}");
            bench.write(work -> {
                var started =
                        work.verb(
                                bench.folder().nouns().require("Experiment"),
                                "start",
                                id,
                                json("{}"));
                assertThat(started.path("status").stringValue()).isEqualTo("Started");
                assertThat(work.warnings()).hasSize(1);
                var warning = work.warnings().getFirst();
                assertThat(warning.verb()).isEqualTo("start");
                assertThat(warning.id()).isEqualTo(id);
                assertThat(warning.why()).contains("there will be only 1,400");
                assertThat(warning.next().getFirst().why()).startsWith("Let it run for ");
                assertThat(warning.next().getFirst().code())
                        .matches(
                                "await \\$\\.Experiment\\.plan\\('%s', \\{days: \\d+}\\)"
                                        .formatted(id));
                return started;
            });
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{}",
                    "{'plan': {'perDay': 3, 'days': 2}}",
                    "{'plan': {'baseline': 0.1, 'minimumEffect': 0.05, 'perDay': 1000, 'days': 14}}",
                    "{'plan': {'baseline': 0.1, 'minimumEffect': 0.01, 'perDay': 10}}"
                })
        void that_may_come_to_a_decision_starts_in_silence(String design) {
            var id = draft(design);
            bench.write(work -> {
                var _ =
                        work.verb(
                                bench.folder().nouns().require("Experiment"),
                                "start",
                                id,
                                json("{}"));
                assertThat(work.warnings()).isEmpty();
                return id;
            });
        }

        @Test
        void has_a_plan_with_nothing_else_in_it() {
            assertThat(refusal(() -> draft("{'plan': {'perday': 3}}")))
                    .isEqualTo(
                            "unknown_field: A plan has no member 'perday'. | Did you mean 'perDay'?"
                                    + " Use: baseline, sd, minimumEffect, power, perDay, days, sample, correlation.");
        }
    }
}
