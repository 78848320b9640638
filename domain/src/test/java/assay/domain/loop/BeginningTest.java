package assay.domain.loop;

import static assay.domain.work.Bench.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import assay.domain.JsonText;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Design;
import assay.domain.experiment.Leased;
import assay.domain.work.Bench;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BeginningTest {
    private static final String ITEMS =
            """
            {'name': 'Sums', 'slug': 'sums', 'testUses': 2, 'items': [
              {'id': 'a', 'input': {'question': '1 + 1'}, 'expected': '2'},
              {'id': 'b', 'input': {'question': '2 + 2'}, 'expected': '4'},
              {'id': 'c', 'input': {'question': '3 + 3'}, 'expected': '6', 'split': 'test'}]}
            """;

    @TempDir Path data;
    private Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(data);
        bench.create("Dataset", ITEMS);
        bench.create("Prompt", "{'name': 'Plain', 'template': '{{question}} = ?'}");
        bench.create(
                "Prompt",
                "{'name': 'Kind', 'template': 'Please, {{question}}?', 'parameters': {'max_tokens': 50}}");
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private String create(String more) {
        return bench.create(
                        "Experiment",
                        """
                        {'name': 'Sums', 'dataset': 'sums', 'primaryMetric': 'right',
                         'variants': [{'key': 'control', 'prompt': 'plain'}, {'key': 'kind', 'prompt': 'kind@1'}]%s}
                        """
                                .formatted(more))
                .path("$id")
                .stringValue();
    }

    private ObjectNode start(String id) {
        return bench.verb("Experiment", "start", id, "{}");
    }

    private ObjectNode started(String more) {
        return start(create(more));
    }

    private Refused refused(String more) {
        var id = create(more);
        return catchThrowableOfType(Refused.class, () -> start(id));
    }

    @Test
    void freezes_the_prompts_to_their_newest_versions_and_writes_down_what_there_is_to_run() {
        var experiment = started(", 'repetitions': 3, 'budget': {'units': 10}");
        var dataset = bench.get("Dataset", "sums", "{}").orElseThrow();
        var plain = bench.get("Prompt", "plain@1", "{}").orElseThrow();
        assertThat(experiment.path("variants").path(0).path("prompt"))
                .isEqualTo(
                        value(
                                """
                                {'id': '%s', 'key': 'plain@1', 'family': 'plain', 'hash': '%s',
                                 'messages': [{'role': 'user', 'content': '{{question}} = ?'}]}
                                """
                                        .formatted(
                                                plain.path("$id").stringValue(),
                                                plain.path("hash").stringValue())));
        assertThat(experiment.path("units"))
                .isEqualTo(value("{'items': 2, 'total': 12, 'planned': 10}"));
        assertThat(dataset.path("status").stringValue()).isEqualTo("Frozen");
        var design = Design.of("x", experiment);
        assertThat(design.leased())
                .contains(
                        new Leased(
                                dataset.path("$id").stringValue(),
                                "validation",
                                3,
                                assay.domain.experiment.Budget.of(value("{'units': 10}")),
                                Optional.empty(),
                                1,
                                Set.of()));
        assertThat(design.rule().plannedSample()).isEqualTo(10);
    }

    @Test
    void keeps_a_planned_sample_that_the_rule_names() {
        var design = Design.of("x", started(", 'rule': {'plannedSample': 77}"));
        assertThat(design.rule().plannedSample()).isEqualTo(77);
    }

    @Test
    void takes_a_content_that_is_written_into_the_variant() {
        var id = create("");
        bench.update(
                "Experiment",
                id,
                """
                {'variants': [{'key': 'control', 'prompt': {'template': '{{question}}', 'model': 'small'}},
                 {'key': 'kind', 'prompt': 'kind'}]}
                """);
        var prompt = (ObjectNode) start(id).path("variants").path(0).path("prompt");
        prompt.remove("hash");
        assertThat(prompt)
                .isEqualTo(
                        value(
                                "{'messages': [{'role': 'user', 'content': '{{question}}'}], 'model': 'small'}"));
    }

    @Test
    void gives_an_online_unit_the_content_of_its_prompt() {
        var id =
                bench.create(
                                "Experiment",
                                """
                                {'name': 'Online', 'type': 'PromptExperiment', 'primaryMetric': 'right', 'variants':
                                 [{'key': 'control', 'prompt': 'kind'}, {'key': 'text', 'prompt': 'Just a text'}]}
                                """)
                        .path("$id")
                        .stringValue();
        start(id);
        var values =
                bench.write(work ->
                        work.assign(
                                id,
                                value("['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8']"),
                                JsonText.json("{}")));
        assertThat(values.valueStream().map(one -> one.path("value")).distinct())
                .extracting(
                        one -> one.isString() ? one.stringValue() : one.path("key").stringValue())
                .containsExactlyInAnyOrder("kind@1", "Just a text");
    }

    @Test
    void refuses_a_prompt_that_items_have_no_value_for() {
        bench.create("Prompt", "{'name': 'Named', 'template': '{{customer.name}}: {{question}}'}");
        var refused =
                refused(
                        ", 'control': 'named', 'variants': [{'key': 'named', 'prompt': 'named'}, {'key': 'kind', 'prompt': 'kind'}]"
                                .replaceFirst("^, ", ", "));
        assertThat(refused.reason()).isEqualTo(Reason.MISSING_FIELD);
        assertThat(refused.problem())
                .isEqualTo(
                        "The prompt of variant 'named' has {{customer.name}}, and 2 items of the split 'validation' have no value for it, such as 'a'.");
    }

    @Test
    void refuses_a_budget_that_a_lease_could_not_keep() {
        assertThat(refused(", 'budget': {'money': 1}").repair())
                .isEqualTo(
                        "Send budget.perUnit.money: the most that one unit costs, such as {money: 5, perUnit: {money: 0.01}}.");
        assertThat(refused(", 'budget': {'tokens': 100}").problem())
                .isEqualTo(
                        "The budget bounds tokens, and nothing says how many a unit of variant 'control' takes; a lease could not keep it.");
        assertThat(refused(", 'budget': {'money': 5, 'perUnit': {'money': 9}}").problem())
                .isEqualTo(
                        "A unit reserves more money than the whole budget has, so none could be leased.");
        assertThat(refused(", 'budget': {'tokens': 5, 'perUnit': {'tokens': 9}}").field())
                .contains("budget.perUnit.tokens");
        assertThat(started(", 'budget': {'tokens': 100, 'perUnit': {'tokens': 10}}").path("status"))
                .isEqualTo(value("'Started'"));
    }

    private Refused refusedUpdate(String id, String fields) {
        return catchThrowableOfType(Refused.class, () -> bench.update("Experiment", id, fields));
    }

    @Test
    void refuses_a_variant_that_joins_and_could_not_be_leased() {
        var id = started("").path("$id").stringValue();
        var bare =
                refusedUpdate(
                        id, "{'variants': [{'key': 'control'}, {'key': 'kind'}, {'key': 'late'}]}");
        assertThat(bare.problem()).isEqualTo("Variant 'late' has no prompt to run.");
        assertThat(bare.field()).contains("variants[2].prompt");
        var unfit =
                refusedUpdate(
                        id,
                        "{'variants': [{'key': 'control'}, {'key': 'kind'}, {'key': 'late', 'prompt': {'template': '{{other}}'}}]}");
        assertThat(unfit.problem())
                .isEqualTo(
                        "The prompt of variant 'late' has {{other}}, and 2 items of the split 'validation' have no value for it, such as 'a'.");
        var uneven =
                refusedUpdate(
                        id,
                        "{'variants': [{'key': 'control', 'weight': 1}, {'key': 'kind', 'weight': 3}]}");
        assertThat(uneven.field()).contains("variants[1].weight");
        assertThat(
                        bench.update(
                                        "Experiment",
                                        id,
                                        "{'variants': [{'key': 'control', 'weight': 1}, {'key': 'kind', 'weight': 0}, {'key': 'late', 'weight': 1, 'prompt': 'kind'}]}")
                                .path("status"))
                .isEqualTo(value("'Started'"));
    }

    @Test
    void refuses_a_changed_budget_that_a_lease_could_not_keep() {
        var id = started("").path("$id").stringValue();
        assertThat(refusedUpdate(id, "{'budget': {'money': 5}}").field())
                .contains("budget.perUnit.money");
        assertThat(refusedUpdate(id, "{'budget': {'tokens': 100}}").field())
                .contains("budget.perUnit.tokens");
    }

    @Test
    void lets_the_test_split_be_used_as_often_as_the_dataset_says_with_a_part_of_alpha_each() {
        var first = started(", 'split': 'test'");
        assertThat(Design.of("x", first).rule().alpha()).isEqualTo(0.025);
        started(", 'split': 'test'");
        var third = refused(", 'split': 'test'");
        assertThat(third.reason()).isEqualTo(Reason.BUDGET_EXHAUSTED);
        assertThat(bench.get("Dataset", "sums", "{}").orElseThrow().path("testUsed").path(0))
                .isEqualTo(
                        value(
                                "{'experiment': '%s', 'iteration': 1, 'at': '%s', 'actor': 'ada'}"
                                        .formatted(
                                                first.path("$id").stringValue(),
                                                assay.domain.IsoTime.text(bench.now()))));
    }

    @Test
    void lets_no_dry_run_use_the_test_split() {
        var id = create(", 'split': 'test'");
        var refused =
                catchThrowableOfType(
                        Refused.class,
                        () ->
                                bench.write(work -> {
                                    work.barPlannedLooks("a dry run keeps nothing");
                                    return work.verb(
                                            bench.folder().nouns().require("Experiment"),
                                            "start",
                                            id,
                                            JsonText.json("{}"));
                                }));
        assertThat(refused.reason()).isEqualTo(Reason.INVALID_REQUEST);
    }

    @Test
    void refuses_what_cannot_be_found_when_it_is_named() {
        assertThat(
                        catchThrowableOfType(Refused.class, () -> create(", 'judge': 'nobody'"))
                                .reason())
                .isEqualTo(Reason.UNKNOWN_ID);
        assertThat(
                        catchThrowableOfType(
                                        Refused.class,
                                        () ->
                                                bench.create(
                                                        "Experiment",
                                                        "{'name': 'x', 'dataset': 'nowhere'}"))
                                .field())
                .contains("dataset");
    }

    @Test
    void keeps_what_it_froze_while_it_runs() {
        var experiment = started("");
        var same =
                bench.update(
                        "Experiment",
                        experiment.path("$id").stringValue(),
                        """
                        {'dataset': 'sums', 'variants': [{'key': 'control', 'prompt': 'plain@1'}, {'key': 'kind', 'prompt': 'kind'}]}
                        """);
        assertThat(same.path("variants")).isEqualTo(experiment.path("variants"));
        assertThat(
                        catchThrowableOfType(
                                        Refused.class,
                                        () ->
                                                bench.update(
                                                        "Experiment",
                                                        experiment.path("$id").stringValue(),
                                                        "{'split': 'test'}"))
                                .reason())
                .isEqualTo(Reason.ILLEGAL_TRANSITION);
    }
}
