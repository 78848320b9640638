package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.noun.Field;
import assay.domain.noun.Nouns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a script is told of `$` when it asks.
@DisplayNameGeneration(ReplaceUnderscores.class)
class HelpTest {
    private static final Nouns NOUNS = Nouns.load(Optional.empty());

    @TempDir Path data;
    private Workspace workspace;

    @BeforeEach
    void open() {
        workspace = new Workspace(data);
    }

    @AfterEach
    void close() {
        workspace.close();
    }

    private String text(String call) {
        return workspace.result("await $." + call).stringValue();
    }

    static Stream<String> nouns() {
        return NOUNS.all().stream().map(noun -> noun.name());
    }

    static Stream<String> calls() {
        return Stream.concat(
                Functions.DOLLAR.stream(),
                NOUNS.all().stream()
                        .flatMap(noun ->
                                Functions.members(noun).stream()
                                        .map(member -> noun.name() + "." + member)));
    }

    @Test
    void without_a_name_lists_every_type_and_how_to_go_on() {
        var text = text("help()");
        assertThat(text).hasSizeLessThan(Help.LONGEST);
        assertThat(nouns()).allSatisfy(noun -> assertThat(text).contains("\n" + noun + ": "));
        assertThat(text)
                .contains(
                        "$.help('Experiment')",
                        "$.describe('Experiment.conclude')",
                        "$.Recipe.find()");
    }

    @Test
    void of_an_experiment_tells_fields_verbs_states_and_an_example() {
        assertThat(text("help('Experiment')"))
                .startsWith(
                        """
                        Experiment. A comparison of variants, from the first draft to a verdict that holds however often it is looked at.
                        Fields (* required, ~ computed): name*; slug unique; description; hypothesis; type ABTest|Multivariate|\
                        FeatureFlag|MLExperiment|PromptExperiment; status by verbs; organization id of Organization;\
                        """)
                .contains(
                        """
                        ; winner~; confidence~ number;\
                        """
                                .strip(),
                        """
                        start(id): Draft -> Started; startAt = now unless it has one
                        pause(id): Started|Running -> Paused
                        stop(id): Started|Running|Paused -> Stopped; endAt = now
                        resume(id): Paused -> Running
                        complete(id): Concluded -> Completed
                        archive(id): Draft|Stopped|Concluded|Completed -> Archived
                        assign(id, subject, options?): Gives a subject its variant and records the exposure; an array in gives \
                        an array out in the same order.
                        """,
                        """
                        conclude(id, data?): Ends the experiment. Names the winner if the rule has fired; another winner needs a \
                        reason. (Started|Running|Paused -> Concluded)
                        """)
                .endsWith(
                        """
                        Example: const {$id: id} = await $.Experiment.create({name: 'Shorter checkout', primaryMetric: 'bought', \
                        variants: ['control', 'treatment']}); await $.Experiment.start(id)\
                        """);
    }

    @Test
    void of_a_verb_tells_what_it_does_what_it_refuses_and_how_to_get_there() {
        assertThat(text("describe('Experiment.conclude')"))
                .isEqualTo(
                        """
                        $.Experiment.conclude(id: id, data?: { winner?: string; reason?: string }): Promise<Experiment>
                        Ends the experiment. Names the winner if the rule has fired; another winner needs a reason. \
                        (Started|Running|Paused -> Concluded)
                        Refuses: a draft, and a winner that the rule has not named unless a reason is given with it.
                        Example: const {$id: id} = await $.Experiment.create({name: 'Shorter checkout', primaryMetric: 'bought', \
                        variants: ['control', 'treatment']}); await $.Experiment.start(id); await $.Experiment.conclude(id)\
                        """);
        assertThat(text("describe('Workflow.trigger')"))
                .isEqualTo(
                        """
                        $.Workflow.trigger(id, data?): Promise<Workflow>
                        Moves Activated|Triggered -> Triggered; what is there already stays as it is. Fields in data are changed \
                        along with it; it also sets runCount + 1, lastRunAt = now.
                        Refuses: an unknown id, fields that the type does not have, and every other state, naming the legal verbs.
                        Example: const {$id: id} = await $.Workflow.create({name: 'Workflow name', triggerEvent: 'Workflow triggerEvent'}); \
                        await $.Workflow.activate(id); await $.Workflow.trigger(id)\
                        """);
    }

    @ParameterizedTest
    @MethodSource("nouns")
    void of_every_type_is_short_and_its_example_runs(String noun) {
        var text = text("help('%s')".formatted(noun));
        assertThat(text).hasSizeLessThan(Help.LONGEST);
        workspace.result(text.substring(text.lastIndexOf("\nExample: ") + 10));
        assertThat(NOUNS.require(noun).verbs().keySet())
                .allSatisfy(verb -> assertThat(text).contains("\n" + verb + "("));
        assertThat(NOUNS.require(noun).fields().values())
                .filteredOn(field -> !(field instanceof Field.Reverse))
                .allSatisfy(field -> assertThat(text).contains(" " + field.name()));
    }

