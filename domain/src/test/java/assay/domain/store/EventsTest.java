package assay.domain.store;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.noun.Nouns;
import assay.domain.store.Events.Exposure;
import assay.domain.store.Events.Outcome;
import assay.domain.store.Measure.Kind;
import assay.domain.store.Measure.Term;
import assay.domain.store.Measure.Window;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EventsTest {
    private static final Nouns NOUNS = Nouns.load(Optional.empty());
    private static final long DAY = 86_400_000;

    @TempDir Path data;
    private Store store;
    private Transaction transaction;
    private Events events;
    private int ids;

    @BeforeEach
    void open() throws InterruptedException {
        store = Store.open(data.resolve("t.db"), NOUNS, false);
        transaction = store.begin(Transaction.Mode.WRITE);
        events = new Events(transaction);
    }

    @AfterEach
    void close() {
        transaction.close();
        store.close();
    }

    private void expose(String subject, String arm, int cohort, long at) {
        var exposure = new Exposure(subject, arm, cohort, at, json("{}"));
        var _ = events.expose("x", 1, Map.of("event_" + ++ids, exposure), 0, "ada");
    }

    private void record(String subject, String metric, double value, long at) {
        record(subject, metric, value, at, Optional.empty());
    }

    private void record(
            String subject, String metric, double value, long at, Optional<String> properties) {
        var id = "event_" + ++ids;
        var outcome =
                new Outcome(
                        id,
                        subject,
                        "a",
                        metric,
                        value,
                        at,
                        properties.map(assay.domain.JsonText::json));
        assertThat(events.record("x", 1, List.of(outcome), 0, "ada").cardinality()).isEqualTo(1);
    }

    private void happen(String subject, String type, double value, long at, String document) {
        var id = "event_" + ++ids;
        var row =
                EventRow.free(
                        id, type, Optional.of(subject), at, value, Optional.of(json(document)));
        assertThat(events.append(List.of(row), 0, "ada").cardinality()).isEqualTo(1);
    }

    /// `subject arm/cohort value other` of each measured unit.
    private List<String> values(Measure measure) {
        return events.unitValues("x", 1, measure).stream()
                .map(unit ->
                        "%s %s/%d %s %s"
                                .formatted(
                                        unit.subject(),
                                        unit.arm(),
                                        unit.cohort(),
                                        unit.value(),
                                        unit.other()))
                .toList();
    }

    private static Measure measure(Kind kind, List<String> terms, Window window) {
        return new Measure(
                kind,
                terms.stream().map(term -> new Term(term, Optional.empty())).toList(),
                window,
                OptionalDouble.empty(),
                OptionalLong.empty());
    }

    @Nested
    class A_unit {
        @BeforeEach
        void of_two_arms() {
            expose("u1", "a", 1, 10);
            expose("u2", "b", 1, 20);
            expose("u3", "b", 2, 15);
            record("u1", "m", 2.5, 10);
            record("u1", "m", 0, 11);
            record("u2", "m", -1, 30);
            record("u2", "other", 7, 30);
        }

        @Test
        void comes_to_what_the_kind_says() {
            assertThat(values(Measure.of(Kind.SUM, "m")))
                    .containsExactly("u1 a/1 2.5 0.0", "u3 b/2 0.0 0.0", "u2 b/1 -1.0 0.0");
            assertThat(values(Measure.of(Kind.MEAN, "m")))
                    .containsExactly("u1 a/1 1.25 0.0", "u2 b/1 -1.0 0.0");
            assertThat(values(Measure.of(Kind.COUNT, "m")))
                    .containsExactly("u1 a/1 2.0 0.0", "u3 b/2 0.0 0.0", "u2 b/1 1.0 0.0");
            assertThat(values(Measure.of(Kind.PROPORTION, "m")))
                    .containsExactly("u1 a/1 1.0 0.0", "u3 b/2 0.0 0.0", "u2 b/1 1.0 0.0");
            assertThat(values(measure(Kind.RATIO, List.of("m", "other"), Window.ALL)))
                    .containsExactly("u1 a/1 2.5 0.0", "u3 b/2 0.0 0.0", "u2 b/1 -1.0 7.0");
        }

        @Test
        void sums_exactly_whatever_the_order() {
            record("u3", "m", 1e30, 20);
            record("u3", "m", 1, 20);
            record("u3", "m", -1e30, 20);
            assertThat(values(Measure.of(Kind.SUM, "m"))).contains("u3 b/2 1.0 0.0");
        }

        @Test
        void is_measured_within_the_window_and_up_to_the_cap() {
            record("u2", "m", 5, 20 + DAY);
            var firstDay = new Window(0, OptionalLong.of(DAY));
            var later = new Window(DAY, OptionalLong.empty());
            assertThat(values(measure(Kind.SUM, List.of("m"), firstDay)))
                    .contains("u2 b/1 -1.0 0.0");
            assertThat(values(measure(Kind.SUM, List.of("m"), later))).contains("u2 b/1 5.0 0.0");
            assertThat(
                            values(
                                    new Measure(
                                            Kind.SUM,
                                            List.of(new Term("m", Optional.empty())),
                                            Window.ALL,
                                            OptionalDouble.of(3),
                                            OptionalLong.empty())))
                    .contains("u1 a/1 2.5 0.0", "u2 b/1 3.0 0.0");
        }

        @Test
        void has_what_it_did_before_as_covariate() {
            happen("u2", "m", 4, 19, "{}");
            happen("u2", "m", 8, 10, "{}");
            happen("u2", "m", 16, 9, "{}");
            assertThat(
                            values(
                                    new Measure(
                                            Kind.SUM,
                                            List.of(new Term("m", Optional.empty())),
                                            Window.ALL,
                                            OptionalDouble.empty(),
                                            OptionalLong.of(10))))
                    .contains("u2 b/1 -1.0 12.0");
        }

        @Test
        void goes_through_a_funnel_in_its_order() {
            record("u1", "view", 1, 20);
            record("u1", "buy", 1, 20);
            record("u2", "buy", 1, 25);
            record("u2", "view", 1, 26);
            record("u3", "view", 1, 30);
            var funnel = List.of("view", "buy");
            assertThat(values(measure(Kind.FUNNEL, funnel, Window.ALL)))
                    .containsExactly("u1 a/1 1.0 0.0", "u3 b/2 0.0 0.0", "u2 b/1 0.0 0.0");
            assertThat(values(measure(Kind.FUNNEL, funnel.subList(0, 1), Window.ALL)))
                    .containsExactly("u1 a/1 1.0 0.0", "u3 b/2 1.0 0.0", "u2 b/1 1.0 0.0");
            assertThat(values(measure(Kind.FUNNEL, List.of("view", "view"), Window.ALL)))
                    .contains("u1 a/1 0.0 0.0");
        }

        @Test
        void counts_events_whose_properties_pass_the_filter() {
            record("u3", "m", 3, 20, Optional.of("{'plan': 'pro', 'seats': 4}"));
            record("u3", "m", 5, 20, Optional.of("{'plan': 'free'}"));
            happen("u3", "m", 9, 20, "{'properties': {'plan': 'pro', 'seats': 1}}");
            var pro = json("{'plan': 'pro'}");
            var large = json("{'$or': [{'seats': {'$gt': 3}}, {'plan': {'$ne': 'pro'}}]}");
            assertThat(values(filtered(pro))).contains("u1 a/1 0.0 0.0", "u3 b/2 12.0 0.0");
            assertThat(values(filtered(large))).contains("u1 a/1 2.5 0.0", "u3 b/2 8.0 0.0");
            assertThat(refusal(() -> values(filtered(json("{'plan': {'$like': 'p'}}")))))
                    .startsWith("unknown_operator");
        }

        private static Measure filtered(tools.jackson.databind.node.ObjectNode filter) {
            return new Measure(
                    Kind.SUM,
                    List.of(new Term("m", Optional.of(filter))),
                    Window.ALL,
                    OptionalDouble.empty(),
                    OptionalLong.empty());
        }

        @Test
        void counts_what_it_did_in_no_experiment() {
            happen("u3", "m", 0.5, 14, "{}");
            happen("u3", "m", 3, 15, "{}");
            happen("stranger", "m", 9, 15, "{}");
            assertThat(values(Measure.of(Kind.SUM, "m"))).contains("u3 b/2 3.0 0.0").hasSize(3);
        }

        @Test
        void is_summed_up_with_those_of_its_arm_and_cohort() {
            expose("u4", "b", 1, 40);
            var cells = events.cells("x", 1, Measure.of(Kind.SUM, "m"));
            assertThat(cells)
                    .extracting(cell ->
                            "%d %s n=%d nonzero=%d sum=%s"
                                    .formatted(
                                            cell.cohort(),
                                            cell.arm(),
                                            cell.units(),
                                            cell.nonzero(),
                                            cell.moments().x().sum().value()))
                    .containsExactly(
                            "1 a n=1 nonzero=1 sum=2.5",
                            "1 b n=2 nonzero=1 sum=-1.0",
                            "2 b n=1 nonzero=0 sum=0.0");
            assertThat(cells)
                    .allSatisfy(cell -> assertThat(cell.moments().n()).isEqualTo(cell.units()));
        }
    }

    @Nested
    class An_exposure {
        @Test
        void that_is_the_earliest_decides_whenever_it_arrives() {
            expose("u1", "a", 2, 20);
            record("u1", "m", 1, 15);
            assertThat(values(Measure.of(Kind.SUM, "m"))).containsExactly("u1 a/2 0.0 0.0");
            expose("u1", "a", 1, 10);
            assertThat(values(Measure.of(Kind.SUM, "m"))).containsExactly("u1 a/1 1.0 0.0");
            expose("u1", "a", 3, 30);
            assertThat(values(Measure.of(Kind.SUM, "m"))).containsExactly("u1 a/1 1.0 0.0");
        }

        @Test
        void in_a_second_arm_takes_the_subject_out_and_is_counted() {
            expose("u1", "a", 1, 20);
            expose("u2", "a", 1, 20);
            expose("u2", "b", 1, 30);
            assertThat(values(Measure.of(Kind.SUM, "m"))).containsExactly("u1 a/1 0.0 0.0");
            assertThat(events.exposed("x", 1)).isEqualTo(Map.of(1, Map.of("a", 1L, "", 1L)));
        }

        @Test
        void that_is_known_changes_nothing() {
            var first = new Exposure("u1", "a", 1, 20, json("{'country': 'CH'}"));
            var again = new Exposure("u1", "b", 1, 10, json("{}"));
            assertThat(events.expose("x", 1, Map.of("event_1", first), 0, "ada")).isEqualTo(1);
            assertThat(events.expose("x", 1, Map.of("event_1", again), 0, "ada")).isZero();
            assertThat(events.exposures("x", 1, List.of("u1", "u2")))
                    .isEqualTo(Map.of("u1", first));
        }
    }
}
