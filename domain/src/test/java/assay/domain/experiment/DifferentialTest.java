package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import assay.domain.work.Bench;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Thirty data sets through the real store, with late, early and duplicate events, subjects in
/// several arms and cohorts of other weights; `recompute.py` works the results out from the raw
/// events with numpy and scipy, and both agree to 1e-9.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("heavy")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DifferentialTest {
    private static final Path SCRIPT = Path.of("src/test/python/recompute.py");
    private static final int SETS = 30;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /// What the engine is told, and the same for the script.
    private record Kind(String name, String declared, String forScript, List<String> events) {}

    private static final List<Kind> KINDS =
            List.of(
                    new Kind(
                            "proportion",
                            "{'name': 'm', 'type': 'proportion', 'window': '36h'}",
                            "{'name': 'm', 'type': 'proportion', 'to': 129600000}",
                            List.of("m")),
                    new Kind(
                            "mean",
                            "{'name': 'm', 'type': 'mean', 'direction': 'decrease'}",
                            "{'name': 'm', 'type': 'mean', 'direction': 'decrease'}",
                            List.of("m")),
                    new Kind(
                            "ratio",
                            "{'name': 'r', 'numerator': 'm', 'denominator': 'd'}",
                            "{'name': 'r', 'type': 'ratio', 'numerator': 'm', 'denominator': 'd'}",
                            List.of("m", "d")),
                    new Kind(
                            "cuped",
                            "{'name': 'm', 'type': 'sum', 'lookback': '2d', 'cap': 40}",
                            "{'name': 'm', 'type': 'sum', 'lookback': 172800000, 'cap': 40}",
                            List.of("m")),
                    new Kind(
                            "funnel",
                            "{'name': 'f', 'steps': ['m', 'd', 'p'], 'window': '2d'}",
                            "{'name': 'f', 'type': 'funnel', 'steps': ['m', 'd', 'p'], 'to': 172800000}",
                            List.of("m", "d", "p")),
                    new Kind(
                            "quantile",
                            "{'name': 'm', 'type': 'quantile', 'level': 0.8}",
                            "{'name': 'm', 'type': 'quantile', 'level': 0.8}",
                            List.of("m")));

    @TempDir Path data;

    /// One data set as it comes about.
    private static final class World {
        final Random random;
        final Kind kind;
        final Bench bench;
        final Trial trial;
        final List<String> arms;
        final ObjectNode raw = JSON.objectNode();
        final ArrayNode exposures = JSON.arrayNode();
        final ArrayNode events = JSON.arrayNode();
        final List<String> subjects = new ArrayList<>();
        private long tick;

        World(int number, Bench bench) {
            this.random = new Random(1_000 + number);
            this.bench = bench;
            this.kind = KINDS.get(number % KINDS.size());
            this.arms = number % 3 == 0 ? List.of("control", "b", "c") : List.of("control", "b");
            raw.put("name", "%s %d".formatted(kind.name(), number));
            raw.set("metric", json(kind.forScript()));
            raw.putObject("rule").put("alpha", 0.05).put("plannedSample", 700);
            raw.put("control", "control");
            arms.forEach(raw.putArray("arms")::add);
            trial =
                    Trial.start(
                            bench,
                            """
                            {'variants': %s, 'primaryMetric': '%s', 'metrics': [%s],
                             'rule': {'plannedSample': 700, 'burnIn': {'perArm': 2, 'conversions': 1}}}\
                            """
                                    .formatted(
                                            variants(1, 1),
                                            json(kind.declared()).path("name").stringValue(),
                                            kind.declared()));
        }

        private String variants(int control, int others) {
            var list = JSON.arrayNode();
            for (var arm : arms) {
                list.addObject()
                        .put("key", arm)
                        .put("weight", arm.equals("control") ? control : others);
            }
            return list.toString().replace('"', '\'');
        }

        ObjectNode run() {
            var cohorts = 1 + random.nextInt(3);
            for (var cohort = 0; cohort < cohorts; cohort++) {
                if (cohort > 0) {
                    bench.update(
                            "Experiment",
                            trial.id,
                            "{'variants': %s}"
                                    .formatted(
                                            variants(
                                                    1 + random.nextInt(3), 1 + random.nextInt(3))));
                }
                enrol(120 + random.nextInt(120));
                for (var round = 0; round < 3; round++) {
                    bench.goOn(Duration.ofHours(7 + random.nextInt(9)));
                    happen(round);
                }
                stray();
            }
            finish();
            return raw;
        }

        private void enrol(int count) {
            var first = subjects.size();
            var names = JSON.arrayNode();
            for (var i = 0; i < count; i++) {
                subjects.add("s" + (first + i));
                names.add("s" + (first + i));
            }
            var answers = bench.write(work -> work.assign(trial.id, names, json("{}")));
            for (var i = 0; i < count; i++) {
                exposure(
                        names.path(i).stringValue(),
                        answers.path(i).path("key").stringValue(),
                        bench.now());
            }
        }

        private void exposure(String subject, String variant, Instant at) {
            exposures
                    .addObject()
                    .put("subject", subject)
                    .put("variant", variant)
                    .put("at", at.toEpochMilli());
        }

        /// Outcomes of about half of the subjects: most are new, some late, some from before the
        /// exposure, some sent twice.
        private void happen(int round) {
            var outcomes = JSON.arrayNode();
            for (var subject : subjects) {
                if (random.nextDouble() < 0.7) {
                    var one =
                            outcomes.addObject()
                                    .put("subject", subject)
                                    .put("metric", name(round))
                                    .put("value", value(subject))
                                    .put("at", moment().toString())
                                    .put("eventId", "e" + tick);
                    event(one);
                    if (random.nextInt(10) == 0) {
                        outcomes.add(one.deepCopy().put("value", 77));
                    }
                }
            }
            bench.write(work -> work.record(trial.id, outcomes));
        }

        /// Mostly one kind of event after the other, so that some get through a funnel.
        private String name(int round) {
            var turn = random.nextInt(3) == 0 ? random.nextInt(3) : round;
            return kind.events().get(turn % kind.events().size());
        }

        /// Whoever has a habit shows it before the exposure and after.
        private double value(String subject) {
            var habit = Math.floorMod(subject.hashCode(), 9);
            return random.nextInt(6) == 0
                    ? 0
                    : Math.round(100 * (habit + 3 * Math.abs(random.nextGaussian()))) / 100.0;
        }

        /// Within the last two days, no two events at the same.
        private Instant moment() {
            tick++;
            return bench.now()
                    .minusMillis(random.nextInt(6) == 0 ? 3_600_000L * random.nextInt(48) : 0)
                    .minusMillis(1 + tick);
        }

        private void event(ObjectNode outcome) {
            var at = Instant.parse(outcome.path("at").stringValue());
            events.addObject()
                    .put(
                            "id",
                            outcome.path("metric").stringValue()
                                    + "/"
                                    + outcome.path("eventId").stringValue())
                    .put("subject", outcome.path("subject").stringValue())
                    .put("name", outcome.path("metric").stringValue())
                    .put("value", outcome.path("value").doubleValue())
                    .put("at", at.toEpochMilli());
        }

        /// Exposures that others sent: one in another arm, one in the same arm but later.
        private void stray() {
            for (var again = 0; again < 2; again++) {
                var known = exposures.path(random.nextInt(exposures.size()));
                var variant =
                        again == 0
                                ? arms.get(random.nextInt(arms.size()))
                                : known.path("variant").stringValue();
                var event =
                        JSON.objectNode()
                                .put("type", "experiment.exposure")
                                .put("experiment", trial.id)
                                .put("variant", variant)
                                .put("userId", known.path("subject").stringValue())
                                .put("timestamp", bench.now().toString());
                bench.create("Event", event.toString());
                exposure(known.path("subject").stringValue(), variant, bench.now());
            }
        }

        private void finish() {
            var experiment = bench.get("Experiment", trial.id, "{}").orElseThrow();
            var design = Design.of(trial.id, experiment);
            var cohorts = raw.putArray("cohorts");
            for (var cohort : design.cohorts()) {
                var one = cohorts.addObject().put("from", cohort.from().toEpochMilli());
                cohort.shares().forEach(one.putArray("shares")::add);
            }
            raw.set("exposures", exposures);
            raw.set("events", events);
            var results = trial.results();
            var shown = raw.putObject("results");
            shown.set("arms", results.path("primary").path("arms"));
            shown.set("comparisons", results.path("primary").path("comparisons"));
            shown.set("srm", results.path("validity").path("srm").path("pValue"));
            shown.set("multipleExposures", results.path("validity").path("multipleExposures"));
        }
    }

    @Test
    void thirty_data_sets_agree_with_an_independent_recomputation()
            throws IOException, InterruptedException {
        assumeTrue(said("-c", "import numpy, scipy").code() == 0, "needs python3 with scipy");
        var sets = JSON.arrayNode();
        for (var number = 0; number < SETS; number++) {
            try (var bench = new Bench(data.resolve("set" + number))) {
                sets.add(new World(number, bench).run());
            }
        }
        var file = Files.writeString(data.resolve("sets.json"), sets.toString());
        var said = said(SCRIPT.toString(), file.toString());
        assertThat(said.text()).endsWith("%d of %d data sets agree\n".formatted(SETS, SETS));
        assertThat(said.code()).isZero();
    }

    private record Said(int code, String text) {}

    private static Said said(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException absent) {
            return new Said(-1, absent.toString());
        }
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }
}
