package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.domain.store.Cell;
import assay.domain.store.UnitValue;
import assay.domain.work.Bench;
import assay.stats.Alternative;
import assay.stats.Estimate;
import assay.stats.Interval;
import assay.stats.JointMoments;
import assay.stats.comparison.Claim;
import assay.stats.sequential.Boundary;
import assay.stats.sequential.GroupSequential;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// Small data sets made by hand, with answers worked out beside them.
@DisplayNameGeneration(ReplaceUnderscores.class)
class AnalysisTest {
    private static final Offset<Double> EXACT = within(1e-12);

    private static Design design(String metric) {
        return Design.of(
                "e",
                json(
                        """
                        {'primaryMetric': 'm', 'variants': [{'key': 'a'}, {'key': 'b'}],
                         'rule': {'plannedSample': 400, 'burnIn': {'perArm': 2, 'conversions': 1}}, 'metrics': [%s]}\
                        """
                                .formatted(metric)));
    }

    /// A cell of units with a value each, and another number in turn.
    private static Cell cell(int cohort, String arm, double[] values, double... others) {
        var moments = new JointMoments();
        var nonzero = 0;
        for (var i = 0; i < values.length; i++) {
            moments.add(values[i], others.length == 0 ? 0 : others[i]);
            nonzero += values[i] == 0 ? 0 : 1;
        }
        return new Cell(cohort, arm, values.length, nonzero, moments);
    }

    private static double[] of(double... values) {
        return values;
    }

    private static List<UnitValue> units(String arm, double... values) {
        return IntStream.range(0, values.length)
                .mapToObj(i ->
                        new UnitValue(
                                arm + i,
                                1,
                                arm,
                                i,
                                JsonNodeFactory.instance.objectNode(),
                                values[i],
                                0))
                .toList();
    }

    private static Analysis analysis(String metric, Cell... cells) {
        var design = design(metric);
        return Analysis.of(design, design.primary(), List.of(cells), 1);
    }

    private static Analysis ofUnits(String metric, List<UnitValue> a, List<UnitValue> b) {
        var design = design(metric);
        var all = new ArrayList<>(a);
        all.addAll(b);
        return Analysis.ofUnits(
                design,
                design.primary(),
                Capped.of(design.primary(), all),
                1,
                Inference.of(design.rule()));
    }

    private static double mean(Analysis analysis, String arm) {
        return Optional.ofNullable(analysis.arms().get(arm))
                .flatMap(side -> side.shown().mean())
                .orElseThrow();
    }

    private static Analysis.Comparison only(Analysis analysis) {
        return analysis.comparisons().getFirst();
    }

    @Nested
    class The_known_answer {
        /// 3 of 10 against 6 of 10: variances 0.21 * 10/9 and 0.24 * 10/9. The interval is the
        /// asymptotic sequence at n = 20 with rho^2 = (-2 ln 0.05 + ln(1 - 2 ln 0.05)) / 400.
        @Test
        void of_a_proportion() {
            var analysis =
                    analysis(
                            "{'name': 'm', 'type': 'proportion'}",
                            cell(1, "a", of(1, 1, 1, 0, 0, 0, 0, 0, 0, 0)),
                            cell(1, "b", of(1, 1, 1, 1, 1, 1, 0, 0, 0, 0)));
            var one = only(analysis);
            assertThat(one.difference().orElseThrow().value()).isCloseTo(0.3, EXACT);
            assertThat(one.difference().orElseThrow().standardError())
                    .isCloseTo(Math.sqrt(0.05), EXACT);
            var interval = one.absolute().orElseThrow().interval();
            assertThat(interval.lower()).isCloseTo(-0.7551542955311443, EXACT);
            assertThat(interval.upper()).isCloseTo(1.3551542955311444, EXACT);
            assertThat(one.pValue()).isCloseTo(0.9152308515327606, EXACT);
            assertThat(one.lift().orElseThrow().value()).isCloseTo(1, EXACT);
            assertThat(mean(analysis, "b")).isEqualTo(0.6);
        }

