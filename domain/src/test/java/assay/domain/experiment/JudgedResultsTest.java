package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.domain.noun.Json;
import assay.domain.store.Calibrations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Outputs that a judge scored, or preferred to each other.
@DisplayNameGeneration(ReplaceUnderscores.class)
class JudgedResultsTest {
    private static Calibrations.Row row(String item, double judge, OptionalDouble human) {
        return new Calibrations.Row(
                item,
                judge,
                OptionalDouble.empty(),
                human,
                Optional.empty(),
                OptionalDouble.empty());
    }

    @Nested
    class A_calibrated_judge {
        private final LeasedWorld world =
                new LeasedWorld(300, "{'metrics': [{'name': 'score', 'min': 0, 'max': 1}]}");
        private final List<Calibrations.Row> rows = new ArrayList<>();

        /// People find no difference; the judge gives the treatment, which writes more, 0.2 more.
        A_calibrated_judge() {
            var random = new SplittableRandom(8);
            for (var i = 0; i < 300; i++) {
                var truth = 0.2 + 0.4 * random.nextDouble();
                world.record("control", "i" + i, truth);
                world.record("treatment", "i" + i, truth + 0.2);
                if (i < 60) {
                    rows.add(row("i" + i + "/control/1", truth, OptionalDouble.of(truth)));
                    rows.add(row("i" + i + "/treatment/1", truth + 0.2, OptionalDouble.of(truth)));
                }
            }
        }

        private ObjectNode judge(String calibration) {
            return JudgeCorrection.of(
                            world.grounds(), new JudgeReport(0.5, rows, json(calibration)))
                    .orElseThrow();
        }

        @Test
        void is_corrected_by_people_s_labels_of_the_same_outputs() {
            assertThat(world.decide().verdict()).isEqualTo(Decision.Verdict.SHIP);
            var corrected = judge("{'labelled': 120}").path("corrected").path(0);
            assertThat(corrected.path("raw").doubleValue()).isCloseTo(0.2, within(1e-9));
            assertThat(corrected.path("difference").doubleValue()).isCloseTo(0, within(1e-9));
            assertThat(corrected.path("lower").doubleValue()).isNegative();
            assertThat(corrected.path("upper").doubleValue()).isPositive();
            assertThat(corrected.path("labelledItems").intValue()).isEqualTo(60);
        }

        @Test
        void that_leans_is_warned_of() {
            var judge =
                    judge(
                            "{'labelled': 9, 'position': {'biased': true, 'firstShare': 0.3, 'n': 200}, 'length': {'biased': true, 'perDeviation': 0.1}}");
            assertThat(judge.path("warnings").toString())
                    .contains("prefers the output shown second, whichever it is (70 % of 200)")
                    .contains("favours long outputs");
        }

        @Test
        void without_labels_warns_only() {
            rows.clear();
            rows.add(row("other", 1, OptionalDouble.empty()));
            assertThat(judge("{}").has("corrected")).isFalse();
        }
    }

    /// Sensitivity 0.9 and specificity 0.8: the judge finds 0.7 of a true difference.
    @Test
    void a_judge_who_was_calibrated_on_other_outputs_is_corrected_by_its_errors_there() {
        var world = new LeasedWorld(400, "{'metrics': [{'name': 'score', 'type': 'proportion'}]}");
        for (var i = 0; i < 400; i++) {
            world.record("control", "i" + i, i % 100 < 40 ? 1 : 0);
            world.record("treatment", "i" + i, i % 100 < 54 ? 1 : 0);
        }
        var rows = new ArrayList<Calibrations.Row>();
        for (var i = 0; i < 200; i++) {
            rows.add(row("o" + i, i % 10 < 9 ? 1 : 0, OptionalDouble.of(1)));
            rows.add(row("p" + i, i % 10 < 2 ? 1 : 0, OptionalDouble.of(0)));
        }
        var corrected =
                JudgeCorrection.of(world.grounds(), new JudgeReport(0.5, rows, Json.object()))
                        .orElseThrow()
                        .path("corrected")
                        .path(0);
        assertThat(corrected.path("raw").doubleValue()).isCloseTo(0.14, within(1e-9));
        assertThat(corrected.path("difference").doubleValue()).isCloseTo(0.2, within(1e-9));
        assertThat(corrected.path("lower").doubleValue()).isBetween(0.05, 0.15);
        assertThat(corrected.path("upper").doubleValue()).isBetween(0.25, 0.5);
        assertThat(corrected.path("labelledOutputs").intValue()).isEqualTo(400);
    }

    @Nested
    class Preferences_between_outputs {
        private final LeasedWorld world =
                new LeasedWorld(
                        100,
                        "{'primaryMetric': 'preference', 'variants': [{'key': 'control'}, {'key': 'a'}, {'key': 'b'}]}");

        private void judge(String arm, int wins, int ties, int losses) {
            for (var i = 0; i < wins + ties + losses; i++) {
                world.record("control", "i" + i, 1, Map.of());
                world.record(
                        arm,
                        "i" + i,
                        1,
                        Map.of("preference", i < wins ? 1.0 : i < wins + ties ? 0.5 : 0.0));
            }
        }

        @Test
        void are_decided_by_those_that_are_no_ties() {
            judge("a", 30, 40, 5);
            judge("b", 10, 50, 10);
            var readout = world.look();
            assertThat(readout.decision().winner()).contains("a");
            var one = readout.grounds().primary().comparisons().getFirst();
            assertThat(one.difference().orElseThrow().value()).isCloseTo(25 / 75.0, within(1e-12));
            assertThat(one.lift()).isEmpty();
            var primary = readout.json("Running", Optional.empty()).path("primary");
            assertThat(primary.path("method").stringValue())
                    .isEqualTo(
                            "by judgements between their outputs that are no ties (sign e-process, exact from the first)");
            assertThat(primary.path("comparisons").path(1).path("pairs").intValue()).isEqualTo(70);
        }

        /// In a star of matches each strength is the log odds against the control: ln(50 / 25), a
        /// tie half a win, and 0.
        @Test
        void have_strengths_of_all_variants() {
            judge("a", 30, 40, 5);
            judge("b", 10, 50, 10);
            var strengths =
                    world.look()
                            .json("Running", Optional.empty())
                            .path("primary")
                            .path("strengths");
            var best = strengths.path("arms").path(0);
            assertThat(best.path("key").stringValue()).isEqualTo("a");
            assertThat(best.path("strength").doubleValue())
                    .isCloseTo(Math.log(2) * 2 / 3, within(1e-9));
            assertThat(best.path("winsAgainstControl").doubleValue())
                    .isCloseTo(2 / 3.0, within(1e-9));
            assertThat(strengths.has("prior")).isFalse();
        }

        @Test
        void of_which_one_variant_has_all_have_strengths_with_a_prior() {
            judge("a", 8, 0, 0);
            var strengths =
                    world.look()
                            .json("Running", Optional.empty())
                            .path("primary")
                            .path("strengths");
            assertThat(strengths.path("prior").stringValue()).contains("won or lost everything");
            assertThat(strengths.path("arms").path(0).path("key").stringValue()).isEqualTo("a");
        }
    }
}
