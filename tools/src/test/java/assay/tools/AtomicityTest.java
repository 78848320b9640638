package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.store.Dump;
import assay.scripting.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A script is kept whole, or nothing of it is.
@DisplayNameGeneration(ReplaceUnderscores.class)
class AtomicityTest {
    /// Looks are logged whatever becomes of the script that took them.
    private static final Set<String> LOOKS = Set.of("look", "looked");

    private static final Limits TIGHT =
            new Limits(Duration.ofSeconds(5), 300_000, 1L << 26, 300, 20_000, 100_000);

    /// Ways to fail, and the reason that its caller is told.
    private static final List<List<String>> ENDINGS =
            List.of(
                    List.of("throw new Error('no')", "script_error"),
                    List.of("null.name", "script_error"),
                    List.of("await $.Contact.create({ nam: 'x' })", "unknown_field"),
                    List.of("await $.Experiment.start('nobody')", "unknown_id"),
                    List.of("for (;;);", "limit_exceeded"),
                    List.of(
                            "for (const all = [];;) all.push(new Array(9999).fill(1))",
                            "limit_exceeded"),
                    List.of("const deeper = () => 1 + deeper(); deeper()", "limit_exceeded"),
                    List.of("for (;;) await $.Contact.count()", "limit_exceeded"),
                    List.of("for (;;) console.log('x'.repeat(999))", "limit_exceeded"),
                    List.of("await new Promise(() => {})", "limit_exceeded"),
                    List.of("return 'x'.repeat(100001)", "limit_exceeded"),
                    List.of(
                            "for (let i = 0; i < 250; i++) await $.Contact.find(); for (;;);",
                            "cancelled"));

    @TempDir Path data;

    @Test
    void scripts_that_fail_somewhere_leave_every_table_as_it_was() throws Exception {
        failing(30);
    }

    @Test
    @Tag("heavy")
    void a_thousand_scripts_that_fail_somewhere_leave_every_table_as_it_was() throws Exception {
        failing(1000);
    }

    private void failing(int scripts) throws Exception {
        var random = new Random(1);
        var steps = new RandomScripts(2);
        var reasons = new TreeSet<String>();
        try (var workspace = new Workspace(data, Workspace.TESTER, TIGHT)) {
            workspace.result(RandomScripts.WORLD);
            var before = Dump.of(workspace.folder(), "default", LOOKS);
            for (var i = 0; i < scripts; i++) {
                var ending = ENDINGS.get(random.nextInt(ENDINGS.size()));
                var script = failing(steps.steps(12), random.nextInt(13), ending.getFirst());
                var expected = ending.getLast();
                var error =
                        expected.equals("cancelled")
                                ? cancelled(workspace, script, random)
                                : workspace.error(script);
                var reason = error.path("reason").stringValue();
                // A script that is cancelled may have come to its limit before.
                assertThat(reason).as(script).isIn(expected, "limit_exceeded");
                assertThat(Dump.of(workspace.folder(), "default", LOOKS))
                        .as(script)
                        .isEqualTo(before);
                reasons.add(reason);
            }
        }
        assertThat(reasons)
                .containsExactly(
                        "cancelled",
                        "limit_exceeded",
                        "script_error",
                        "unknown_field",
                        "unknown_id");
    }

    private static String failing(List<String> steps, int at, String ending) {
        var script = new StringBuilder(RandomScripts.beginning());
        for (var i = 0; i < at; i++) {
            script.append(RandomScripts.caught(i, steps.get(i))).append('\n');
        }
        return script.append(ending).toString();
    }

    /// Interrupts the caller at some moment, in a host call or between two.
    private static JsonNode cancelled(Workspace workspace, String script, Random random)
            throws Exception {
        try (var threads = Executors.newSingleThreadExecutor()) {
            var call = threads.submit(() -> workspace.run(script));
            Thread.sleep(random.nextInt(12));
            threads.shutdownNow();
            return Workspace.error(call.get());
        }
    }

    @Test
    void a_refusal_that_is_caught_leaves_the_same_as_if_nobody_had_tried() throws Exception {
        var steps = new RandomScripts(3);
        for (var i = 0; i < 10; i++) {
            var all = steps.steps(15);
            var refused = new HashSet<Integer>();
            var tried = left("tried" + i, all, refused);
            var spared =
                    left(
                            "spared" + i,
                            IntStream.range(0, all.size())
                                    .mapToObj(step -> refused.contains(step) ? "" : all.get(step))
                                    .toList(),
                            new HashSet<>());
            assertThat(tried).as(String.join("\n", all)).isEqualTo(spared);
        }
    }

    /// What a script leaves of the objects, events, actions and words, ids numbered.
    ///
    /// @param refused is told the numbers of the steps that were refused
    private JsonNode left(String folder, List<String> steps, Set<Integer> refused)
            throws InterruptedException {
        try (var workspace = new Workspace(data.resolve(folder))) {
            workspace.result(RandomScripts.WORLD);
            var reply = Workspace.done(workspace.run(RandomScripts.script(steps)));
            for (var line : reply.path("logs")) {
                refused.add(Integer.valueOf(line.stringValue().split(" ", 2)[0]));
            }
            var rows = JsonNodeFactory.instance.arrayNode();
            var without = new ArrayList<>(List.of("look", "looked", "script", "run"));
            // How the index keeps its words depends on its past; which words it has does not.
            without.addAll(Dump.INSIDE_THE_TEXT_INDEX);
            Dump.of(workspace.folder(), "default", Set.copyOf(without)).forEach(rows::add);
            return Workspace.numbered(rows.add(reply.path("changes")));
        }
    }
}
