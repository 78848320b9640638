package assay.domain.loop;

import static assay.domain.work.Bench.value;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.domain.JsonText;
import assay.domain.Reason;
import assay.domain.experiment.Certificate;
import assay.domain.work.Bench;
import assay.domain.work.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// From leased units to a verdict, through the store.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DecidingTest {
    @TempDir Path data;

    private static final String GRADED = ", 'metrics': [{'name': 'right', 'min': 0, 'max': 1}]";
    private static final String THREE =
            ", 'variants': [{'key': 'control', 'prompt': 'plain'}, {'key': 'kind', 'prompt': 'kind'},"
                    + " {'key': 'rude', 'prompt': {'template': '{{a}}!'}}]";

    /// Runs units, each with the quality of its variant and the difficulty of its item.
    private static void run(Course course, int units, Map<String, Double> quality) {
        for (var unit : course.lease(units)) {
            var item = Integer.parseInt(unit.path("item").path("id").stringValue().substring(1));
            var score =
                    quality.getOrDefault(unit.path("variant").stringValue(), 0.0)
                            + item % 5 / 50.0
                            + (item + unit.path("repetition").asInt()) % 2 / 100.0;
            var _ =
                    course.record(
                            unit.path("lease"),
                            "{'output': 'x', 'score': %s, 'metrics': {'costUsd': 0.01}}"
                                    .formatted(score));
        }
    }

    @Test
    void pairs_of_items_decide_within_few_of_them() {
        try (var course = new Course(data, 60, GRADED + ", 'repetitions': 2")) {
            run(course, 80, Map.of("control", 0.3, "kind", 0.7));
            var results = course.results();
            assertThat(results.path("verdict").stringValue()).isEqualTo("ship");
            var one = results.path("primary").path("comparisons").path(0);
            assertThat(one.path("pairs").intValue()).isEqualTo(20);
            assertThat(one.path("difference").doubleValue()).isBetween(0.39, 0.41);
            assertThat(one.path("shrunk").path("difference").doubleValue()).isPositive();
            assertThat(results.path("rule").path("plannedSample").intValue()).isEqualTo(240);
            assertThat(results.path("rule").path("text").stringValue())
                    .endsWith(
                            "The variants are compared item by item, by betting on scores from 0 to 1 (exact from the first item); nothing is decided before 1 item is finished under both.");
        }
    }

    /// Of an item, 9/10 or more of what makes runs differ is the item's own here.
    @Test
    void a_plan_goes_by_what_the_items_so_far_have_in_common() {
        try (var course = new Course(data, 60, GRADED + ", 'repetitions': 2")) {
            run(course, 160, Map.of("control", 0.3, "kind", 0.31));
            var plan =
                    course.bench.read(work ->
                            work.plan(
                                    JsonText.json("{'id': '%s'}".formatted(course.id)).get("id"),
                                    JsonText.json("{'minimumEffect': 0.01}")));
            assertThat(plan.path("soFar").path("correlation").doubleValue()).isBetween(0.8, 1.0);
            assertThat(plan.path("assumes").path("pairing").path("correlation").doubleValue())
                    .isBetween(0.8, 0.99);
            assertThat(plan.path("why").stringValue())
                    .matches(
                            "A decision takes \\d+ units in all \\(\\d+ items?\\), and there will be 240\\.");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GRADED,
                ", 'metrics': [{'name': 'right', 'type': 'proportion'}], 'repetitions': 2",
                GRADED + THREE + ", 'allocation': 'elimination'",
                GRADED + ", 'rule': {'prefer': 'cheaper', 'minimumEffect': 0.01}",
                ", 'primaryMetric': 'worth', 'metrics': [{'name': 'worth', 'terms': {'right': 1, 'costUsd': -2}}]"
            })
    void the_conclusion_is_the_same_when_it_is_drawn_again_from_its_certificate(String design)
            throws Exception {
        try (var course = new Course(data, 60, design)) {
            run(course, 60, Map.of("control", 0.3, "kind", 0.7, "rude", 0.1));
            for (var unit : course.lease(3)) {
                var _ = course.record(unit.path("lease"), "{'error': 'no answer'}");
            }
            assertThat(course.lease(2)).hasSize(2);
            course.bench.verb("Experiment", "conclude", course.id, "{}");
            assertThat(verified(course))
                    .isEqualTo(
                            new Verification(
                                    Verification.Finding.SAME,
                                    "The conclusion was drawn again from the events, and is the same to the last bit.",
                                    List.of()));
        }
    }

    @Test
    void a_conclusion_of_which_an_item_was_forgotten_is_of_other_data() throws Exception {
        try (var course = new Course(data, 60, GRADED)) {
            run(course, 60, Map.of("control", 0.3, "kind", 0.7));
            course.bench.verb("Experiment", "conclude", course.id, "{}");
            course.bench.write(work -> work.forget(Bench.value("'i3'")));
            var found = verified(course);
            assertThat(found.finding()).isEqualTo(Verification.Finding.DATA_CHANGED);
            assertThat(found.differences()).contains("exposures: 60 then, 58 now");
        }
    }

    private Verification verified(Course course) throws Exception {
        var certificate = course.bench.read(work -> work.certificate(course.id));
        return Verification.of(
                course.bench.folder(),
                new Caller("default", "ada", false),
                Certificate.read(certificate),
                Files.createTempDirectory(data, "again"));
    }

    @Test
    void a_variant_that_has_lost_is_leased_no_more_and_the_experiment_says_why() {
        try (var course = new Course(data, 100, GRADED + THREE + ", 'allocation': 'elimination'")) {
            run(course, 120, Map.of("control", 0.5, "kind", 0.7, "rude", 0.1));
            assertThat(course.lease(30)).isEmpty();
            var experiment = course.bench.get("Experiment", course.id, "{}").orElseThrow();
            var dropped = experiment.path("dropped");
            assertThat(dropped.valueStream().map(one -> one.path("arm").stringValue()))
                    .isEqualTo(List.of("rude", "control"));
            assertThat(dropped.path(0).path("why").stringValue())
                    .startsWith("'rude' - 'kind' = -0.6 on 'right' over 40 items");
            var results = course.results();
            assertThat(results.path("winner").stringValue()).isEqualTo("kind");
            assertThat(results.path("validity").path("srm").path("ok").booleanValue()).isTrue();
            assertThat(results.path("validity").path("dropped").size()).isEqualTo(2);
        }
    }

    @Test
    void a_variant_that_was_taken_out_by_hand_neither_loses_nor_makes_another_one_win() {
        try (var course = new Course(data, 100, GRADED + THREE + ", 'allocation': 'elimination'")) {
            run(course, 6, Map.of("control", 0.5, "kind", 0.7, "rude", 0.1));
            course.bench.update(
                    "Experiment",
                    course.id,
                    "{'variants': [{'key': 'control', 'weight': 0}, {'key': 'kind', 'weight': 1}, {'key': 'rude', 'weight': 1}]}");
            run(course, 120, Map.of("kind", 0.7, "rude", 0.1));
            assertThat(course.next("{'n': 30}").path("why").stringValue())
                    .isEqualTo("Fewer than two variants are in: nothing is left to compare.");
            var experiment = course.bench.get("Experiment", course.id, "{}").orElseThrow();
            assertThat(
                            experiment
                                    .path("dropped")
                                    .valueStream()
                                    .map(one -> one.path("arm").stringValue()))
                    .isEqualTo(List.of("rude"));
            assertThat(course.results().path("verdict").stringValue()).isEqualTo("keep_running");
        }
    }

    /// A world in which the control is clearly the worst, and the two others are the same.
    private Course withoutControl(int items) {
        var course = new Course(data, items, GRADED + THREE + ", 'allocation': 'elimination'");
        run(course, 90, Map.of("control", 0.1, "kind", 0.7, "rude", 0.7));
        run(course, 150, Map.of("control", 0.1, "kind", 0.7, "rude", 0.7));
        assertThat(
                        course.bench
                                .get("Experiment", course.id, "{}")
                                .orElseThrow()
                                .path("dropped")
                                .valueStream()
                                .map(one -> one.path("arm").stringValue()))
                .isEqualTo(List.of("control"));
        return course;
    }

    private static String served(Course course) {
        return course.bench
                .write(work -> work.assign(course.id, value("'somebody'"), value("{}")))
                .path("key")
                .stringValue();
    }

    @Test
    void a_control_that_has_lost_is_not_served_when_the_units_run_out() {
        try (var course = withoutControl(60)) {
            assertThat(course.lease(200)).isEmpty();
            var results = course.results();
            assertThat(results.path("verdict").stringValue()).isEqualTo("ship");
            assertThat(results.path("why").stringValue())
                    .startsWith(
                            "'control' has lost against another variant on 'right'. Of those that are left ('kind', 'rude') '");
            course.bench.verb("Experiment", "conclude", course.id, "{}");
            assertThat(served(course)).isIn("kind", "rude");
        }
    }

    @Test
    void a_control_that_has_lost_is_not_served_when_somebody_ends_it_early() throws Exception {
        try (var course = withoutControl(200)) {
            assertThat(course.results().path("verdict").stringValue()).isEqualTo("keep_running");
            course.bench.verb("Experiment", "conclude", course.id, "{}");
            var winner = served(course);
            assertThat(winner).isIn("kind", "rude");
            var certificate = course.bench.read(work -> work.certificate(course.id));
            assertThat(certificate.path("winner").stringValue()).isEqualTo(winner);
            assertThat(certificate.path("verdict").stringValue()).isEqualTo("ship");
            var again =
                    Verification.of(
                            course.bench.folder(),
                            new Caller("default", "ada", false),
                            Certificate.read(certificate),
                            Files.createDirectory(data.resolve("again")));
            assertThat(again.differences()).isEmpty();
            assertThat(again.finding()).isEqualTo(Verification.Finding.SAME);
        }
    }

    @Test
    void a_utility_weighs_what_is_recorded_of_a_run() {
        try (var course =
                new Course(
                        data,
                        40,
                        ", 'primaryMetric': 'worth', 'metrics': [{'name': 'worth', 'terms': {'right': 1, 'costUsd': -2}}]")) {
            run(course, 78, Map.of("control", 0.5, "kind", 0.5));
            for (var unit : course.lease(2)) {
                var _ = course.record(unit.path("lease"), "{'error': 'no answer'}");
            }
            var arms = course.results().path("primary").path("arms");
            assertThat(arms.path(0).path("n").intValue()).isEqualTo(40);
            assertThat(arms.path(0).path("mean").doubleValue()).isBetween(0.48, 0.54);
        }
    }

    @Test
    void a_run_that_waits_for_its_judge_is_no_failure() {
        try (var course =
                new Course(
                        data,
                        10,
                        "{'name': 'Judge', 'slug': 'judge', 'kind': 'human', 'scale': {'min': 0, 'max': 1}}",
                        ", 'judge': 'judge', 'metrics': [{'name': 'right', 'type': 'proportion'}]")) {
            for (var unit : course.lease(8)) {
                var _ = course.record(unit.path("lease"), "{'output': 'x'}");
            }
            assertThat(course.results().path("primary").path("arms").path(0).path("n").intValue())
                    .isEqualTo(0);
        }
    }

    @Test
    void a_score_beyond_the_bounds_of_its_metric_is_refused() {
        try (var course = new Course(data, 3, GRADED)) {
            var lease = course.lease(1).getFirst().path("lease");
            var refused =
                    course.refused(() -> course.record(lease, "{'output': 'x', 'score': 1.5}"));
            assertThat(refused.reason()).isEqualTo(Reason.INVALID_VALUE);
            assertThat(refused.getMessage()).contains("between 0 and 1");
        }
    }
}
