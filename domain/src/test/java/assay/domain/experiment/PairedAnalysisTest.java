package assay.domain.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Leased experiments, whose variants meet the same items.
@DisplayNameGeneration(ReplaceUnderscores.class)
class PairedAnalysisTest {
    private static final String SCORE = "'metrics': [{'name': 'score', 'min': 0, 'max': 1}]";
    private static final String PASSES = "'metrics': [{'name': 'score', 'type': 'proportion'}]";

    private static LeasedWorld world(String members) {
        return new LeasedWorld(100, "{" + members + "}");
    }

    private static Analysis.Comparison only(LeasedWorld world) {
        return world.look().grounds().primary().comparisons().getFirst();
    }

    @Nested
    class Items {
        /// Item a: 0.2 and 0.4 against 0.6 and 1; item b: 0.5 against 0.6, both twice.
        @Test
        void count_once_with_the_mean_of_their_repetitions() {
            var world = world(SCORE + ", 'repetitions': 2");
            for (var repetition = 1; repetition <= 2; repetition++) {
                world.record("control", "a", repetition, Map.of("score", 0.2 * repetition));
                world.record("treatment", "a", repetition, Map.of("score", 0.2 + 0.4 * repetition));
                world.record("control", "b", repetition, Map.of("score", 0.5));
                world.record("treatment", "b", repetition, Map.of("score", 0.6));
            }
            var one = only(world);
            assertThat(one.difference().orElseThrow().value()).isCloseTo(0.3, within(1e-12));
            assertThat(one.difference().orElseThrow().standardError())
                    .isCloseTo(0.2, within(1e-12));
            assertThat(one.lift().orElseThrow().value()).isCloseTo(0.3 / 0.4, within(1e-12));
        }

        @Test
        void that_are_not_finished_under_both_variants_are_left_out_and_counted() {
            var world = world(SCORE + ", 'repetitions': 2");
            for (var item : List.of("a", "b")) {
                for (var repetition = 1; repetition <= 2; repetition++) {
                    world.record("control", item, repetition, Map.of("score", 0.5));
                    world.record("treatment", item, repetition, Map.of("score", 0.7));
                }
            }
            world.record("control", "c", 1, Map.of("score", 0.1));
            world.record("treatment", "c", 1, Map.of("score", 0.1));
            world.record("treatment", "c", 2, Map.of("score", 0.1));
            world.lease("control", "d", 1);
            var json = world.look().json("Running", java.util.Optional.empty());
            var comparison = json.path("primary").path("comparisons").path(0);
            assertThat(comparison.path("pairs").intValue()).isEqualTo(2);
            assertThat(comparison.path("unfinishedItems").intValue()).isEqualTo(2);
            assertThat(comparison.path("difference").doubleValue()).isCloseTo(0.2, within(1e-12));
            assertThat(json.path("validity").path("work").toString())
                    .isEqualTo(
                            "[{\"key\":\"control\",\"leased\":6,\"recorded\":5,\"failed\":0,\"missing\":1},"
                                    + "{\"key\":\"treatment\",\"leased\":6,\"recorded\":6,\"failed\":0,\"missing\":0}]");
        }

        @Test
        void whose_run_failed_count_with_what_was_recorded_for_them() {
            var world = world(PASSES);
            world.record("control", "a", 1.0);
            world.fail("treatment", "a");
            world.record("control", "b", 1.0);
            world.record("treatment", "b", 1.0);
            assertThat(only(world).difference().orElseThrow().value()).isEqualTo(-0.5);
        }
    }

    @Nested
    class The_method {
        private String of(String members) {
            return world(members)
                    .look()
                    .json("Running", java.util.Optional.empty())
                    .path("primary")
                    .path("method")
                    .stringValue();
        }

        @Test
        void follows_from_what_was_declared() {
            assertThat(of(PASSES))
                    .isEqualTo(
                            "by the items on which the variants disagree (e-process, exact from the first item)");
            assertThat(of(PASSES + ", 'repetitions': 3"))
                    .isEqualTo(
                            "item by item, by betting on scores from 0 to 1 (exact from the first item)");
            assertThat(of("'metrics': [{'name': 'score', 'min': 1, 'max': 5}]"))
                    .isEqualTo(
                            "item by item, by betting on scores from 1 to 5 (exact from the first item)");
            assertThat(of("'metrics': ['score']"))
                    .isEqualTo(
                            "item by item, by an asymptotic confidence sequence (from 30 items on)");
        }

        /// All items won: 2^n / (n + 1) is beyond 20 from the 8th on.
        @Test
        void for_passes_may_decide_on_eight_items_and_the_one_for_anything_on_thirty() {
            var passes = new LeasedWorld(20, "{" + PASSES + "}");
            var scores = new LeasedWorld(20, "{'metrics': [{'name': 'score'}]}");
            for (var i = 1; i <= 30; i++) {
                for (var world : List.of(passes, scores)) {
                    world.record("control", "i" + i, 0);
                    world.record("treatment", "i" + i, world == passes ? 1 : 1 + i % 2);
                }
                assertThat(passes.decide().verdict())
                        .isEqualTo(i < 8 ? Decision.Verdict.KEEP_RUNNING : Decision.Verdict.SHIP);
                assertThat(scores.decide().winner().isPresent()).isEqualTo(i >= 30);
            }
        }

