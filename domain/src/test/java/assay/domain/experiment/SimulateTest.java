package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.domain.work.Bench;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulateTest {
    private static final String DESIGN = "{'baseline': 0.2, 'minimumEffect': 0.05}";

    static ObjectNode simulate(String design, String options) {
        return Experiments.simulate(json(design), Bench.value(options));
    }

    @Test
    void the_same_seed_gives_the_same_answer() {
        var once = simulate(DESIGN, "{'runs': 50, 'seed': 3}");
        assertThat(simulate(DESIGN, "{'runs': 50, 'seed': 3}")).isEqualTo(once);
        assertThat(simulate(DESIGN, "{'runs': 50, 'seed': 4}")).isNotEqualTo(once);
    }

    @Test
    void tells_what_becomes_of_the_runs() {
        var said = simulate(DESIGN, "{'runs': 400}");
        var with = said.path("withEffect");
        assertThat(with.path("verdicts").valueStream().mapToDouble(v -> v.doubleValue()).sum())
                .isCloseTo(1, within(1e-9));
        assertThat(with.path("wins").path("treatment").asDouble())
                .isEqualTo(with.path("verdicts").path("ship").asDouble());
        assertThat(with.path("wrongWinner").asDouble()).isZero();
        assertThat(with.path("meanUnits").asLong())
                .isBetween(said.path("sample").asLong() / 4, said.path("sample").asLong());
        assertThat(with.path("exaggeration").asDouble()).isBetween(1.05, 1.6);
        assertThat(said.path("text").stringValue())
                .matches(
                        "With the effect it ships in [\\d.]+ % of 400 runs of at most [\\d,]+ units, and a decision takes"
                                + " [\\d,]+ on average \\(median [\\d,]+\\)\\. The winner looks 1\\.\\d+ times as good as it is\\."
                                + " Without an effect it names a wrong winner in [\\d.]+ % \\(alpha 5 %\\)\\."
                                + " Shares are good to about 4\\.9 percentage points\\.");
    }

    @Test
    void an_option_among_the_members_of_the_design_is_refused() {
        assertThat(refusal(() -> simulate("{'baseline': 0.2, 'effect': 0.05}", "{}")))
                .isEqualTo(
                        "unknown_field: A design has no member 'effect'; it is an option of simulate. | Call simulate(design, {effect: …}), with the options behind the design.");
    }

    /// A true change of 0 is within the margin, so to ship it is right.
    @Test
    void what_is_shown_not_to_be_inferior_is_no_wrong_winner() {
        var said =
                simulate(
                        "{'baseline': 0.2, 'rule': 'nonInferiority', 'metrics': [{'name': 'outcome', 'margin': 0.1}]}",
                        "{'runs': 50, 'effect': 0, 'sample': 4000}");
        var without = said.path("withoutEffect");
        assertThat(without.path("verdicts").path("ship").doubleValue()).isGreaterThan(0.5);
        assertThat(without.path("wrongWinner").doubleValue()).isZero();
        assertThat(said.path("text").stringValue())
                .matches(
                        "Without an effect it ships in \\d+ %, and names a wrong winner in 0 % .*");
    }

    @Test
    void over_a_dataset_it_says_that_it_compares_units_one_by_one() {
        var said =
                simulate(
                        "{'dataset': 'd', 'baseline': 0.2, 'minimumEffect': 0.2}",
                        "{'runs': 10, 'sample': 400}");
        assertThat(said.path("text").stringValue())
                .endsWith(
                        "Units are made up and compared one by one, while the experiment compares each item with itself, which takes fewer; plan reckons with that.");
    }

    @Test
    void with_no_effect_only_runs_without_one() {
        var said = simulate("{'baseline': 0.2}", "{'runs': 50, 'effect': 0, 'sample': 4000}");
        assertThat(said.has("withEffect")).isFalse();
        assertThat(said.path("withoutEffect").path("verdicts").path("keep_running").asDouble())
                .isGreaterThan(0.8);
    }

    @Test
    void an_effect_may_differ_from_arm_to_arm() {
        var said =
                simulate(
                        "{'baseline': {'mean': 10, 'sd': 3}, 'variants': ['control', 'good', 'bad']}",
                        "{'runs': 60, 'sample': 3000, 'effect': {'good': 1, 'bad': -1}}");
        assertThat(said.path("withEffect").path("wins").path("good").asDouble()).isGreaterThan(0.9);
        assertThat(said.path("withEffect").path("wins").path("bad").asDouble()).isZero();
    }

    /// The closed form reckons with the same looks; 400 runs are good to 4 points, three of them
    /// are 6.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'baseline': 0.2, 'minimumEffect': 0.05}",
                "{'baseline': {'mean': 10, 'sd': 30}, 'minimumEffect': {'relative': 0.3}}",
                "{'baseline': 0.3, 'minimumEffect': 0.06, 'arms': 3, 'rule': {'correction': 'bonferroni'}}",
                "{'baseline': 0.3, 'minimumEffect': 0.06, 'metrics': [{'name': 'outcome', 'direction': 'decrease'}]}"
            })
    void finds_what_the_plan_promises(String design) {
        agree(design, 400, 0.06);
    }

    @ParameterizedTest
    @Tag("heavy")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'baseline': 0.1, 'minimumEffect': 0.02}",
                "{'baseline': 0.1, 'minimumEffect': 0.01, 'plan': {'power': 0.9}}",
                "{'baseline': {'mean': 10, 'sd': 30}, 'minimumEffect': 2}"
            })
    void finds_what_the_plan_promises_to_a_point(String design) {
        agree(design, 20_000, 0.01);
    }

    private static void agree(String design, int runs, double within) {
        var plan = Experiments.plan(json(design));
        var planned = json(design);
        planned.put("plannedSample", plan.path("plannedSample").asLong());
        var ships = 0.0;
        var wrong = 0.0;
        var batches = Math.max(1, runs / 2_000);
        for (var batch = 0; batch < batches; batch++) {
            var said =
                    Experiments.simulate(
                            planned,
                            json("{'runs': %d, 'seed': %d}".formatted(runs / batches, batch)));
            ships +=
                    said.path("withEffect")
                            .path("wins")
                            .valueStream()
                            .findFirst()
                            .orElseThrow()
                            .asDouble();
            wrong += said.path("withoutEffect").path("wrongWinner").asDouble();
        }
        var treatments = plan.path("assumes").path("arms").asInt() - 1;
        if (treatments == 1) {
            assertThat(ships / batches)
                    .isCloseTo(plan.path("assumes").path("power").asDouble(), within(within));
        }
        assertThat(wrong / batches).isLessThanOrEqualTo(0.05);
    }

    /// 50,000 runs are good to 0.4 points.
    @Tag("heavy")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'baseline': 0.1, 'minimumEffect': 0.02, 'rule': {'methodology': 'fixed', 'plannedSample': %d}}",
                "{'baseline': {'mean': 10, 'sd': 4}, 'minimumEffect': 1, 'rule': {'methodology': 'fixed', 'plannedSample': %d}}",
            })
    void one_look_finds_what_the_closed_form_promises(String design) {
        assertThat(shipsOf(design, 50_000, 1)).isCloseTo(0.8, within(.01));
    }

    /// Of at most 25,000 runs of four looks, good to 0.6 points.
    @Tag("heavy")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'baseline': 0.1, 'minimumEffect': 0.02, 'rule': {'methodology': 'groupSequential', 'plannedSample': %d}}",
                "{'baseline': {'mean': 10, 'sd': 4}, 'minimumEffect': 1, 'rule': {'methodology': 'groupSequential', 'plannedSample': %d, 'looks': [0.5, 1]}}",
            })
    void planned_looks_find_what_the_closed_form_promises(String design) {
        assertThat(shipsOf(design, 12_500, 4)).isCloseTo(0.8, within(.01));
    }

    /// The share of runs that ship, once the rule plans the units that the plan says it takes.
    private static double shipsOf(String design, int runs, int looks) {
        var plan = Experiments.plan(json(design.formatted(100)));
        var planned = json(design.formatted(plan.path("plannedSample").asLong()));
        return Experiments.simulate(
                        planned, json("{'runs': %d, 'looks': %d}".formatted(runs, looks)))
                .path("withEffect")
                .path("verdicts")
                .path("ship")
                .asDouble();
    }

    @Test
    void a_guardrail_that_is_harmed_is_breached_and_rolls_back() {
        var said =
                simulate(
                        "{'baseline': 0.2, 'minimumEffect': 0.05, 'guardrails': [{'name': 'error', 'direction': 'decrease'}, 'visits']}",
                        "{'runs': 200, 'guardrails': {'error': {'baseline': 0.05, 'effect': {'relative': 1}}}}");
        var with = said.path("withEffect");
        assertThat(with.path("breached").path("error").asDouble()).isGreaterThan(0.8);
        assertThat(with.path("breached").path("visits").asDouble()).isLessThan(0.05);
        assertThat(with.path("verdicts").path("rollback").asDouble()).isGreaterThan(0.7);
        assertThat(said.path("withoutEffect").path("breached").path("error").asDouble())
                .isLessThan(0.05);
        assertThat(said.path("assumes").path("guardrails"))
                .hasToString(
                        "{\"error\":{\"baseline\":0.05,\"sd\":0.21794494717703367,\"effect\":0.05},"
                                + "\"visits\":{\"baseline\":0.2,\"sd\":0.4,\"effect\":0.0}}");
        assertThat(said.path("text").stringValue())
                .contains(
                        " It ends with a breach of 'error' in ",
                        ", and ends with a breach of 'error' in ");
    }

    @Test
    void without_a_number_it_runs_as_often_as_it_may() {
        var said =
                simulate(
                        "{'baseline': 0.2, 'minimumEffect': 0.05, 'guardrails': ['a', 'b', 'c']}",
                        "{}");
        assertThat(said.path("runs").asInt()).isEqualTo(625);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'guardrails': ['error']} | [\"error\"] does not tell what becomes of guardrails. | Send guardrails as an object such as {error: {baseline: 0.02, effect: 0.005}}.",
                "{'guardrails': {'eror': {}}} | There is no guardrail 'eror' to be made up. | Did you mean 'error'? Name some of: 'error'.",
                "{'guardrails': {'error': {'mean': 1}}} | A made-up guardrail has no member 'mean'. | Send {baseline, effect}.",
                "{'guardrails': {'error': {'baseline': 0.1, 'effect': 2}}} | 2 is not an effect on a guardrail whose mean is 0.1. | Give a number that is added to the mean of every treatment, or {relative: number}; a rate stays between 0 and 1.",
            })
    void guardrails_are_refused_when_they_cannot_be(String options, String problem, String repair) {
        assertThat(
                        refusal(() ->
                                simulate(
                                        "{'baseline': 0.2, 'minimumEffect': 0.05, 'guardrails': ['error']}",
                                        options)))
                .isEqualTo("invalid_value: %s | %s".formatted(problem, repair));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'runs': 0}          | invalid_value: 0 is not valid for runs. | Give a whole number from 1 to 1,000,000.",
                "{'runs': 100000}     | limit_exceeded: 100,000 runs of 20 looks at 1 treatment, with and without effect, are 4,000,000 comparisons; one call makes at most 100,000. | Send runs: 2500, or fewer looks; add up several calls with different seeds for more.",
                "{'rnus': 10}         | unknown_field: simulate has no option 'rnus'. | Did you mean 'runs'? Use: runs, looks, seed, effect, sample, guardrails, baseline, sd, minimumEffect, power, perDay, days, correlation, trafficAllocation, variants, rule, alpha.",
                "{'effect': 0.9}      | invalid_value: An effect of 0.9 moves the rate from 0.2 to 1.1, which no rate can be. | Give a smaller effect, or the baseline as {mean, sd} if it is not a rate.",
                "{'effect': {'b': 1}} | invalid_value: There is no variant 'b' to have an effect. | Name some of: 'control', 'treatment'.",
                "{'effect': 'big'}    | invalid_value: 'big' is not an effect. | Give a number that is added to the mean of every treatment, {relative: number}, or a number for each variant by its key.",
            })
    void is_refused_when_it_cannot_be(String options, String problem, String repair) {
        assertThat(refusal(() -> simulate(DESIGN, options))).isEqualTo(problem + " | " + repair);
    }
}
