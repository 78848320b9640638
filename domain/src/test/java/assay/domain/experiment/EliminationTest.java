package assay.domain.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Many variants over the same items, of which those that have lost are run no more.
@DisplayNameGeneration(ReplaceUnderscores.class)
class EliminationTest {
    private static final List<String> ARMS = List.of("control", "a", "b", "c");

    private static LeasedWorld world(String rule) {
        return new LeasedWorld(
                1_000,
                """
                {'variants': [{'key': 'control', 'control': true}, {'key': 'a'}, {'key': 'b'}, {'key': 'c'}],
                 'metrics': [{'name': 'score', 'min': 0, 'max': 1}], 'allocation': {'policy': 'elimination'}, 'rule': %s}\
                """
                        .formatted(rule));
    }

    /// Runs items under all variants that are in.
    private static void run(LeasedWorld world, int from, int to, double... means) {
        var random = new SplittableRandom(from);
        var dropped = world.design().leased().orElseThrow().dropped();
        for (var i = from; i < to; i++) {
            var item = 0.3 * random.nextDouble() - 0.15;
            for (var arm = 0; arm < ARMS.size(); arm++) {
                var noise = 0.2 * random.nextDouble() - 0.1;
                if (!dropped.contains(ARMS.get(arm))) {
                    world.record(
                            ARMS.get(arm),
                            "i" + i,
                            1,
                            Map.of(
                                    "score",
                                    means[arm] + item + noise,
                                    "costUsd",
                                    0.01 * arm + 0.001 * noise));
                }
            }
        }
    }

    @Test
    void drops_what_is_worse_than_another_variant_and_says_why() {
        var world = world("{}");
        run(world, 0, 60, 0.5, 0.7, 0.3, 0.7);
        var lost = world.drop();
        assertThat(lost).extracting(Elimination.Dropped::arm).containsExactly("b", "control");
        assertThat(lost.getFirst().why())
                .startsWith("'b' - '")
                .contains(" on 'score' over 60 items (always-valid interval -0.");
        assertThat(world.elimination().standing()).containsExactlyInAnyOrder("a", "c");
        assertThat(world.elimination().now()).isEmpty();
    }

    @Test
    void ships_the_one_that_is_left() {
        var world = world("{}");
        run(world, 0, 60, 0.5, 0.7, 0.3, 0.6);
        world.drop();
        run(world, 60, 200, 0.5, 0.7, 0.3, 0.6);
        var readout = world.look();
        assertThat(readout.decision().verdict()).isEqualTo(Decision.Verdict.SHIP);
        assertThat(readout.decision().winner()).contains("a");
        assertThat(readout.decision().why())
                .isEqualTo(
                        "'a' is the best of 4 variants on 'score', 'control' among them: each of the others is shown to be worse than one that was in (chance that the best one is out at most 0.05).");
    }

    @Test
    void keeps_running_while_several_are_in() {
        var world = world("{}");
        run(world, 0, 40, 0.5, 0.7, 0.5, 0.7);
        world.drop();
        var readout = world.look();
        assertThat(readout.decision().verdict()).isEqualTo(Decision.Verdict.KEEP_RUNNING);
        assertThat(readout.decision().why())
                .isEqualTo(
                        "Several variants are still in, and none of them is shown to be the best.");
        assertThat(readout.unitsToDecision().orElse(0)).isGreaterThan(0);
    }

    @Test
    void rolls_back_when_the_control_is_left() {
        var world = world("{}");
        run(world, 0, 100, 0.7, 0.5, 0.3, 0.4);
        world.drop();
        assertThat(world.decide().verdict()).isEqualTo(Decision.Verdict.ROLLBACK);
    }

    @Test
    void of_practically_equal_ones_ships_the_best_or_the_cheaper_as_the_rule_says() {
        for (var prefer : List.of("", ", 'prefer': 'cheaper'")) {
            var world = world("{'minimumEffect': 0.08" + prefer + "}");
            run(world, 0, 100, 0.4, 0.62, 0.3, 0.63);
            world.drop();
            run(world, 100, 500, 0.4, 0.62, 0.3, 0.63);
            var decision = world.decide();
            assertThat(decision.verdict()).isEqualTo(Decision.Verdict.SHIP);
            assertThat(decision.winner()).contains(prefer.isEmpty() ? "c" : "a");
        }
    }

    @Test
    void gives_up_when_nothing_is_better_than_the_control_by_what_matters() {
        var world = world("{'minimumEffect': 0.08}");
        run(world, 0, 400, 0.5, 0.5, 0.3, 0.505);
        world.drop();
        assertThat(world.decide().verdict()).isEqualTo(Decision.Verdict.FUTILE);
    }

    @Test
    void ends_with_the_best_that_is_left_where_the_control_has_lost() {
        var world = world("{}");
        run(world, 0, 60, 0.3, 0.7, 0.2, 0.701);
        world.drop();
        assertThat(world.decide().verdict()).isEqualTo(Decision.Verdict.KEEP_RUNNING);
        var end = Decision.atEnd(world.grounds());
        assertThat(end.verdict()).isEqualTo(Decision.Verdict.SHIP);
        assertThat(end.winner()).isPresent().get().isIn("a", "c");
        assertThat(end.why())
                .isEqualTo(
                        "'control' has lost against another variant on 'score'. Of those that are left ('a', 'c') '%s' has the best mean; which of them is the best is not shown (chance that the best one is out at most 0.05)."
                                .formatted(end.winner().orElseThrow()));
    }

    @Test
    void ends_without_a_winner_where_the_control_is_in_or_all_that_are_left_breach_a_guardrail() {
        var among = world("{}");
        run(among, 0, 60, 0.7, 0.7, 0.2, 0.7);
        among.drop();
        assertThat(Decision.atEnd(among.grounds()).verdict())
                .isEqualTo(Decision.Verdict.KEEP_RUNNING);

        var dear = world("{}");
        dear.document
                .withArray("guardrails")
                .addObject()
                .put("name", "costUsd")
                .put("direction", "decrease")
                .put("margin", 0.001);
        run(dear, 0, 60, 0.3, 0.7, 0.2, 0.701);
        dear.drop();
        var end = Decision.atEnd(dear.grounds());
        assertThat(end.verdict()).isEqualTo(Decision.Verdict.ROLLBACK);
        assertThat(end.why())
                .isEqualTo(
                        "'control' has lost on 'score', but of the variants that are left each breaches a guardrail: 'a', 'c'.");
    }

    @Test
    void a_variant_that_joins_later_meets_the_others_on_common_items_at_its_own_part_of_alpha() {
        var world = world("{}");
        run(world, 0, 100, 0.5, 0.6, 0.3, 0.5);
        world.drop();
        world.document.withArray("variants").addObject().put("key", "late");
        world.document
                .withArray("cohorts")
                .add(cohort(1, "{'control': 1, 'a': 1, 'b': 1, 'c': 1, 'late': 0}"))
                .add(cohort(2, "{'control': 1, 'a': 1, 'b': 1, 'c': 1, 'late': 1}"));
        for (var i = 0; i < 100; i++) {
            world.record("late", "i" + i, 1, Map.of("score", 0.95));
        }
        var lost = world.elimination().now();
        assertThat(lost).extracting(Elimination.Dropped::than).containsOnly("late");
    }

    private static tools.jackson.databind.JsonNode cohort(int index, String weights) {
        return assay.domain.work.Bench.value(
                "{'index': %d, 'weights': %s, 'from': '2026-03-30T09:00:00Z', 'trafficAllocation': 100}"
                        .formatted(index, weights));
    }
}