        @Test
        void bounds_what_somebody_else_sent_beyond_its_bounds() {
            var world = world(SCORE);
            world.record("control", "a", 0);
            world.record("treatment", "a", 1_000);
            assertThat(only(world).absolute().orElseThrow().estimate().value()).isEqualTo(1);
        }
    }

    @Nested
    class A_look {
        private LeasedWorld filled(double effect) {
            var world = world(SCORE);
            var random = new SplittableRandom(4);
            for (var i = 0; i < 60; i++) {
                var item = 0.7 * random.nextDouble();
                world.record("control", "i" + i, item);
                world.record("treatment", "i" + i, item + effect * random.nextDouble());
            }
            return world;
        }

        @Test
        void says_what_one_more_unit_and_all_that_are_left_would_buy() {
            var readout = filled(0.05).look();
            var json = readout.json("Running", java.util.Optional.empty());
            assertThat(readout.decision().verdict()).isEqualTo(Decision.Verdict.KEEP_RUNNING);
            var prospect = json.path("prospect");
            assertThat(prospect.path("unitsLeft").intValue()).isEqualTo(80);
            var half = only(filled(0.05)).absolute().orElseThrow().interval().width() / 2;
            assertThat(prospect.path("oneMoreUnit").path("halfWidth").doubleValue())
                    .isBetween(0.98 * half, half);
            assertThat(prospect.path("allThatAreLeft").path("halfWidth").doubleValue())
                    .isBetween(0.6 * half, 0.85 * half);
            assertThat(json.path("text").stringValue())
                    .contains("Projection: the 80 units that are left would bring");
            assertThat(json.path("itemsToDecision").longValue())
                    .isEqualTo(json.path("unitsToDecision").longValue() / 2);
        }

        @Test
        void that_ships_shows_the_effect_without_what_the_stop_has_added() {
            var readout = filled(0.3).look();
            assertThat(readout.decision().verdict()).isEqualTo(Decision.Verdict.SHIP);
            var one =
                    readout.json("Running", java.util.Optional.empty())
                            .path("primary")
                            .path("comparisons")
                            .path(0);
            var share =
                    one.path("shrunk").path("difference").doubleValue()
                            / one.path("difference").doubleValue();
            var estimate = only(filled(0.3)).difference().orElseThrow();
            var z = estimate.value() / estimate.standardError();
            assertThat(share).isCloseTo(1 - 1 / (z * z), within(1e-9));
        }

        @Test
        void finds_units_that_go_missing_under_one_variant() {
            var world = filled(0.01);
            for (var i = 0; i < 40; i++) {
                world.lease("control", "m" + i, 1);
                world.record("treatment", "m" + i, 0.5);
            }
            var decision = world.decide();
            assertThat(decision.verdict()).isEqualTo(Decision.Verdict.INVALID);
            assertThat(decision.why())
                    .startsWith("Of the units that were leased, more are missing");
        }

        @Test
        void takes_units_that_run_just_now_for_no_loss() {
            var world = filled(0.01);
            for (var i = 0; i < 40; i++) {
                world.lease("control", "m" + i, 1);
                world.lease("treatment", "m" + i, 1);
            }
            assertThat(world.decide().ratio().isOk()).isTrue();
        }

        @Test
        void after_the_last_unit_gives_up() {
            var world = new LeasedWorld(20, "{" + SCORE + "}");
            for (var i = 0; i < 20; i++) {
                world.record("control", "i" + i, 0.5);
                world.record("treatment", "i" + i, i % 2 == 0 ? 0.6 : 0.4);
            }
            assertThat(world.decide().verdict()).isEqualTo(Decision.Verdict.FUTILE);
        }
    }

    @Nested
    class A_difference_that_does_not_matter {
        private static final String CHEAPER =
                SCORE + ", 'rule': {'minimumEffect': 0.1, 'prefer': 'cheaper'}";

        private LeasedWorld priced(double effect, double control, double treatment) {
            var world = new LeasedWorld(1_000, "{" + CHEAPER + "}");
            for (var i = 0; i < 400; i++) {
                var noise = i % 2 == 0 ? 0.05 : -0.05;
                world.record("control", "i" + i, 1, Map.of("score", 0.5, "costUsd", control));
                world.record(
                        "treatment",
                        "i" + i,
                        1,
                        Map.of("score", 0.5 + effect + noise, "costUsd", treatment));
            }
            return world;
        }

        @Test
        void lets_the_cheaper_variant_win_and_says_so() {
            var decision = priced(-0.01, 0.02, 0.005).decide();
            assertThat(decision.winner()).contains("treatment");
            assertThat(decision.why())
                    .isEqualTo(
                            "'treatment' is the cheapest ('costUsd' 0.005 per unit) of 2 variants that are practically equal to the best of 2 on 'score' ('control', 'treatment': worse than any other variant in by no more than 0.1, if at all).");
        }

        @Test
        void keeps_the_control_where_that_is_cheaper() {
            var decision = priced(0.0, 0.005, 0.02).decide();
            assertThat(decision.verdict()).isEqualTo(Decision.Verdict.FUTILE);
            assertThat(decision.why()).contains("The control is the cheapest of them");
        }

        @Test
        void does_not_excuse_one_that_does() {
            assertThat(priced(0.3, 0.005, 0.02).decide().winner()).contains("treatment");
            assertThat(priced(-0.3, 0.02, 0.005).decide().verdict())
                    .isEqualTo(Decision.Verdict.ROLLBACK);
        }
    }
}