        /// Sums 12 over 8 and 18 over 8; squared residuals 18.5 and 2.375 over 3 and mean(y)^2 = 4.
        @Test
        void of_a_ratio() {
            var one =
                    only(
                            analysis(
                                    "{'name': 'm', 'numerator': 'x', 'denominator': 'y'}",
                                    cell(1, "a", of(2, 4, 0, 6), 1, 3, 2, 2),
                                    cell(1, "b", of(3, 5, 1, 9), 1, 2, 1, 4)));
            assertThat(one.difference().orElseThrow().value()).isCloseTo(0.75, EXACT);
            assertThat(one.difference().orElseThrow().standardError())
                    .isCloseTo(Math.sqrt((18.5 + 2.375) / 3 / 4 / 4), EXACT);
        }

        /// Sxy = 12.5 and Sxx = 5.5 over both arms: theta = 25/11; 7 - 4 less theta * (3 - 2).
        @Test
        void of_a_mean_adjusted_by_what_was_before() {
            var one =
                    only(
                            analysis(
                                    "{'name': 'm', 'type': 'mean', 'lookback': '7d'}",
                                    cell(1, "a", of(2, 4, 6), 1, 2, 3),
                                    cell(1, "b", of(5, 7, 9), 2, 3, 4)));
            assertThat(one.difference().orElseThrow().value()).isCloseTo(8 / 11.0, EXACT);
            assertThat(one.plain().orElseThrow().difference().orElseThrow().value())
                    .isCloseTo(3, EXACT);
            assertThat(one.difference().orElseThrow().standardError())
                    .isLessThan(
                            one.plain().orElseThrow().difference().orElseThrow().standardError());
        }

        /// Medians of 1..99 and 11..109; half of the distance of the order statistics around them
        /// stands for 1.96 standard errors.
        @Test
        void of_a_quantile() {
            var a = IntStream.rangeClosed(1, 99).mapToDouble(i -> i).toArray();
            var b = IntStream.rangeClosed(11, 109).mapToDouble(i -> i).toArray();
            var analysis = ofUnits("{'name': 'm', 'level': 0.5}", units("a", a), units("b", b));
            assertThat(mean(analysis, "a")).isEqualTo(50.0);
            var z = 1.959963984540054;
            var width = 98 * 2 * z * Math.sqrt(0.25 / 99);
            var variance = Math.pow(width / (2 * z), 2) * 99 * (98 / 99.0);
            assertThat(only(analysis).difference().orElseThrow().value()).isEqualTo(10.0);
            assertThat(only(analysis).difference().orElseThrow().standardError())
                    .isCloseTo(Math.sqrt(2 * variance / 99), within(1e-9));
        }

        /// The 0.75 quantile of 1, 2, 3, 4, 5, 6, 7, 800, 900 is 7: so much the last two count.
        @Test
        void of_a_sum_capped_at_a_quantile_of_both_arms() {
            var analysis =
                    ofUnits(
                            "{'name': 'm', 'cap': {'quantile': 0.75}}",
                            units("a", 1, 2, 3, 4, 800),
                            units("b", 5, 6, 7, 900));
            assertThat(analysis.cap()).hasValue(7);
            assertThat(mean(analysis, "a")).isEqualTo(17 / 5.0);
            assertThat(mean(analysis, "b")).isEqualTo(25 / 4.0);
        }

