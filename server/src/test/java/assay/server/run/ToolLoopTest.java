package assay.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.domain.noun.Nouns;
import assay.domain.store.DataFolder;
import assay.scripting.InProcessSandbox;
import assay.scripting.Limits;
import assay.server.cli.ModelAccess;
import assay.tools.Do;
import assay.tools.Fetch;
import assay.tools.Search;
import assay.tools.Tools;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/// The loop of a real experiment, beside another worker.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ToolLoopTest {
    private static final Caller CALLER = new Caller("default", "tester", false);
    private static final Duration HOUR = Duration.ofHours(1);

    private static final String SETUP =
            """
            await $.Dataset.create({ name: 'Quiz', slug: 'quiz', items: [{ id: 'q1', input: { q: '1 + 1' }, expected: '2' }] })
            await $.Judge.create({ name: 'Same', slug: 'same', kind: 'exact' })
            await $.Experiment.create({ name: 'Race', slug: 'race', dataset: 'quiz', judge: 'same', primaryMetric: 'right',
              variants: [{ key: 'control', prompt: { template: '{{q}}' } }, { key: 'kind', prompt: { template: 'Please {{q}}' } }] })
            await $.Experiment.start('race')
            """;

    private static final String LEASED =
            "await $.Experiment.next('race', { n: 2, worker: 'another', ttl: '1h' })";

    @TempDir Path data;

    /// What a test does with the tools of a data folder.
    private interface Use {
        void with(Tools tools) throws Exception;
    }

    private void use(Use use) throws Exception {
        try (var sandbox = new InProcessSandbox();
                var folder =
                        new DataFolder(
                                data, Nouns.load(Optional.of(data.resolve("nouns"))), false)) {
            var clock = InstantSource.system();
            var search = new Search(folder, clock);
            var fetch = new Fetch(folder, clock);
            var script = new Do(folder, sandbox, Limits.DEFAULT, clock, search, fetch, true);
            use.with(new Tools(List.of(search, fetch, script)));
        }
    }

    @Test
    void waits_for_leases_of_others_but_not_for_units_of_former_iterations() throws Exception {
        use(tools -> {
            call(tools, SETUP + LEASED);
            var loop = new ToolLoop(tools, CALLER, "race", "own");
            assertThat(loop.lease(Unit.Purpose.RUN, 1, HOUR).open()).isEqualTo(2);
            call(
                    tools,
                    "await $.Experiment.iterate('race', { primaryMetric: 'righter' }, { reason: 'it was misspelled' })");
            for (var unit : loop.lease(Unit.Purpose.RUN, 2, HOUR).units()) {
                assertThat(
                                loop.record(
                                        unit.lease(),
                                        JsonNodeFactory.instance.objectNode().put("output", "2")))
                        .startsWith("run_");
            }
            var end = loop.lease(Unit.Purpose.RUN, 1, HOUR);
            assertThat(end)
                    .isEqualTo(
                            new Loop.Batch(
                                    List.of(),
                                    0,
                                    0,
                                    "Every unit is recorded: read the results, and conclude."));
        });
    }

    @Test
    void ends_as_it_should_when_the_budget_is_used_up() throws Exception {
        use(tools -> {
            call(tools, SETUP.replace("primaryMetric", "budget: { units: 1 }, primaryMetric"));
            try (var stub = new StubEndpoint(_ -> StubEndpoint.Answer.said("2"))) {
                var access =
                        new ModelAccess(
                                Optional.of(stub.address()),
                                ModelAccess.Api.OPENAI,
                                Optional.empty(),
                                Optional.of("small-1"),
                                3,
                                OptionalInt.empty(),
                                0,
                                Duration.ofSeconds(20),
                                false);
                var verb =
                        new RunVerb(
                                tools,
                                CALLER,
                                access,
                                new PrintStream(OutputStream.nullOutputStream()),
                                false);
                for (var recorded : List.of(1, 0)) {
                    var report = verb.run("race", () -> {});
                    assertThat(report.path("recorded").intValue()).isEqualTo(recorded);
                    assertThat(report.path("why").stringValue())
                            .contains(" is used up, 1 of 1 units, and nobody holds a lease.");
                }
            }
        });
    }

    private static void call(Tools tools, String script) {
        var reply =
                ScopedValue.where(Caller.CURRENT, CALLER)
                        .call(() ->
                                tools.call(
                                        "do",
                                        JsonNodeFactory.instance
                                                .objectNode()
                                                .put("script", script)));
        assertThat(reply.value().path("error").toString()).isEmpty();
    }
}
