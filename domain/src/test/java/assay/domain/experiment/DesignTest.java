package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DesignTest extends OnBench {
    ObjectNode made(String fields) {
        var whole = json("{'name': 'x', 'primaryMetric': 'done'}");
        whole.setAll(json(fields));
        return bench.create("Experiment", whole.toString());
    }

    static Design design(ObjectNode entity) {
        return Design.of(entity.path("$id").stringValue(), entity);
    }

    @Test
    void factors_make_a_variant_for_each_combination_of_levels() {
        var made =
                made(
                        "{'type': 'Multivariate', 'factors': {'color': ['red', 'blue'], 'size': [1, 2]}}");
        assertThat(made.path("variants"))
                .isEqualTo(
                        Bench.value(
                                """
                                [{'key': 'red/1', 'name': 'red/1', 'weight': 1, 'control': true, 'value': {'color': 'red', 'size': 1}},
                                 {'key': 'red/2', 'name': 'red/2', 'weight': 1, 'control': false, 'value': {'color': 'red', 'size': 2}},
                                 {'key': 'blue/1', 'name': 'blue/1', 'weight': 1, 'control': false, 'value': {'color': 'blue', 'size': 1}},
                                 {'key': 'blue/2', 'name': 'blue/2', 'weight': 1, 'control': false, 'value': {'color': 'blue', 'size': 2}}]\
                                """));
        var factors = design(made).factors().orElseThrow();
        assertThat(factors.names()).containsExactly("color", "size");
        assertThat(factors.levels().get("size")).containsExactly("1", "2");
        assertThat(factors.cells().get("blue/1")).containsExactly("blue", "1");
    }

    @Test
    void variants_may_be_some_of_the_combinations() {
        var made =
                made(
                        """
                        {'factors': {'color': ['red', 'blue'], 'size': [1, 2]},
                         'variants': [{'key': 'now', 'value': {'color': 'red', 'size': 1}}, {'key': 'new', 'value': {'color': 'blue', 'size': 2}}]}\
                        """);
        assertThat(design(made).factors().orElseThrow().cells().toString())
                .isEqualTo("{now=[red, 1], new=[blue, 2]}");
    }

    @Test
    void a_variant_without_a_level_keeps_it_from_starting() {
        var id =
                made("{'factors': {'color': ['red', 'blue']}, 'variants': ['a', 'b']}")
                        .path("$id")
                        .stringValue();
        assertThat(refusal(() -> bench.verb("Experiment", "start", id, "{}")))
                .startsWith("invalid_value: Variant 'a' has no level of the factor 'color'.");
    }

    @Test
    void a_started_one_has_one_cohort() {
        var id =
                made("{'variants': [{'key': 'a', 'weight': 3}, {'key': 'b', 'weight': 1}], 'trafficAllocation': 40}")
                        .path("$id")
                        .stringValue();
        var started = bench.verb("Experiment", "start", id, "{}");
        var design = design(started);
        assertThat(design.cohorts())
                .containsExactly(
                        new Cohort(
                                1,
                                List.of(0.75, 0.25),
                                0.4,
                                Instant.parse("2026-03-30T09:00:00Z"),
                                List.of(new Range(0, 3000), new Range(7500, 8500))));
        assertThat(design.seed()).isEqualTo(id + "/1");
        assertThat(design.iteration()).isEqualTo(1);
    }

    @Test
    void a_holdout_has_those_who_are_held_out_and_everyone_else() {
        var made = made("{'allocation': {'design': 'holdout', 'share': 2.5}}");
        assertThat(made.path("variants"))
                .isEqualTo(
                        Bench.value(
                                """
                                [{'key': 'heldout', 'name': 'heldout', 'weight': 2.5, 'control': true},
                                 {'key': 'everyone', 'name': 'everyone', 'weight': 97.5, 'control': false}]\
                                """));
        assertThat(design(made).population().isHoldout()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    'thompson'                                                       ~ {'policy': 'thompson', 'floor': 0.05, 'every': 3600000, 'burnIn': 100}
                    {'policy': 'topTwo', 'floor': 0.1, 'every': '1d', 'burnIn': 50}  ~ {'policy': 'topTwo', 'floor': 0.1, 'every': 86400000, 'burnIn': 50}
                    {'design': 'mab', 'every': 60000}                                ~ {'policy': 'thompson', 'floor': 0.05, 'every': 60000, 'burnIn': 100}
                    'fixed'                                                          ~ {'design': 'fixed'}
                    """)
    void allocations_have_one_stored_form(String given, String stored) {
        var made = made("{'variants': ['a', 'b'], 'allocation': %s}".formatted(given));
        assertThat(made.path("allocation").toString()).isEqualTo(Bench.value(stored).toString());
        assertThat(Allocation.of(made.path("allocation")).map(Allocation::every))
                .isEqualTo(
                        stored.contains("every")
                                ? Optional.of(Bench.value(stored).path("every").longValue())
                                : Optional.empty());
    }

    @Test
    void who_takes_part_has_one_stored_form() {
        var made =
                made(
                        """
                        {'variants': ['a', 'b'], 'layer': 'checkout', 'attributes': 'plan, country', 'overrides': {'eve': 'b'},
                         'audience': {'plan': 'pro'}, 'holdout': 'h'}\
                        """);
        assertThat(made.path("layer")).isEqualTo(Bench.value("{'name': 'checkout', 'share': 100}"));
        assertThat(made.path("attributes")).isEqualTo(Bench.value("['plan', 'country']"));
        var design = design(made);
        assertThat(design.layer().orElseThrow().buckets()).isEqualTo(10_000);
        assertThat(design.attributes()).containsExactly("plan", "country");
        assertThat(design.holdout()).contains("h");
        assertThat(design.audience().orElseThrow().misses(json("{'plan': 'pro'}"))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'factors': {'color': ['red']}}                      ~ invalid_value: ["red"] is not a list of levels.
                    {'factors': ['color']}                               ~ invalid_value: ["color"] is not a set of factors.
                    {'factors': {'a': [1,2,3,4,5], 'b': [1,2,3,4,5], 'c': [1,2,3]}} ~ invalid_value: The factors make more than 64 variants.
                    {'layer': {'name': 'x', 'share': 0}}                 ~ invalid_value: 0 is not a share of a layer.
                    {'layer': {'share': 5}}                              ~ invalid_value: {"share":5} is not a layer.
                    {'allocation': 'greedy'}                             ~ invalid_value: 'greedy' is not a way to allocate traffic.
                    {'allocation': {'policy': 'thompson', 'floor': 0.9}} ~ invalid_value: 0.9 is not valid for allocation.floor.
                    {'allocation': {'policy': 'thompson', 'every': 5}}   ~ invalid_value: 5 is not valid for allocation.every.
                    {'allocation': {'policy': 'thompson', 'rate': 5}}    ~ unknown_field: This allocation has no member 'rate'.
                    {'metrics': [{'name': 'g', 'role': 'primary'}, {'name': 'h', 'role': 'primary'}], 'primaryMetric': null} ~ invalid_value: 2 metrics declare the role 'primary': 'g', 'h'. | Leave it to the one that decides, and make the others secondary.
                    {'attributes': [1]}                                  ~ invalid_value: [1] is not a list of attributes.
                    {'variants': ['a', 'b'], 'overrides': {'eve': 'c'}}  ~ invalid_value: There is no variant 'c' to override with.
                    {'startAt': '2026-05-02T00:00:00Z', 'endAt': '2026-05-01T00:00:00Z'} ~ invalid_value: The experiment would end at '2026-05-01T00:00:00.000Z', not after its start at '2026-05-02T00:00:00.000Z'.
                    """)
    void refuses(String fields, String refusal) {
        assertThat(refusal(() -> made(fields))).startsWith(refusal);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'guardrails': ['error', 'done']} | Metric 'done' is the primary metric and a guardrail as well. | Take it out of guardrails: the rule rolls back anyway when the primary metric is shown to be worse.
                    {'rule': {'maxSample': 199}} | The rule gives up at 199 units and decides nothing before 200: two arms need 100 each. | Give maxSample of 200 or more, or a smaller rule.burnIn.perArm.
                    {'variants': [{'key': 'a', 'weight': 9}, {'key': 'b', 'weight': 1}], 'rule': {'maxSample': 200, 'burnIn': {'perArm': 50}}} | The rule gives up at 200 units and decides nothing before 500: two arms need 50 each. | Give maxSample of 500 or more, or a smaller rule.burnIn.perArm.
                    {'variants': [{'key': 'a', 'weight': 0}, {'key': 'b', 'weight': 1}, {'key': 'c', 'weight': 1}]} | The control 'a' has weight 0, so there is nothing to compare the others with. | Give it a weight above 0, or name another variant in control.
                    {'allocation': {'policy': 'topTwo', 'floor': 0.5}} | A floor of 0.5 for each of 2 variants leaves no traffic to be moved. | Send allocation.floor well below 0.5, such as 0.05.
                    {'allocation': 'thompson', 'rule': {'methodology': 'fixed', 'plannedSample': 1000}} | The rule is 'fixed', whose test is wrong too often where the traffic follows the data. | Use the methodology 'sequential', or leave allocation out.
                    {'allocation': 'thompson', 'metrics': [{'name': 'done', 'level': 0.5}]} | Metric 'done' is a quantile, of which there is no valid comparison where the traffic follows the data. | Decide by a proportion, count, sum or mean and make this one secondary, or leave allocation out.
                    {'allocation': 'thompson', 'rule': {'cuped': true}} | Metric 'done' is adjusted by the time before (CUPED), and comparisons are not where the traffic follows the data. | Leave rule.cuped and lookback out, or leave allocation out.
                    {'rule': {'methodology': 'fixed', 'plannedSample': 1000, 'programme': {'name': 'p'}}} | The rule belongs to a programme and is 'fixed'; the rate of a programme holds for p-values that are valid at any time. | Use the methodology 'sequential', or leave programme out.
                    {'rule': {'preset': 'doNoHarm', 'programme': {'name': 'p'}}} | The rule belongs to a programme and ships what nothing is shown of, which is no discovery. | Use the preset 'clearSignals' or 'nonInferiority', or leave programme out.
                    {'variants': ['a', 'b', 'c'], 'rule': {'correction': 'eBH', 'programme': {'name': 'p'}}} | The rule belongs to a programme and has the correction 'eBH', which lets one of 2 treatments win by chance more often than the alpha it is given. | Use the correction 'holm' or 'bonferroni', or leave programme out.
                    {'rule': {'methodology': 'fixed', 'plannedSample': 1000, 'maxSample': 999}} | The rule gives up at 999 units, before its first look at 1000. | Leave maxSample out: the last planned look ends the experiment anyway.
                    """)
    void what_can_never_decide_does_not_start(String fields, String problem, String repair) {
        var whole = json("{'variants': ['a', 'b']}");
        whole.setAll(json(fields));
        var id = made(whole.toString()).path("$id").stringValue();
        assertThat(refusal(() -> bench.verb("Experiment", "start", id, "{}")))
                .isEqualTo("invalid_value: %s | %s".formatted(problem, repair));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "{'rule': {'maxSample': 200}}",
                "{'rule': {'methodology': 'groupSequential', 'plannedSample': 1000, 'maxSample': 250}}"
            })
    void what_can_decide_just_before_it_gives_up_starts(String fields) {
        var whole = json("{'variants': ['a', 'b']}");
        whole.setAll(json(fields));
        var id = made(whole.toString()).path("$id").stringValue();
        assertThat(bench.verb("Experiment", "start", id, "{}").path("status").stringValue())
                .isEqualTo("Started");
    }
}