        @Test
        void of_a_funnel_with_the_units_of_each_step() {
            var metric = "{'name': 'm', 'steps': ['visit', 'cart']}";
            var visits = List.of(cell(1, "a", of(1, 1, 1, 0)), cell(1, "b", of(1, 1, 1, 1)));
            var carts = List.of(cell(1, "a", of(1, 0, 0, 0)), cell(1, "b", of(1, 1, 1, 0)));
            var design = design(metric);
            var analysis =
                    Analysis.of(design, design.primary(), carts, 1)
                            .withSteps(List.of(visits, carts));
            assertThat(only(analysis).difference().orElseThrow().value()).isCloseTo(0.5, EXACT);
            assertThat(Bench.value(Steps.json(design, analysis).toString()))
                    .isEqualTo(
                            Bench.value(
                                    """
                                    [{'event': 'visit', 'arms': [{'key': 'a', 'units': 3, 'ofAll': 0.75, 'ofPrevious': 0.75},
                                                                 {'key': 'b', 'units': 4, 'ofAll': 1.0, 'ofPrevious': 1.0}]},
                                     {'event': 'cart', 'arms': [{'key': 'a', 'units': 1, 'ofAll': 0.25, 'ofPrevious': 0.3333333333333333},
                                                                {'key': 'b', 'units': 3, 'ofAll': 0.75, 'ofPrevious': 0.75}]}]\
                                    """));
        }

        /// Within each cohort the arms are equal; put together, the second cohort's lower rate and
        /// larger share of b would look like a loss of 0.2.
        @Test
        void of_cohorts_with_other_weights_is_taken_within_them() {
            var analysis =
                    analysis(
                            "{'name': 'm', 'type': 'proportion'}",
                            cell(1, "a", of(1, 1, 1, 0, 1, 1, 1, 0)),
                            cell(1, "b", of(1, 1, 1, 0)),
                            cell(2, "a", of(1, 0, 0, 0)),
                            cell(2, "b", of(1, 0, 0, 0, 1, 0, 0, 0)));
            assertThat(only(analysis).difference().orElseThrow().value()).isCloseTo(0, EXACT);
            assertThat(mean(analysis, "a")).isEqualTo(7 / 12.0);
            var within = 0.1875;
            assertThat(only(analysis).difference().orElseThrow().standardError())
                    .isCloseTo(
                            0.5 * Math.sqrt(within / 7 + within / 3 + within / 3 + within / 7),
                            EXACT);
        }

        @Test
        void leaves_out_a_cohort_in_which_an_arm_has_a_single_unit() {
            var one =
                    only(
                            analysis(
                                    "'m'",
                                    cell(1, "a", of(1, 2, 3)),
                                    cell(1, "b", of(2, 3, 4)),
                                    cell(2, "a", of(100)),
                                    cell(2, "b", of(1, 2, 3))));
            assertThat(one.difference().orElseThrow().value()).isEqualTo(1.0);
        }
    }

    @Nested
    class It_holds_for_any_data_that {
        private final Random random = new Random(5);

        private double[] sample(int n, double shift, double scale) {
            return IntStream.range(0, n)
                    .mapToDouble(_ -> shift + scale * random.nextGaussian())
                    .toArray();
        }

        private static double[] mapped(double[] values, double shift, double scale) {
            return IntStream.range(0, values.length)
                    .mapToDouble(i -> shift + scale * values[i])
                    .toArray();
        }

        @ParameterizedTest
        @ValueSource(strings = {"'m'", "{'name': 'm', 'type': 'mean', 'lookback': '1d'}"})
        void the_order_of_cells_does_not_matter(String metric) {
            for (var run = 0; run < 20; run++) {
                var cells = new ArrayList<Cell>();
                for (var cohort = 1; cohort <= 3; cohort++) {
                    cells.add(cell(cohort, "a", sample(20, 1, 1), sample(20, 0, 1)));
                    cells.add(cell(cohort, "b", sample(30, 1, 2), sample(30, 0, 1)));
                }
                var design = design(metric);
                var before = Analysis.of(design, design.primary(), cells, 1);
                Collections.shuffle(cells, random);
                assertThat(Analysis.of(design, design.primary(), cells, 1)).isEqualTo(before);
            }
        }

