package assay.domain.loop;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.IsoTime;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the brief of a leased experiment says of its work, and of the next step.
@DisplayNameGeneration(ReplaceUnderscores.class)
class BriefTest {
    private static final String LEASE = "Next: lease a batch, ";
    private static final String THREE =
            ", 'variants': [{'key': 'control', 'prompt': 'plain'}, {'key': 'kind', 'prompt': 'kind'},"
                    + " {'key': 'rude', 'prompt': {'template': '{{a}}!'}}]";

    @TempDir Path data;

    private static String brief(Course course) {
        return course.bench.read(work -> work.brief(course.id));
    }

    private static String record(Course course, int units) {
        course.lease(units)
                .forEach(unit -> course.record(unit.path("lease"), "{'output': 'x', 'score': 1}"));
        return brief(course);
    }

    @Test
    void counts_what_is_recorded_and_not_what_is_leased() {
        try (var course = new Course(data, 5, ", 'budget': {'units': 8}")) {
            assertThat(brief(course))
                    .contains(
                            " Split validation: 0 of 8 units recorded, 8 left to lease. Budget left: 8 units. Recorded: 'control' 0, 'kind' 0.")
                    .contains(LEASE);
            course.record(course.lease(4).getFirst().path("lease"), "{'error': 'no answer'}");
            course.lease(2);
            assertThat(brief(course))
                    .contains(
                            " Split validation: 1 of 8 units recorded (1 failed), 5 leased, 2 left to lease. Budget left: 2 units.")
                    .contains(LEASE);
        }
    }

    @Test
    void leases_what_has_run_out_again() {
        try (var course = new Course(data, 1, "")) {
            course.lease(2);
            var until = IsoTime.text(course.bench.now().plusSeconds(600));
            assertThat(brief(course))
                    .contains("0 of 2 units recorded, 2 leased.")
                    .contains(
                            "Next: nothing is left to lease, and leases hold 2 units, the first until %s: record those that are yours, or wait; then look."
                                    .formatted(until));
            course.bench.goOn(Duration.ofHours(1));
            assertThat(brief(course))
                    .contains("0 of 2 units recorded, 2 left to lease.")
                    .contains(LEASE);
        }
    }

    @Test
    void ends_with_the_units() {
        try (var course = new Course(data, 2, "")) {
            assertThat(record(course, 4))
                    .contains("4 of 4 units recorded. Recorded: 'control' 2, 'kind' 2.")
                    .contains("Next: every unit is recorded; look, and conclude.");
        }
    }

    @Test
    void ends_with_the_budget() {
        try (var course =
                new Course(data, 2, ", 'budget': {'tokens': 70, 'perUnit': {'tokens': 30}}")) {
            assertThat(record(course, 4))
                    .contains(
                            "2 of 4 units recorded, 2 more than the budget has. Budget left: 10 tokens.")
                    .contains(
                            "Next: the budget is used up (60 of 70 tokens); look, and conclude, or raise it with $.Experiment.update(id, {budget}).");
        }
    }

    @Test
    void ends_with_the_time() {
        try (var course = new Course(data, 2, ", 'endAt': '2026-03-30T10:00:00Z'")) {
            assertThat(brief(course)).contains(LEASE);
            course.bench.goOn(Duration.ofHours(1));
            assertThat(brief(course))
                    .contains(
                            "Next: its endAt, 2026-03-30T10:00:00.000Z, has passed, and nobody new enters; look, and conclude.");
        }
    }

    @Test
    void names_variants_that_are_out_and_counts_none_of_their_units() {
        try (var course =
                new Course(
                        data,
                        60,
                        ", 'allocation': 'elimination', 'metrics': [{'name': 'right', 'type': 'proportion'}]"
                                + THREE)) {
            for (var unit : course.lease(120)) {
                var isRude = unit.path("variant").stringValue().equals("rude");
                course.record(unit.path("lease"), "{'score': %d}".formatted(isRude ? 0 : 1));
            }
            course.lease(15);
            assertThat(brief(course))
                    .contains("120 of 160 units recorded, 15 leased, 25 left to lease.")
                    .contains("Recorded: 'control' 40, 'kind' 40, 'rude' 40; out: 'rude'.")
                    .contains(LEASE);
        }
    }

    @Test
    void ends_where_all_variants_but_one_are_out() {
        try (var course =
                new Course(
                        data,
                        60,
                        ", 'allocation': 'elimination', 'metrics': [{'name': 'right', 'type': 'proportion'}]")) {
            for (var unit : course.lease(80)) {
                var isKind = unit.path("variant").stringValue().equals("kind");
                course.record(unit.path("lease"), "{'score': %d}".formatted(isKind ? 1 : 0));
            }
            assertThat(course.lease(10)).isEmpty();
            assertThat(brief(course))
                    .contains("80 of 80 units recorded.")
                    .contains("; out: 'control'.")
                    .contains("Next: fewer than two variants are in; look, and conclude.");
        }
    }

    @Test
    void sends_outputs_that_wait_to_their_judge() {
        try (var course =
                new Course(
                        data,
                        1,
                        "{'name': 'judge', 'slug': 'judge', 'kind': 'model', 'template': 'Rate {{output}}', 'scale': {'min': 1, 'max': 5}}",
                        ", 'judge': 'judge', 'budget': {'units': 2}")) {
            for (var unit : course.lease(2)) {
                course.record(unit.path("lease"), "{'output': 'x'}");
            }
            assertThat(brief(course))
                    .contains("2 of 2 units recorded, 2 wait for the judge. Budget left: 0 units.")
                    .contains("Next: outputs wait for their judge: ");
            course.judge("{'n': 2}");
            assertThat(brief(course)).contains("leases hold 2 judgements, ");
        }
    }
}