    @Test
    void of_a_bare_word_tells_of_the_call_of_that_name_or_of_the_topic() {
        assertThat(text("help('next')")).isEqualTo(text("describe('Experiment.next')"));
        assertThat(text("help('judge')")).isEqualTo(text("describe('Experiment.judge')"));
        assertThat(text("help('Judge')")).startsWith("Judge. ");
        assertThat(Topics.words())
                .allSatisfy(word -> {
                    var text = text("help('%s')".formatted(word));
                    assertThat(text).startsWith(word + ". ").hasSizeLessThan(Help.LONGEST);
                    workspace.result(example(text));
                })
                .contains("prospect", "programme", "lease");
    }

    private static String example(String text) {
        return text.substring(text.lastIndexOf("\nExample: ") + 10);
    }

    @Test
    void of_the_calls_of_the_loop_shows_how_a_lease_is_recorded() {
        var next = text("describe('Experiment.next')");
        assertThat(next).contains("held: leases besides these that have not run out");
        assertThat(example(next)).contains("await $.Experiment.record(lease, {output: ");
        var record = text("describe('Experiment.record')");
        assertThat(record)
                .contains(
                        "Records what exposed subjects did, ",
                        "Records what came of a lease: of next, {output, metrics} or {error}; of judge, {answer}, {winner} or {score}.",
                        "const {units} = await $.Experiment.next(id, ",
                        "await $.Experiment.record(lease, {output: ");
        assertThat(example(text("describe('Experiment.judge')")))
                .contains("await $.Experiment.record(lease, {answer: ");
    }

    @Test
    void of_every_call_is_short_and_its_example_runs() {
        assertThat(calls())
                .allSatisfy(call -> {
                    var text = text("describe('%s')".formatted(call));
                    assertThat(text).hasSizeLessThan(Help.LONGEST).doesNotContain("NOUN");
                    var reply =
                            workspace.call(
                                    "do",
                                    JsonNodeFactory.instance
                                            .objectNode()
                                            .put(
                                                    "script",
                                                    text.substring(
                                                            text.lastIndexOf("\nExample: ") + 10))
                                            .put("dryRun", true));
                    assertThat(reply).as(text).isInstanceOf(Reply.Done.class);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    describe('$.Experiment.conclude(id)') ~ describe('Experiment.conclude')
                    describe('experiments.conclude')      ~ describe('Experiment.conclude')
                    help('Experiment.conclude')           ~ describe('Experiment.conclude')
                    describe('Experiment')                ~ help('Experiment')
                    help('feature-flag')                  ~ help('FeatureFlag')
                    help(null)                            ~ help()
                    """)
    void takes_a_name_as_it_is_meant(String given, String meant) {
        assertThat(text(given)).isEqualTo(text(meant));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    help('Experimnt')                ~ There is no type 'Experimnt'. ~ Did you mean 'Experiment'?
                    describe('Experiment.concluded') ~ There is no call 'Experiment.concluded' to describe. ~ Did you mean 'Experiment.conclude'?
                    describe('serach')               ~ There is no call 'serach' to describe. ~ Did you mean 'search'?
                    describe()                       ~ describe cannot take nothing. ~ Give it a name
                    """)
    void refuses_a_name_that_there_is_not_with_the_nearest(
            String call, String message, String repair) {
        var error = workspace.error("await $." + call);
        assertThat(error.path("message").stringValue()).isEqualTo(message);
        assertThat(error.path("repair").stringValue()).startsWith(repair);
    }

    @Test
    void stays_short_for_types_of_any_size() throws Exception {
        var fields =
                IntStream.range(0, 400)
                        .mapToObj(i -> "\"aRatherLongNameOfAField%d\": \"string\"".formatted(i))
                        .collect(Collectors.joining(","));
        var verbs =
                IntStream.range(0, 80)
                        .mapToObj(i ->
                                "\"overhaul%s\": \"Overhauled%s\""
                                        .formatted(
                                                (char) ('A' + i / 26) + "" + (char) ('a' + i % 26),
                                                (char) ('A' + i / 26) + "" + (char) ('a' + i % 26)))
                        .collect(Collectors.joining(","));
        var nouns = Files.createDirectories(data.resolve("large").resolve("nouns"));
        Files.writeString(nouns.resolve("Huge.json"), "{%s, %s}".formatted(fields, verbs));
        for (var i = 0; i < 60; i++) {
            Files.writeString(
                    nouns.resolve(
                            "Kind%s%s.json"
                                    .formatted((char) ('A' + i / 26), (char) ('a' + i % 26))),
                    "{\"$description\": \"%s\", \"name\": \"string\"}"
                            .formatted("words ".repeat(20)));
        }
        try (var large = new Workspace(data.resolve("large"))) {
            for (var call : new String[] {"help()", "help('Huge')", "describe('Huge.create')"}) {
                assertThat(large.result("await $." + call).stringValue())
                        .hasSizeLessThan(Help.LONGEST);
            }
            assertThat(large.result("await $.help('Huge')").stringValue())
                    .contains("more, see fetch {type: 'Schema', id: 'Huge'}");
        }
    }
}