        @Test
        void a_shift_changes_no_difference_and_a_scale_scales_it() {
            for (var run = 0; run < 20; run++) {
                var a = sample(40, 3, 1);
                var b = sample(50, 4, 2);
                var plain = only(analysis("'m'", cell(1, "a", a), cell(1, "b", b)));
                var moved =
                        only(
                                analysis(
                                        "'m'",
                                        cell(1, "a", mapped(a, 7, 3)),
                                        cell(1, "b", mapped(b, 7, 3))));
                assertThat(moved.difference().orElseThrow().value())
                        .isCloseTo(3 * plain.difference().orElseThrow().value(), within(1e-9));
                assertThat(moved.absolute().orElseThrow().interval().lower())
                        .isCloseTo(
                                3 * plain.absolute().orElseThrow().interval().lower(),
                                within(1e-9));
                assertThat(moved.pValue()).isCloseTo(plain.pValue(), within(1e-9));
            }
        }

        @Test
        void arms_that_change_places_turn_the_sign() {
            var a = sample(40, 3, 1);
            var b = sample(50, 4, 2);
            var one = only(analysis("'m'", cell(1, "a", a), cell(1, "b", b)));
            var turned = only(analysis("'m'", cell(1, "a", b), cell(1, "b", a)));
            assertThat(turned.difference().orElseThrow().value())
                    .isEqualTo(-one.difference().orElseThrow().value());
            assertThat(turned.pValue()).isCloseTo(one.pValue(), EXACT);
        }

        @Test
        void a_comparison_does_not_depend_on_where_its_arm_stands() {
            var values = List.of(sample(30, 1, 1), sample(30, 2, 1), sample(30, 3, 1));
            var cells =
                    List.of(
                            cell(1, "a", values.get(0)),
                            cell(1, "b", values.get(1)),
                            cell(1, "c", values.get(2)));
            var one = three("{'key': 'a'}, {'key': 'b'}, {'key': 'c'}", cells);
            var other = three("{'key': 'c'}, {'key': 'a', 'control': true}, {'key': 'b'}", cells);
            assertThat(other.comparisons()).containsExactlyInAnyOrderElementsOf(one.comparisons());
        }

        private Analysis three(String variants, List<Cell> cells) {
            var design =
                    Design.of(
                            "e",
                            json("{'primaryMetric': 'm', 'variants': [%s]}".formatted(variants)));
            return Analysis.of(design, design.primary(), cells, 0.5);
        }

        @Test
        void a_cohort_that_takes_no_part_leaves_the_answer_to_the_last_bit() {
            var a = sample(40, 3, 1);
            var b = sample(50, 4, 2);
            var one = only(analysis("'m'", cell(1, "a", a), cell(1, "b", b)));
            var alone =
                    only(analysis("'m'", cell(1, "a", a), cell(1, "b", b), cell(2, "a", of(5, 6))));
            assertThat(alone.absolute()).isEqualTo(one.absolute());
        }
    }

    @Nested
    class Planned_looks {
        @Test
        void have_a_p_value_that_is_alpha_exactly_on_the_bound() {
            for (var timing : List.of(List.of(0.5), List.of(0.3, 0.6), List.of(0.5, 1.0))) {
                var bound =
                        GroupSequential.of(
                                        new Boundary.LanDeMetsObrienFleming(),
                                        timing,
                                        0.05,
                                        Alternative.TWO_SIDED)
                                .bounds()
                                .getLast();
                var inference = new Inference(Rule.Methodology.GROUP_SEQUENTIAL, timing);
                assertThat(inference.pValue(claim(bound))).isCloseTo(0.05, within(1e-9));
                assertThat(inference.pValue(claim(0.01))).isGreaterThan(0.99);
            }
        }

        private static Claim claim(double z) {
            return new Claim(
                    new Estimate(z, 1), new Interval(z - 1, z + 1), 0, OptionalDouble.empty());
        }
    }
}
