package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.store.Events;
import assay.domain.store.Transaction;
import assay.domain.work.Bench;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EarlierTest {
    private static final String SMALL =
            "'rule': {'plannedSample': 200, 'burnIn': {'perArm': 10, 'conversions': 5}}";

    @TempDir Path data;
    private Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(data);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static Events.Look look(long at, String verdict, String numbers) {
        return new Events.Look(at, at, "ada", 10 * at, true, verdict, json(numbers));
    }

    private static final List<Events.Look> LOOKS =
            List.of(
                    look(
                            1,
                            "keep_running",
                            "{'p': {'t': 0.75, 'u': 0.5}, 'good': {'t': 1}, 'srm': 0.25}"),
                    look(
                            2,
                            "ship",
                            "{'p': {'t': 0.4, 'u': 0.01}, 'good': {'t': 0.3, 'u': 1e-300},"
                                    + " 'secondary': {'a/b': {'t': 0.2}}, 'srm': {'1': 0.5, '2': 0.0625}}"),
                    look(
                            3,
                            "ship",
                            "{'p': {'t': 0.30000000000000004}, 'secondary': {'a/b': {'t': 0.4}}, 'stage': 0.5, 'why': 'so', 'winner': null}"));

    @Test
    void is_the_least_that_any_look_saw() {
        var earlier = Earlier.of(LOOKS);
        assertThat(earlier.looks()).isEqualTo(3);
        assertThat(List.of(earlier.leastP("t"), earlier.leastP("u"), earlier.leastP("v")))
                .containsExactly(0.1 + 0.2, 0.01, 1.0);
        assertThat(List.of(earlier.leastGoodP("t"), earlier.leastGoodP("u")))
                .containsExactly(0.3, 1e-300);
        assertThat(List.of(earlier.leastP("a/b", "t"), earlier.leastP("a", "t")))
                .containsExactly(0.2, 1.0);
        assertThat(List.of(earlier.leastRatio(1), earlier.leastRatio(2), earlier.leastRatio(3)))
                .containsExactly(0.25, 0.0625, 1.0);
        assertThat(earlier.planned()).containsExactly(LOOKS.get(2));
        assertThat(earlier.fired()).isEqualTo(Optional.of(new Earlier.Fired(2, 2, 20)));
    }

    @Test
    void is_the_same_when_it_was_kept_after_any_look() throws InterruptedException {
        for (var kept = 0; kept <= LOOKS.size(); kept++) {
            var name = "x" + kept;
            try (var transaction = bench.folder().begin("default", Transaction.Mode.WRITE)) {
                var events = new Events(transaction);
                for (var i = 0; i < LOOKS.size(); i++) {
                    events.look(name, 1, LOOKS.get(i));
                    if (i + 1 == kept) {
                        Earlier.keep(events, name, 1);
                    }
                }
                var read = Earlier.read(events, name, 1);
                var all = Earlier.of(events.looks(name, 1));
                assertThat(read).isEqualTo(all);
                assertThat(read.looks()).isEqualTo(LOOKS.size());
            }
        }
    }

    @Test
    void leaves_out_looks_that_do_not_count() throws InterruptedException {
        try (var transaction = bench.folder().begin("default", Transaction.Mode.WRITE)) {
            var events = new Events(transaction);
            events.look("x", 1, LOOKS.get(0));
            events.look(
                    "x",
                    1,
                    new Events.Look(0, 9, "ada", 9, false, "ship", json("{'p': {'t': 0}}")));
            Earlier.keep(events, "x", 1);
            var earlier = Earlier.read(events, "x", 1);
            assertThat(earlier.looks()).isEqualTo(1);
            assertThat(earlier.leastP("t")).isEqualTo(0.75);
            assertThat(earlier.fired()).isEmpty();
        }
    }

    /// The looks are made unreadable, and whoever went through them would fail.
    @Test
    void spares_who_reads_results_the_looks_before() throws SQLException {
        var trial = Trial.start(bench, "{%s}".formatted(SMALL));
        trial.fill(
                "s", 100, Map.of("control", Trial.share(2, 10), "treatment", Trial.share(9, 10)));
        var first = trial.results();
        trial.fill(
                "t", 100, Map.of("control", Trial.share(8, 10), "treatment", Trial.share(2, 10)));
        var second = trial.results();
        tamper("UPDATE look SET numbers = 'nothing'");
        var third = trial.results();
        assertThat(third.path("validity").path("looks").intValue()).isEqualTo(3);
        assertThat(third.path("firedAt")).isEqualTo(first.path("firedAt"));
        assertThat(p(third)).isEqualTo(p(second)).isEqualTo(p(first)).isLessThan(0.05);
    }

    private static double p(ObjectNode results) {
        return results.path("primary").path("comparisons").path(0).path("pValue").doubleValue();
    }

    private void tamper(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + data.resolve("default.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    @Test
    void does_not_know_looks_at_events_that_were_undone() {
        var trial = Trial.start(bench, "{%s}".formatted(SMALL));
        var arms = trial.expose("s", 60);
        trial.record(outcomes(arms, 0));
        var seen = new ArrayList<Double>();
        bench.write(work -> {
            try {
                return work.allOrNone(() -> {
                    var all = Bench.value(outcomes(arms, 10));
                    var _ = work.record(trial.id, all);
                    seen.add(p((ObjectNode) work.results(trial.id, json("{}"))));
                    throw new IllegalStateException("undo");
                });
            } catch (IllegalStateException undone) {
                seen.add(p((ObjectNode) work.results(trial.id, json("{}"))));
                return seen;
            }
        });
        assertThat(seen.get(0)).isLessThan(0.05);
        assertThat(seen.get(1)).isEqualTo(p(trial.results())).isGreaterThan(0.05);
    }

    /// Everybody does something, and the treatment more of it.
    private static String outcomes(Map<String, String> arms, int more) {
        return arms.entrySet().stream()
                .map(unit ->
                        "{'subject': '%s', 'value': %d}"
                                .formatted(
                                        unit.getKey(),
                                        unit.getKey().length() % 2
                                                + (unit.getValue().equals("treatment") ? more : 0)))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
