package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a flag is for a subject.
@DisplayNameGeneration(ReplaceUnderscores.class)
class FlagsTest extends OnBench {
    void flag(String fields) {
        var whole = json("{'key': 'new-cart', 'name': 'New cart', 'status': 'Enabled'}");
        whole.setAll(json(fields));
        bench.create("FeatureFlag", whole.toString());
    }

    JsonNode evaluate(String subject, String attributes) {
        return evaluate(subject, attributes, "{}");
    }

    JsonNode evaluate(String subject, String attributes, String options) {
        return bench.write(work ->
                work.evaluate(
                        "new-cart",
                        Bench.value("'%s'".formatted(subject)),
                        json(attributes),
                        json(options)));
    }

    String said(String subject, String attributes) {
        var said = evaluate(subject, attributes);
        return said.path("value") + ", " + said.path("reason").stringValue();
    }

    long on(int subjects) {
        return IntStream.range(0, subjects)
                .filter(i -> evaluate("user-" + i, "{}").path("value").booleanValue())
                .count();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'status': 'Draft'}                                    ~ false, the flag is Draft: default
                    {'status': 'Disabled', 'defaultValue': 'true'}         ~ true, the flag is Disabled: default
                    {'status': 'Paused', 'type': 'String', 'defaultValue': 'old'} ~ "old", the flag is Paused: default
                    {'status': 'Archived', 'type': 'Number', 'defaultValue': '2.5'} ~ 2.5, the flag is Archived: default
                    {'status': 'Disabled', 'type': 'JSON', 'defaultValue': '{"a": 1}'} ~ {"a":1}, the flag is Disabled: default
                    {}                                                     ~ true, rolled out
                    {'rolloutPercentage': 0}                               ~ false, outside the rollout: default
                    {'targetingRules': {'plan': 'pro'}}                    ~ false, outside the targeting rules: plan eq 'pro' does not hold
                    {'type': 'String', 'variants': {'blue': '#00f'}}       ~ "#00f", rolled out
                    """)
    void says_by_its_state_its_rules_and_its_rollout(String fields, String said) {
        var whole = json("{'key': 'new-cart', 'name': 'New cart', 'status': 'Enabled'}");
        whole.setAll(
                (ObjectNode)
                        assay.domain.JsonTree.read(
                                fields.replace("'{\"a\": 1}'", "\"{\\\"a\\\": 1}\"")
                                        .replace('\'', '"')));
        bench.write(work -> work.create(bench.folder().nouns().require("FeatureFlag"), whole));
        assertThat(said("ada", "{}")).isEqualTo(said);
    }

    @Test
    void a_larger_rollout_keeps_those_who_are_in() {
        flag("{'rolloutPercentage': 20}");
        var few = on(500);
        assertThat(few).isBetween(70L, 130L);
        var in =
                IntStream.range(0, 500)
                        .filter(i -> evaluate("user-" + i, "{}").path("value").booleanValue())
                        .boxed()
                        .toList();
        bench.verb("FeatureFlag", "rollout", "new-cart", "{'percentage': 60}");
        assertThat(on(500)).isBetween(250L, 350L);
        assertThat(in).allMatch(i -> evaluate("user-" + i, "{}").path("value").booleanValue());
    }

    @Test
    void the_first_rule_whose_audience_a_subject_belongs_to_decides() {
        flag(
                """
                {'type': 'String', 'defaultValue': 'old', 'variants': [{'key': 'blue', 'value': '#00f'}, {'key': 'red', 'value': '#f00'}], 'rolloutPercentage': 0,
                 'targetingRules': [{'name': 'staff', 'audience': {'staff': true}, 'variant': 'red'},
                                    {'audience': {'plan': 'pro'}, 'value': 'own'},
                                    {'audience': {'beta': true}, 'variant': 'blue', 'percentage': 0}]}\
                """);
        assertThat(evaluate("ada", "{'staff': true, 'plan': 'pro'}"))
                .isEqualTo(
                        json(
                                "{'key': 'new-cart', 'value': '#f00', 'variant': 'red', 'reason': 'staff'}"));
        assertThat(said("ada", "{'plan': 'pro'}")).isEqualTo("\"own\", targeting rule 2");
        assertThat(said("ada", "{'beta': true}"))
                .isEqualTo("\"old\", outside the rollout of targeting rule 3: default");
        assertThat(said("ada", "{}")).isEqualTo("\"old\", outside the rollout: default");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'type': 'Boolean', 'defaultValue': 'false'} ~ true, concluded: the winner
                    {'type': 'String', 'defaultValue': 'old'}    ~ "new", concluded: the winner
                    {'type': 'JSON', 'defaultValue': '[]'}       ~ "new", concluded: the winner
                    {'type': 'Number', 'defaultValue': '5'}      ~ 5, concluded: the winner, and variant 'treatment' has no value of the type Number: default
                    {'type': 'Number', 'variants': {'control': 5, 'treatment': 7}} ~ 7, concluded: the winner
                    {}                                           ~ "new", concluded: the winner
                    """)
    void what_it_serves_of_an_experiment_is_of_its_type(String fields, String said) {
        var id =
                start(
                        "{'variants': [{'key': 'control', 'value': 'old'}, {'key': 'treatment', 'value': 'new'}]}");
        flag("{'experiment': '%s'}".formatted(id));
        bench.update("FeatureFlag", "new-cart", fields);
        bench.verb("Experiment", "conclude", id, "{'winner': 'treatment', 'reason': 'a wish'}");
        assertThat(said("ada", "{}")).isEqualTo(said);
    }

    @Test
    void what_a_variant_holds_besides_a_value_is_served_too() {
        var id =
                start(
                        "{'variants': [{'key': 'control', 'flowId': 1}, {'key': 'treatment', 'flowId': 2}]}");
        flag("{'experiment': '%s', 'type': 'JSON'}".formatted(id));
        bench.verb("Experiment", "conclude", id, "{'winner': 'treatment', 'reason': 'a wish'}");
        assertThat(said("ada", "{}")).isEqualTo("{\"flowId\":2}, concluded: the winner");
    }

    @Test
    void a_text_without_variants_is_its_default_when_it_is_rolled_out() {
        flag("{'type': 'String', 'defaultValue': 'old'}");
        assertThat(said("ada", "{}"))
                .isEqualTo("\"old\", rolled out, and the flag has no variants: default");
    }

    @Test
    void a_rule_that_names_the_control_of_its_experiment_switches_off() {
        var id = start("{}");
        flag(
                "{'type': 'Boolean', 'experiment': '%s', 'targetingRules': [{'name': 'staff', 'audience': {'staff': true}, 'variant': 'control'}]}"
                        .formatted(id));
        assertThat(said("ada", "{'staff': true}")).isEqualTo("false, staff");
    }

    @Test
    void it_serves_the_default_once_its_experiment_is_deleted() {
        var id = start("{}");
        flag("{'type': 'Boolean', 'experiment': '%s'}".formatted(id));
        bench.verb("Experiment", "conclude", id, "{'winner': 'treatment', 'reason': 'a wish'}");
        bench.delete("Experiment", id);
        assertThat(said("ada", "{}")).isEqualTo("false, the experiment was deleted: default");
    }

    @Nested
    class With_an_experiment {
        String id = "";

        @BeforeEach
        void experiment() {
            id =
                    bench.create(
                                    "Experiment",
                                    "{'name': 'x', 'primaryMetric': 'done', 'variants': ['control', 'treatment'], 'audience': {'plan': 'pro'}}")
                            .path("$id")
                            .stringValue();
            flag("{'experiment': '%s', 'type': 'Boolean'}".formatted(id));
        }

        @Test
        void it_waits_for_the_start_and_then_serves_the_assignment_without_an_exposure() {
            assertThat(said("ada", "{}"))
                    .isEqualTo("false, the experiment has not started: default");
            bench.verb("Experiment", "start", id, "{}");
            var pro = "{'plan': 'pro'}";
            var assigned =
                    bench.write(work ->
                                    work.assign(
                                            id,
                                            Bench.value("'ada'"),
                                            json(
                                                    "{'expose': false, 'attributes': {'plan': 'pro'}}")))
                            .path("key")
                            .stringValue();
            assertThat(evaluate("ada", pro))
                    .isEqualTo(
                            json(
                                    "{'key': 'new-cart', 'value': %s, 'variant': '%s', 'reason': 'drawn by hash', 'experiment': '%s'}"
                                            .formatted(
                                                    assigned.equals("treatment"), assigned, id)));
            assertThat(said("ada", "{}"))
                    .isEqualTo("false, outside the audience: plan eq 'pro' does not hold: default");
            assertThat(bench.count("Event", "{'type': 'experiment.exposure'}", "{}")).isZero();
            assertThat(evaluate("ada", pro, "{'expose': true}").path("reason").stringValue())
                    .isEqualTo("drawn by hash");
            assertThat(bench.count("Event", "{'type': 'experiment.exposure'}", "{}")).isEqualTo(1);
        }

        @Test
        void it_serves_the_winner_to_the_rollout() {
            bench.verb("Experiment", "start", id, "{}");
            bench.verb(
                    "Experiment", "conclude", id, "{'winner': 'treatment', 'reason': 'cheaper'}");
            assertThat(said("ada", "{}")).isEqualTo("true, concluded: the winner");
            bench.update("FeatureFlag", "new-cart", "{'rolloutPercentage': 30}");
            assertThat(on(300)).isBetween(65L, 115L);
        }

        @Test
        void it_serves_the_default_after_an_end_without_a_winner() {
            bench.verb("Experiment", "start", id, "{}");
            bench.verb("Experiment", "conclude", id, "{}");
            assertThat(said("ada", "{}"))
                    .isEqualTo("false, the experiment was concluded without a winner: default");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'targetingRules': 'all'}                                     ~ invalid_value: 'all' is not a condition on attributes.
                    {'targetingRules': [{'audience': {'a': 1}, 'varient': 'x'}]}  ~ unknown_field: A targeting rule has no member 'varient'.
                    {'targetingRules': [{'audience': {'a': 1}, 'percentage': 101}]} ~ invalid_value: 101 is not a percentage.
                    {'targetingRules': [{'audience': {'a': 1}, 'percentage': '50'}]} ~ invalid_value: '50' is not a percentage.
                    {'targetingRules': [{'audience': {'a': 1}, 'variant': 'x'}]}  ~ invalid_value: targeting rule 1 names the variant 'x', which the flag does not have. | Send a value in place of the variant, or give the flag variants.
                    {'variants': ['one', 'two'], 'targetingRules': [{'audience': {'a': 1}, 'variant': 'on'}]} ~ invalid_value: targeting rule 1 names the variant 'on', which the flag does not have. | Did you mean 'one'? Name one of: 'one', 'two'.
                    {'variants': ['a', 'a']}                                      ~ invalid_value: Two variants have the key 'a'.
                    {'type': 'Number', 'variants': {'a': 1, 'b': 'two'}}          ~ invalid_value: Variant 'b' has the value 'two', and the flag is of the type Number.
                    {'type': 'Boolean', 'targetingRules': [{'audience': {'a': 1}, 'value': 'x'}]} ~ invalid_value: targeting rule 1 has the value 'x', and the flag is of the type Boolean.
                    """)
    void refuses_rules_that_nothing_could_be_said_by(String fields, String refusal) {
        assertThat(refusal(() -> flag(fields))).startsWith(refusal);
    }

    @Test
    void refuses_what_is_no_subject_and_a_flag_that_is_not_there() {
        assertThat(refusal(() -> evaluate("ada", "{}")))
                .startsWith("unknown_id: No FeatureFlag with the id 'new-cart' exists.");
        flag("{}");
        assertThat(refusal(() -> evaluate("", "{}")))
                .startsWith("invalid_value: '' is not a valid subject.");
        assertThat(refusal(() -> evaluate("ada", "{}", "{'expose': 'yes'}")))
                .startsWith("invalid_value: 'yes' is not valid for expose.");
        assertThat(refusal(() -> evaluate("ada", "{}", "{'log': true}")))
                .startsWith("unknown_field: evaluate has no option 'log'.");
    }
}
