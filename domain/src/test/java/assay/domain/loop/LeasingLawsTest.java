package assay.domain.loop;

import static assay.domain.work.Bench.value;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.JsonText;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.Transaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Workers that lease, record, record again, come late and die, in any order.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LeasingLawsTest {
    private static final int ITEMS = 6;
    private static final int UNITS = ITEMS * 2 * 2;
    private static final int TOKENS = 600;
    private static final int PER_UNIT = 10;
    private static final int STEPS = 250;

    @TempDir Path data;

    /// A lease as its worker knows it.
    private record Held(String lease, String unit, Instant until) {}

    /// What ought to be so.
    private static final class World {
        final Random random;
        final Course course;
        final List<Held> held = new ArrayList<>();
        final Map<String, String> newest = new HashMap<>();
        final Set<String> recorded = new HashSet<>();
        final Map<String, Integer> cost = new HashMap<>();

        World(long seed, Course course) {
            this.random = new Random(seed);
            this.course = course;
        }

        int spent() {
            return cost.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void lose_no_unit_count_none_twice_and_keep_the_budget(long seed) throws Exception {
        try (var course =
                new Course(
                        Files.createDirectories(data.resolve("" + seed)),
                        ITEMS,
                        ", 'repetitions': 2, 'budget': {'tokens': %d, 'perUnit': {'tokens': %d}}"
                                .formatted(TOKENS, PER_UNIT))) {
            var world = new World(seed, course);
            for (var step = 0; step < STEPS; step++) {
                switch (world.random.nextInt(7)) {
                    case 0, 1 -> lease(world, true);
                    case 2 -> lease(world, false);
                    case 3, 4, 5 -> record(world);
                    default -> course.bench.goOn(Duration.ofSeconds(world.random.nextInt(1, 90)));
                }
                assertThat(world.spent()).isLessThanOrEqualTo(TOKENS);
            }
            var spent = course.spent();
            assertThat(spent.units()).isLessThanOrEqualTo(UNITS);
            var outcomes =
                    course
                            .bench
                            .find("Event", "{'type': 'experiment.outcome'}", "{'limit': 400}")
                            .stream()
                            .filter(one ->
                                    one.path("data").path("metric").stringValue().equals("right"))
                            .map(one -> one.path("userId").stringValue())
                            .toList();
            assertThat(outcomes)
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(world.recorded);
        }
    }

    /// @param isKept false when the worker dies before its transaction ends
    private static void lease(World world, boolean isKept) throws InterruptedException {
        var n = world.random.nextInt(1, 5);
        var course = world.course;
        JsonNode units;
        try (var transaction = course.bench.folder().begin("default", Transaction.Mode.WRITE)) {
            var work = course.bench.unit(transaction);
            units =
                    work.loop((_, values) -> values)
                            .next(
                                    work.experiment(course.id),
                                    value("{'n': %d, 'ttl': '1m'}".formatted(n)))
                            .path("units");
            if (isKept) {
                transaction.commit();
            }
        } catch (Refused refused) {
            assertThat(refused.reason()).isEqualTo(Reason.BUDGET_EXHAUSTED);
            return;
        }
        if (!isKept) {
            return;
        }
        var now = course.bench.now();
        for (var one : units) {
            var unit =
                    one.path("item").path("id").stringValue()
                            + "/"
                            + one.path("variant").stringValue()
                            + "/"
                            + one.path("repetition").asInt();
            assertThat(world.recorded).doesNotContain(unit);
            assertThat(world.held)
                    .noneMatch(other -> other.unit().equals(unit) && other.until().isAfter(now));
            var lease = one.path("lease").stringValue();
            world.held.add(new Held(lease, unit, now.plusSeconds(60)));
            world.newest.put(unit, lease);
            world.cost.put(lease, PER_UNIT);
        }
    }

    private static void record(World world) {
        if (world.held.isEmpty()) {
            return;
        }
        var held = world.held.get(world.random.nextInt(world.held.size()));
        var tokens = world.random.nextInt(PER_UNIT + 1);
        var content =
                JsonText.json(
                        "{'score': 1, 'metrics': {'inputTokens': %d, 'outputTokens': 0}}"
                                .formatted(held.lease().hashCode() % 2 == 0 ? tokens : 3));
        try {
            world.course.bench.write(
                    work -> work.loop((_, values) -> values).record(held.lease(), content));
            assertThat(world.newest.get(held.unit())).isEqualTo(held.lease());
            if (world.recorded.add(held.unit())) {
                world.cost.put(
                        held.lease(), content.path("metrics").path("inputTokens").intValue());
            }
        } catch (Refused refused) {
            assertThat(refused.reason())
                    .isEqualTo(
                            held.lease().equals(world.newest.get(held.unit()))
                                    ? Reason.NOT_UNIQUE
                                    : Reason.LEASE_EXPIRED);
        }
    }
}
